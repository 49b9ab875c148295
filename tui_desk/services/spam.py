"""Spam, and senders who are not wanted."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from tui_desk.contracts.tickets import BlockSender, FieldChanged, MarkSpam
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.changes import set_fields
from tui_desk.services.context import now, require, ticket_to_change, ticket_to_work_on
from tui_desk.services.people import addresses_of
from tui_desk.services.senders import own_addresses


def mark_spam(session: Session, actor: Actor, request: MarkSpam) -> FieldChanged:
    """Mark a ticket as spam and close it, or take both back. Raises NotFound, Refused (merged into another)."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    values: dict[str, Any] = {"spam": request.spam}
    if request.spam:
        values["status"] = TicketStatus.CLOSED.value
    elif ticket.spam and ticket.status == TicketStatus.CLOSED.value:
        values["status"] = TicketStatus.OPEN.value
    events = set_fields(session, actor, ticket, values, now(session))
    text = _("#{number} is spam and closed.") if request.spam else _("#{number} is not spam.")
    return FieldChanged(request.number, events, text.format(number=request.number))


def block_sender(session: Session, actor: Actor, request: BlockSender) -> FieldChanged:
    """From now on hold back mail from the requester's addresses as suspended mail; or lift that."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_change(session, request.number)
    addresses = addresses_of(session, [ticket.requester_id])[ticket.requester_id]
    if request.blocked and not addresses:
        raise Refused(_("The requester of #{number} has no mail address.").format(number=request.number))
    own = own_addresses(session)
    for address in addresses if request.blocked else ():
        if address_key(address) in own:
            raise Refused(_("{address} is an address of this desk.").format(address=visible_address(address)))
    events = set_fields(session, actor, ticket, {"blocked": request.blocked}, now(session))
    text = (
        _("Mail from {who} is held back from now on.")
        if request.blocked
        else _("Mail from {who} comes in again.")
    )
    who = ", ".join(map(visible_address, addresses[:3])) or "–"
    return FieldChanged(request.number, events, text.format(who=who))
