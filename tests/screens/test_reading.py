"""Reading a ticket: folded to what is new, files shown in place, links as they are, programs only where they are allowed."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from textual.content import Content
from textual.pilot import Pilot

from tests.screens.desk import Room, shows, text_of, told, until
from tui_desk.contracts.conversation import AddNote, AttachmentView
from tui_desk.contracts.desk import SaveSettings
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.tickets import ReportPresence, ShowTicket
from tui_desk.core.enums import PresenceMode
from tui_desk.screens.message_files import copyable, sized
from tui_desk.screens.reader import ReaderDialog
from tui_desk.screens.ticket import TicketScreen
from tui_desk.widgets.conversation_view import ConversationView
from tui_desk.widgets.picture_view import PictureView


async def opened(pilot: Pilot[None], number: int) -> TicketScreen:
    """The ticket on the screen, read."""
    screen = TicketScreen(number)
    pilot.app.push_screen(screen)
    await until(pilot, lambda: screen.ticket is not None and not screen.is_unread())
    return screen


@pytest.fixture
def number(room: Room) -> int:
    """A ticket of four messages, of which two were seen before."""
    found = room.ticket(body="first one\nits second line")
    for text in ("second note\nmore of the second", "third note\nmore of the third", "fourth note"):
        room.ask(AddNote(found, text))
    messages = room.ask(ShowTicket(found)).messages
    room.ask(ReportPresence(found, "elsewhere", None, messages[1].id))
    return found


async def test_what_was_read_is_one_line_and_opens_by_a_key(room: Room, number: int) -> None:
    async with room.running((100, 40)) as pilot:
        screen = await opened(pilot, number)
        await shows(pilot, "more of the third", "fourth note", "first one its second line")
        view = screen.query_one(ConversationView)
        assert "more of the second" not in text_of(pilot).replace("second note more of the second", "")
        await until(pilot, lambda: view.current is not None and view.position()[0] == 3)
        await pilot.press("K")
        assert view.is_folded()
        await pilot.press("z")
        await until(pilot, lambda: not view.is_folded())
        await pilot.press("z")
        await until(pilot, lambda: view.is_folded())
        await pilot.press("enter")
        await until(pilot, lambda: not view.is_folded())
        await pilot.press("asterisk")
        await until(pilot, lambda: "▸ ←" not in text_of(pilot))
        await pilot.press("asterisk")
        await shows(pilot, "first one its second line")
        await pilot.press("slash", *"more of the second", "enter")
        await until(pilot, lambda: not view.is_folded())
        assert view.position()[0] == 2
    assert room.ask(ShowTicket(number)).seen == room.ask(ShowTicket(number)).messages[-1].id


async def test_what_a_colleague_merged_in_since_is_not_folded(room: Room) -> None:
    other = room.ticket(body="older words\nof a colleague's ticket")
    found = room.ticket(body="first one\nits second line")
    for text in ("second note\nmore of the second", "third note"):
        room.ask(AddNote(found, text))
    seen = room.ask(ShowTicket(found))
    room.ask(ReportPresence(found, "elsewhere", None, seen.messages[-1].id, seen.event_count))
    room.desk.ask(MergeTickets(found, (other,)), room.desk.ben)
    async with room.running((100, 40)) as pilot:
        screen = await opened(pilot, found)
        await shows(pilot, "second note more of the second")
        view = screen.query_one(ConversationView)
        await until(pilot, lambda: view.current is not None and view.position()[0] == 1)
        assert not view.is_folded()
        assert "older words of a colleague" not in text_of(pilot)
    assert room.ask(ShowTicket(found)).joined == ()


async def test_a_ticket_that_was_read_whole_shows_its_newest_message(room: Room, number: int) -> None:
    newest = room.ask(ShowTicket(number)).messages[-1].id
    room.ask(ReportPresence(number, "elsewhere", PresenceMode.VIEWING, newest))
    async with room.running((80, 24)) as pilot:
        screen = await opened(pilot, number)
        await shows(pilot, "fourth note", "third note more of the third")
        view = screen.query_one(ConversationView)
        assert view.position() == (4, 4)
        assert not view.is_folded()


async def test_a_ticket_never_seen_stands_open(room: Room) -> None:
    number = room.ticket(body="first one\nits second line")
    room.ask(AddNote(number, "second\nmore"))
    async with room.running((80, 24)) as pilot:
        await opened(pilot, number)
        await shows(pilot, "its second line", "more")
        await pilot.press("asterisk")
        await until(pilot, lambda: "You have not read" in told(pilot))


def with_file(room: Room, name: str, content: bytes) -> int:
    """A ticket whose last message has that file."""
    number = room.ticket()
    path = room.state_folder / name
    path.write_bytes(content)
    room.ask(AddNote(number, "See the file.", attach_paths=(str(path),)))
    return number


async def test_an_image_is_shown_in_half_blocks(room: Room) -> None:
    out = BytesIO()
    Image.effect_noise((64, 48), 90).convert("RGB").save(out, "PNG")
    number = with_file(room, "photo.png", out.getvalue())
    async with room.running((80, 24)) as pilot:
        await opened(pilot, number)
        await pilot.press("o")
        await shows(pilot, "64 × 48 pixels")
        await until(pilot, lambda: "▀▀" in text_of(pilot))
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: pilot.app.screen.query_one(PictureView)._place[1] == 24)
        await pilot.press("escape")
        await until(pilot, lambda: "▀▀" not in text_of(pilot))


async def test_a_broken_image_says_so_and_a_table_is_one(room: Room) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, "PNG")
    broken = with_file(room, "broken.png", out.getvalue()[:60])
    table = with_file(room, "list.csv", b"name;count\r\npaper \x1b[2J;3\r\n")
    async with room.running((80, 24)) as pilot:
        await opened(pilot, broken)
        await pilot.press("o")
        await shows(pilot, "it is damaged")
        await pilot.press("escape")
        await opened(pilot, table)
        await pilot.press("o")
        await shows(pilot, "paper ␛[2J  3")
        await pilot.press("vertical_line")
        await until(pilot, lambda: "starts no programs" in told(pilot))


async def test_esc_stops_a_program_that_takes_long(room: Room) -> None:
    number = with_file(room, "x.txt", b"one\n")
    room.desk.ask(SaveSettings(pipe_commands="*"), room.desk.root)
    async with room.running((100, 30)) as pilot:
        await opened(pilot, number)
        await pilot.press("o")
        await shows(pilot, "one")
        await pilot.press("vertical_line")
        await shows(pilot, "which program?")
        await pilot.press(*"sleep 300", "enter")
        await shows(pilot, "Esc stops it")
        await pilot.press("escape")
        await shows(pilot, "sleep 300 was stopped.")
        await pilot.press("escape")
        await until(pilot, lambda: "It burns." in text_of(pilot))


async def test_a_file_is_piped_and_a_failure_tells_its_status(room: Room) -> None:
    number = with_file(room, "$(touch owned);x.txt", b"one\ntwo\n")
    room.desk.ask(SaveSettings(pipe_commands="*"), room.desk.root)
    async with room.running((100, 30)) as pilot:
        await opened(pilot, number)
        await pilot.press("o")
        await shows(pilot, "$(touch owned)", "one")
        for command, output in (
            ("grep -n two", "2:two"),
            ("sh -c 'echo no >&2; exit 3'", "exit status 3"),
        ):
            await pilot.press("vertical_line")
            await shows(pilot, "which program?")
            await pilot.press(*command, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, ReaderDialog))
            await shows(pilot, output)
            await pilot.press("escape")
        await shows(pilot, "exit status 3", "two")
    assert not list(Path(room.state_folder).glob("**/owned"))


@pytest.mark.parametrize(("lines", "scrolls"), [(3, False), (200, True)])
@pytest.mark.parametrize("styled", [False, True])
async def test_scrolling_is_named_where_there_is_more_to_read(
    room: Room, lines: int, scrolls: bool, styled: bool
) -> None:
    text = "\n".join(f"line {number}" for number in range(lines))
    async with room.running() as pilot:
        pilot.app.push_screen(ReaderDialog("A text", Content(text) if styled else text))
        await shows(pilot, "line 1", "j/k scroll · Esc closes" if scrolls else "│ Esc closes")


def test_sizes_of_files_stand_below_each_other() -> None:
    files = [
        AttachmentView(place, name, "text/plain", size, False)
        for place, (name, size) in enumerate((("a.txt", 54), ("longer.png", 4_260), ("x" * 90, 1)))
    ]
    choices = sized(files)
    first, second, third = (f"{choice.label}  {choice.detail}" for choice in choices)
    assert first.startswith("a.txt ")
    assert len(first) == len(second)
    assert choices[2].label == "x" * 90
    assert third.endswith("1 B")


async def test_a_ticket_gives_its_text_to_a_program(room: Room, number: int) -> None:
    room.desk.ask(SaveSettings(pipe_commands="wc -w"), room.desk.root)
    async with room.running((100, 30)) as pilot:
        await opened(pilot, number)
        await pilot.press("vertical_line")
        await shows(pilot, "which program?")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReaderDialog))
        await shows(pilot, "| wc -w")


async def test_a_session_that_may_start_no_program_says_so_in_a_ticket(room: Room, number: int) -> None:
    app = room.app()
    app.options = replace(app.options, programs=False)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.agent is not None)
        await opened(pilot, number)
        await pilot.press("vertical_line")
        await until(pilot, lambda: "No program may be started" in told(pilot))


async def test_links_are_shown_as_they_are_and_liars_are_marked(room: Room) -> None:
    body = "Go to bank.test [1] <https://evil.test/bank.test> or https://desk.test/help, please."
    number = room.ticket(body=body)
    async with room.running((120, 30)) as pilot:
        screen = await opened(pilot, number)
        await shows(pilot, "bank.test ⚠ [1] <https://evil.test/bank.test>")
        await pilot.press("U")
        await shows(pilot, "https://evil.test/bank.test", "https://desk.test/help", "Text of the message")
        await pilot.press("escape")
        message = screen.message()
        assert message is not None
        texts = [text for _label, _detail, text in copyable(message)]
        assert texts[-2:] == ["https://evil.test/bank.test", "https://desk.test/help"]
        await pilot.press("v")
        await until(pilot, lambda: "was not a mail" in told(pilot))
