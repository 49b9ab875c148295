"""Work at the keyboard: pane Work, one's tasks, the clock, the weekly sheet, checklists and time in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import Room, add_mailbox, open_room, shows, told, until
from tests.support.days import FAR_DAY
from tui_desk.actions.catalogue import registry
from tui_desk.actions.work import WORK
from tui_desk.contracts.tasks import AddTask, ChecklistItemView, DueBy, ListTasks, SaveChecklist, SetTask
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.contracts.timekeeping import (
    AddTime,
    ListActivities,
    SaveActivity,
    SetIdlePause,
    ShowTimer,
    ShowTimeSettings,
    StartTimer,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role, TaskState, TicketStatus
from tui_desk.gateway import DeskGateway
from tui_desk.models import Agent
from tui_desk.screens import work_pane
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.sheet import SheetScreen
from tui_desk.screens.tasks import TasksScreen
from tui_desk.screens.ticket import TicketScreen
from tui_desk.screens.ticket_panes import PANE_SCOPES
from tui_desk.screens.work_pane import WorkPane
from tui_desk.widgets.choice_field import ChoiceField


@pytest.fixture
def now_room(room: Room) -> Room:
    """A desk whose clock goes with the real one, as the gateway's does."""
    room.desk.now = utc_now() - timedelta(minutes=30)
    return room


@pytest.fixture
def boss_room(tmp_path: Path) -> Iterator[Room]:
    """A desk at which ana is a supervisor."""
    with open_room(tmp_path) as room:
        room.desk.now = utc_now() - timedelta(minutes=30)
        with room.desk.writing() as session:
            agent = session.get_one(Agent, room.desk.ana.agent_id)
            agent.role = Role.SUPERVISOR.value
            session.add(agent)
        yield room


async def open_ticket(pilot: Pilot[None], number: int, pane: str = "5") -> TicketScreen:
    cast("BaseScreen", pilot.app.screen).host.open_ticket(number)
    await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    screen = cast("TicketScreen", pilot.app.screen)
    await until(pilot, lambda: screen.ticket is not None)
    await pilot.press(pane)
    return screen


async def in_form(pilot: Pilot[None]) -> FormScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
    return cast("FormScreen", pilot.app.screen)


def tasks(room: Room, number: int) -> list[tuple[str, TaskState]]:
    return [(task.title, task.state) for task in room.ask(ListTasks(ticket=number))]


def test_every_action_of_pane_work_has_its_handler_and_every_kind_of_line_its_actions() -> None:
    names = {action.id for action in registry().in_scopes(PANE_SCOPES["work"])}
    assert [name for name in names if not callable(getattr(TicketScreen, f"do_{name}", None))] == []
    wanted = {*work_pane.ADDITIONS, *work_pane.OPENERS.values(), *work_pane.EDITORS.values()}
    assert wanted | set(work_pane.REMOVERS.values()) <= names
    registry().keymap(PANE_SCOPES["work"])
    assert WORK in PANE_SCOPES["work"]


async def test_an_empty_pane_says_how_work_is_added(now_room: Room) -> None:
    number = now_room.ticket()
    async with now_room.running() as pilot:
        await open_ticket(pilot, number)
        await shows(pilot, "None yet. + adds a task", "t runs the clock", "+ Add work")
        await pilot.press("x")
        await until(pilot, lambda: "Select a task first" in told(pilot))


async def test_a_task_is_added_ticked_moved_given_and_deleted(now_room: Room) -> None:
    number = now_room.ticket()
    now_room.ask(AddTask(number, "Back up"))
    async with now_room.running() as pilot:
        screen = await open_ticket(pilot, number)
        await pilot.press("+")
        await shows(pilot, f"Add to #{number}")
        await pilot.press("enter")
        form = await in_form(pilot)
        await pilot.press("ctrl+s")
        await shows(pilot, "What is to be done?")
        await pilot.press(*"Order it", "tab", "tab", "tab", *"blub")
        await shows(pilot, "is not understood as a time")
        for _ in "blub":
            await pilot.press("backspace")
        await pilot.press(*FAR_DAY)
        form.query_one("#field-assignee", ChoiceField).choose("ben")
        await pilot.press("ctrl+s")
        await shows(pilot, "Order it", FAR_DAY, "Ben Otto", "0 of 2 done · 2 hold")
        await pilot.press("j", "x")
        await until(pilot, lambda: tasks(now_room, number)[1] == ("Order it", TaskState.DONE))
        await shows(pilot, "1 of 2 done", "u takes it back")
        await pilot.press("u")
        await until(pilot, lambda: tasks(now_room, number)[1] == ("Order it", TaskState.OPEN))
        await shows(pilot, "0 of 2 done")
        await pilot.press("K")
        await until(pilot, lambda: tasks(now_room, number)[0][0] == "Order it")
        await until(pilot, lambda: screen.query_one(WorkPane).current == screen.query_one(WorkPane).items[0])
        await pilot.press("b")
        await until(pilot, lambda: tasks(now_room, number)[0][1] is TaskState.IN_PROGRESS)
        await shows(pilot, "in progress")
        await pilot.press("X")
        await until(pilot, lambda: [title for title, _s in tasks(now_room, number)] == ["Back up"])
        await shows(pilot, "task deleted")
        await pilot.press("u")
        await until(pilot, lambda: len(tasks(now_room, number)) == 2)


