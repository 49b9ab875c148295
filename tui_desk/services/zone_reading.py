"""The zone of the desk's clocks, read by the plain drivers. Knows no tables: the first lists do not pay for them."""

from __future__ import annotations

import json
from datetime import tzinfo
from typing import TYPE_CHECKING

from tui_desk.db.fast import FastReader

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

KEY = "time_zone"


def zone_read(reader: FastReader) -> tzinfo | None:
    """The desk's zone; None: that of the machine the process runs on."""
    rows = reader.rows("SELECT value FROM setting WHERE key = ?", [KEY])
    value = rows[0][0] if rows else None
    name = json.loads(value) if reader.is_sqlite and value else value
    return zone_named(name) if isinstance(name, str) and name else None


def zone_named(name: str) -> ZoneInfo | None:
    """A zone of the IANA database; None where this machine knows none of that name (any more)."""
    from zoneinfo import ZoneInfo  # most desks go by the machine's clocks, and the start is short

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown (a KeyError of its own), no name at all, a folder
        return None
