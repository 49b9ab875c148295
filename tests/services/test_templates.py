"""Ticket templates, and those that come round by themselves: once for each date, one ticket after a standstill."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.services.desk import Desk
from tui_desk.contracts.desk import RemoveTeam, SaveSettings, SaveTeam
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.macros import (
    FillTemplate,
    ListRecurring,
    ListTemplates,
    SaveRecurring,
    SaveTemplate,
)
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Channel, Priority
from tui_desk.core.errors import ConfigurationError, Refused, Unavailable, UsageError
from tui_desk.services import recurring
from tui_desk.workers.clock import make_recurring
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.leasing import Leases


def template(desk: Desk, name: str = "Backup", **more: Any) -> int:
    given: dict[str, Any] = {
        "subject": "Check the backup of {today}",
        "body": "As {agent.name} says.",
        "requester": "ops@desk.test",
        "fields": {"priority": "high", "channel": "form", "tags": "ops", "assignee": "me"},
        "tasks": ("Restore one file for {requester.email} | days=1",),
    }
    return desk.ask(SaveTemplate(None, name, **{**given, **more}), desk.root).id


def test_a_ticket_of_a_template(desk: Desk) -> None:
    found = desk.ask(FillTemplate(template(desk)))
    assert (found.subject, found.body) == (f"Check the backup of {desk.now:%Y-%m-%d}", "As Ana Díaz says.")
    ticket = desk.ask(ShowTicket(desk.ask(replace(found, requester="eva@x.test"))))
    assert (ticket.priority, ticket.channel, ticket.tags, ticket.assignee_login) == (
        Priority.HIGH,
        Channel.FORM,
        ("ops",),
        "ana",
    )
    assert [task.title for task in ticket.tasks] == ["Restore one file for eva@x.test"]
    assert [one.used for one in desk.ask(ListTemplates(offered=True))] == [1]
    with pytest.raises(UsageError, match="no such variable"):
        template(desk, "Other", body="{ticket.number}")


def due(desk: Desk) -> list[int | None]:
    with desk.database.reading() as session:
        found = recurring.due(session, desk.now)
    made = []
    for one in found:
        with desk.writing() as session:
            made.append(recurring.make_due(session, one, desk.now))
    return made


def test_it_comes_round_once_and_a_standstill_makes_one_ticket(desk: Desk) -> None:
    template(desk)
    view = desk.ask(SaveRecurring(None, "backup", "Daily 8:00"), desk.root)
    assert view.rule == "daily 8:00"
    assert due(desk) == []
    assert view.next_at is not None
    desk.now = view.next_at
    [number] = due(desk)
    assert number is not None
    ticket = desk.ask(ShowTicket(number))
    assert (ticket.assignee, len(ticket.messages), len(ticket.tasks)) == ("", 1, 1)
    assert due(desk) == []
    desk.later(days=4)
    [late] = due(desk)
    assert late is not None
    assert "3 more times" in desk.ask(ShowTicket(late)).messages[-1].text
    [now] = desk.ask(ListRecurring())
    assert (now.last_ticket, now.next_at) == (late, view.next_at + timedelta(days=5))


def test_it_comes_round_by_the_clocks_of_the_desk_wherever_the_worker_runs(desk: Desk) -> None:
    template(desk)
    with pytest.raises(ConfigurationError, match="time_zone"):
        desk.ask(SaveSettings(time_zone="../etc/passwd"), desk.root)
    desk.ask(SaveSettings(time_zone="Pacific/Auckland"), desk.root)
    view = desk.ask(SaveRecurring(None, "Backup", "daily 8:00"), desk.root)
    assert view.next_at is not None
    assert view.next_at.astimezone(ZoneInfo("Pacific/Auckland")).strftime("%H:%M") == "08:00"
    desk.now = view.next_at
    [number] = due(desk)
    assert number is not None
    ticket, day = desk.ask(ShowTicket(number)), view.next_at.astimezone(ZoneInfo("Pacific/Auckland")).date()
    assert ticket.subject == f"Check the backup of {day}"
    assert [task.due_on for task in ticket.tasks] == [day + timedelta(days=1)]
    [now] = desk.ask(ListRecurring())
    assert now.next_at == view.next_at + timedelta(days=1)
    desk.ask(SaveSettings(time_zone="Asia/Kathmandu"), desk.root)
    [now] = desk.ask(ListRecurring())
    assert now.next_at is not None
    assert now.next_at.astimezone(ZoneInfo("Asia/Kathmandu")).strftime("%H:%M") == "08:00"


def test_two_workers_make_one_ticket(desk: Desk) -> None:
    template(desk)
    view = desk.ask(SaveRecurring(None, "Backup", "weekly mon 8:00"), desk.root)
    assert view.next_at is not None
    desk.now = view.next_at

    def work(_number: int) -> int | None:
        with desk.writing() as session:
            return recurring.make_due(session, view.id, desk.now)

    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(work, range(4)))
    assert len([number for number in made if number is not None]) == 1


def test_one_that_cannot_be_made_is_paused_and_the_history_says_why(desk: Desk) -> None:
    desk.ask(SaveTeam("Network"), desk.root)
    made = template(desk, fields={"team": "Network"}, team="Network")
    with pytest.raises(Refused, match="templates belong to it"):
        desk.ask(RemoveTeam("Network"), desk.root)
    desk.ask(SaveRecurring(None, "Backup", "daily 8:00"), desk.root)
    desk.ask(SaveTemplate(made, "Backup", "x", requester="a@b.test", fields={"team": "Network"}), desk.root)
    desk.ask(RemoveTeam("Network"), desk.root)
    desk.later(days=2)
    assert make_recurring(worker(desk), desk.now) == 0
    [paused] = desk.ask(ListRecurring())
    assert paused.next_at is None
    told = [event.sentence for event in desk.ask(ListEvents(), desk.root).events]
    assert "The recurring ticket Backup was paused: There is no team “Network”." in told


def worker(desk: Desk) -> WorkerContext:
    leases = Leases(desk.database, utc_now)
    return WorkerContext(desk.database, threading.Event(), leases, clock=lambda: desk.now)


def test_one_whose_template_is_set_aside_makes_no_more_tickets_and_can_be_ended(desk: Desk) -> None:
    made = template(desk)
    view = desk.ask(SaveRecurring(None, "Backup", "daily 8:00"), desk.root)
    desk.ask(SaveTemplate(made, "Backup", "x", requester="a@b.test", active=False), desk.root)
    desk.later(days=2)
    assert make_recurring(worker(desk), desk.now) == 0
    [paused] = desk.ask(ListRecurring())
    assert (paused.next_at, paused.last_ticket) == (None, None)
    with pytest.raises(Refused, match="set aside"):
        desk.ask(SaveRecurring(view.id), desk.root)
    desk.ask(SaveRecurring(view.id, active=False), desk.root)
    assert desk.ask(ListRecurring()) == ()


def test_a_database_that_is_busy_pauses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    template(desk)
    view = desk.ask(SaveRecurring(None, "Backup", "daily 8:00"), desk.root)
    desk.later(days=2)

    def gone(*_values: object) -> None:
        raise Unavailable("The database is locked.")

    with monkeypatch.context() as broken:
        broken.setattr(recurring, "make", gone)
        with pytest.raises(Unavailable):
            make_recurring(worker(desk), desk.now)
    assert [one.next_at for one in desk.ask(ListRecurring())] == [view.next_at]
    assert make_recurring(worker(desk), desk.now) == 1


def test_paused_resumed_and_ended(desk: Desk) -> None:
    template(desk)
    view = desk.ask(SaveRecurring(None, "Backup", "daily 8:00"), desk.root)
    paused = desk.ask(SaveRecurring(view.id, paused=True), desk.root)
    assert paused.next_at is None
    desk.later(days=9)
    assert due(desk) == []
    resumed = desk.ask(SaveRecurring(view.id, version=paused.version), desk.root)
    assert resumed.next_at is not None
    assert resumed.next_at > desk.now
    desk.ask(SaveRecurring(view.id, active=False), desk.root)
    desk.later(days=9)
    assert due(desk) == []
    assert desk.ask(ListRecurring()) == ()
    template(desk, "Nobody", requester="")
    with pytest.raises(UsageError, match="no requester"):
        desk.ask(SaveRecurring(None, "Nobody", "daily 8:00"), desk.root)
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SaveRecurring(None, "Backup", "daily 8:00"))
