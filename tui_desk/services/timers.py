"""The clock that runs for an agent on a ticket: in the database, so that it outlives the terminal. At most one each.

A clock that runs is no history; what it becomes is an entry like any other.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.contracts.tasks import RowChanged
from tui_desk.contracts.timekeeping import PauseTimer, ShowTimer, StartTimer, StopTimer
from tui_desk.contracts.work import TimerView
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Activity, Agent, Event, Task, Ticket, Timer
from tui_desk.rules.permissions import Permission
from tui_desk.rules.time_spans import DAY_MINUTES, duration_text
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_for_work
from tui_desk.services.context import known, now, refuse_merged, require, ticket_to_change, ticket_to_read
from tui_desk.services.ticket_links import lock_pair
from tui_desk.services.time_rows import activity_named, clean_note, task_on, write_entry


def show_timer(session: Session, actor: Actor, _request: ShowTimer) -> TimerView | None:
    require(actor, Permission.VIEW)
    row = session.exec(
        select(Timer, col(Ticket.subject), col(Task.title), col(Activity.name))
        .join(Ticket, col(Ticket.id) == Timer.ticket_id)
        .outerjoin(Task, col(Task.id) == Timer.task_id)
        .outerjoin(Activity, col(Activity.id) == Timer.activity_id)
        .where(Timer.agent_id == actor.agent_id)
    ).first()
    if row is None:
        return None
    timer, subject, task, activity = row
    return TimerView(
        ticket=timer.ticket_id,
        ticket_subject=safe_line(subject),
        task_id=timer.task_id,
        task=safe_line(task or ""),
        agent=safe_line(actor.login),
        running=timer.resumed_at is not None,
        began_at=timer.began_at,
        seconds=seconds_of(timer, now(session)),
        activity=safe_line(activity or ""),
        note=safe_line(timer.note),
    )


def seconds_of(timer: Timer, at: datetime) -> int:
    """What it has run until ``at``."""
    running = 0.0 if timer.resumed_at is None else max(0.0, (at - timer.resumed_at).total_seconds())
    return timer.seconds + int(running)


def start_timer(session: Session, actor: Actor, request: StartTimer) -> RowChanged:
    """Raises NotFound, Refused (the one that runs elsewhere cannot be written down)."""
    require(actor, Permission.CHANGE_TICKETS)
    agent = agent_for_work(session, actor, "me")
    at = now(session)
    task_id = task_on(session, request.task_id, request.number)
    activity = activity_named(session, request.activity)
    timer = _locked(session, agent)
    if timer is not None and (timer.ticket_id, timer.task_id) == (request.number, task_id):
        return _go_on(session, timer, at)
    lock_pair(session, request.number, timer.ticket_id if timer is not None else request.number)
    refuse_merged(ticket_to_read(session, request.number))
    events: tuple[int, ...] = ()
    entry_id, before = 0, ""
    if timer is not None:
        events, entry_id, before = _write_down(session, actor, agent, timer, at, None, None)
    session.add(
        Timer(
            agent_id=known(agent.id),
            ticket_id=request.number,
            task_id=task_id,
            activity_id=activity.id if activity else None,
            note=clean_note(request.note),
            began_at=at,
            resumed_at=at,
        )
    )
    session.flush()
    text = _("The clock runs on #{number}.").format(number=request.number)
    return RowChanged(request.number, events, f"{text} {before}".strip(), entry_id)


def _go_on(session: Session, timer: Timer, at: datetime) -> RowChanged:
    number = timer.ticket_id
    if timer.resumed_at is not None:
        return RowChanged(number, (), _("The clock runs on #{number} already.").format(number=number), 0)
    timer.resumed_at = at
    timer.version += 1
    session.add(timer)
    shown = duration_text(timer.seconds // 60)
    return RowChanged(
        number, (), _("The clock goes on at {time} on #{number}.").format(time=shown, number=number), 0
    )


def pause_timer(session: Session, actor: Actor, request: PauseTimer) -> RowChanged:
    """Raises Refused where none runs, or the agent was at work elsewhere meanwhile."""
    require(actor, Permission.CHANGE_TICKETS)
    at = now(session)
    timer = _running(session, actor)
    if timer.resumed_at is None:
        raise Refused(_("The clock is paused already."))
    until = at
    if request.since is not None:
        until = max(timer.resumed_at, min(request.since, at))
        if _was_at_work(session, actor, until):
            raise Refused(_("The clock goes on: you were at work elsewhere."))
    timer.seconds = seconds_of(timer, until)
    timer.resumed_at = None
    timer.version += 1
    session.add(timer)
    text = _("The clock on #{number} is paused at {time}.").format(
        number=timer.ticket_id, time=duration_text(timer.seconds // 60)
    )
    return RowChanged(timer.ticket_id, (), text, 0)


def _was_at_work(session: Session, actor: Actor, since: datetime) -> bool:
    """Whether the agent did anything after ``since``, at any terminal: what one does is an event."""
    last = session.exec(
        select(Event.at).where(Event.actor_id == actor.agent_id).order_by(col(Event.id).desc()).limit(1)
    ).first()
    return last is not None and last > since


def stop_timer(session: Session, actor: Actor, request: StopTimer) -> RowChanged:
    """Raises Refused (none runs, closed period, more than a day), UsageError."""
    require(actor, Permission.CHANGE_TICKETS)
    timer = _running(session, actor)
    number = timer.ticket_id
    if request.discard:
        session.delete(timer)
        session.flush()
        return RowChanged(
            number,
            (),
            _("The clock on #{number} is stopped; nothing is written down.").format(number=number),
            0,
        )
    agent = agent_for_work(session, actor, "me")
    note = None if request.note is None else clean_note(request.note)
    events, entry_id, text = _write_down(session, actor, agent, timer, now(session), request.minutes, note)
    return RowChanged(number, events, text, entry_id)


def _write_down(
    session: Session,
    actor: Actor,
    agent: Agent,
    timer: Timer,
    at: datetime,
    minutes: int | None,
    note: str | None,
) -> tuple[tuple[int, ...], int, str]:
    """End the clock with an entry: its events, the entry's id (0: less than half a minute), and a sentence."""
    shown = (seconds_of(timer, at) + 30) // 60 if minutes is None else minutes
    if minutes is None and shown > DAY_MINUTES:
        raise Refused(
            _("The clock on #{number} has run for {time}: more than a day's work.").format(
                number=timer.ticket_id, time=duration_text(shown)
            ),
            _("Stop it with the minutes you worked: tui-desk time stop --minutes 90, or --discard."),
        )
    ticket = ticket_to_change(session, timer.ticket_id)
    session.delete(timer)
    session.flush()
    if minutes is None and shown == 0:
        return (
            (),
            0,
            _("Less than half a minute on #{number}: nothing is written down.").format(number=ticket.id),
        )
    activity = session.get(Activity, timer.activity_id) if timer.activity_id else None
    row, event, warnings = write_entry(
        session,
        actor,
        agent,
        ticket,
        shown,
        timer.began_at.astimezone().date(),  # where the agent is: the terminal runs this itself
        at,
        began_at=timer.began_at if minutes is None and _unbroken(timer) else None,
        task_id=timer.task_id,
        activity_id=timer.activity_id,
        billable=bool(activity and activity.billable),
        note=timer.note if note is None else note,
    )
    text = _("{time} on #{number} written down.").format(time=duration_text(row.minutes), number=ticket.id)
    return (event,), known(row.id), " ".join((text, *warnings))


def _unbroken(timer: Timer) -> bool:
    """Whether it ran all the time since it began: only then do hours and minutes agree."""
    return timer.resumed_at is not None and timer.seconds == 0


def _locked(session: Session, agent: Agent) -> Timer | None:
    """The agent's clock. The agent's row is locked first, so that two terminals do not start one each."""
    session.exec(select(Agent.id).where(Agent.id == agent.id).with_for_update()).first()
    return session.exec(select(Timer).where(Timer.agent_id == agent.id).with_for_update()).first()


def _running(session: Session, actor: Actor) -> Timer:
    timer = session.exec(select(Timer).where(Timer.agent_id == actor.agent_id).with_for_update()).first()
    if timer is None:
        raise Refused(_("No clock runs."), _("t on a ticket starts one, or: tui-desk time start N"))
    return timer
