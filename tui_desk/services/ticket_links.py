"""Making and taking links between tickets, told in the history of both. See ``services.links`` for what people ask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tui_desk.core.enums import LinkKind
from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.models import Ticket, TicketLink
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, ticket_to_change, touch
from tui_desk.services.events import record, ticket_stream


def link_value(link: TicketLink) -> dict[str, Any]:
    """How an event keeps a link."""
    value = {"from": link.from_id, "to": link.to_id, "kind": link.kind}
    return {**value, "note": link.note} if link.note else value


def link_between(session: Session, one: int, other: int, kind: LinkKind) -> TicketLink | None:
    """The link of that kind that binds two tickets, whichever way round."""
    return session.exec(
        select(TicketLink).where(
            TicketLink.kind == kind.value,
            or_(
                (col(TicketLink.from_id) == one) & (col(TicketLink.to_id) == other),
                (col(TicketLink.from_id) == other) & (col(TicketLink.to_id) == one),
            ),
        )
    ).first()


def closes_circle(session: Session, one: int, other: int, kind: LinkKind, *, without: int = 0) -> bool:
    """Whether a link from ``one`` to ``other`` would make a ticket wait for itself: a parent waits for its children, a blocked
    ticket for what blocks it. ``without`` is the id of a link that goes away."""
    if kind not in (LinkKind.PARENT, LinkKind.BLOCKS):
        return False
    waiting, awaited = (one, other) if kind is LinkKind.PARENT else (other, one)
    reached, seen = {awaited}, {awaited}
    while reached:
        if waiting in reached:
            return True
        reached = _awaited_by(session, reached, without) - seen
        seen |= reached
    return False


def is_above(session: Session, ancestor: int, number: int) -> bool:
    """Whether ``ancestor`` is the parent of ``number``, or above its parent."""
    above, seen = {number}, {number}
    while above:
        statement = select(TicketLink.from_id).where(
            TicketLink.kind == LinkKind.PARENT.value, col(TicketLink.to_id).in_(above)
        )
        above = set(session.exec(statement)) - seen
        if ancestor in above:
            return True
        seen |= above
    return False


def _awaited_by(session: Session, numbers: Collection[int], without: int) -> set[int]:
    """The tickets that some wait for: their children, and what blocks them."""
    children = select(TicketLink.to_id).where(
        TicketLink.kind == LinkKind.PARENT.value,
        col(TicketLink.from_id).in_(numbers),
        TicketLink.id != without,
    )
    blockers = select(TicketLink.from_id).where(
        TicketLink.kind == LinkKind.BLOCKS.value, col(TicketLink.to_id).in_(numbers), TicketLink.id != without
    )
    return {*session.exec(children), *session.exec(blockers)}


def lock_pair(session: Session, one: int, other: int) -> tuple[Ticket, Ticket]:
    """Both tickets, locked in the order of their numbers, so that two agents never wait for each other. Raises NotFound."""
    locked = {number: ticket_to_change(session, number) for number in sorted({one, other})}
    return locked[one], locked[other]


def make_link(
    session: Session,
    actor: Actor,
    one: Ticket,
    other: Ticket,
    kind: LinkKind,
    at: datetime,
    *,
    note: str = "",
    undoes: int | None = None,
) -> tuple[int, ...]:
    """Link two locked tickets; answers the event ids, that of ``one`` first."""
    link = TicketLink(from_id=known(one.id), to_id=known(other.id), kind=kind.value, note=note, created_at=at)
    session.add(link)
    session.flush()
    return _tell(session, actor, (one, other), "linked", at, after=link_value(link), undoes=undoes)


def remove_link(
    session: Session, actor: Actor, link: TicketLink, at: datetime, *, told_in: int, undoes: int | None = None
) -> tuple[int, ...]:
    """Take a link away; the ids of the events, first that of the ticket ``told_in``."""
    from_ticket, to_ticket = lock_pair(session, link.from_id, link.to_id)
    pair = (from_ticket, to_ticket) if from_ticket.id == told_in else (to_ticket, from_ticket)
    value = link_value(link)
    session.delete(link)
    session.flush()
    return _tell(session, actor, pair, "unlinked", at, before=value, undoes=undoes)


def take_link(
    session: Session, actor: Actor, value: dict[str, Any], at: datetime, *, undoes: int | None
) -> tuple[int, ...]:
    """Undo a link that an event tells of. Raises Conflict when it is gone already."""
    link = _find(session, value)
    if link is None:
        raise Conflict(_("Not undone: the link has been removed since."))
    return remove_link(session, actor, link, at, told_in=link.from_id, undoes=undoes)


def restore_link(
    session: Session, actor: Actor, value: dict[str, Any], at: datetime, *, undoes: int | None
) -> tuple[int, ...]:
    """Undo the removal of a link. Raises Conflict when it is there again."""
    if _find(session, value) is not None:
        raise Conflict(_("Not undone: the tickets have been linked again since."))
    one, other = lock_pair(session, int(value["from"]), int(value["to"]))
    kind = LinkKind(value["kind"])
    if closes_circle(session, known(one.id), known(other.id), kind):
        raise Conflict(_("Not undone: with the links of now, a ticket would wait for itself."))
    return make_link(session, actor, one, other, kind, at, note=str(value.get("note", "")), undoes=undoes)


def _find(session: Session, value: dict[str, Any]) -> TicketLink | None:
    return session.exec(
        select(TicketLink).where(
            TicketLink.from_id == int(value["from"]),
            TicketLink.to_id == int(value["to"]),
            TicketLink.kind == str(value["kind"]),
        )
    ).first()


def _tell(
    session: Session,
    actor: Actor,
    tickets: tuple[Ticket, Ticket],
    action: str,
    at: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    undoes: int | None = None,
) -> tuple[int, ...]:
    """The same event in both histories; the second one is marked as a mirror, so that it is undone only once."""
    recorded = []
    for ticket, extra in zip(tickets, ({}, {"mirror": True}), strict=True):
        recorded.append(
            record(
                session,
                actor,
                ticket_stream(known(ticket.id)),
                action,
                at,
                before={**before, **extra} if before else None,
                after={**after, **extra} if after else None,
                undoes=undoes,
            )
        )
        touch(session, ticket, at)
    return tuple(recorded)
