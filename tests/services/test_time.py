"""Time on tickets: entries and their corrections, the clock, closed periods, sheets and totals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.tasks import AddTask, RemoveTask
from tui_desk.contracts.tickets import NewTicket, ShowTicket, UndoDeed, UndoLast
from tui_desk.contracts.timekeeping import (
    AddTime,
    ClosePeriod,
    ListActivities,
    ListTime,
    PauseTimer,
    RemoveTime,
    ReportTime,
    SaveActivity,
    SetIdlePause,
    SetTime,
    ShowSheet,
    ShowTime,
    ShowTimer,
    ShowTimeSettings,
    StartTimer,
    StopTimer,
)
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.models import Event, Organization, Person, Ticket

MONDAY = date(2026, 3, 2)
"""The desk's day."""


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def test_an_entry_keeps_what_was_said_of_it(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SaveActivity("Travel", billable=True), desk.actors["sue"])
    added = desk.ask(AddTime(number, 85, MONDAY, began_at=at(8, 15), activity="travel", note="to the site"))
    entry = desk.ask(ShowTime(added.id))
    assert (entry.minutes, entry.day, entry.began_at, entry.billable) == (85, MONDAY, at(8, 15), True)
    assert (entry.agent, entry.activity, entry.note) == ("ana", "Travel", "to the site")
    desk.ask(AddTime(number, 5, MONDAY, activity="Travel", billable=False))
    view = desk.ask(ShowTicket(number))
    assert (view.time_minutes, [e.billable for e in view.time_entries]) == (90, [False, True])


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_what_is_no_time_of_a_day_is_refused(desk: Desk, minutes: int) -> None:
    number = ticket(desk)
    with pytest.raises(UsageError):
        desk.ask(AddTime(number, minutes, MONDAY))
    assert desk.ask(ShowTicket(number)).time_entries == ()


def test_wrong_entries_are_refused(desk: Desk) -> None:
    number, other = ticket(desk), ticket(desk)
    with pytest.raises(UsageError, match="still to come"):
        desk.ask(AddTime(number, 5, date(2026, 3, 4)))
    with pytest.raises(NotFound, match="no activity"):
        desk.ask(AddTime(number, 5, MONDAY, activity="x"))
    task = desk.ask(AddTask(other, "x")).id
    with pytest.raises(NotFound, match="no task"):
        desk.ask(AddTime(number, 5, MONDAY, task_id=task))
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(AddTime(number, 5, MONDAY, agent="ben"))
    with pytest.raises(NotFound):
        desk.ask(AddTime(4711, 5, MONDAY))
    desk.ask(AddTime(number, 5, MONDAY, agent="ben"), desk.actors["sue"])
    assert desk.ask(ShowTicket(number)).time_entries[0].agent == "ben"


def test_a_correction_keeps_history_and_is_undone(desk: Desk) -> None:
    number = ticket(desk)
    entry = desk.ask(AddTime(number, 30, MONDAY)).id
    corrected = desk.ask(SetTime(entry, minutes=45, note="longer"))
    with desk.database.reading() as session:
        event = session.exec(select(Event).where(Event.id == corrected.event_ids[0])).one()
    assert (event.before["values"]["minutes"], event.after["values"]["minutes"]) == (30, 45)
    desk.ask(UndoLast(number, corrected.event_ids))
    assert desk.ask(ShowTime(entry)).minutes == 30
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SetTime(entry, minutes=5), desk.ben)
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(RemoveTime(entry), desk.ben)
    version = desk.ask(ShowTime(entry)).version
    desk.ask(SetTime(entry, minutes=50), desk.actors["sue"])
    with pytest.raises(Conflict, match="now “50”, yours “60”"):
        desk.ask(SetTime(entry, version, minutes=60))
    removed = desk.ask(RemoveTime(entry))
    assert desk.ask(ShowTicket(number)).time_minutes == 0
    desk.ask(UndoLast(number, removed.event_ids))
    assert desk.ask(ShowTicket(number)).time_minutes == 50


