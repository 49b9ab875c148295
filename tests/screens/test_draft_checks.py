"""Checks of drafts at the keyboard: asked while writing, decided where the draft would stand, taken over, sent with one key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.screens.desk import HOSTILE, Room, add_mailbox, shows, text_of, told, until
from tui_desk.contracts.conversation import AttachToDraft, ListDrafts, OpenCompose, SaveDraft
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.reviews import AskReview, DecideReview, ListReviews, ReviewDecision, ReviewView
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DraftKind, TicketStatus
from tui_desk.screens.check_draft import CheckScreen
from tui_desk.screens.check_words import ChangesDialog
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.dialogs import ConfirmDialog
from tui_desk.screens.ticket import TicketScreen

TEXT = "Hello Otto,\n\nit costs 300 euros.\n\nBye"


@pytest.fixture(autouse=True)
def today(room: Room) -> None:
    """The desk's own clock goes with the one of the application."""
    room.desk.now = utc_now() - timedelta(hours=1)
    add_mailbox(room)


def drafted(room: Room, text: str = TEXT, by_ben: bool = False) -> int:
    """A ticket with a draft of Ana's, or of Ben's."""
    number = room.ticket()
    actor = room.desk.ben if by_ben else room.desk.ana
    base = room.desk.ask(OpenCompose(number, DraftKind.REPLY), actor).base_message_id
    room.desk.ask(SaveDraft(number, DraftKind.REPLY, text, base_message_id=base), actor)
    return number


def asked_of_ana(room: Room, question: str = "Is the price right?") -> tuple[int, ReviewView]:
    number = drafted(room, by_ben=True)
    return number, room.desk.ask(AskReview(number, DraftKind.REPLY, "ana", question), room.desk.ben)


async def opened(pilot: Pilot[None], number: int) -> None:
    await pilot.press(*"gt", *str(number), "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    await until(pilot, lambda: not pilot.app.screen.is_unread())


async def type_in(pilot: Pilot[None], text: str) -> None:
    for char in text:
        await pilot.press({" ": "space", "\n": "enter"}.get(char, char))


def state(room: Room, review: ReviewView) -> tuple[str, str, str]:
    """State, comment and text of a check."""
    found = room.ask(ListReviews(everything=True)) or room.desk.ask(
        ListReviews(everything=True), room.desk.ben
    )
    one = next(one for one in found if one.id == review.id)
    return one.state, one.comment, one.decided_text


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_asked_while_writing_and_taken_back(room: Room, size: tuple[int, int]) -> None:
    number = room.ticket()
    async with room.running(size) as pilot:
        await opened(pilot, number)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen) and pilot.app.screen._opened)
        await pilot.press("ctrl+r")
        await shows(pilot, "Who should check this draft?")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await type_in(pilot, "Hello")
        await pilot.press("ctrl+r")
        await shows(pilot, "Who should check this draft?", "Ben Otto")
        assert "Rita" not in text_of(pilot), "who may only read is not offered"
        await type_in(pilot, "ben")
        await pilot.press("enter")
        await shows(pilot, "What should")
        await type_in(pilot, "All right?")
        await pilot.press("enter")
        await shows(pilot, "When it is approved")
        await pilot.press("enter")
        await shows(pilot, "Ben Otto is asked to check this draft", "“All right?”")
        (waiting,) = room.desk.ask(ListReviews(), room.desk.ben)
        assert (waiting.text, waiting.question, waiting.state) == ("Hello", "All right?", "waiting")
        await pilot.press("ctrl+s")
        await shows(pilot, "has not answered yet")
        await pilot.press("n")
        await until(pilot, lambda: "Not sent" in told(pilot))
        await pilot.press("ctrl+r")
        await shows(pilot, "Take the question back")
        await pilot.press("enter")
        await until(pilot, lambda: "Nobody is asked any more" in told(pilot))
    assert room.desk.ask(ListReviews(), room.desk.ben) == ()
    assert room.ask(ListDrafts())[0].body == "Hello"


