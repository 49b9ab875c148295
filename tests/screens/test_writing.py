"""Writing at the keyboard: files, pasted paths, spelling, tickets and assets named, the preview, what an editor left behind."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import Room, add_mailbox, shows, text_of, told, until
from tests.support.dictionary import write_dictionary
from tui_desk.contracts.conversation import AddNote, OpenCompose, SaveDraft
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.people import SavePerson
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import Unavailable
from tui_desk.screens.address_completion import AddressField
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.file_picker import FilePicker
from tui_desk.screens.writing_field import WritingField, pieces
from tui_desk.terminal import editor


@pytest.fixture
def number(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A ticket; no dictionary, and a folder of one's own to be in."""
    add_mailbox(room)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    here = tmp_path / "here"
    (here / "photos of today").mkdir(parents=True)
    for name in ("a plan.txt", "it's.log", "report.pdf", ".secret"):
        (here / name).write_text("x" * 3_000)
    (here / "photos of today" / "one.png").write_bytes(b"png")
    monkeypatch.chdir(here)
    return room.ticket("Printer on fire")


async def writing(pilot: Pilot[None], number: int, key: str = "r") -> ComposeScreen:
    """The reply to that ticket, recipients read."""
    await pilot.press(*"gt", *str(number), "enter")
    await shows(pilot, "It burns.")
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen) and pilot.app.screen._opened)
    screen = pilot.app.screen
    assert isinstance(screen, ComposeScreen)
    return screen


async def typed(pilot: Pilot[None], text: str) -> None:
    for char in text:
        await pilot.press({" ": "space", "\n": "enter"}.get(char, char))


def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(events.Paste(text))


def field(screen: ComposeScreen) -> WritingField:
    return screen.query_one(WritingField)


async def test_files_are_picked_marked_and_attached(room: Room, number: int) -> None:
    async with room.running() as pilot:
        await writing(pilot, number)
        await pilot.press("ctrl+t")
        await shows(pilot, "photos of today/", "a plan.txt", "report.pdf", "3 kB")
        assert ".secret" not in text_of(pilot)
        await pilot.press("alt+full_stop")
        await shows(pilot, ".secret")
        await pilot.press("alt+full_stop", "enter")  # the folder
        await shows(pilot, "one.png")
        await pilot.press("space")
        await shows(pilot, "1 marked", "* one.png")
        await pilot.press("backspace")
        await shows(pilot, "report.pdf")
        await typed(pilot, "rep")
        await until(pilot, lambda: "a plan" not in text_of(pilot))
        await pilot.press("insert")
        await shows(pilot, "2 marked", "one.png, report.pdf")
        await pilot.press("ctrl+s")
        await shows(pilot, "Attached: one.png", "report.pdf 3 kB")
        await until(pilot, lambda: "2 files are attached." in told(pilot))
        await pilot.press("ctrl+t")  # where one was last
        await shows(pilot, "a plan.txt", "photos of today/")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))


async def test_a_path_is_typed_completed_and_dropped_into_the_picker(
    room: Room, number: int, tmp_path: Path
) -> None:
    async with room.running() as pilot:
        await writing(pilot, number)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePicker))
        await shows(pilot, "report.pdf")
        paste(pilot, f"/{'x' * 300}/no.txt /{'y' * 300}")  # longer than a name may be
        await shows(pilot, "Attach files")
        paste(pilot, f"'{tmp_path}/here/photos of today/'")
        await shows(pilot, "one.png")
        await pilot.press("enter")
        await typed(pilot, "report.pdf")  # there is none here, but in the folder the desk was started in
        await pilot.press("enter")
        await until(pilot, lambda: "today/report.pdf cannot be read" in told(pilot))
        await pilot.press("ctrl+t")
        await shows(pilot, "one.png")
        await typed(pilot, "on")
        await pilot.press("tab")
        await until(pilot, lambda: pilot.app.screen.query_one("#typed").value.endswith("one.png"))
        await pilot.press("enter")
        await shows(pilot, "Attached: one.png")


async def test_a_pasted_path_is_offered_and_stays_text_otherwise(
    room: Room, number: int, tmp_path: Path
) -> None:
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        await typed(pilot, "See ")
        dropped = f"{tmp_path}/here/a\\ plan.txt "
        paste(pilot, dropped)
        await shows(pilot, "Attach a plan.txt?")
        await pilot.press("enter")
        await shows(pilot, "Attached: a plan.txt")
        assert field(screen).text == "See "
        paste(pilot, "/no/such/file")
        await until(pilot, lambda: field(screen).text == "See /no/such/file")
        await typed(pilot, "!")
        await until(pilot, lambda: field(screen).text == "See /no/such/file!")


