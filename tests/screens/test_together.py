"""Two agents at once, and what becomes of what was sent: presence, drafts of others, delivery, attachments."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import col, update
from textual.widgets import Input

from tests.screens.desk import HOSTILE, Room, add_mailbox, shows, told, until
from tui_desk.contracts.conversation import AddNote, AttachToDraft, SaveDraft, SendReply
from tui_desk.contracts.desk import SaveAgent
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.tickets import ReportPresence, ShowTicket, TakeTicket
from tui_desk.core.enums import DeliveryState, DraftKind, PresenceMode, Role
from tui_desk.core.errors import Refused
from tui_desk.models import Delivery, OutboxItem
from tui_desk.screens.queue import QueueScreen
from tui_desk.screens.ticket import TicketScreen


async def test_who_is_writing_shows_in_queue_and_ticket(room: Room) -> None:
    number = room.ticket()
    room.desk.now = room.gateway_now()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        room.desk.ask(ReportPresence(number, "terminal-ben", PresenceMode.WRITING), room.desk.ben)
        await shows(pilot, "✎")
        await pilot.press("enter")
        await shows(pilot, "✎ Ben Otto is writing")
        room.desk.ask(SaveDraft(number, DraftKind.REPLY, "Dear Otto, I am on my way"), room.desk.ben)
        await shows(pilot, "Ben Otto has a draft (Reply): Dear Otto")


async def test_one_s_own_presence_is_reported_and_taken_back(room: Room) -> None:
    number = room.ticket()

    def seen() -> list[tuple[str, PresenceMode]]:
        room.desk.now = room.gateway_now()
        others = room.desk.ask(ReportPresence(number, "terminal-ben", PresenceMode.VIEWING), room.desk.ben)
        return [(who.agent, who.mode) for who in others]

    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await until(pilot, lambda: ("Ana Díaz", PresenceMode.VIEWING) in seen())
        await pilot.press("n")
        await until(pilot, lambda: ("Ana Díaz", PresenceMode.WRITING) in seen())
        await pilot.press("escape")
        await until(pilot, lambda: ("Ana Díaz", PresenceMode.VIEWING) in seen())
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen) and seen() == [])


async def test_a_failed_recipient_shows_its_cause_and_is_retried(room: Room) -> None:
    number = room.ticket()
    add_mailbox(room)
    room.ask(SendReply(number, "Use water", now=True))
    with room.desk.writing() as session:
        session.execute(update(OutboxItem).values(state="done"))
        failed = update(Delivery).where(col(Delivery.id) > 0)
        session.execute(failed.values(state="failed", cause=f"550 no such user {HOSTILE}"))
    async with room.running() as pilot:
        await pilot.press(":", *str(number), "enter")
        await shows(pilot, "✗ failed", "550 no such user")
        await pilot.press("d")
        await shows(pilot, "What became of this message", "otto@client.test")
        await pilot.press("escape", "Y")
        await until(pilot, lambda: _state(room, number) is DeliveryState.QUEUED)


async def test_a_waiting_message_is_cancelled_into_a_draft(room: Room) -> None:
    number = room.ticket()
    add_mailbox(room)
    room.ask(SendReply(number, "Use water", now=True))
    async with room.running() as pilot:
        await pilot.press(":", *str(number), "enter")
        await shows(pilot, "queued")
        await pilot.press("X")
        await until(pilot, lambda: _state(room, number) is DeliveryState.CANCELLED)
        await pilot.press("Y")
        assert told(pilot)


async def test_files_are_attached_with_completion_saved_and_read(room: Room, tmp_path: Path) -> None:
    room.ticket()
    add_mailbox(room)
    (tmp_path / "protocol-of-today.txt").write_text(f"line one\n{HOSTILE}\nline two\n")
    async with room.running((100, 40)) as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter", "r")
        await until(pilot, lambda: pilot.app.screen.query_one("#to", Input).value)
        await pilot.press(*"See file", "ctrl+t", *f"{tmp_path}/proto", "tab")
        await until(pilot, lambda: pilot.app.screen.query_one("#typed", Input).value.endswith("today.txt"))
        await pilot.press("enter")
        await shows(pilot, "Attached: protocol-of-today.txt")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "[1] protocol-of-today.txt")
        await pilot.press("o")
        await shows(pilot, "line one", "line two", "[/]")
        await pilot.press("escape", "O")
        await shows(pilot, "Save protocol-of-today.txt in which folder?")
        field = pilot.app.screen.query_one("#typed", Input)
        field.value = str(tmp_path / "saved")
        (tmp_path / "saved").mkdir()
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "saved" / "protocol-of-today.txt").exists())


async def test_an_attachment_that_is_no_text_is_offered_for_saving_and_says_why(
    room: Room, tmp_path: Path
) -> None:
    number = room.ticket()
    (tmp_path / "pin.bin").write_bytes(bytes(range(256)) * 4)
    room.ask(AddNote(number, "The photo", attach_paths=(str(tmp_path / "pin.bin"),)))
    async with room.running() as pilot:
        await pilot.press(":", *str(number), "enter")
        await shows(pilot, "[1] pin.bin")
        await pilot.press("o")
        await shows(pilot, "application/octet-stream cannot be read here", "no program is started for")
        await pilot.press("w")
        await shows(pilot, "Save pin.bin in which folder?")
        pilot.app.screen.query_one("#typed", Input).value = str(tmp_path / "saved")
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "saved" / "pin.bin").exists())


async def test_a_file_that_is_not_there_is_told(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.screen.query_one("#to", Input).value)
        await pilot.press("ctrl+t", *"/no/such/file", "enter")
        await until(pilot, lambda: "/no/such/file" in told(pilot))
        room.ask(AttachToDraft(number, DraftKind.REPLY, __file__))


def _state(room: Room, number: int) -> DeliveryState | None:
    outgoing = room.ask(ShowTicket(number)).messages[-1].delivery
    return None if outgoing is None else outgoing.state


async def test_a_partial_delivery_says_who_was_reached_and_why_the_others_were_not(room: Room) -> None:
    number = room.ticket()
    add_mailbox(room)
    confirmed = ("recipients_changed", "outsider")
    room.ask(SendReply(number, "Use water", cc="Eva <eva@client.test>", now=True, confirmed=confirmed))
    with room.desk.writing() as session:
        session.execute(update(OutboxItem).values(state="done", cause="550 no such user"))
        session.execute(update(Delivery).values(state="sent"))
        lost = update(Delivery).where(col(Delivery.address) == "eva@client.test")
        session.execute(lost.values(state="failed", cause="550 no such user"))
    async with room.running() as pilot:
        await pilot.press(":", *str(number), "enter")
        await shows(pilot, "✗ 1 of 2 reached", "✗ eva@client.test failed · 550 no such user", "Y sends again")
        await pilot.press("Y")
        await until(pilot, lambda: _state(room, number) is DeliveryState.QUEUED)
        delivery = room.ask(ShowTicket(number)).messages[-1].delivery
        assert delivery is not None
        assert {one.address: one.state for one in delivery.recipients} == {
            "otto@client.test": DeliveryState.SENT,
            "eva@client.test": DeliveryState.QUEUED,
        }


async def test_sending_again_what_may_have_arrived_asks_first(room: Room) -> None:
    number = room.ticket()
    add_mailbox(room)
    room.ask(SendReply(number, "Use water", now=True))
    with room.desk.writing() as session:
        session.execute(update(OutboxItem).values(state="unknown"))
        session.execute(update(Delivery).values(state="unknown"))
    async with room.running() as pilot:
        await pilot.press(":", *str(number), "enter")
        await shows(pilot, "? unknown")
        await pilot.press("Y")
        await shows(pilot, "Nobody knows whether it reached otto@client.test")
        await pilot.press("enter")
        assert _state(room, number) is DeliveryState.UNKNOWN


async def test_a_role_that_is_taken_away_is_gone_at_once(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        room.desk.ask(SaveAgent("ana", role=Role.READ_ONLY), room.desk.root)
        with pytest.raises(Refused, match="may look, but change nothing"):
            await room.gateway.ask(TakeTicket(number))
        await until(pilot, lambda: pilot.app.agent is not None and pilot.app.agent.role is Role.READ_ONLY)
        await pilot.press("I")
        assert told(pilot) == "Your role may read here, but not change anything."
        room.desk.ask(SaveAgent("ana", role=Role.ADMIN), room.desk.root)
        await until(pilot, lambda: pilot.app.agent is not None and pilot.app.agent.role is Role.ADMIN)
        assert (await room.gateway.ask(SaveAgent("ben", name="Benjamin"))).name == "Benjamin"
        room.desk.ask(SaveAgent("ana", active=False), room.desk.root)
        await until(pilot, lambda: "ana is not an active agent" in told(pilot))
        with pytest.raises(Refused, match="not an active agent"):
            await room.gateway.ask(ListTickets())
