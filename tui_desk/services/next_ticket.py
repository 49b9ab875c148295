"""The ticket that loses most by waiting, for one agent: a bounded number of candidates by indexes, weighed by ``rules.urgency``.

Candidates are those of the agent and those of nobody: the most urgent by priority, the longest waiting, what is due first, VIPs, the
work of the agent's teams. Each of these lists is short and comes straight from a partial index of migration 0008, so a million tickets
cost what a thousand do. What is pending, snoozed, or written at by somebody else just now is left out; so is what others have taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tui_desk.contracts.flow import ExplainUrgency, NextTicket, NextView, ReasonView
from tui_desk.core.enums import Direction, PresenceMode, Priority, TaskState, TicketStatus
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.models import Message, Person, Presence, Snooze, Task, TeamMember, Ticket
from tui_desk.rules.moments import to_utc
from tui_desk.rules.permissions import Permission
from tui_desk.rules.urgency import Facts, Urgency, ranked, urgency
from tui_desk.services.actor import Actor
from tui_desk.services.answered import NOT_WAITING_FOR_ANSWER
from tui_desk.services.context import known, now, require, ticket_to_read
from tui_desk.services.ticket_view import PRESENCE_SECONDS

OF_EACH = 100
"""Candidates of each kind. The score is a sum of what the kinds are sorted by, so the best of all stands near the top of one."""
MOST_TEAMS = 20
OPEN_TASKS = (TaskState.OPEN.value, TaskState.IN_PROGRESS.value)
AT_WORK = text("ticket.status IN ('new', 'open')")
"""Word for word as the indexes of migration 0008 say it: SQLite compares the text."""


def next_ticket(session: Session, actor: Actor, request: NextTicket) -> NextView:
    """What the acting agent should turn to. One that was brought already and is as it was then comes only when nothing else is left."""
    require(actor, Permission.VIEW)
    at, teams = now(session), _teams(session, actor)
    candidates = _candidates(session, actor, teams, at)
    rows = _read(session, candidates)
    facts = _facts(session, actor, teams, rows)
    versions = {number: row.version for number, row in rows.items()}
    seen = set(request.seen)
    order = ranked(facts, at)
    fresh = [pair for pair in order if (pair[0].number, versions[pair[0].number]) not in seen]
    if not order:
        return NextView(0, 0, "", 0, _("Nothing waits for you."), ())
    best, found = (fresh or order)[0]
    row = rows[best.number]
    return _view(row, found, again=not fresh, others=len(order) - 1)


def explain(session: Session, actor: Actor, request: ExplainUrgency) -> NextView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    ticket, at = ticket_to_read(session, request.number), now(session)
    rows = _read(session, [request.number])
    (facts,) = _facts(session, actor, _teams(session, actor), rows)
    return replace(_view(ticket, urgency(facts, at)), left_out=_left_out(session, actor, ticket, at))


def _left_out(session: Session, actor: Actor, ticket: Ticket, at: datetime) -> str:
    """Why a ticket is none that is brought, as a sentence; empty where it is."""
    status = TicketStatus(ticket.status)
    if status not in (TicketStatus.NEW, TicketStatus.OPEN):
        return _("It is not brought: its status is {status}.").format(status=word(status).lower())
    if ticket.assignee_id not in (None, actor.agent_id):
        return _("It is not brought: a colleague has taken it.")
    free = select(Ticket.id).where(Ticket.id == ticket.id, *_free(actor, at))
    if session.exec(free).first() is None:
        return _("It is not brought: it is snoozed, or a colleague is writing at it.")
    return ""


def _view(ticket: Ticket, found: Urgency, *, again: bool = False, others: int = 0) -> NextView:
    return NextView(
        number=known(ticket.id),
        version=ticket.version,
        subject=safe_line(ticket.subject),
        score=round(found.score),
        sentence=found.sentence,
        reasons=tuple(ReasonView(one.sentence, round(one.points)) for one in found.reasons),
        again=again,
        others=others,
    )


def _teams(session: Session, actor: Actor) -> Sequence[int]:
    statement = select(TeamMember.team_id).where(TeamMember.agent_id == actor.agent_id)
    return session.exec(statement.order_by(col(TeamMember.team_id)).limit(MOST_TEAMS)).all()


def _candidates(session: Session, actor: Actor, teams: Sequence[int], at: datetime) -> set[int]:
    """Numbers of tickets that could be the most urgent one."""
    number, free = col(Ticket.id), _free(actor, at)
    statements = []
    for whose in (col(Ticket.assignee_id).is_(None), col(Ticket.assignee_id) == actor.agent_id):
        # Ordered by whose they are although that is the same of all: behind IS NULL, PostgreSQL else takes no index's order.
        base = select(number).where(AT_WORK, whose, *free).order_by(col(Ticket.assignee_id))
        waiting = base.where(text("ticket.requester_waiting")).order_by(col(Ticket.updated_at), number)
        vips = select(col(Person.id)).where(text("person.vip"))
        statements += [
            base.order_by(col(Ticket.priority).desc(), col(Ticket.updated_at), number),
            waiting,
            waiting.where(col(Ticket.requester_id).in_(vips)),
            base.where(text("ticket.next_action_on IS NOT NULL")).order_by(
                col(Ticket.next_action_on), number
            ),
        ]
    ours = select(number).where(AT_WORK, text("ticket.assignee_id IS NULL"), *free)
    statements += [
        ours.where(Ticket.team_id == team).order_by(
            col(Ticket.priority).desc(), col(Ticket.updated_at), number
        )
        for team in teams
    ]
    statements.append(
        select(number)
        .join(Task, col(Task.ticket_id) == number)
        .where(Task.assignee_id == actor.agent_id, col(Task.state).in_(OPEN_TASKS), AT_WORK, *free)
        .where(or_(col(Task.due_on).is_not(None), col(Task.due_at).is_not(None)))
        .order_by(func.coalesce(col(Task.due_on), func.date(col(Task.due_at))), number)
    )
    return {known(one) for statement in statements for one in session.exec(statement.limit(OF_EACH))}


def _free(actor: Actor, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Neither snoozed, nor written at by somebody else now."""
    asleep = select(Snooze.ticket_id).where(or_(col(Snooze.until).is_(None), col(Snooze.until) > at))
    writing = select(Presence.ticket_id).where(
        col(Presence.at) > at - timedelta(seconds=PRESENCE_SECONDS),
        Presence.mode == PresenceMode.WRITING.value,
        Presence.agent_id != (actor.agent_id or 0),
    )
    return col(Ticket.id).not_in(asleep), col(Ticket.id).not_in(writing)


