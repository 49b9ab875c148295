"""Making and taking links between tickets, told in the history of both. See ``services.links`` for what people ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from tui_desk.core.enums import LinkKind
from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.models import Ticket, TicketLink
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, ticket_to_change, touch
from tui_desk.services.events import record, ticket_stream


def link_value(link: TicketLink) -> dict[str, Any]:
    """How an event keeps a link."""
    return {"from": link.from_id, "to": link.to_id, "kind": link.kind}


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
    undoes: int | None = None,
) -> tuple[int, ...]:
    """Link two locked tickets; answers the event ids, that of ``one`` first."""
    link = TicketLink(from_id=known(one.id), to_id=known(other.id), kind=kind.value, created_at=at)
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
    return make_link(session, actor, one, other, LinkKind(value["kind"]), at, undoes=undoes)


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
