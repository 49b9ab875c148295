"""The person's own editor: round trips while mail comes in, and what is left when the program is killed under it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.test_terminal_lifecycle import _draft, _quiet, _started
from tests.screens.desk import Room, fill, open_room
from tests.terminal.pty_app import PtyApp
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.models import Lease

TRIPS = 8


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk with some tickets, on which a worker is said to be alive (so that none starts)."""
    with open_room(tmp_path) as opened:
        fill(opened, 3)
        with opened.desk.writing() as session:
            session.add(Lease(name="worker", holder="test", expires_at=utc_now() + timedelta(days=36_500)))
        yield opened


def _answering(room: Room, **env: str) -> tuple[PtyApp, int]:
    """The interface with the reply to the last ticket open."""
    number = 3
    app = _started(room, XDG_STATE_HOME=str(room.state_folder / "state"), **env)
    app.wait_text("▌")
    _quiet(app)
    app.press(*f"gt{number}", "enter")
    app.wait_text("It burns.")
    app.press("r")
    app.wait_text("p3@client.test")
    return app, number


def _mail_comes_in(room: Room, number: int, over: threading.Event) -> None:
    """As often as a desk takes it: each is a change that the interface reads and would paint."""
    while not over.wait(0.2):
        room.desk.ask(AddNote(number, "One more line of mail."), room.desk.ben)


def test_round_trips_while_mail_comes_in(room: Room, tmp_path: Path) -> None:
    """Of the ticket that is being answered; a hundred are in tests/terminal."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf x >> "$1"\n')
    editor.chmod(0o700)
    over = threading.Event()
    app, number = _answering(room, VISUAL=str(editor))
    mail = threading.Thread(target=_mail_comes_in, args=(room, number, over))
    with app:
        mail.start()
        try:
            for trip in range(1, TRIPS + 1):
                given = app.output.count(b"\x1b[?1049h")
                app.press("\x05")
                app.wait_for(lambda given=given: app.output.count(b"\x1b[?1049h") > given)
                if trip % 4 == 0:
                    app.wait_for(lambda trip=trip: "".join(app.text()).count("x" * min(trip, 70)) > 0)
        finally:
            over.set()
            mail.join()
        app.wait_for(lambda: _draft(room, number) == "x" * TRIPS)
    assert len(room.ask(ShowTicket(number)).messages) > 2
    assert not list((room.state_folder / "state").rglob("*.md"))


def test_a_kill_under_the_editor_leaves_the_text_for_the_next_start(room: Room, tmp_path: Path) -> None:
    # The editor stays open (its long sleep) until it is killed.
    editor = tmp_path / "editor"
    editor.write_text(
        f"#!{sys.executable}\nimport sys, time\n"
        "open(sys.argv[1], 'a').write(' and more')\nprint('WROTE', flush=True)\ntime.sleep(600)\n"
    )
    editor.chmod(0o700)
    app, number = _answering(room, VISUAL=str(editor))
    with app:
        app.press(*"half a sentence")
        app.wait_for(lambda: _draft(room, number) == "half a sentence")
        app.press("\x05")
        app.wait_for(lambda: b"WROTE" in app.output)
        children = Path(f"/proc/{app.pid}/task").glob("*/children")
        editors = [int(pid) for one in children for pid in one.read_text().split()]
        os.kill(app.pid, signal.SIGKILL)
        app.wait_exit()
        for pid in editors:
            os.kill(pid, signal.SIGKILL)
    app, number = _answering(room, VISUAL="true")
    with app:
        app.wait_text("half a sentence")
        app.wait_for(lambda: "Your editor left a text behind" in " ".join(app.text()))
        app.press("\x05")
        app.wait_text("What the editor left behind")
        app.press("enter")
        app.wait_for(lambda: _draft(room, number) == "half a sentence and more")
        app.wait_for(lambda: not list((room.state_folder / "state").rglob("*.md")))
