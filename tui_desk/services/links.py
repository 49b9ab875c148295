"""Links of a ticket: to other tickets, to assets, and the suggestion that its mail belongs to another one."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, or_, select

from tui_desk.contracts.tickets import FieldChanged, JoinSuggested, LinkAsset, LinkTickets, UnlinkTickets
from tui_desk.core.enums import UNRESOLVED, Direction, LinkKind
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, Message, Ticket, TicketLink
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import set_asset_link
from tui_desk.services.context import known, now, refuse_merged, require, ticket_to_change, ticket_to_work_on
from tui_desk.services.event_text import link_name
from tui_desk.services.link_moving import lock_with_linked
from tui_desk.services.merging import merge_into, reopen
from tui_desk.services.snoozes import answer_came
from tui_desk.services.ticket_links import (
    closes_circle,
    is_above,
    link_between,
    lock_pair,
    make_link,
    remove_link,
)


def link_tickets(session: Session, actor: Actor, request: LinkTickets) -> FieldChanged:
    """Link two tickets. Raises UsageError (with itself), NotFound, Refused (there already, or the other way round)."""
    require(actor, Permission.CHANGE_TICKETS)
    if request.number == request.other:
        raise UsageError(_("A ticket is not linked with itself."))
    one, other = lock_pair(session, request.number, request.other)
    same = link_between(session, request.number, request.other, request.kind)
    if same is not None:
        raise Refused(
            _("#{one} {kind} #{other} already.").format(
                one=same.from_id, kind=link_name(same.kind), other=same.to_id
            )
        )
    _refuse_circle(session, request.number, request.other, request.kind)
    events = make_link(session, actor, one, other, request.kind, now(session))
    return FieldChanged(request.number, events[:1], _told(request.number, request.kind.value, request.other))


def _told(one: int, kind: str, other: int) -> str:
    return _("#{one} {kind} #{other}").format(one=one, kind=link_name(kind), other=other)


def _refuse_circle(session: Session, one: int, other: int, kind: LinkKind) -> None:
    """No ticket is its own ancestor, nor waits for itself by way of others."""
    if not closes_circle(session, one, other, kind):
        return
    if kind is LinkKind.PARENT and is_above(session, other, one):
        raise Refused(
            _("#{child} is above #{parent} already; it cannot be below it too.").format(
                child=other, parent=one
            )
        )
    waiting, awaited = (one, other) if kind is LinkKind.PARENT else (other, one)
    raise Refused(
        _(
            "#{awaited} waits for #{waiting} already; each would wait for the other, and neither could end."
        ).format(awaited=awaited, waiting=waiting),
        _("The pane Links (4) shows who waits for whom: children and what blocks a ticket."),
    )


def unlink_tickets(session: Session, actor: Actor, request: UnlinkTickets) -> FieldChanged:
    """Take a link away. Raises NotFound."""
    require(actor, Permission.CHANGE_TICKETS)
    link = session.get(TicketLink, request.link_id)
    if link is None:
        raise NotFound(_("That link does not exist any more."))
    number = link.from_id
    told = _told(link.from_id, link.kind, link.to_id)
    events = remove_link(session, actor, link, now(session), told_in=number)
    return FieldChanged(number, events[:1], _("Link removed: {link}").format(link=told))


def link_asset(session: Session, actor: Actor, request: LinkAsset) -> FieldChanged:
    """Link a ticket with an asset, or part them. Raises NotFound."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = (ticket_to_work_on if request.linked else ticket_to_change)(session, request.number)
    events = set_asset_link(session, actor, ticket, request.asset_id, now(session), linked=request.linked)
    tag = safe_line(session.get_one(Asset, request.asset_id).tag)
    text = _("#{number} · asset {tag} linked") if request.linked else _("#{number} · asset {tag} removed")
    return FieldChanged(request.number, events, text.format(number=request.number, tag=tag))


def join_suggested(session: Session, actor: Actor, request: JoinSuggested) -> int:
    """Move the messages of a ticket to the one they claim to belong to, and close it as a duplicate.

    Answers the other ticket's number. Raises Refused where nothing suggests another ticket.
    """
    require(actor, Permission.CHANGE_TICKETS)
    source, target = _suggestion(session, request.number)
    if session.exec(select(Message.id).where(Message.ticket_id == source.id).limit(1)).first() is None:
        raise Refused(_("#{number} has no message that could be moved.").format(number=request.number))
    refuse_merged(target)
    at = now(session)
    merge_into(session, actor, source, target, at)
    _wake(session, actor, target, at)
    return known(target.id)


def _suggestion(session: Session, number: int) -> tuple[Ticket, Ticket]:
    """A ticket and the one it may belong to, both locked. Raises Refused where nothing says so (any more)."""
    suggested = (
        select(TicketLink)
        .where(TicketLink.from_id == number, TicketLink.kind == LinkKind.SUGGESTED.value)
        .order_by(col(TicketLink.id))
    )
    while True:
        links = session.exec(suggested).all()
        with session.begin_nested() as attempt:
            if not links:
                ticket_to_change(session, number)
                raise Refused(_("Nothing suggests that #{number} belongs elsewhere.").format(number=number))
            other = links[0].to_id
            locked = lock_with_linked(session, (number, other))
            source, target = locked[number], locked[other]
            links = session.exec(suggested).all()
            if links and links[0].to_id == other:
                return source, target
            # Somebody else joined or changed them while we waited: both locks are given back and it is looked at again.
            attempt.rollback()


def _wake(session: Session, actor: Actor, target: Ticket, at: datetime) -> None:
    """A message from outside reopens a ticket that had ended; the requester waits again."""
    inbound = session.exec(
        select(Message.id)
        .where(Message.ticket_id == target.id, Message.direction == Direction.IN.value)
        .limit(1)
    ).first()
    reopen(session, actor, target, at, reopens=inbound is not None)
    target.requester_waiting = target.requester_waiting or inbound is not None
    if inbound is not None:
        answer_came(session, actor, target, at)
    session.flush()


def open_blockers(session: Session, number: int) -> tuple[int, ...]:
    """The unresolved tickets that keep ``number`` from being resolved: its children, and those that block it."""
    ends = {status.value for status in UNRESOLVED}
    children = select(TicketLink.to_id).where(
        TicketLink.from_id == number, TicketLink.kind == LinkKind.PARENT.value
    )
    blockers = select(TicketLink.from_id).where(
        TicketLink.to_id == number, TicketLink.kind == LinkKind.BLOCKS.value
    )
    statement = select(Ticket.id).where(
        or_(col(Ticket.id).in_(children), col(Ticket.id).in_(blockers)), col(Ticket.status).in_(ends)
    )
    return tuple(known(row) for row in session.exec(statement.order_by(col(Ticket.id))).all())
