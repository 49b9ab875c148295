"""Links of a ticket that is merged: they lead to the one that took it over, and back again when the merge is undone.

Each is told in the histories of both tickets it binds, so the undo of the merge takes them back like any other link.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session, col, or_, select

from tui_desk.core.enums import LinkKind
from tui_desk.models import Ticket, TicketLink
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, ticket_to_change
from tui_desk.services.ticket_links import closes_circle, link_between, make_link, remove_link


def lock_with_linked(session: Session, numbers: Iterable[int]) -> dict[int, Ticket]:
    """Some tickets and all that are linked with them, locked in the order of their numbers, so that two agents never wait for
    each other. Raises NotFound."""
    wanted = set(numbers)
    while True:
        with session.begin_nested() as attempt:
            together = wanted | _linked(session, wanted)
            locked = {number: ticket_to_change(session, number) for number in sorted(together)}
            if _linked(session, wanted) <= together:
                return locked
            # Somebody linked another one while we waited: the locks are given back and it is looked at again.
            attempt.rollback()


def _linked(session: Session, numbers: Collection[int]) -> set[int]:
    pairs = session.exec(
        select(TicketLink.from_id, TicketLink.to_id).where(
            or_(col(TicketLink.from_id).in_(numbers), col(TicketLink.to_id).in_(numbers))
        )
    ).all()
    return {number for pair in pairs for number in pair}


def move_links(
    session: Session, actor: Actor, source: Ticket, target: Ticket, at: datetime
) -> tuple[int, ...]:
    """Let the links of ``source`` lead to ``target``; answers the ids of the events. Both, and all they are linked with, are locked.

    What binds the two stays as it is, and so does what an earlier merge into ``source`` told. Where ``target`` has the same link already, that of ``source`` goes; one that would close a
    circle, or say the contrary, stays with ``source``.
    """
    links = session.exec(
        select(TicketLink)
        .where(or_(TicketLink.from_id == source.id, TicketLink.to_id == source.id))
        .order_by(col(TicketLink.id))
    ).all()
    events: tuple[int, ...] = ()
    here, there = known(source.id), known(target.id)
    for link in links:
        other = link.to_id if link.from_id == here else link.from_id
        if other == there or _tells_merge(session, link, here):
            continue
        kind, note = LinkKind(link.kind), link.note
        pair = (there, other) if link.from_id == here else (other, there)
        same = link_between(session, there, other, kind)
        if same is None and closes_circle(session, *pair, kind, without=known(link.id)):
            continue
        if same is not None and kind is not LinkKind.RELATED and (same.from_id, same.to_id) != pair:
            continue
        events += remove_link(session, actor, link, at, told_in=here)
        if same is None:
            one, two = (ticket_to_change(session, number) for number in pair)
            events += make_link(session, actor, one, two, kind, at, note=note)
    return events


def _tells_merge(session: Session, link: TicketLink, here: int) -> bool:
    return (
        link.kind == LinkKind.DUPLICATE.value
        and link.to_id == here
        and session.get_one(Ticket, link.from_id).merged_into_id == here
    )