async def test_nothing_to_check_and_notes_are_told(room: Room) -> None:
    number = room.ticket()
    async with room.running() as pilot:
        await opened(pilot, number)
        await pilot.press("E")
        await until(pilot, lambda: "No draft here is being checked" in told(pilot))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "A note needs no check" in told(pilot))


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_approved_from_the_notification(room: Room, size: tuple[int, int]) -> None:
    _number, review = asked_of_ana(room, HOSTILE)
    async with room.running(size) as pilot:
        await pilot.press("g", "n")
        await shows(pilot, "asks you to check a draft")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await shows(pilot, "DRAFT, not sent", "it costs 300 euros.", "E checks it")
        await pilot.press("E")
        await until(pilot, lambda: isinstance(pilot.app.screen, CheckScreen))
        await shows(pilot, "Draft of Ben Otto", "As it stands")
        await pilot.press("ctrl+s")
        await shows(pilot, "Approve it")
        await type_in(pilot, "fine")
        await pilot.press("enter")
        await until(pilot, lambda: "Approved; Ben Otto is told" in told(pilot))
        await until(pilot, lambda: "E checks it" not in text_of(pilot))
    assert state(room, review) == ("approved", "fine", TEXT)


async def test_given_back_changed_and_what_was_changed_is_not_lost_by_a_slip(room: Room) -> None:
    number, review = asked_of_ana(room)
    async with room.running() as pilot:
        await opened(pilot, number)
        await shows(pilot, "E checks it")
        await pilot.press("E")
        await until(pilot, lambda: isinstance(pilot.app.screen, CheckScreen))
        await pilot.press(*"Dear ")
        await shows(pilot, "1 line changed: Ctrl+S gives it back to Ben Otto.")
        await pilot.press("escape")
        await shows(pilot, "What you changed is not kept")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, CheckScreen))
        assert pilot.app.screen.query_one(TextArea).text.startswith("DearHello") or "Dear" in text_of(pilot)
        await pilot.press("ctrl+s")
        await shows(pilot, "Give it back changed")
        await pilot.press("enter")
        await until(pilot, lambda: "Given back changed" in told(pilot))
    assert state(room, review)[0] == "changed"
    assert state(room, review)[2].startswith("Dear")
    assert room.desk.ask(ListDrafts(), room.desk.ben)[0].body == TEXT, "the draft stays its author's"


async def test_refused_with_a_word(room: Room) -> None:
    number, review = asked_of_ana(room)
    async with room.running() as pilot:
        await opened(pilot, number)
        await shows(pilot, "E checks it")
        await pilot.press("E")
        await until(pilot, lambda: isinstance(pilot.app.screen, CheckScreen))
        await pilot.press("ctrl+x")
        await shows(pilot, "Why should it not leave so?")
        await pilot.press("enter")
        await until(pilot, lambda: "Say in a word why" in told(pilot))
        await pilot.press("ctrl+x")
        await shows(pilot, "Why should it not leave so?")
        await type_in(pilot, "Too dear")
        await pilot.press("enter")
        await until(pilot, lambda: "Refused; Ben Otto is told" in told(pilot))
    assert state(room, review)[:2] == ("refused", "Too dear")


async def test_the_author_goes_on_writing_while_it_is_checked(room: Room) -> None:
    number, review = asked_of_ana(room)
    async with room.running() as pilot:
        await opened(pilot, number)
        await shows(pilot, "E checks it")
        await pilot.press("E")
        await until(pilot, lambda: isinstance(pilot.app.screen, CheckScreen))
        screen = pilot.app.screen
        room.desk.ask(SaveDraft(number, DraftKind.REPLY, "Quite another text"), room.desk.ben)
        screen.refresh_now() if hasattr(screen, "refresh_now") else screen.reload()
        await until(pilot, lambda: screen.query_one(TextArea).text == "Quite another text")
        await pilot.press("ctrl+s")
        await shows(pilot, "Approve it")
        await pilot.press("enter")
        await until(pilot, lambda: "Approved" in told(pilot))
    assert state(room, review)[2] == "Quite another text"