async def test_a_task_is_changed_in_its_form_and_a_colleague_s_change_is_told(now_room: Room) -> None:
    number = now_room.ticket()
    task = now_room.ask(AddTask(number, "Order it", notes="by phone")).id
    async with now_room.running() as pilot:
        await open_ticket(pilot, number)
        await shows(pilot, "Order it", "by phone")
        await pilot.press("enter")
        form = await in_form(pilot)
        now_room.desk.ask(SetTask(task, title="Order two"), now_room.desk.ben)
        await pilot.press("end", *" now", "ctrl+s")
        await until(pilot, lambda: "now “Order two”, yours “Order it now”" in told(pilot))
        assert form.value("title") == "Order it now"
        await pilot.press("escape")
        await shows(pilot, "Throw away what you typed here?")
        await pilot.press("y")
        await shows(pilot, "Order two")


async def test_a_checklist_is_put_on_a_ticket(now_room: Room) -> None:
    number = now_room.ticket()
    items = (ChecklistItemView("Order it"), ChecklistItemView("Say hello", blocking=False))
    now_room.desk.ask(SaveChecklist(None, "New colleague", items=items), now_room.desk.actors["sue"])
    async with now_room.running() as pilot:
        await open_ticket(pilot, number)
        await pilot.press("+")
        await shows(pilot, f"Add to #{number}")
        await pilot.press("down", "enter")
        await shows(pilot, f"Put on #{number}", "New colleague")
        await pilot.press("enter")
        await shows(pilot, "2 tasks added", "optional", "0 of 2 done · 1 holds")
        assert len(tasks(now_room, number)) == 2


async def test_a_ticket_that_is_held_up_asks_for_the_reason(now_room: Room) -> None:
    number = now_room.ticket()
    now_room.ask(AddTask(number, "Back up"))
    async with now_room.running() as pilot:
        await open_ticket(pilot, number)
        for typed in ((), tuple("no longer wanted")):
            await pilot.press("s")
            await shows(pilot, f"Status of #{number}")
            await pilot.press(*"resolved", "enter")
            await shows(pilot, "Why go on all the same?", "Task open: Back up")
            await pilot.press(*typed, "enter")
            if not typed:
                await until(pilot, lambda: "Nothing was changed" in told(pilot))
                assert now_room.ask(ShowTicket(number)).status is TicketStatus.NEW
        await until(pilot, lambda: now_room.ask(ShowTicket(number)).status is TicketStatus.RESOLVED)
        assert any("no longer wanted" in e.sentence for e in now_room.ask(ShowTicket(number)).events)


async def test_an_answer_that_resolves_asks_for_the_reason_too(now_room: Room) -> None:
    add_mailbox(now_room)
    number = now_room.ticket()
    now_room.ask(AddTask(number, "Back up"))
    async with now_room.running() as pilot:
        await open_ticket(pilot, number, "1")
        await pilot.press("r")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "ComposeScreen")
        await shows(pilot, "otto@client.test")
        await pilot.press(*"Done.")
        action = next(a for a in cast("BaseScreen", pilot.app.screen).host.actions if a.id == "send_resolved")
        cast("BaseScreen", pilot.app.screen).perform(action)
        await shows(pilot, "Why go on all the same?", "Task open: Back up")
        await pilot.press(*"by phone", "enter")
        await until(pilot, lambda: now_room.ask(ShowTicket(number)).status is TicketStatus.RESOLVED)


