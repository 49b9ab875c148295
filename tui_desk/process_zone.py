"""Whose clocks this process goes by: the agent's own where the terminal names a zone (``TZ``), else the desk's, else the machine's.

It is decided here, once, before anything is shown: whatever reads or shows a day or an hour (what is overdue, "tomorrow", ``created:today``)
goes by the zone of the process, as ``datetime.astimezone()`` does.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from tui_desk.db.fast import FastReader
from tui_desk.services.zone_reading import zone_named, zone_read


def go_by_zone(reader: FastReader) -> None:
    """Take the desk's zone for this process, where the terminal names none and this machine's clocks know it."""
    if os.environ.get("TZ"):
        return
    zone = zone_read(reader)
    name = getattr(zone, "key", "")
    if not name:
        return
    os.environ["TZ"] = name
    time.tzset()
    now = datetime.now(UTC)
    if now.astimezone().utcoffset() != now.astimezone(zone_named(name)).utcoffset():
        del os.environ["TZ"]  # the C library has no such zone, and takes it for UTC
        time.tzset()