async def test_an_approved_draft_leaves_with_one_key(room: Room) -> None:
    number = drafted(room)
    review = room.ask(AskReview(number, DraftKind.REPLY, "ben"))
    room.desk.ask(DecideReview(review.id, ReviewDecision.APPROVE, "good"), room.desk.ben)
    assert room.ask(ListNotifications())
    async with room.running() as pilot:
        await opened(pilot, number)
        await shows(pilot, "✓ Ben Otto has approved it", "E sends it", "“good”")
        await pilot.press("E")
        await until(pilot, lambda: "leaves in" in told(pilot))
        await shows(pilot, "X stops it")
    message = room.ask(ShowTicket(number)).messages[-1]
    assert (message.text, message.author) == (TEXT, "Ana Díaz")


async def test_a_changed_text_is_shown_and_taken_over(room: Room) -> None:
    number = drafted(room)
    review = room.ask(AskReview(number, DraftKind.REPLY, "ben"))
    better = TEXT.replace("300", "290")
    room.desk.ask(DecideReview(review.id, ReviewDecision.CHANGE, "discount", better), room.desk.ben)
    async with room.running() as pilot:
        await opened(pilot, number)
        await shows(pilot, "± Ben Otto has changed the text")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen) and pilot.app.screen._opened)
        await shows(pilot, "Ctrl+R shows what")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChangesDialog))
        await shows(pilot, "- it costs 300 euros.", "+ it costs 290 euros.", "“discount”")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChangesDialog))
        await pilot.press("y")
        await shows(pilot, "it costs 290 euros.", "✓ Ben Otto has approved it")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
    assert room.ask(ShowTicket(number)).messages[-1].text == better


async def test_nobody_answers_a_merged_ticket_and_a_text_goes_along(room: Room) -> None:
    merged, kept = room.ticket("Old"), room.ticket("New")
    room.ask(MergeTickets(kept, (merged,)))
    async with room.running() as pilot:
        await opened(pilot, merged)
        await shows(pilot, "This was merged into")
        await pilot.press("r")
        await shows(pilot, f"#{merged} was merged into #{kept}. Go there?")
        await pilot.press("n")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ConfirmDialog))
        await pilot.press("s")
        await shows(pilot, "Status of")
        await type_in(pilot, "open")
        await pilot.press("enter")
        await shows(pilot, f"#{merged} was merged into #{kept}.", f"Go to #{kept}")
        await pilot.press("y")
        await shows(pilot, f"#{kept} New")
    assert room.ask(ShowTicket(merged)).status is TicketStatus.CLOSED


@pytest.mark.parametrize("key", ["r", "n"])
async def test_a_text_written_before_the_merge_is_taken_along(room: Room, key: str) -> None:
    merged, kept = room.ticket("Old"), room.ticket("New")
    async with room.running() as pilot:
        await opened(pilot, merged)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen) and pilot.app.screen._opened)
        await type_in(pilot, "Hello")
        room.desk.ask(MergeTickets(kept, (merged,)), room.desk.ben)
        await pilot.press("ctrl+s")
        await shows(pilot, f"Take it to #{kept}")
        await pilot.press("y")
        await until(
            pilot,
            lambda: (
                isinstance(pilot.app.screen, ComposeScreen)
                and pilot.app.screen.number == kept
                and pilot.app.screen.query_one(TextArea).text == "Hello"
            ),
        )
    (draft,) = room.ask(ListDrafts())
    assert (draft.ticket, draft.body) == (kept, "Hello")


async def test_who_gets_it_and_what_is_attached_is_seen_before_it_is_approved(
    room: Room, tmp_path: Path
) -> None:
    number, _asked = asked_of_ana(room)
    (tmp_path / "prices.txt").write_text("300")
    room.desk.ask(AttachToDraft(number, DraftKind.REPLY, str(tmp_path / "prices.txt")), room.desk.ben)
    room.desk.ask(
        SaveDraft(number, DraftKind.REPLY, TEXT, cc="rival@elsewhere.test", bcc="press@news.test"),
        room.desk.ben,
    )
    async with room.running() as pilot:
        await opened(pilot, number)
        await pilot.press("E")
        await shows(
            pilot, "Cc: rival@elsewhere.test", "Bcc: press@news.test", "prices.txt", "Is the price right?"
        )
