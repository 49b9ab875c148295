"""What keeps a licence or a contract from being taken back altogether: whatever has been done with it since."""

from __future__ import annotations

from sqlmodel import Session, col, select

from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Event
from tui_desk.services.deeds import taken_back, told_value
from tui_desk.services.licence_keys import KEY_SHOWN
from tui_desk.services.rows import ROW_ADDED

_TABLES = ("licence", "contract")


def guard_made(session: Session, event: Event) -> None:
    """Raises Conflict where undoing that something was written down would leave seats, documents or links that name nothing."""
    told = told_value(event)
    if event.action != ROW_ADDED or told.get("table") not in _TABLES:
        return
    later = session.exec(
        select(Event).where(
            Event.stream == event.stream,
            col(Event.position) > event.position,
            col(Event.undoes).is_(None),
            Event.action != KEY_SHOWN,
        )
    ).all()
    used = [one for one in later if told_value(one).get("table") != "expiry_alert"]
    if {one.id for one in used} - taken_back(session, used):
        raise Conflict(
            _("Not undone: {name} has been used since.").format(name=safe_line(str(told["name"]))),
            _("It can be retired instead."),
        )
