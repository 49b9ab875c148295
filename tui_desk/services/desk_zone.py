"""Where the desk is: the zone that its clocks show, whichever machine a worker runs on."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from sqlmodel import Session

from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.services.actor import Actor
from tui_desk.services.settings_store import TIME_ZONE, read_setting
from tui_desk.services.zone_reading import zone_named


def checked_zone(name: str) -> str:
    """A name of the IANA time zone database as it is kept; empty for that of the machine. Raises ConfigurationError."""
    wanted = name.strip()
    if wanted and zone_named(wanted) is None:
        raise ConfigurationError(
            _("{key} cannot be {value}: it is a name such as Europe/Madrid, or nothing.").format(
                key=TIME_ZONE, value=safe_line(wanted, 40)
            )
        )
    return wanted


def desk_zone(session: Session) -> tzinfo | None:
    """The desk's zone; None: that of the machine the process runs on, also where that knows no such zone (any more)."""
    name = str(read_setting(session, TIME_ZONE) or "")
    return zone_named(name) if name else None


def desk_day(session: Session, at: datetime) -> date:
    """Which day it is at the desk."""
    return at.astimezone(desk_zone(session)).date()


def zone_of(session: Session, actor: Actor) -> tzinfo | None:
    """In which zone a day is meant: where the acting agent sits (None: this process runs there), the desk's for what runs by itself."""
    return desk_zone(session) if actor.agent_id is None else None