async def test_much_text_goes_in_by_pieces_or_along_as_a_file(
    room: Room, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    text = "".join(f"line {count} of a long log\n" for count in range(9_000))
    assert "".join(pieces(text)) == text
    assert len(list(pieces(text))) > 3
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        paste(pilot, text[:150_000])
        await until(pilot, lambda: len(field(screen).text) == 150_000)
        await until(pilot, lambda: len(room.ask(OpenCompose(number, DraftKind.REPLY)).body) == 150_000)
        field(screen).text = ""
        paste(pilot, text)
        await shows(pilot, "much for a mail")
        await pilot.press("enter")
        await shows(pilot, "Attached: pasted.txt")
        assert field(screen).text == ""
        assert not list(room.state_folder.rglob("pasted.txt"))
        (room.state_folder / "editing").rmdir()
        (room.state_folder / "editing").write_text("no folder")
        paste(pilot, text)
        await shows(pilot, "much for a mail")
        await pilot.press("enter")
        await until(pilot, lambda: "no private folder" in told(pilot))
        assert field(screen).text == text, "what cannot be kept as a file is not lost"


async def test_misspelt_words_are_named_gone_through_and_learnt(
    room: Room, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dictionary(tmp_path / "dictionaries")
    monkeypatch.setenv("DICPATH", str(tmp_path / "dictionaries"))
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        await typed(pilot, "Hello Otto, please recieve the pritner.\n> teh quoted\n")
        await shows(pilot, "2 words to look at: recieve, pritner", "F7 · en_US")
        underlined = [
            segment.text
            for strip in screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.underline
        ]
        assert {"recieve", "pritner"} <= set(underlined)
        await pilot.press("ctrl+home", "f7")
        await shows(pilot, "“recieve” is not in the dictionary", "receive")
        await pilot.press("enter")
        await until(pilot, lambda: "receive the" in field(screen).text)
        await pilot.press("f7")
        await shows(pilot, "“pritner” is not in the dictionary", "add it to my words")
        await typed(pilot, "add it")
        await pilot.press("enter")
        await until(pilot, lambda: "words-ana.txt" in told(pilot))
        words = tmp_path / "config" / "tui-desk" / "dictionaries" / "words-ana.txt"
        assert words.read_text() == "pritner\n"
        await until(pilot, lambda: "to look at" not in text_of(pilot))
        await pilot.press("f7")
        await until(pilot, lambda: "No word to look at (en_US)." in told(pilot))


async def test_without_a_dictionary_the_key_says_what_is_missing(room: Room, number: int) -> None:
    async with room.running() as pilot:
        await writing(pilot, number)
        await typed(pilot, "Recieve teh")
        await pilot.press("f7")
        await until(pilot, lambda: "no dictionary was found" in told(pilot))


async def test_tickets_and_assets_are_completed(room: Room, number: int) -> None:
    other = room.ticket("Toner is empty again", "Eva <eva@client.test>")
    room.ask(SaveAsset(None, "LT-0042", "Laptop of Eva"))
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        await typed(pilot, "As in #ton")
        await shows(pilot, f"#{other} Toner is empty again")
        await pilot.press("tab")
        await until(pilot, lambda: field(screen).text == f"As in #{other}")
        await typed(pilot, " with LT-0")
        await shows(pilot, "LT-0042 Laptop of Eva")
        await pilot.press("tab")
        await until(pilot, lambda: field(screen).text == f"As in #{other} with LT-0042")
        await typed(pilot, f" and #{other} #lapt")
        await pilot.press("tab")  # faster than the desk was asked
        await until(pilot, lambda: field(screen).text.endswith(f"#{other} LT-0042"))


async def test_tab_never_leaves_the_text(room: Room, number: int) -> None:
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        before = screen.written()
        await typed(pilot, "see #10")
        await pilot.press("tab", *"more")
        await until(pilot, lambda: field(screen).text == "see #10more")
        assert screen.written()[1:] == before[1:], "the recipients are as they were"
        await pilot.press("tab")
        await until(pilot, lambda: "Ctrl+B goes to the recipients" in told(pilot))
        await pilot.press("ctrl+b")
        await until(pilot, lambda: screen.query_one("#to").has_focus)
        await pilot.press("tab")
        await until(pilot, lambda: screen.query_one("#cc").has_focus)


async def test_a_name_is_finished_before_anybody_knew_the_names(room: Room, number: int) -> None:
    async with room.running() as pilot:
        screen = await writing(pilot, number, "n")
        field(screen).insert("ask @be")  # with no moment for the desk to answer
        await pilot.press("tab", "space", *"now")
        await until(pilot, lambda: field(screen).text == "ask @ben now")


async def test_a_note_that_names_nobody_asks_first(room: Room, number: int) -> None:
    async with room.running() as pilot:
        screen = await writing(pilot, number, "n")
        await typed(pilot, "@bne and @be look at me@client.test")
        await pilot.press("ctrl+s")
        await shows(pilot, "Nobody is called @be, @bne.", "Perhaps you mean @ben.")
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert len(room.ask(ShowTicket(number)).messages) == 1
        await pilot.press("ctrl+s")
        await shows(pilot, "Nobody is called")
        await pilot.press("y")
        await until(pilot, lambda: len(room.ask(ShowTicket(number)).messages) == 2)


async def test_known_people_are_offered_as_recipients(room: Room, number: int) -> None:
    requester = room.ask(ShowTicket(number)).requester_id
    room.ask(SavePerson(requester, "Otto", organization="Acme"))
    room.ask(SavePerson(None, "Anna Abel", "anna@other.test"))
    room.ask(SavePerson(None, "Anton, Dr. Zuse", "az@acme.test", organization="Acme"))
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        cc = screen.query_one("#cc", Input)
        await pilot.press("ctrl+b", "ctrl+b", *"an")
        await shows(pilot, "Tab: Anton, Dr. Zuse az@acme.test", "Anna Abel anna@other.test")
        await pilot.press("tab")
        await until(pilot, lambda: cc.value == '"Anton, Dr. Zuse" <az@acme.test>, ')
        await typed(pilot, ", anna@o")
        await shows(pilot, "Tab: Anna Abel")
        await pilot.press("down")
        both = '"Anton, Dr. Zuse" <az@acme.test>, Anna Abel <anna@other.test>'
        await until(pilot, lambda: cc.value == f"{both}, ")
        assert screen.written()[2] == both
        await typed(pilot, "x@y.test z@y.test, ")
        await until(pilot, lambda: cc.value == f"{both}, x@y.test, z@y.test, ")
        await pilot.press("ctrl+b")
        await until(pilot, lambda: cc.value == f"{both}, x@y.test, z@y.test")
        await pilot.press("shift+tab", "end")
        await until(pilot, lambda: cc.has_focus)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: cc.value.endswith("z@y.test, "))
        await pilot.press("home", "ctrl+k")
        await until(pilot, lambda: cc.value == "")
        assert pilot.app.screen is screen
        assert cc.has_focus, "to the end of the line, as everywhere"
        await pilot.press("f8")
        await until(pilot, lambda: pilot.app.screen is not screen)


@pytest.mark.parametrize(
    ("before", "sign", "after"),
    [
        ("Eva <e@x.test>", "b", "Eva <e@x.test>, b"),
        ("Eva <e@x.test>", " ", "Eva <e@x.test>, "),
        ("Eva <e@x.test>", ",", "Eva <e@x.test>,"),
        ("Eva <e@x.test>, ", ",", "Eva <e@x.test>, "),
        ("e@x.test", " ", "e@x.test, "),
        ("e@x.test", "x", "e@x.testx"),
        ("e@x", " ", "e@x "),
        ("a@x.test, e@x.test ", "b", "a@x.test, e@x.test, b"),
        ("Eva", " ", "Eva "),
    ],
)
async def test_typing_behind_a_whole_address_begins_the_next(before: str, sign: str, after: str) -> None:
    class Line(App[None]):
        def compose(self) -> ComposeResult:
            yield AddressField(id="to")

    async with Line().run_test() as pilot:
        field = pilot.app.query_one(AddressField)
        field.value = before
        field.cursor_position = len(before)
        await pilot.press({" ": "space", ",": "comma"}.get(sign, sign))
        assert field.value == after


async def test_ctrl_z_takes_back_typing_in_every_field_and_never_suspends(room: Room, number: int) -> None:
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        text, cc = screen.query_one(WritingField), screen.query_one("#cc", Input)
        await typed(pilot, "one two")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: text.text != "one two")
        await pilot.press("ctrl+y")
        await until(pilot, lambda: text.text == "one two")
        await pilot.press("ctrl+b", "ctrl+b")
        await typed(pilot, "ana bo")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: cc.value == "ana ")
        await pilot.press("ctrl+z", "ctrl+z")
        await until(pilot, lambda: cc.value == "")
        await pilot.press("ctrl+z", "ctrl+y", "ctrl+y", "ctrl+y", "ctrl+y")
        await until(pilot, lambda: cc.value == "ana bo")
        assert pilot.app.screen is screen


