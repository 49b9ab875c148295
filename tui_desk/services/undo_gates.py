"""What an undo may not get round: a ticket that is over has what must be known before it is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from tui_desk.core.enums import UNRESOLVED, FieldRequired, FieldSubject
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import CustomValue, Event, Ticket
from tui_desk.services.context import known
from tui_desk.services.custom_fields import missing
from tui_desk.services.deeds import told_value

_LEVELS = (FieldRequired.ALWAYS, FieldRequired.RESOLVING)


class Lacking(Refused):
    """The ticket ``number`` would be over without a value in ``field``."""

    def __init__(self, field: str, number: int) -> None:
        sentence = _("Not undone: {field} of #{number} must have a value when it is over.")
        super().__init__(sentence.format(field=field, number=number))
        self.field, self.number = field, number


def lacked(session: Session, tickets: Iterable[Ticket], steps: Iterable[Event]) -> dict[int, dict[str, str]]:
    """What each ticket that is over lacks, label by name, where ``steps`` have to do with it; one that is open lacks nothing."""
    if not any(step.field == "status" or _of_value(step) for step in steps):
        return {}
    return {known(ticket.id): _lacking(session, ticket) for ticket in tickets}


def refuse_lacking(
    session: Session, tickets: Mapping[int, Ticket], before: Mapping[int, Mapping[str, str]]
) -> None:
    """Raises Lacking where a ticket lacks, after the undo, what it did not lack before (see :func:`lacked`)."""
    for number, known_to_lack in before.items():
        for name, label in _lacking(session, tickets[number]).items():
            if name not in known_to_lack:
                raise Lacking(label, number)


def lacks_for(session: Session, ticket: Ticket, status: str) -> bool:
    """Whether a ticket that would have that status again lacks what it must have then."""
    if status in {one.value for one in UNRESOLVED}:
        return False
    return bool(missing(session, FieldSubject.TICKET, known(ticket.id), ticket.type, _LEVELS))


def _of_value(step: Event) -> bool:
    return told_value(step).get("table") == CustomValue.__tablename__


def _lacking(session: Session, ticket: Ticket) -> dict[str, str]:
    if ticket.status in {status.value for status in UNRESOLVED} or ticket.merged_into_id is not None:
        return {}
    fields = missing(session, FieldSubject.TICKET, known(ticket.id), ticket.type, _LEVELS)
    return {field.name: safe_line(field.label) for field in fields}
