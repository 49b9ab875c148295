"""The linear mode in a real terminal: a triage and a reply, keys that end things, a kill in the middle of a text, a dumb terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.screens.desk import Room, add_mailbox, open_room
from tests.terminal.pty_app import ROOT, PtyApp
from tui_desk.contracts.conversation import AddNote, ListOutbox, OpenCompose
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DraftKind, Priority, TicketStatus
from tui_desk.models import Lease

_PASTES, _PASTES_NO_MORE = b"\x1b[?2004h", b"\x1b[?2004l"
"""Asks for pastes to be marked (bracketed paste), while a line is typed."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk with two tickets and a mailbox, on which a worker is said to be alive (so that none starts)."""
    with open_room(tmp_path) as opened:
        add_mailbox(opened)
        opened.ticket("Printer on fire")
        opened.ticket("VPN is down", "Pia <pia@client.test>", priority=Priority.CRITICAL)
        with opened.desk.writing() as session:
            session.add(Lease(name="worker", holder="test", expires_at=utc_now() + timedelta(days=36_500)))
        yield opened


def _started(room: Room, *arguments: str, **env: str) -> PtyApp:
    database = {"TUI_DESK_DATABASE": str(room.state_folder / "desk.db"), "INPUTRC": "/dev/null"}
    app = PtyApp(["-m", "tui_desk", "--as", "ana", *arguments], 80, 24, {**database, **env})
    _told(app, "open> ")
    return app


def _said(app: PtyApp) -> str:
    return app.output.decode(errors="replace").replace("\r", "")


def _told(app: PtyApp, text: str, times: int = 1) -> None:
    """Wait until ``text`` was said so often."""
    app.wait_for(lambda: _said(app).count(text) >= times)


def _asks(app: PtyApp) -> None:
    """Wait for a prompt: what is typed before it is the terminal's to echo, and no key of ours yet."""
    app.wait_for(lambda: _said(app).endswith(("> ", ": ")))


def _line(app: PtyApp, typed: str, then: str) -> None:
    """Type a line, and wait for what is said behind it."""
    _asks(app)
    before = _said(app).count(then) + typed.count(then)
    os.write(app.fd, f"{typed}\r".encode())
    _told(app, then, before + 1)


def test_a_triage_and_a_reply_with_nothing_but_lines(room: Room) -> None:
    with _started(room, "--linear") as app:
        _line(app, "list", "That is all of this list.")
        _line(app, "next", "comes next: ")
        _told(app, "#2> ")
        _line(app, "take", "assignee: Ana")
        _asks(app)
        os.write(app.fd, b"stat\tpend\t\r")  # completed: an action, then its value
        _told(app, "status: pending")
        _line(app, "reply", "Ctrl+C keeps the draft and leaves.")
        _line(app, "Hello Pia,", "> ")
        _line(app, "it works agin.\x7f\x7f\x7fain.", "> ")
        _line(app, ".", "undo stops it.")
        (row,) = room.ask(ListOutbox())
        assert row.ticket == 2
        _line(app, "undo", "The text is a draft again.")
        assert room.ask(OpenCompose(2, DraftKind.REPLY)).body == "Hello Pia,\nit works again."
        room.desk.ask(AddNote(2, "@ana please look"), room.desk.ben)
        _line(app, "where", "New: #2:")
        _asks(app)
        os.write(app.fd, b"\x04")
        _told(app, "Leave tui-desk? yes or no:")
        _line(app, "no", "#2> ")
        _asks(app)
        os.write(app.fd, b"\x04")
        _told(app, "Leave tui-desk? yes or no:", 2)
        _asks(app)
        os.write(app.fd, b"\x04")
        assert app.wait_exit() == 0
        said = bytes(app.output)
    assert room.ask(ShowTicket(2)).status is TicketStatus.PENDING
    # Only lines: no place of the screen is named, nothing is coloured, no other screen, no mode of the terminal but that a paste is marked as one.
    assert said.count(_PASTES) == said.count(_PASTES_NO_MORE) > 0
    said = said.replace(_PASTES, b"").replace(_PASTES_NO_MORE, b"")
    assert not re.search(rb"\x1b\[[0-9;]*[Hfm]|\x1b\[\?|\x1b\[[0-9;]*[JABLMr]", said)
    assert not re.search("[\u2500-\u259f]", said.decode())


