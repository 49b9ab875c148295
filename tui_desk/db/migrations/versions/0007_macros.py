"""Canned replies, macros, templates and recurring tickets."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Only adds."""