async def test_the_keys_of_the_text_are_those_that_work_there(room: Room, number: int) -> None:
    async with room.running((120, 60)) as pilot:
        await writing(pilot, number)
        await pilot.press("f1")
        await shows(pilot, "Keys: ", "Ctrl+S", "In the text", "Ctrl+Z")
        shown = [line[: line.find("   ")] for line in text_of(pilot).splitlines()]
        await pilot.press(*"quit")
        await shows(pilot, "Ctrl+Q")
        page = text_of(pilot)
        assert not any(part in page for part in ("g q", "g a", ":choose_keys  ", " ?  F1")), shown


async def test_what_is_answered_stands_above_the_text_of_a_small_terminal(room: Room, number: int) -> None:
    room.ask(AddNote(number, "Nobody outside reads this."))
    async with room.running() as pilot:
        screen = await writing(pilot, number)
        await shows(pilot, "It burns.")
        assert "Nobody outside" not in text_of(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: "It burns." not in text_of(pilot))
        await pilot.press("f4", *"Sorry")
        await shows(pilot, "It burns.", "Sorry")
        assert field(screen).size.height >= 5


async def test_the_preview_shows_how_it_leaves(room: Room, number: int) -> None:
    async with room.running((90, 30)) as pilot:
        await writing(pilot, number)
        await typed(pilot, "Use **water**\n\n- now\n\n[x](https://fire.test/)")
        await pilot.press("f6")
        await shows(pilot, "To: Otto <otto@client.test>", "Use water", "• now", "x <https://fire.test/>")
        await pilot.press("2")
        await shows(pilot, "Use **water**")
        await pilot.press("3")
        await shows(pilot, "<strong>water</strong>")
        await pilot.press("q")
        await shows(pilot, "Use **water**")
        assert not room.ask(OpenCompose(number, DraftKind.REPLY)).one_way_notice


