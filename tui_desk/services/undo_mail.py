"""Taking back a mail that is still held: as much one's last deed as a change of a field, until it leaves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import CancelSend
from tui_desk.contracts.tickets import FieldChanged, UndoLast
from tui_desk.core.enums import DeliveryState
from tui_desk.models import Event, OutboxItem
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.events import ticket_stream
from tui_desk.services.outbox import cancel

MAILED = ("replied", "forwarded", "order_mailed")
_LOOKED_AT = 50


def held_mail(session: Session, actor: Actor, request: UndoLast, newest: Event | None) -> Event | None:
    """The event of one's last mail that is held, in what the request names, where it was written no earlier than ``newest``."""
    statement = select(Event).where(Event.actor_id == actor.agent_id, col(Event.action).in_(MAILED))
    if request.event_ids:
        statement = statement.where(col(Event.id).in_(request.event_ids))
    elif request.number is not None:
        statement = statement.where(Event.stream == ticket_stream(request.number))
    if newest is not None:
        statement = statement.where(Event.at >= newest.at)
    for event in session.exec(statement.order_by(col(Event.id).desc()).limit(_LOOKED_AT)).all():
        item = session.get(OutboxItem, int(event.after["outbox_id"]))
        if item is not None and item.state == DeliveryState.HELD.value:
            return event
    return None


def held_in(session: Session, deed: Sequence[Event]) -> list[Event]:
    """Those events of a deed whose mails are held."""
    mails = {int(event.after["outbox_id"]): event for event in deed if event.action in MAILED}
    wanted = col(OutboxItem.id).in_(mails), col(OutboxItem.state) == DeliveryState.HELD.value
    return [mails[known(item)] for item in session.exec(select(OutboxItem.id).where(*wanted))]


def take_back_mail(session: Session, actor: Actor, event: Event) -> FieldChanged:
    """Stop it; its text is a draft again. Raises Refused where it has begun to leave meanwhile."""
    sentence = cancel(session, actor, CancelSend(int(event.after["outbox_id"])))
    return FieldChanged(int(event.stream.removeprefix("ticket:")), (), sentence)