def test_an_entry_on_the_wrong_ticket_goes_to_the_right_one(desk: Desk) -> None:
    wrong, right = ticket(desk), ticket(desk)
    entry = desk.ask(AddTime(wrong, 30, MONDAY, note="x")).id
    moved = desk.ask(SetTime(entry, number=right, minutes=40))
    assert desk.ask(ShowTicket(wrong)).time_entries == ()
    [there] = desk.ask(ShowTicket(right)).time_entries
    assert (there.id, there.minutes, there.note) == (moved.id, 40, "x")


def test_hours_that_overlap_are_told(desk: Desk) -> None:
    number, other = ticket(desk), ticket(desk)
    desk.ask(AddTime(number, 60, MONDAY, began_at=at(8)))
    assert desk.ask(AddTime(other, 30, MONDAY, began_at=at(9))).warnings == ()
    [warning] = desk.ask(AddTime(other, 30, MONDAY, began_at=at(8, 45))).warnings[:1]
    assert f"on #{number}" in warning
    assert desk.ask(AddTime(other, 30, MONDAY, began_at=at(8, 45)), desk.ben).warnings == ()
    assert desk.ask(AddTime(other, 30, MONDAY)).warnings == ()


def test_a_closed_period_is_closed_to_everybody(desk: Desk) -> None:
    number = ticket(desk)
    sue = desk.actors["sue"]
    old = desk.ask(AddTime(number, 30, date(2026, 2, 27))).id
    new = desk.ask(AddTime(number, 30, MONDAY)).id
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(ClosePeriod(date(2026, 2, 28)))
    with pytest.raises(UsageError, match="still to come"):
        desk.ask(ClosePeriod(date(2026, 4, 1)), sue)
    assert desk.ask(ClosePeriod(date(2026, 2, 28)), sue).closed_until == date(2026, 2, 28)
    for change in (
        AddTime(number, 5, date(2026, 2, 28)),
        SetTime(old, minutes=5),
        SetTime(new, day=date(2026, 2, 28)),
        SetTime(old, day=MONDAY),
        RemoveTime(old),
    ):
        for actor in (desk.ana, sue):
            with pytest.raises(Refused, match="until 2026-02-28 is closed"):
                desk.ask(change, actor)
    desk.ask(SetTime(new, minutes=5))
    assert desk.ask(ShowTicket(number)).time_minutes == 35
    desk.ask(ClosePeriod(None), sue)
    desk.ask(RemoveTime(old))


def test_undo_opens_no_closed_period_and_touches_nobody_elses_time(desk: Desk) -> None:
    number = ticket(desk)
    sue = desk.actors["sue"]
    added = desk.ask(AddTime(number, 30, date(2026, 2, 27)))
    moved = desk.ask(SetTime(added.id, day=MONDAY))
    removed = desk.ask(RemoveTime(added.id))
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(UndoDeed(removed.event_ids[0]), desk.ben)
    desk.ask(UndoDeed(removed.event_ids[0]))
    desk.ask(ClosePeriod(date(2026, 2, 28)), sue)
    for events in (moved, added):
        with pytest.raises(Refused, match="closed"):
            desk.ask(UndoDeed(events.event_ids[0]))
    assert desk.ask(ShowTime(added.id)).day == MONDAY
    desk.ask(ClosePeriod(None), sue)
    desk.ask(UndoDeed(moved.event_ids[0]), sue)
    assert desk.ask(ShowTime(added.id)).day == date(2026, 2, 27)


def test_the_clock_becomes_an_entry(desk: Desk) -> None:
    number = ticket(desk)
    task = desk.ask(AddTask(number, "Look at it")).id
    assert desk.ask(ShowTimer()) is None
    desk.ask(StartTimer(number, task, note="on site"))
    began = desk.now
    desk.later(minutes=34)
    running = desk.ask(ShowTimer())
    assert running is not None
    assert (running.ticket, running.task, running.running, running.minutes) == (
        number,
        "Look at it",
        True,
        34,
    )
    stopped = desk.ask(StopTimer())
    assert "34m" in stopped.sentence
    entry = desk.ask(ShowTime(stopped.id))
    assert (entry.minutes, entry.task_id, entry.note, entry.began_at) == (34, task, "on site", began)
    assert desk.ask(ShowTimer()) is None
    with pytest.raises(Refused, match="No clock runs"):
        desk.ask(StopTimer())


