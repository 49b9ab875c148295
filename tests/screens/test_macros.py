"""Canned replies and macros at the keyboard: put in while writing, done on a ticket, written in their own lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.screens.desk import Room, add_mailbox, open_room, shows, text_of, told, until
from tui_desk.app import DeskApp
from tui_desk.contracts.macros import ListCanned, ListMacros, ListRecurring, SaveCanned, SaveMacro, ShowMacro
from tui_desk.contracts.tasks import AddTask
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import Channel, Priority, Role, TicketStatus
from tui_desk.models import Agent
from tui_desk.screens.canned_offer import begun
from tui_desk.screens.canned_replies import CannedRepliesScreen
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.macro_dialog import MacroDialog
from tui_desk.screens.macros import MacrosScreen
from tui_desk.screens.new_ticket import NewTicketScreen


@pytest.fixture
def boss_room(tmp_path: Path) -> Iterator[Room]:
    """A desk at which ana is a supervisor."""
    with open_room(tmp_path) as room:
        with room.desk.writing() as session:
            agent = session.get_one(Agent, room.desk.ana.agent_id)
            agent.role = Role.SUPERVISOR.value
            session.add(agent)
        yield room


def text(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(TextArea).text


async def in_form(pilot: Pilot[None]) -> FormScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
    return cast("FormScreen", pilot.app.screen)


def put(form: FormScreen, **values: str) -> None:
    for name, value in values.items():
        control = form.control(name)
        if isinstance(control, TextArea):
            control.text = value
        else:
            control.value = value


@pytest.mark.parametrize(
    ("before", "typed"),
    [
        (";", ""),
        ("Hi ;vp", "vp"),
        ("(;a.b-c", "a.b-c"),
        ("wait;", None),
        ("a;b", None),
        (";vpn ", None),
        ("", None),
    ],
)
def test_where_a_canned_reply_is_begun(before: str, typed: str | None) -> None:
    assert begun(before) == typed


async def test_a_few_letters_put_a_text_in(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    for name, shortcut, body in (
        ("VPN: first steps", "vpn", "Hello {requester.first_name|there},\n#{ticket.number}"),
        ("Printer", "prn", "Paper? {requester.organization}"),
        ("Done, and what to do if it comes back", "done", "Done."),
    ):
        room.desk.ask(SaveCanned(None, name, body, shortcut), room.desk.root)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen) and pilot.app.screen._opened)
        await pilot.press(*"A; ;vp")
        await shows(pilot, ";vpn", "VPN: first steps")
        await pilot.press("enter")
        await until(pilot, lambda: "VPN: first steps is put in" in told(pilot))
        assert text(pilot).startswith("A; Hello Otto,\n#")
        await pilot.press("enter", *";pri")
        await shows(pilot, ";prn")
        await pilot.press("tab")
        await until(pilot, lambda: "{requester.organization} has no value here" in told(pilot))
        assert text(pilot).endswith("\nPaper? ")
        await pilot.press(*"x {ticket.nmuber}", "ctrl+s")
        await shows(pilot, "Not filled in: {ticket.nmuber}")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press("ctrl+n")
        await shows(pilot, "Put in a canned reply", "Paper?", "! {requester.organization} has no value here.")
        await shows(pilot, ";done       Done, and what to do if it comes back")
        await pilot.press(*"vpn")
        await shows(pilot, "Hello Otto,", f"#{number}")
        assert "{requester.first_name" not in text_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: text(pilot).count("Hello Otto") == 2)
    assert [(one.shortcut, one.used) for one in room.ask(ListCanned())] == [
        ("done", 0),
        ("prn", 1),
        ("vpn", 2),
    ]


async def test_a_macro_shows_what_it_does_then_does_it_and_is_taken_back(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    given = {"priority": "high", "assignee": "me"}
    room.desk.ask(SaveMacro(None, "Take over", given, ("Call | days=1",)), room.desk.root)
    room.desk.ask(
        SaveMacro(None, "Ask for the number", {"status": "pending"}, reply="Which, {requester.name}?"),
        room.desk.root,
    )
    room.desk.ask(SaveMacro(None, "To the void", {"team": "Nowhere"}), room.desk.root)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press(";")
        await until(pilot, lambda: isinstance(pilot.app.screen, MacroDialog))
        await pilot.press(*"void")
        await shows(pilot, "There is no team “Nowhere”.")
        await pilot.press("enter")
        await until(pilot, lambda: "To the void cannot be done" in told(pilot))
        await pilot.press(";")
        await until(pilot, lambda: isinstance(pilot.app.screen, MacroDialog))
        await pilot.press(*"tkov")
        await shows(pilot, "sets priority: high", "adds the task Call")
        await pilot.press("enter")
        await until(pilot, lambda: "Take over" in told(pilot))
        ticket = room.ask(ShowTicket(number))
        assert (ticket.priority, ticket.assignee_login, len(ticket.tasks)) == (Priority.HIGH, "ana", 1)
        await pilot.press("u")
        await until(pilot, lambda: "undone" in told(pilot))
        ticket = room.ask(ShowTicket(number))
        assert (ticket.priority, ticket.assignee_login, ticket.tasks) == (Priority.NORMAL, "", ())
        await pilot.press(";")
        await until(pilot, lambda: isinstance(pilot.app.screen, MacroDialog))
        await pilot.press(*"ask")
        await shows(pilot, "Which, Otto?")
        await pilot.press("enter")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, ComposeScreen) and text(pilot) == "Which, Otto?"
        )
    assert room.ask(ShowTicket(number)).status is TicketStatus.PENDING


async def test_a_macro_says_of_no_draft_that_was_thrown_away_that_it_waits(room: Room) -> None:
    add_mailbox(room)
    room.ticket()
    room.desk.ask(SaveMacro(None, "Ask back", {"priority": "high"}, reply="Which?"), room.desk.root)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press(";")
        await until(pilot, lambda: isinstance(pilot.app.screen, MacroDialog))
        await shows(pilot, "Which?")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen) and text(pilot) == "Which?")
        await pilot.press("f8")
        await shows(pilot, "Throw this draft away?")
        await pilot.press("y")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ComposeScreen))
        await until(pilot, lambda: told(pilot) == "The draft is gone.")
        offer = cast("DeskApp", pilot.app).offer
        assert offer is not None
        assert "waits" not in offer.sentence(0)


async def test_a_macro_that_sends_asks_about_what_is_open_and_what_would_leave(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket()
    room.ask(SetFields(number, status=TicketStatus.OPEN))
    room.ask(AddTask(number, "Measure"))
    room.desk.ask(
        SaveMacro(None, "Done", {"status": "resolved"}, reply="Done at {requester.organization}", send=True),
        room.desk.root,
    )
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press(";")
        await shows(pilot, "Task open: Measure", "sends a reply")
        await pilot.press("enter")
        await shows(pilot, "Look again before this leaves", "has no value here")
        await pilot.press("y")
        await shows(pilot, "Something is open")
        await pilot.press(*"late", "enter")
        await until(pilot, lambda: "the reply leaves soon" in told(pilot))
        assert room.ask(ShowTicket(number)).status is TicketStatus.RESOLVED
        await pilot.press("u")
        await until(pilot, lambda: "Not sent" in told(pilot))
        assert room.ask(ShowTicket(number)).status is TicketStatus.OPEN


async def test_they_are_written_in_forms_that_say_what_is_wrong(boss_room: Room) -> None:
    async with boss_room.running() as pilot:
        await pilot.press("g", "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, CannedRepliesScreen))
        await shows(pilot, "No canned replies yet")
        await pilot.press("N")
        form = await in_form(pilot)
        put(form, name="VPN", shortcut="vpn", text="Hi {requester.nmae}")
        await pilot.press("ctrl+s")
        await shows(pilot, "Line 1, column 4: {requester.nmae}")
        put(form, text="Hi {requester.name}")
        await pilot.press("ctrl+s")
        await shows(pilot, "everybody", ";vpn")
        await pilot.press("x")
        await until(pilot, lambda: "VPN is set aside" in told(pilot))
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.screen, MacrosScreen))
        await pilot.press("N")
        form = await in_form(pilot)
        put(form, name="Take", fields="status=gone")
        await pilot.press("ctrl+s")
        await shows(pilot, "“gone” is no value of status.")
        put(form, fields="status=open\nassignee=me", tasks="Call | days=2", note="Called.", whom="own")
        await pilot.press("ctrl+s")
        await shows(pilot, "me alone", "Take")
        await pilot.press("enter")
        form = await in_form(pilot)
        assert form.value("fields") == "status=open\nassignee=me"
        assert form.value("whom") == "own"
        put(form, name="Take it")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The macro Take it is saved." in told(pilot))
    [canned] = boss_room.ask(ListCanned(inactive=True))
    assert (canned.own, canned.active, canned.text) == (False, False, "Hi {requester.name}")
    assert boss_room.ask(ShowMacro("take it")).tasks == ("Call | days=2",)
    assert boss_room.desk.ask(ListMacros(), boss_room.desk.ben) == ()


async def test_an_agent_writes_for_nobody_else(room: Room) -> None:
    room.desk.ask(SaveCanned(None, "Shared", "x"), room.desk.root)
    async with room.running((80, 24)) as pilot:
        await pilot.press("g", "c")
        await shows(pilot, "Shared")
        await pilot.press("enter")
        form = await in_form(pilot)
        form.query_one("#field-name", Input).value = "Mine now"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Only a supervisor or an admin" in told(pilot))
        assert form.value("name") == "Mine now"


async def test_a_template_fills_the_form_and_comes_round(boss_room: Room) -> None:
    async with boss_room.running() as pilot:
        await pilot.press("g", "c", "3")
        await shows(pilot, "No templates yet")
        await pilot.press("N")
        form = await in_form(pilot)
        put(
            form,
            name="Backup",
            subject="Check {ticket.number}",
            body="By {agent.name}",
            requester="ops@desk.test",
        )
        put(form, fields="priority=high\nchannel=form\ntags=ops", tasks="Restore | days=1")
        await pilot.press("ctrl+s")
        await shows(pilot, "Line 1, column 7")
        put(form, subject="Check it")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The template Backup is saved." in told(pilot))
        await pilot.press("4")
        await shows(pilot, "Nothing comes round by itself yet")
        await pilot.press("N")
        await shows(pilot, "Which template comes round?")
        await pilot.press("enter")
        await shows(pilot, "When does it come round?")
        await pilot.press(*"weekly mon 8:00", "enter")
        await until(pilot, lambda: "Backup: 20" in told(pilot))
        await shows(pilot, "weekly mon 8:00")
        await pilot.press("p")
        await until(pilot, lambda: "Backup: paused" in told(pilot))
        await pilot.press("q", "N")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewTicketScreen))
        await pilot.press("ctrl+t")
        await shows(pilot, "Which template?")
        await pilot.press("enter")
        await until(pilot, lambda: text(pilot) == "By Ana Díaz")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "#1 is made" in told(pilot))
    ticket = boss_room.ask(ShowTicket(1))
    assert (ticket.subject, ticket.channel, ticket.tags, len(ticket.tasks)) == (
        "Check it",
        Channel.FORM,
        ("ops",),
        1,
    )
    [view] = boss_room.ask(ListRecurring())
    assert (view.rule, view.next_at) == ("weekly mon 8:00", None)