async def test_what_an_editor_left_behind_is_told_and_taken_up(
    room: Room, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = editor.private_folder(os.environ, room.state_folder)
    agent = room.desk.ana.agent_id
    (folder / f"reply-{number}-{agent}.999999999.abc.md").write_text("written before the line was cut")
    command = tmp_path / "editor"
    command.write_text('#!/bin/sh\nprintf " and after" >> "$1"\n')
    command.chmod(0o700)
    async with room.running((120, 30)) as pilot:
        screen = await writing(pilot, number)
        await until(pilot, lambda: "Your editor left a text behind" in told(pilot))
        monkeypatch.setenv("VISUAL", str(command))
        await typed(pilot, "short")
        await pilot.press("ctrl+e")
        await shows(pilot, "Go on with which text?", "What the editor left behind")
        await pilot.press("escape")
        assert field(screen).text == "short"
        assert len(list(folder.iterdir())) == 1


def test_a_full_or_unreadable_place_loses_no_text(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no private folder"):
        (tmp_path / "file").write_text("")
        editor.private_folder({}, tmp_path / "file")
    folder = editor.private_folder({}, tmp_path)
    path = editor.write_private(folder, "before", "reply-1-1", ".md")
    assert editor.left_behind({}, tmp_path, "reply-1-2") is None
    left = editor.left_behind({}, tmp_path, "reply-1-1")
    assert left is not None
    assert left.text == "before"
    path.write_bytes(b"caf\xe9\r\n")
    edited = editor._read(path)
    assert (edited.text, path.exists()) == ("café\n", True)
    edited.forget()
    assert path.exists(), "in an unknown encoding the bytes stay"
    path.unlink()
    with pytest.raises(Unavailable, match="left no file"):
        editor._read(path)
    path.mkdir()
    with pytest.raises(editor.EditorFailed, match="cannot be read"):
        editor._read(path)


async def test_an_editor_asked_for_at_once_has_the_draft_of_before(
    room: Room, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "editor"
    go = tmp_path / "go"
    command.write_text(f'#!/bin/sh\nuntil [ -e {go} ]; do sleep 0.05; done\nprintf " and today" >> "$1"\n')
    command.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(command))
    room.ask(SaveDraft(number, DraftKind.REPLY, "from yesterday", "otto@client.test"))
    monkeypatch.setattr(App, "suspend", lambda _app: nullcontext())  # a terminal without one
    async with room.running((120, 30)) as pilot:
        await pilot.press(*"gt", *str(number), "enter")
        await shows(pilot, "It burns.")
        screen = ComposeScreen(number, DraftKind.REPLY)
        await screen._asking.acquire()  # the desk is slow to answer
        pilot.app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted)
        await pilot.press("ctrl+e")
        screen._asking.release()
        await until(pilot, lambda: screen._opened)
        go.touch()
        await until(pilot, lambda: "and today" in field(screen).text)
        assert field(screen).text == "from yesterday and today"
        await pilot.press("escape")
        await until(
            pilot, lambda: room.ask(OpenCompose(number, DraftKind.REPLY)).body == "from yesterday and today"
        )


async def test_what_is_typed_right_before_leaving_is_kept(room: Room, number: int) -> None:
    async with room.running((120, 30)) as pilot:
        await writing(pilot, number)
        for key in ("s", "o", "o", "n", "escape"):  # as a slow line brings them: all at once
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: not isinstance(pilot.app.screen, ComposeScreen))
        assert room.ask(OpenCompose(number, DraftKind.REPLY)).body == "soon"