def test_a_pause_is_not_worked(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(StartTimer(number))
    desk.later(minutes=10)
    assert "10m" in desk.ask(PauseTimer()).sentence
    with pytest.raises(Refused, match="paused already"):
        desk.ask(PauseTimer())
    desk.later(minutes=60)
    desk.ask(StartTimer(number))
    desk.later(minutes=5)
    entry = desk.ask(ShowTime(desk.ask(StopTimer()).id))
    assert (entry.minutes, entry.began_at) == (15, None)


def test_nobody_at_the_keys_holds_the_clock_at_the_last_one(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(StartTimer(number))
    last_key = desk.later(minutes=10)
    desk.later(minutes=20)
    desk.ask(PauseTimer(since=last_key))
    paused = desk.ask(ShowTimer())
    assert paused is not None
    assert (paused.running, paused.minutes) == (False, 10)
    desk.ask(StartTimer(number))
    last_key = desk.later(minutes=1)
    desk.later(minutes=5)
    desk.ask(AddTask(number, "at another terminal"))
    with pytest.raises(Refused, match="at work elsewhere"):
        desk.ask(PauseTimer(since=last_key))


def test_one_clock_each_and_the_first_is_written_down(desk: Desk) -> None:
    one, other = ticket(desk), ticket(desk)
    desk.ask(StartTimer(one))
    desk.ask(StartTimer(one), desk.ben)
    desk.later(minutes=20)
    started = desk.ask(StartTimer(other))
    assert "20m on #" in started.sentence
    assert desk.ask(ShowTime(started.id)).ticket == one
    running = desk.ask(ShowTimer())
    assert running is not None
    assert running.ticket == other
    assert desk.ask(ShowTimer(), desk.ben) is not None
    assert "already" in desk.ask(StartTimer(other)).sentence


def test_clocks_that_show_nothing_or_too_much(desk: Desk) -> None:
    number, other = ticket(desk), ticket(desk)
    desk.ask(StartTimer(number))
    assert desk.ask(StopTimer()).id == 0
    desk.ask(StartTimer(number))
    desk.later(days=3)
    for request in (StopTimer(), StartTimer(other)):
        with pytest.raises(Refused, match="more than a day"):
            desk.ask(request)
    assert desk.ask(ShowTime(desk.ask(StopTimer(minutes=90, note="forgot")).id)).minutes == 90
    desk.ask(StartTimer(number))
    desk.later(minutes=5)
    desk.ask(StopTimer(discard=True))
    assert desk.ask(ShowTicket(number)).time_minutes == 90


def test_a_task_that_is_deleted_leaves_its_time_with_the_ticket(desk: Desk) -> None:
    number = ticket(desk)
    task = desk.ask(AddTask(number, "x")).id
    entry = desk.ask(AddTime(number, 5, MONDAY, task_id=task)).id
    desk.ask(StartTimer(number, task))
    removed = desk.ask(RemoveTask(task))
    assert desk.ask(ShowTime(entry)).task_id is None
    desk.ask(UndoLast(number, removed.event_ids))
    assert desk.ask(ShowTime(entry)).task_id == task


def test_the_week_of_an_agent(desk: Desk) -> None:
    one, other = ticket(desk), ticket(desk)
    desk.later(days=7)
    for day, minutes, number in ((0, 60, one), (0, 15, one), (4, 30, other), (6, 5, one)):
        desk.ask(AddTime(number, minutes, MONDAY + timedelta(days=day), billable=minutes > 50))
    desk.ask(AddTime(one, 99, MONDAY - timedelta(days=1)))
    desk.ask(AddTime(one, 99, MONDAY), desk.ben)
    sheet = desk.ask(ShowSheet(date(2026, 3, 5)))
    assert (sheet.monday, sheet.agent) == (MONDAY, "ana")
    assert [(r.ticket, r.minutes) for r in sheet.rows] == [
        (one, (75, 0, 0, 0, 0, 0, 5)),
        (other, (0, 0, 0, 0, 30, 0, 0)),
    ]
    assert (sheet.days, sheet.total, sheet.billable) == ((75, 0, 0, 0, 30, 0, 5), 110, 60)
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(ShowSheet(MONDAY, "ben"))
    assert desk.ask(ShowSheet(MONDAY, "ben"), desk.actors["sue"]).total == 99
    with pytest.raises(UsageError):
        desk.ask(ShowSheet(date.max))


def test_totals(desk: Desk) -> None:
    sue = desk.actors["sue"]
    one = ticket(desk)
    other = desk.ask(NewTicket("Other", "eva@big.test", "x"))
    with desk.writing() as session:
        big = Organization(name="Big")
        session.add(big)
        session.flush()
        person = session.get_one(Person, session.get_one(Ticket, other).requester_id)
        person.organization_id = big.id
        session.add(person)
    desk.ask(SaveActivity("Travel", billable=True), sue)
    desk.ask(AddTime(one, 30, MONDAY))
    desk.ask(AddTime(other, 60, MONDAY - timedelta(days=1), activity="Travel"))
    desk.ask(AddTime(other, 10, MONDAY), desk.ben)
    by_ticket = desk.ask(ReportTime())
    assert [(t.key, t.minutes, t.billable, t.entries) for t in by_ticket] == [
        (str(other), 70, 60, 2),
        (str(one), 30, 0, 1),
    ]
    assert [(t.label, t.minutes) for t in desk.ask(ReportTime("organization"))] == [("Big", 70), ("", 30)]
    assert [(t.label, t.minutes) for t in desk.ask(ReportTime("activity"))] == [("Travel", 60), ("", 40)]
    assert [(t.key, t.minutes) for t in desk.ask(ReportTime("agent"), sue)] == [("ana", 90), ("ben", 10)]
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(ReportTime("agent"))
    assert [t.minutes for t in desk.ask(ReportTime(first=MONDAY, organization="big"))] == [10]
    assert [t.minutes for t in desk.ask(ReportTime(last=MONDAY - timedelta(days=1)))] == [60]
    with pytest.raises(UsageError):
        desk.ask(ReportTime(first=MONDAY, last=MONDAY - timedelta(days=1)))


def test_lists_of_entries(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(AddTime(number, 10, MONDAY))
    desk.ask(AddTime(number, 20, MONDAY - timedelta(days=1)), desk.ben)
    assert [e.minutes for e in desk.ask(ListTime(ticket=number))] == [10, 20]
    assert [e.minutes for e in desk.ask(ListTime(agent="me"))] == [10]
    assert [e.minutes for e in desk.ask(ListTime(ticket=number, last=MONDAY - timedelta(days=1)))] == [20]
    with pytest.raises(Refused):
        desk.ask(ListTime())
    assert len(desk.ask(ListTime(), desk.actors["sue"])) == 2


def test_activities_and_the_pause_are_set(desk: Desk) -> None:
    sue = desk.actors["sue"]
    travel = desk.ask(SaveActivity("Travel"), sue)
    with pytest.raises(Refused, match="already"):
        desk.ask(SaveActivity("TRAVEL"), sue)
    desk.ask(SaveActivity("Trips", billable=True, active=False, id=travel.id), sue)
    assert desk.ask(ListActivities()) == ()
    assert desk.ask(ListActivities(inactive=True))[0].name == "Trips"
    with pytest.raises(Refused, match="set aside"):
        desk.ask(AddTime(ticket(desk), 5, MONDAY, activity="Trips"))
    assert desk.ask(SetIdlePause(10, desk=True), sue).idle_minutes == 10
    assert desk.ask(SetIdlePause(0)).idle_minutes == 0
    assert desk.ask(ShowTimeSettings(), desk.ben).idle_minutes == 10
    assert desk.ask(SetIdlePause(None)).idle_minutes == 10
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SetIdlePause(5, desk=True))
    with pytest.raises(UsageError):
        desk.ask(SetIdlePause(-1))
    with desk.database.reading() as session:
        told = session.exec(select(Event.field).where(Event.stream == "desk").order_by(col(Event.id))).all()
    assert "timer_idle_minutes" in told
