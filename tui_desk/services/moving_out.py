"""A mail that does not belong to the ticket it joined: into a ticket of its own, with the people it brought. It can be undone."""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.contracts.tickets import MoveOut
from tui_desk.core.enums import Direction, MessageKind
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.models import Message, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.splitting import locked_messages, others, part


def move_out(session: Session, actor: Actor, request: MoveOut) -> int:
    """Give the mail a ticket of its own; answers its number.

    Raises NotFound, and Refused for what is no mail from outside and for the only message of its ticket.
    """
    require(actor, Permission.CHANGE_TICKETS)
    ticket, message = locked_message(session, request.message_id)
    if message.kind != MessageKind.EMAIL.value or message.direction != Direction.IN.value:
        raise Refused(_("Only a mail that came in can be moved out of its ticket."))
    if not others(session, ticket, [message]):
        raise Refused(_("It is the only message of #{number}.").format(number=ticket.id))
    number, _events = part(session, actor, ticket, [message], "")
    return number


def locked_message(session: Session, message_id: int) -> tuple[Ticket, Message]:
    """A message and its ticket, locked. Raises NotFound."""
    ticket, messages = locked_messages(session, (message_id,))
    return ticket, messages[0]
