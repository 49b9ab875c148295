"""Suspended mail at the keyboard: the cause in words, the source harmless, each deed selects the next mail."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tui_desk.contracts.desk import ListSuspended
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import SuspendCause, Verdict
from tui_desk.db.blobs import store_blob
from tui_desk.models import IntakeEntry
from tui_desk.screens.suspended import SuspendedScreen
from tui_desk.screens.suspended_mail import SuspendedMailScreen


def hold(room: Room, subjects: Sequence[str], cause: SuspendCause = SuspendCause.SPAM) -> list[int]:
    """Mails that were held back; answers their ids."""
    found = []
    for uid, subject in enumerate(subjects, start=1):
        raw = (
            f"From: Mallory <mallory@client.test>\r\nTo: help@desk.test\r\nSubject: {subject}\r\n"
            f"Message-ID: <{uid}@client.test>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n\r\n"
            + f"Body of {subject}\r\n{HOSTILE}\r\n"
            * 40
        ).encode()
        with room.desk.writing() as session:
            entry = IntakeEntry(
                source="mailbox:1",
                folder="INBOX",
                uidvalidity=1,
                uid=uid,
                sha256=store_blob(session, raw),
                size=len(raw),
                received_at=room.desk.now,
                processed_at=room.desk.now,
                verdict=Verdict.SUSPENDED.value,
                cause=cause.value,
                explanation="It was held for the sake of a test.",
                sender="Mallory <mallory@client.test>",
                subject=subject,
            )
            session.add(entry)
            session.flush()
            assert entry.id is not None
            found.append(entry.id)
    return found


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_every_deed_selects_the_next_mail(room: Room, size: tuple[int, int]) -> None:
    number = room.ticket("Printer on fire")
    hold(room, ("First", "Second", "Third", "Fourth"))
    async with room.running(size) as pilot:
        await pilot.press("g", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuspendedScreen))
        screen = pilot.app.screen
        assert isinstance(screen, SuspendedScreen)
        await shows(pilot, "First", "Fourth", "! spam", "held for the sake of a test")
        for key in ("a", "m", "D"):
            before = screen.current()
            after = screen.table().neighbour_key(1)
            assert before is not None
            await pilot.press(key)
            if key == "m":
                await shows(pilot, "to ticket number")
                await pilot.press(*str(number), "enter")
            elif key == "D":
                await shows(pilot, f"Drop “{before.subject}”")
                await pilot.press("y")
            await until(pilot, lambda after=after: screen.current() and screen.current().id == after)
            await until(pilot, lambda before=before: before.id not in screen.items)
    assert len(room.ask(ListSuspended())) == 1
    assert any("Body of" in message.text for message in room.ask(ShowTicket(number)).messages)


async def test_the_source_is_read_and_scrolled_without_harm(room: Room) -> None:
    hold(room, (f"Look {HOSTILE}",))
    async with room.running() as pilot:
        await pilot.press("g", "s")
        await shows(pilot, "Look")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuspendedMailScreen))
        await shows(pilot, "From: Mallory", "[@click=app.exit]press[/]")
        await pilot.press("G")
        await pilot.pause()
        await until(pilot, lambda: "From: Mallory <" not in text_of(pilot))
        assert not any(ord(char) < 32 for char in text_of(pilot).replace("\n", ""))
        await pilot.press("g", "g")
        await shows(pilot, "From: Mallory <")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, SuspendedScreen))
        await until(pilot, lambda: "It is now ticket" in told(pilot))
        await shows(pilot, "Nothing is held back.")


async def test_a_wrong_number_changes_nothing(room: Room) -> None:
    hold(room, ("Only",))
    async with room.running() as pilot:
        await pilot.press("g", "s")
        await shows(pilot, "Only")
        for typed, answer in (("abc", "is not a ticket number"), ("999999", "999999")):
            await pilot.press("m")
            await shows(pilot, "to ticket number")
            await pilot.press(*typed, "enter")
            await until(pilot, lambda answer=answer: answer in told(pilot))
    assert len(room.ask(ListSuspended())) == 1


async def test_nothing_held(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "s")
        await shows(pilot, "Nothing is held back.", "waits here: a lets it in")