def test_ctrl_c_returns_to_the_prompt_and_keeps_the_text_and_a_kill_does_too(room: Room) -> None:
    with _started(room, "--linear") as app:
        os.write(app.fd, b"half a command\x03")
        _told(app, "open> ", 2)
        _line(app, "assign 1", "Assign #1 to: ")
        os.write(app.fd, b"\x03")
        _told(app, "Nothing was changed.")
        _line(app, "tui-desk mailbox add it@desk.test --imap-host localhost", "Password (empty: none): ")
        os.write(app.fd, b"\x03")
        _told(app, "Stopped.")
        _asks(app)
        os.write(app.fd, b"h\xffh\r")
        _told(app, "is not something one can do here.")
        _line(app, "reply 1", "Ctrl+C keeps the draft and leaves.")
        _line(app, "First line", "> ")
        _asks(app)
        os.write(app.fd, b"a line without its end")
        _told(app, "without its end")
        os.write(app.fd, b"\x03")
        _told(app, "The draft is kept.")
        assert room.ask(OpenCompose(1, DraftKind.REPLY)).body == "First line\na line without its end"
        _line(app, "reply 1", "Your draft is here again:")
        _line(app, "Third line", "> ")
        os.kill(app.pid, signal.SIGKILL)
        app.wait_exit()
    assert room.ask(OpenCompose(1, DraftKind.REPLY)).body == "First line\na line without its end\nThird line"


def test_a_line_that_is_cut_keeps_even_the_unfinished_one(room: Room) -> None:
    with _started(room, "--linear") as app:
        _line(app, "note 1", "Ctrl+C keeps the draft and leaves.")
        _asks(app)
        os.write(app.fd, b"not yet done")
        _told(app, "not yet done")
        os.kill(app.pid, signal.SIGHUP)
        assert app.wait_exit() == 128 + signal.SIGHUP
    assert room.ask(OpenCompose(1, DraftKind.NOTE)).body == "not yet done"


def test_a_paste_is_text_whatever_stands_in_it(room: Room) -> None:
    """A lone dot in what was pasted sends nothing, and at the main prompt no line of it is done."""
    with _started(room, "--linear") as app:
        _line(app, "reply 1", "Ctrl+C keeps the draft and leaves.")
        _asks(app)
        os.write(app.fd, b"\x1b[200~First\r.\r.resolve\rLast\x1b[201~\r")
        _told(app, "4 lines")
        _line(app, ".keep", "The draft is kept.")
        assert room.ask(OpenCompose(1, DraftKind.REPLY)).body == "First\n.\n.resolve\nLast"
        _asks(app)
        os.write(app.fd, b"\x1b[200~take 1\rstatus #1 closed\r\x1b[201~\r")
        _told(app, "2 lines were pasted")
        _line(app, "1", "Printer on fire")
    assert not room.ask(ListOutbox())
    assert room.ask(ShowTicket(1)).assignee_login == ""


def test_where_the_terminal_does_not_mark_a_paste_a_dot_with_more_behind_it_is_text(room: Room) -> None:
    with _started(room, "--linear") as app:
        _line(app, "reply 1", "Ctrl+C keeps the draft and leaves.")
        _asks(app)
        os.write(app.fd, b"First\r.\rLast\r")
        _told(app, "it was taken as text")
        _line(app, ".read", "Last")
        _asks(app)
        os.write(app.fd, b"Really\r.\r")
        _told(app, "yes or no")
        _line(app, "no", "The text is as it was.")
        _line(app, ".keep", "The draft is kept.")
        assert room.ask(OpenCompose(1, DraftKind.REPLY)).body == "First\n.\nLast\nReally"
    assert not room.ask(ListOutbox())


def test_the_editor_has_the_terminal_and_its_text_becomes_the_draft(room: Room, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'And more.\\n' >> \"$1\"\n")
    editor.chmod(0o700)
    with _started(room, "--linear", EDITOR=str(editor), VISUAL="") as app:
        _line(app, "note 1", "Ctrl+C keeps the draft and leaves.")
        _line(app, "One line.", "> ")
        _line(app, ".editor", "And more.")
        _line(app, ".", "The note is kept")
    assert room.ask(ShowTicket(1)).messages[-1].text.split() == ["One", "line.", "And", "more."]


def test_a_terminal_that_takes_lines_only_gets_lines_and_is_told_why(room: Room) -> None:
    with _started(room, TERM="dumb") as app:
        assert "so here is the linear mode" in _said(app)
        assert b"\x1b" not in app.output
        _line(app, "quit", "Good-bye.")
        assert app.wait_exit() == 0


def test_no_textual_is_imported_and_a_script_may_talk_too(room: Room) -> None:
    code = (
        "import sys; from tui_desk.__main__ import main; code = main(['--linear', '--as', 'ana']);"
        "print('TEXTUAL' if 'textual' in sys.modules else 'LINES ONLY'); sys.exit(code)"
    )
    lines = "list\n1\nreply\nhello\n.keep\nmacro\nhelp all\nwork\ntui-desk asset list\nquit\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=lines,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TUI_DESK_DATABASE": str(room.state_folder / "desk.db"), "TUI_DESK_LINEAR": "yes"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "LINES ONLY" in done.stdout
    assert "#1, normal priority" in done.stdout
