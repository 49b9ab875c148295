"""The outbox at the keyboard: filters, per-recipient states, retry, cancel, to the ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.screens.desk import HOSTILE, Room, add_mailbox, shows, text_of, told, until
from tui_desk.contracts.conversation import ListOutbox, SendReply
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DeliveryState
from tui_desk.models import Delivery, Mailbox, OutboxItem
from tui_desk.screens.outbox import OutboxScreen
from tui_desk.screens.ticket import TicketScreen


def sent(room: Room, subject: str, cc: str = "") -> int:
    """A reply that waits in the outbox; answers its id."""
    number = room.ticket(subject)
    result = room.ask(
        SendReply(number, "An answer.", cc=cc, now=True, confirmed=("outsider", "recipients_changed"))
    )
    assert result.outbox_id is not None, result.findings
    return result.outbox_id


def refuse(room: Room, outbox_id: int, address: str, cause: str) -> None:
    """What a server's 5xx for one recipient leaves behind, the others having been sent."""
    with room.desk.writing() as session:
        item = session.get(OutboxItem, outbox_id)
        assert item is not None
        item.state = "done"
        for delivery in session.exec(select(Delivery).where(Delivery.outbox_id == outbox_id)):
            refused = delivery.address == address
            delivery.state = (DeliveryState.FAILED if refused else DeliveryState.SENT).value
            delivery.cause = cause if refused else ""
            session.add(delivery)
        session.add(item)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_filters_show_what_waits_what_failed_and_all(room: Room, size: tuple[int, int]) -> None:
    add_mailbox(room)
    sent(room, "Waiting one")
    refuse(room, sent(room, "Failed one"), "otto@client.test", "550 No such user [/]")
    async with room.running(size) as pilot:
        await pilot.press("g", "o")
        await until(pilot, lambda: isinstance(pilot.app.screen, OutboxScreen))
        await shows(pilot, "Waiting one")
        await pilot.press("2")
        await shows(pilot, "Failed one", "✗ failed", "550 No such user [/]")
        await until(pilot, lambda: "Waiting one" not in text_of(pilot))
        await pilot.press("tab")
        await shows(pilot, "Waiting one", "Failed one")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))


async def test_only_what_failed_is_retried_and_only_what_waits_is_cancelled(room: Room) -> None:
    add_mailbox(room)
    waiting = sent(room, "Waiting one")
    failed = sent(room, "Failed one")
    refuse(room, failed, "otto@client.test", f"550 {HOSTILE}")
    async with room.running() as pilot:
        await pilot.press("g", "o")
        await shows(pilot, "Waiting one")
        table = pilot.app.screen.query_one("#list")
        await until(pilot, lambda: table.move_to_key(waiting))
        await pilot.press("r")
        await until(pilot, lambda: "Nothing to retry" in told(pilot))
        await pilot.press("X")
        await until(pilot, lambda: "✓" in text_of(pilot) or "draft" in told(pilot))
        await pilot.press("2")
        await shows(pilot, "Failed one", "[@click=app.exit]")
        await pilot.press("r")
        await until(pilot, lambda: not any(d.state is DeliveryState.FAILED for d in states(room)[failed]))
    assert {d.state for d in states(room)[waiting]} == {DeliveryState.CANCELLED}


async def test_what_waits_for_its_next_attempt_is_sent_now_from_both_screens(room: Room) -> None:
    add_mailbox(room)
    first, second = sent(room, "Listed one"), sent(room, "Opened one")
    later = utc_now() + timedelta(hours=1)
    with room.desk.writing() as session:
        for item in session.exec(select(OutboxItem)):
            item.attempts, item.next_attempt_at, item.cause = 2, later, "451 Try again later"
            session.add(item)

    def waits(outbox_id: int) -> bool:
        row = next(r for r in room.ask(ListOutbox()) if r.outbox_id == outbox_id)
        return row.delivery.next_attempt_at is not None and row.delivery.next_attempt_at >= later

    assert waits(first)
    assert waits(second)
    async with room.running() as pilot:
        await pilot.press("g", "o")
        await shows(pilot, "Listed one", "451 Try again later")
        table = pilot.app.screen.query_one("#list")
        await until(pilot, lambda: table.move_to_key(first))
        await pilot.press("r")
        await until(pilot, lambda: not waits(first))
        await until(pilot, lambda: table.move_to_key(second))
        await pilot.press("enter")
        await shows(pilot, "Opened one", "Y sends it now")
        await pilot.press("Y")
        await until(pilot, lambda: not waits(second))
        assert "Nothing to retry" not in told(pilot)


def states(room: Room) -> dict[int, tuple[object, ...]]:
    """Every outgoing message's recipients."""
    return {row.outbox_id: row.delivery.recipients for row in room.ask(ListOutbox(everything=True))}


async def test_an_empty_outbox_says_what_it_is_for(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "o")
        await shows(pilot, "Nothing waits to be sent.", "2 shows what failed")
        await pilot.press("3")
        await shows(pilot, "Nothing was ever sent.")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_message_that_no_server_sends_says_so(room: Room, size: tuple[int, int]) -> None:
    add_mailbox(room)
    with room.desk.writing() as session:
        session.exec(select(Mailbox)).one().smtp_host = ""
    sent(room, "Waiting one")
    async with room.running(size) as pilot:
        await pilot.press("g", "o")
        await shows(pilot, "Waiting one", "No sending server")
        lines = text_of(pilot).splitlines()
        assert any("Waiting" in one and "No sending" in one for one in lines)
        await pilot.press("enter")
        await shows(pilot, "◷ queued · No sending server: set SMTP in Settings → Mail")
