"""What holds a ticket up: the one place where the obstacles of a move are collected, and where moves are let through.

Each subject adds a function to :data:`SUBJECTS`: ticket and move in, obstacles out. An obstacle that is not ``firm`` is passed with a reason,
which the history keeps; a firm one (an approval that is missing) is not. Undo, spam, merging and the clock do not ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.core.enums import FieldRequired, FieldSubject, Move, TicketStatus
from tui_desk.core.errors import Blocked
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Task, Ticket
from tui_desk.rules.moves import moves_of
from tui_desk.rules.tasks import ENDED
from tui_desk.services import approvals
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.custom_fields import missing
from tui_desk.services.event_text import status_name
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.links import open_blockers

DESPITE = "despite"
"""The event of a move that was made although something is open."""
REASON_LIMIT = 500
_NAMED_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A sentence for the person; ``firm``: no reason lifts it."""

    sentence: str
    firm: bool = False
    lacks: str = ""
    """The field of one's own that must have a value, by name."""


Subject = Callable[[Session, Ticket, Move], Sequence[Obstacle]]


def _open_tasks(session: Session, ticket: Ticket, move: Move) -> Sequence[Obstacle]:
    if move not in (Move.RESOLVE, Move.CLOSE):
        return ()
    titles = session.exec(
        select(Task.title)
        .where(
            Task.ticket_id == ticket.id,
            col(Task.blocking).is_(True),
            col(Task.state).not_in([state.value for state in ENDED]),
        )
        .order_by(col(Task.position), col(Task.id))
    ).all()
    return [Obstacle(_("Task open: {title}").format(title=safe_line(title, 100))) for title in titles]


def _open_links(session: Session, ticket: Ticket, move: Move) -> Sequence[Obstacle]:
    if move not in (Move.RESOLVE, Move.CLOSE):
        return ()
    numbers = open_blockers(session, known(ticket.id))
    if not numbers:
        return ()
    rows = session.exec(
        select(Ticket.id, Ticket.subject).where(col(Ticket.id).in_(numbers)).order_by(col(Ticket.id))
    )
    return [
        Obstacle(
            _("Part of it, or blocking it, is open: #{number} {subject}").format(
                number=number, subject=safe_line(subject, 80)
            )
        )
        for number, subject in rows
    ]


def _open_approvals(session: Session, ticket: Ticket, move: Move) -> Sequence[Obstacle]:
    return [Obstacle(sentence, firm=True) for sentence in approvals.obstacles(session, ticket, move.value)]


def _empty_fields(session: Session, ticket: Ticket, move: Move) -> Sequence[Obstacle]:
    """What must be known before it is over; firm, since whoever has a reason can write the value as well."""
    if move not in (Move.RESOLVE, Move.CLOSE):
        return ()
    levels = (FieldRequired.ALWAYS, FieldRequired.RESOLVING)
    lacking = missing(session, FieldSubject.TICKET, known(ticket.id), ticket.type, levels)
    return [
        Obstacle(_("{field} must have a value").format(field=safe_line(one.label)), firm=True, lacks=one.name)
        for one in lacking
    ]


SUBJECTS: tuple[Subject, ...] = (_open_tasks, _open_links, _open_approvals, _empty_fields)


def obstacles(session: Session, ticket: Ticket, wanted: TicketStatus) -> tuple[Obstacle, ...]:
    """All that holds up the moves from the ticket's status to ``wanted``, each once."""
    found: dict[str, Obstacle] = {}
    for move in moves_of(TicketStatus(ticket.status), wanted):
        for subject in SUBJECTS:
            for obstacle in subject(session, ticket, move):
                found.setdefault(obstacle.sentence, obstacle)
    return tuple(found.values())


def is_held_up(session: Session, ticket: Ticket, wanted: TicketStatus) -> bool:
    """Whether a change that nobody asked for by name (an answer opens a new ticket) had better wait."""
    return bool(obstacles(session, ticket, wanted))


def let_through(
    session: Session, actor: Actor, ticket: Ticket, wanted: TicketStatus, reason: str, at: datetime
) -> int | None:
    """Pass the gates of a locked ticket, or raise Blocked with all that is open. Answers the id of the event that keeps the reason.

    To be asked before the status is set, in the same transaction.
    """
    found = obstacles(session, ticket, wanted)
    if not found:
        return None
    firm = tuple(one for one in found if one.firm)
    given = safe_line(reason, REASON_LIMIT).strip()
    if firm or not given:
        raise Blocked(
            _("#{number} cannot become {status} yet. {open}").format(
                number=ticket.id, status=status_name(wanted.value), open=_listed(firm or found)
            ),
            _hint_of(ticket, firm)
            if firm
            else _(
                "Give a reason to do it all the same: tui-desk ticket set {number} status={value} --despite REASON"
            ).format(number=ticket.id, value=wanted.value),
            tuple(one.sentence for one in firm or found),
            passable=not firm,
            lacks=tuple(one.lacks for one in firm if one.lacks),
        )
    return record(
        session,
        actor,
        ticket_stream(known(ticket.id)),
        DESPITE,
        at,
        after={
            "status": wanted.value,
            "reason": given,
            "open": [one.sentence for one in found[:_NAMED_AT_MOST]],
        },
    )


def _hint_of(ticket: Ticket, firm: Sequence[Obstacle]) -> str:
    """What to do about obstacles that no reason lifts; nothing where it is told with them."""
    lacks = [one.lacks for one in firm if one.lacks]
    if not lacks:
        return ""
    return _("e in the ticket sets it; in a script: tui-desk ticket set {number} field.{name}=VALUE").format(
        number=ticket.id, name=lacks[0]
    )


def _listed(found: Sequence[Obstacle]) -> str:
    shown = "; ".join(one.sentence for one in found[:_NAMED_AT_MOST])
    more = len(found) - _NAMED_AT_MOST
    return f"{shown} …" if more > 0 else f"{shown}."