async def test_my_tasks_are_ticked_filtered_and_opened_in_their_ticket(now_room: Room) -> None:
    one, other = now_room.ticket("First"), now_room.ticket("Second")
    today = utc_now().astimezone().date()
    now_room.ask(AddTask(one, "Someday", assignee="me"))
    late = now_room.ask(AddTask(other, "Late one", assignee="me", due=DueBy(on=today - timedelta(days=3)))).id
    now_room.ask(AddTask(other, "Ben's", assignee="ben"))
    async with now_room.running() as pilot:
        await pilot.press("g", "k")
        await until(pilot, lambda: isinstance(pilot.app.screen, TasksScreen))
        screen = cast("TasksScreen", pilot.app.screen)
        await until(pilot, lambda: [t.title for t in screen.items.values()] == ["Late one", "Someday"])
        await shows(pilot, "(late)")
        await pilot.press("3")
        await until(pilot, lambda: len(screen.items) == 3)
        await pilot.press("/", *"Ben", "enter")
        await until(pilot, lambda: [t.title for t in screen.items.values()] == ["Ben's"])
        await pilot.press("escape", "1")
        await until(pilot, lambda: len(screen.items) == 2)
        await pilot.press("g", "g", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        ticket = cast("TicketScreen", pilot.app.screen)
        await until(pilot, lambda: ticket.work_item() is not None)
        item = ticket.work_item()
        assert item is not None
        assert (ticket.pane, item.kind, item.id) == ("work", "task", late)
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("x")
        await until(pilot, lambda: tasks(now_room, other)[0][1] is TaskState.DONE)
        await until(pilot, lambda: [t.title for t in screen.items.values()] == ["Someday"])


async def test_the_clock_runs_in_the_title_and_becomes_an_entry(now_room: Room) -> None:
    number = now_room.ticket()
    now_room.ask(StartTimer(number, note="on site"))
    async with now_room.running() as pilot:
        await shows(pilot, f"◷ #{number} ")
        await open_ticket(pilot, number)
        await pilot.press("t")
        await shows(pilot, f"on #{number}", "Hold it")
        await pilot.press("down", "enter")
        await shows(pilot, f"‖ #{number} ")
        await pilot.press("t")
        await shows(pilot, "Go on", "Stop: write down")
        await pilot.press("enter")
        await shows(pilot, "written down", "Time ", "on site")
        assert now_room.ask(ShowTicket(number)).time_minutes > 0
        assert now_room.ask(ShowTimer()) is None
        await until(pilot, lambda: "‖" not in str(pilot.app.status))
        await pilot.press("u")
        await until(pilot, lambda: now_room.ask(ShowTicket(number)).time_minutes == 0)


async def test_a_clock_elsewhere_is_written_down_first_and_one_on_a_task_is_its_own(now_room: Room) -> None:
    one, other = now_room.ticket("First"), now_room.ticket("Second")
    task = now_room.ask(AddTask(other, "Look")).id
    now_room.ask(StartTimer(one))
    async with now_room.running() as pilot:
        await open_ticket(pilot, other)
        await until(pilot, lambda: cast("TicketScreen", pilot.app.screen).work_item() is not None)
        await pilot.press("t")
        await until(pilot, lambda: f"on #{one} written down" in told(pilot))
        timer = now_room.ask(ShowTimer())
        assert timer is not None
        assert (timer.ticket, timer.task_id) == (other, task)


async def test_a_forgotten_clock_is_not_believed(now_room: Room) -> None:
    number = now_room.ticket()
    now_room.desk.now -= timedelta(days=3)
    now_room.ask(StartTimer(number))
    async with now_room.running() as pilot:
        await open_ticket(pilot, number)
        await pilot.press("t")
        await shows(pilot, "Stop: write down")
        await pilot.press("enter")
        await shows(pilot, "How long did you work?")
        await pilot.press(*"1h30", "enter")
        await until(pilot, lambda: now_room.ask(ShowTicket(number)).time_minutes == 90)


async def test_a_clock_is_held_when_nobody_types(now_room: Room) -> None:
    number = now_room.ticket()
    now_room.ask(SetIdlePause(5))
    now_room.ask(StartTimer(number))
    moved = [timedelta()]
    now_room.clock = lambda: utc_now() + moved[0]
    async with now_room.running() as pilot:
        await shows(pilot, f"◷ #{number} ")
        moved[0] = timedelta(minutes=6)
        pilot.app._look_at_status()
        await shows(pilot, f"‖ #{number} ")
        assert "is paused at" in told(pilot)
        timer = now_room.ask(ShowTimer())
        assert timer is not None
        assert not timer.running


async def test_time_is_written_down_and_corrected(now_room: Room) -> None:
    number = now_room.ticket()
    now_room.ask(AddTask(number, "Look"))
    now_room.desk.ask(SaveActivity("Travel", billable=True), now_room.desk.actors["sue"])
    async with now_room.running() as pilot:
        await open_ticket(pilot, number)
        await pilot.press("+")
        await shows(pilot, f"Add to #{number}")
        await pilot.press(*"time", "enter")
        form = await in_form(pilot)
        await pilot.press("8")
        await shows(pilot, "hours or minutes")
        await pilot.press("m")
        form.query_one("#field-activity", ChoiceField).choose("Travel")
        await until(pilot, lambda: form.value("billable") == "yes")
        await pilot.press("ctrl+s")
        await shows(pilot, "8m", "Travel", "billable", "written down")
        [entry] = now_room.ask(ShowTicket(number)).time_entries
        assert (entry.minutes, entry.task, entry.billable) == (8, "Look", True)
        await pilot.press("G", "k")
        screen = cast("TicketScreen", pilot.app.screen)
        assert screen.query_one(WorkPane).select("time", entry.id)
        await pilot.press("e")
        form = await in_form(pilot)
        form.query_one("#field-time", Input).value = ""
        await pilot.press(*"15m")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: now_room.ask(ShowTicket(number)).time_minutes == 15)