def _read(session: Session, numbers: Collection[int]) -> dict[int, Ticket]:
    found = session.exec(select(Ticket).where(col(Ticket.id).in_(sorted(numbers)))).all()
    return {known(ticket.id): ticket for ticket in found}


def _facts(session: Session, actor: Actor, teams: Sequence[int], rows: dict[int, Ticket]) -> list[Facts]:
    waiting = [number for number, ticket in rows.items() if ticket.requester_waiting]
    since, due = _waiting_since(session, waiting), _due_tasks(session, rows)
    requesters = {ticket.requester_id for ticket in rows.values()}
    vips = set(
        session.exec(select(Person.id).where(col(Person.id).in_(requesters), col(Person.vip).is_(True)))
    )
    found = []
    for number, ticket in rows.items():
        dues = [due[number]] if number in due else []
        if ticket.next_action_on is not None:
            dues.append(_end_of(ticket.next_action_on))
        waits = since.get(number, ticket.created_at) if ticket.requester_waiting else None
        found.append(
            Facts(
                number=number,
                priority=Priority.from_rank(ticket.priority),
                updated_at=ticket.updated_at,
                waits_since=waits,
                due_at=min(dues, default=None),
                vip=ticket.requester_id in vips,
                mine=ticket.assignee_id is not None and ticket.assignee_id == actor.agent_id,
                taken=ticket.assignee_id is not None,
                my_team=ticket.team_id in teams if teams and ticket.team_id is not None else None,
            )
        )
    return found


def _waiting_since(session: Session, numbers: Collection[int]) -> dict[int, datetime]:
    """When the first mail came that nobody has answered yet; nothing for what came by phone."""
    ours = aliased(Message)
    answered = (
        select(func.max(col(ours.id)))
        .where(col(ours.ticket_id) == Message.ticket_id, col(ours.direction) == Direction.OUT.value)
        .correlate(Message)
        .scalar_subquery()
    )
    statement = (
        select(Message.ticket_id, func.min(Message.at))
        .where(
            col(Message.ticket_id).in_(sorted(numbers)),
            Message.direction == Direction.IN.value,
            col(Message.mail_kind).not_in(NOT_WAITING_FOR_ANSWER),
            col(Message.id) > func.coalesce(answered, 0),
        )
        .group_by(col(Message.ticket_id))
    )
    return {number: first for number, first in session.exec(statement) if first is not None}


def _due_tasks(session: Session, numbers: Iterable[int]) -> dict[int, datetime]:
    """When the first open task of a ticket is due."""
    statement = select(col(Task.ticket_id), col(Task.due_on), col(Task.due_at)).where(
        col(Task.ticket_id).in_(sorted(numbers)),
        col(Task.state).in_(OPEN_TASKS),
        or_(col(Task.due_on).is_not(None), col(Task.due_at).is_not(None)),
    )
    found: dict[int, datetime] = {}
    for number, on, moment in session.exec(statement):
        due = moment if moment is not None else _end_of(on) if on is not None else None
        if due is not None:
            found[number] = min(due, found.get(number, due))
    return found


def _end_of(day: date) -> datetime:
    """The end of a day on the clock of the machine, as what is due on it is."""
    return to_utc(datetime.combine(day + timedelta(days=1), time()), None)
