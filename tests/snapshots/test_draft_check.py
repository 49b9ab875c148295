"""How the check of a draft looks, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, add_mailbox, shows
from tui_desk.contracts.conversation import OpenCompose, SaveDraft
from tui_desk.contracts.reviews import AskReview, DecideReview, ReviewDecision
from tui_desk.core.enums import DraftKind

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
REPLY = DraftKind.REPLY
TEXT = "Hello Otto,\n\nthe laptop costs **1,300 euros** and comes on Friday.\n\nKind regards\nBen"


@pytest.fixture
def asked(room: Room) -> int:
    """A ticket with a draft of Ben's that Ana is asked to check."""
    add_mailbox(room)
    number = room.ticket("A laptop for a new colleague")
    desk, ben = room.desk, room.desk.ben
    base = desk.ask(OpenCompose(number, REPLY), ben).base_message_id
    desk.ask(SaveDraft(number, REPLY, TEXT, "otto@client.test", base_message_id=base), ben)
    desk.ask(AskReview(number, REPLY, "ana", "Is the price right? And is Friday?", at_once=True), ben)
    return number


async def opened(pilot: Pilot[None], number: int) -> None:
    await shows(pilot, "A laptop for", "ana")
    await pilot.press(*"gt", *str(number), "enter")


@each_size
def test_in_the_ticket(room: Room, asked: int, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await opened(pilot, asked)
        await shows(pilot, "DRAFT, not sent", "E checks it")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@each_size
def test_being_checked(room: Room, asked: int, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await opened(pilot, asked)
        await shows(pilot, "E checks it")
        await pilot.press("E")
        await shows(pilot, "Draft of Ben Otto")
        await pilot.press("delete", "delete", *"Dear")
        await shows(pilot, "1 line changed")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@each_size
def test_what_was_changed(room: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    add_mailbox(room)
    number = room.ticket("A laptop for a new colleague")
    room.ask(SaveDraft(number, REPLY, TEXT))
    review = room.ask(AskReview(number, REPLY, "ben"))
    better = TEXT.replace("1,300", "1,250").replace("Hello Otto,\n\n", "Dear Otto,\n")
    room.desk.ask(DecideReview(review.id, ReviewDecision.CHANGE, "With our discount", better), room.desk.ben)

    async def ready(pilot: Pilot[None]) -> None:
        await opened(pilot, number)
        await shows(pilot, "has changed the text")
        await pilot.press("E")
        await shows(pilot, "Take it over")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)
