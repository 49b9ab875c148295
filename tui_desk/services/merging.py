"""Many tickets into one: everything that hangs on them goes along, the old ones are closed and lead to the one that has it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.contracts.merging import MergeCandidate, MergeTickets, SuggestMerge
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import UNRESOLVED, FieldSubject, LinkKind, TicketStatus
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, Ticket, TicketAsset, TicketLink
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import set_asset_link
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, now, refuse_merged, require, ticket_to_read, touch
from tui_desk.services.custom_fields import fill_gaps
from tui_desk.services.fields import FIELDS, reference
from tui_desk.services.joining import carry, people_for, routes_for, suggested_link, tell_moved, whole_of
from tui_desk.services.licence_links import licences_of_ticket, set_licence_link
from tui_desk.services.link_moving import lock_with_linked, move_links
from tui_desk.services.snoozes import answer_came
from tui_desk.services.ticket_links import make_link

MOST = 100
"""Tickets that are merged at once."""
SUGGESTED = 100
"""Tickets that are offered."""


def merge(session: Session, actor: Actor, request: MergeTickets) -> FieldChanged:
    """Merge ``sources`` into ``target``. Raises UsageError (with itself, nothing named, too many), NotFound, Refused (merged already).

    Everything is looked at before anything is written.
    """
    require(actor, Permission.CHANGE_TICKETS)
    sources = tuple(dict.fromkeys(request.sources))
    if not sources:
        raise UsageError(
            _("Name the tickets that are to be merged into #{number}.").format(number=request.target)
        )
    if request.target in sources:
        raise UsageError(_("#{number} cannot be merged into itself.").format(number=request.target))
    if len(sources) > MOST:
        raise UsageError(_("At most {count} tickets are merged at once.").format(count=MOST))
    locked = lock_with_linked(session, (request.target, *sources))
    target = locked[request.target]
    for number in (request.target, *sources):
        refuse_merged(locked[number])
    _lock_assets(session, (request.target, *sources))
    at = now(session)
    events: tuple[int, ...] = ()
    for number in sources:
        source = locked[number]
        open_still = source.status in {status.value for status in UNRESOLVED}
        waited = source.requester_waiting
        events += merge_into(session, actor, source, target, at)
        events += reopen(session, actor, target, at, reopens=open_still)
        target.requester_waiting = target.requester_waiting or waited
        if waited:
            events += answer_came(session, actor, target, at)
    session.flush()
    return FieldChanged(request.target, events, told(sources, request.target))


def suggest(session: Session, actor: Actor, request: SuggestMerge) -> tuple[MergeCandidate, ...]:
    """The named tickets that exist, else the other unresolved ones of the same requester, newest first. Raises NotFound."""
    require(actor, Permission.VIEW)
    ticket = ticket_to_read(session, request.number)
    statement = select(Ticket).where(Ticket.id != ticket.id)
    if request.numbers:
        statement = statement.where(
            col(Ticket.id).in_([number for number in request.numbers if number < 2**31])
        )
    else:
        unresolved = [status.value for status in UNRESOLVED]
        statement = statement.where(
            Ticket.requester_id == ticket.requester_id, col(Ticket.status).in_(unresolved)
        )
    found = session.exec(statement.order_by(col(Ticket.id).desc()).limit(SUGGESTED)).all()
    return tuple(
        MergeCandidate(
            number=known(one.id),
            subject=safe_line(one.subject),
            status=TicketStatus(one.status),
            requester=safe_line(one.requester_name),
            merged_into=one.merged_into_id,
        )
        for one in found
    )


def told(sources: Sequence[int], target: int) -> str:
    """The line that says what was done."""
    names = ", ".join(f"#{number}" for number in sources)
    return _("{others} merged into #{number}").format(others=names, number=target)


def merge_into(
    session: Session, actor: Actor, source: Ticket, target: Ticket, at: datetime
) -> tuple[int, ...]:
    """Carry all of ``source`` to ``target``, both locked, and close it; answers the ids of the events."""
    suggested = session.exec(
        select(TicketLink).where(TicketLink.from_id == source.id, TicketLink.kind == LinkKind.SUGGESTED.value)
    ).all()
    value = carry(
        session,
        source,
        target,
        whole_of(session, source, target),
        make=[*people_for(session, source, target), *routes_for(session, source, target)],
        drop=[suggested_link(link) for link in suggested],
    )
    events = tell_moved(session, actor, source, target, at, value)
    events += _assets(session, actor, source, target, at)
    tags = sorted({*FIELDS["tags"].read(session, target), *FIELDS["tags"].read(session, source)})
    events += set_fields(session, actor, target, {"tags": tags}, at)
    events += move_links(session, actor, source, target, at)
    events += fill_gaps(
        session, actor, FieldSubject.TICKET, known(source.id), known(target.id), target.type, at
    )
    if not _is_duplicate(session, source, target):
        events += make_link(session, actor, source, target, LinkKind.DUPLICATE, at)
    into = reference(target.id, f"#{target.id}")
    values = {"status": TicketStatus.CLOSED.value, "merged_into": into}
    events += set_fields(session, actor, source, values, at)
    source.requester_waiting = False
    touch(session, source, at)
    touch(session, target, at)
    return events


def _assets(session: Session, actor: Actor, source: Ticket, target: Ticket, at: datetime) -> tuple[int, ...]:
    events: tuple[int, ...] = ()
    statement = select(TicketAsset.asset_id).where(TicketAsset.ticket_id == source.id)
    for asset_id in session.exec(statement.order_by(col(TicketAsset.asset_id))).all():
        events += set_asset_link(session, actor, source, asset_id, at, linked=False)
        events += set_asset_link(session, actor, target, asset_id, at, linked=True)
    for licence in licences_of_ticket(session, known(source.id)):
        events += set_licence_link(session, actor, source, licence.id, at, linked=False)
        events += set_licence_link(session, actor, target, licence.id, at, linked=True)
    return events


def _lock_assets(session: Session, numbers: Iterable[int]) -> None:
    """In the order of their ids, so that two agents never wait for each other."""
    linked = select(TicketAsset.asset_id).where(col(TicketAsset.ticket_id).in_(list(numbers)))
    session.exec(
        select(Asset).where(col(Asset.id).in_(linked)).order_by(col(Asset.id)).with_for_update()
    ).all()


def _is_duplicate(session: Session, source: Ticket, target: Ticket) -> bool:
    statement = select(TicketLink.id).where(
        TicketLink.from_id == known(source.id),
        TicketLink.to_id == known(target.id),
        TicketLink.kind == LinkKind.DUPLICATE.value,
    )
    return session.exec(statement).first() is not None


def reopen(session: Session, actor: Actor, target: Ticket, at: datetime, *, reopens: bool) -> tuple[int, ...]:
    """Open a ticket that had ended, where what came to it is not done."""
    ended = (TicketStatus.RESOLVED.value, TicketStatus.CLOSED.value)
    if not reopens or target.status not in ended:
        return ()
    return set_fields(session, actor, target, {"status": TicketStatus.OPEN.value}, at)