async def test_the_week(now_room: Room) -> None:
    one, other = now_room.ticket("First"), now_room.ticket("Second")
    today = utc_now().astimezone().date()
    monday = today - timedelta(days=today.weekday())
    now_room.ask(AddTime(one, 85, monday))
    now_room.ask(AddTime(one, 20, today))
    now_room.ask(AddTime(other, 60, monday - timedelta(days=2)))
    async with now_room.running() as pilot:
        await pilot.press("g", "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, SheetScreen))
        screen = cast("SheetScreen", pilot.app.screen)
        await until(pilot, lambda: len(screen.items) == 2)
        await shows(pilot, "First", "1h45", monday.isoformat())
        await pilot.press("left")
        await until(pilot, lambda: other in screen.items)
        await shows(pilot, "Second", "1h")
        await pilot.press("left")
        await shows(pilot, "Nothing is recorded in this week")
        await pilot.press(".")
        await until(pilot, lambda: one in screen.items)
        await pilot.press("a")
        await until(pilot, lambda: "Only a supervisor" in told(pilot))
        await pilot.press("e")
        if today == monday:
            await shows(pilot, "Which one?")
        await pilot.press("escape")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen | FormScreen))


async def test_supervisors_keep_checklists_and_activities(boss_room: Room) -> None:
    number = boss_room.ticket()
    async with boss_room.running() as pilot:
        await pilot.press("g", "m", "5")
        await shows(pilot, "No checklists yet")
        await pilot.press("N")
        form = await in_form(pilot)
        await pilot.press(*"New colleague", "tab", "tab", *"Order it | nonsense")
        await shows(pilot, "is not understood in a task")
        for _ in "nonsense":
            await pilot.press("backspace")
        await pilot.press(*"days=2", "enter", *"Say hello | optional", "ctrl+s")
        await shows(pilot, "is saved", "New colleague", "2. Say hello | optional")
        assert form is not pilot.app.screen
        await pilot.press("x")
        await shows(pilot, "is set aside")
        await pilot.press("x")
        await shows(pilot, "is offered again")
        await pilot.press("6")
        await shows(pilot, "No activities yet", "nothing is closed")
        await pilot.press("N")
        await shows(pilot, "Name of the new activity")
        await pilot.press(*"Travel", "enter")
        await until(pilot, lambda: boss_room.ask(ListActivities()) != ())
        await shows(pilot, "Travel", "is saved")
        await pilot.press("b")
        await until(pilot, lambda: boss_room.ask(ListActivities())[0].billable)
        await pilot.press("c")
        await shows(pilot, "Close the time until")
        await pilot.press(*"yesterday", "enter")
        await until(pilot, lambda: boss_room.ask(ShowTimeSettings()).closed_until is not None)
        assert boss_room.ask(ShowTicket(number)).time_minutes == 0


async def test_who_may_only_read_changes_nothing(now_room: Room) -> None:
    number = now_room.ticket()
    now_room.ask(AddTask(number, "Look"))
    reader = DeskGateway(now_room.desk.database.url, now_room.desk.rita)
    try:
        now_room.gateway = reader
        async with now_room.running() as pilot:
            await open_ticket(pilot, number)
            await shows(pilot, "Look")
            for key in ("x", "+", "t", "X"):
                await pilot.press(key)
                await until(pilot, lambda: "may read here" in told(pilot))
            await pilot.press("g", "m", "5")
            await shows(pilot, "No checklists yet")
            await pilot.press("N")
            await until(pilot, lambda: "Only a supervisor" in told(pilot))
    finally:
        reader.close()
    assert tasks(now_room, number) == [("Look", TaskState.OPEN)]


async def test_fifty_tasks_scroll_with_the_cursor(now_room: Room) -> None:
    number = now_room.ticket()
    for place in range(50):
        now_room.ask(AddTask(number, f"Task {place}"))
    async with now_room.running() as pilot:
        screen = await open_ticket(pilot, number)
        await shows(pilot, "Task 0")
        for _ in range(49):
            await pilot.press("j")
        await shows(pilot, "› ○ Task 49")
        await pilot.press("g", "g")
        await shows(pilot, "0 of 50 done", "› ○ Task 0")
        assert screen.query_one(WorkPane).current == screen.query_one(WorkPane).items[0]
