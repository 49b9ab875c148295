"""A day that is always to come, and not so far away that it is taken for a slip."""

from __future__ import annotations

from datetime import UTC, datetime

FAR_DAY = f"{datetime.now(UTC).year + 4}-12-01"
