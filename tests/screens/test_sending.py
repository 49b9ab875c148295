"""Sending where the desk is slow or does not answer: nothing typed is lost, nothing leaves twice."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from sqlmodel import select
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import Room, add_mailbox, shows, text_of, told, until
from tests.screens.test_writing import field, typed, writing
from tests.support.lost_answers import answers_lost
from tui_desk.contracts.conversation import OpenCompose
from tui_desk.contracts.macros import SaveMacro
from tui_desk.core.enums import DraftKind
from tui_desk.models import Message, OutboxItem
from tui_desk.screens import type_ahead
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.ticket import TicketScreen


@pytest.fixture
def number(room: Room) -> int:
    add_mailbox(room)
    return room.ticket("Printer on fire")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyboard goes on at once without an action that takes long."""
    monkeypatch.setattr(type_ahead, "HOLD_SECONDS", 0.1)


def answer_lost(room: Room, times: int = 1, of: str = "") -> AbstractContextManager[None]:
    """What the application writes is committed, and it does not hear of it; ``of``: what is meant, as a statement begins."""
    return answers_lost(room.gateway.database().engine, times, of=of)


def written(room: Room) -> list[str]:
    with room.desk.database.reading() as session:
        return [text for text in session.exec(select(Message.text)) if text != "It burns."]


def mails(room: Room) -> int:
    with room.desk.database.reading() as session:
        return len(session.exec(select(OutboxItem)).all())


async def saved(pilot: Pilot[None], room: Room, number: int, kind: DraftKind, text: str) -> None:
    await until(pilot, lambda: room.ask(OpenCompose(number, kind)).body == text)


async def test_a_note_is_saved_and_a_reply_is_sent(room: Room, number: int) -> None:
    async with room.running() as pilot:
        await writing(pilot, number, "n")
        await shows(pilot, "Ctrl+S Save", "Esc Keep draft")
        await pilot.press("f1", *"save")
        await shows(pilot, "Keep the note in the ticket.")
        assert "Ctrl+S Send" not in text_of(pilot)
        await pilot.press("escape", "escape")
        await writing(pilot, number, "r")
        await shows(pilot, "Ctrl+S Send")


@pytest.mark.parametrize(("key", "kind"), [("r", DraftKind.REPLY), ("n", DraftKind.NOTE)])
async def test_what_is_sent_again_because_nobody_answered_is_there_once(
    room: Room, number: int, key: str, kind: DraftKind
) -> None:
    async with room.running() as pilot:
        await writing(pilot, number, key)
        await typed(pilot, "hello")
        await saved(pilot, room, number, kind, "hello")
        with answer_lost(room):
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "cannot be used" in told(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    assert written(room) == ["hello"]
    assert mails(room) == (1 if kind is DraftKind.REPLY else 0)
    assert room.ask(OpenCompose(number, kind)).body == ""


async def test_a_draft_that_is_taken_up_again_because_nobody_answered_leaves_once(
    room: Room, number: int
) -> None:
    async with room.running() as pilot:
        await writing(pilot, number)
        await typed(pilot, "hello")
        await saved(pilot, room, number, DraftKind.REPLY, "hello")
        with answer_lost(room):
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "cannot be used" in told(pilot))
        await typed(pilot, "x")
        await saved(pilot, room, number, DraftKind.REPLY, "hellox")
        await pilot.press("backspace", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await pilot.press("r")
        await shows(pilot, "Your draft is here again.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    assert written(room) == ["hello"]
    assert mails(room) == 1


async def test_a_macro_that_is_done_again_because_nobody_answered_sends_once(room: Room, number: int) -> None:
    room.desk.ask(SaveMacro(None, "Ask", reply="hello", send=True), room.desk.root)
    async with room.running() as pilot:
        await pilot.press(*"gt", *str(number), "enter")
        await shows(pilot, "It burns.")
        with answer_lost(room, of="INSERT INTO message "):
            await pilot.press(";", *"ask", "enter")
            await until(pilot, lambda: "cannot be used" in told(pilot))
        await pilot.press(";")
        await shows(pilot, "Macro for #")
        await pilot.press(*"ask", "enter")
        await until(pilot, lambda: "the reply leaves soon" in told(pilot) or "They leave" in told(pilot))
    assert written(room) == ["hello"]
    assert mails(room) == 1


async def test_what_was_added_since_is_a_draft_and_leaves_when_it_is_sent_once_more(
    room: Room, number: int
) -> None:
    async with room.running() as pilot:
        await writing(pilot, number)
        await typed(pilot, "hello")
        await saved(pilot, room, number, DraftKind.REPLY, "hello")
        with answer_lost(room):
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "cannot be used" in told(pilot))
        await typed(pilot, " you")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "What you wrote before was kept after all" in told(pilot))
        await saved(pilot, room, number, DraftKind.REPLY, "hello you")
        assert mails(room) == 1
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    assert written(room) == ["hello", "hello you"]


async def test_a_new_ticket_that_is_made_again_because_nobody_answered_is_there_once(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("N")
        await shows(pilot, "Requester")
        await until(pilot, lambda: pilot.app.screen.query("#requester"))
        pilot.app.screen.query_one("#requester", Input).value = "eva@client.test"
        pilot.app.screen.query_one("#subject", Input).value = "Screen"
        with answer_lost(room):
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "cannot be used" in told(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is made." in told(pilot))
    with room.desk.database.reading() as session:
        assert len(session.exec(select(Message)).all()) == 1


@pytest.mark.usefixtures("impatient")
async def test_nothing_is_typed_into_what_is_being_sent(room: Room, number: int) -> None:
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        await typed(pilot, "hello")
        await saved(pilot, room, number, DraftKind.REPLY, "hello")
        with room.desk.writing() as session:
            session.connection()  # somebody else writes for long
            await pilot.press("ctrl+s")
            await until(pilot, lambda: field(screen).read_only)
            await until(pilot, lambda: "That takes long" in told(pilot))
            await typed(pilot, " you")
            await until(pilot, lambda: "being sent" in told(pilot))
            assert field(screen).text == "hello"
            for key in ("escape", "f8", "ctrl+s"):
                await pilot.press(key)
                assert pilot.app.screen is screen
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    assert written(room) == ["hello"]
    assert mails(room) == 1


@pytest.mark.usefixtures("impatient")
async def test_the_recipients_wait_as_well_and_one_writes_on_where_it_was_not_sent(
    room: Room, number: int
) -> None:
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        await saved(pilot, room, number, DraftKind.REPLY, "")
        await pilot.press("ctrl+b")
        await until(pilot, lambda: screen.query_one("#to", Input).has_focus)
        with room.desk.writing() as session:
            session.connection()
            await pilot.press("ctrl+s")
            await until(pilot, lambda: screen.query_one("#fields").disabled)
            await until(pilot, lambda: "That takes long" in told(pilot))
            await typed(pilot, "xyz")
            await until(pilot, lambda: "being sent" in told(pilot))
        await shows(pilot, "Look again before this leaves")  # it is empty
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await until(pilot, lambda: screen.query_one("#to", Input).has_focus)
        before = screen.query_one("#to", Input).value
        await pilot.press("end", *"x")
        await until(pilot, lambda: screen.query_one("#to", Input).value == f"{before}, x")
        assert not field(screen).read_only
