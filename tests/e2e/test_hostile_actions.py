"""Hostile text that is clicked, pasted, searched for, shown by a real tmux, or random: it stays text, and nothing runs."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.test_hostile_terminal import no_crash_log, visiting
from tests.screens.desk import Room, open_room, text_of, until
from tests.support.hostile_desk import GATHERED, HostileDesk, stored
from tests.support.payloads import PAYLOADS
from tests.support.ports import PATIENCE
from tests.terminal.pty_app import ROOT, PtyApp, is_busy
from tui_desk.contracts.conversation import AddNote
from tui_desk.models import Ticket

pytestmark = [pytest.mark.timeout(600)]
QUERIES = "[/] [@click=app.quit]x[/] \" ' * ( ) : ^ status: from: NEAR( -- ; %s {0} $var \\["


def _click(app: PtyApp, x: int, y: int) -> None:
    app.press(f"\x1b[<0;{x};{y}M", f"\x1b[<0;{x};{y}m")


def test_clicks_on_hostile_text_run_nothing(
    desk: HostileDesk, tmp_path: Path, isolated_environment: Path
) -> None:
    visitor = visiting(desk, tmp_path, (80, 24))
    with visitor.app as app:
        for query in ("click", "quit", "mouse", "link"):
            visitor.type("/")
            visitor.paste(query)
            app.press("enter")
            visitor.settle(0.3)
            rows = [y for y, line in enumerate(app.text(), start=1) if "▌" in line or " ● " in line]
            for y in rows:
                for x in range(20, 60, 4):
                    _click(app, x, y)
            visitor.settle(0.3)
            app.press("escape")
            visitor.settle(0.2)
        assert app.exit_status is None
        visitor.check()
        visitor.go("g q", "Queue")  # it still answers
    no_crash_log(isolated_environment)


def test_pasted_hostile_text_stays_in_its_field(
    desk: HostileDesk, tmp_path: Path, isolated_environment: Path
) -> None:
    everything = stored(
        " ".join(payload.text for payload in PAYLOADS if not {"\x1b", "\u200d"} & set(payload.attack))
    )
    visitor = visiting(desk, tmp_path, (80, 24))
    with visitor.app as app:
        for place, title in (("", "Queue"), ("g p", "People"), ("g a", "Assets")):
            if place:
                visitor.go(place, title)
            for text in (
                QUERIES,
                everything[:3000],
                "q150q",
                "%" * 200,
                "\u202e\u200b\udc80".encode("utf-8", "replace").decode(),
            ):
                visitor.type("/")
                visitor.paste(text)
                app.press("enter")
                visitor.settle(0.2)
                app.press("escape")
                visitor.settle()
        visitor.go(":", "action, #number")
        visitor.paste(QUERIES)
        app.press("enter")
        visitor.settle(0.2)
        visitor.check()
    no_crash_log(isolated_environment)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """A tmux server of one's own; answers what ``tmux ARGUMENTS`` prints."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("tmux is not installed")
    environment = {
        **os.environ,
        "TMUX_TMPDIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "TUI_DESK_DATABASE": str(tmp_path / "desk.db"),
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [program, "-L", "desk", "-f", "/dev/null", *arguments],
            env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.stdout

    yield run
    run("kill-server")


def _marks(text: str) -> set[str]:
    return {payload.mark for payload in PAYLOADS if payload.mark in text}


def _until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not come to be"
        time.sleep(0.05)


def test_a_real_tmux_keeps_title_clipboard_and_modes(
    desk: HostileDesk, tmp_path: Path, tmux: Callable[..., str]
) -> None:
    desk.copy(tmp_path)
    facts = "#{pane_title}|#{window_name}|#{wrap_flag}|#{insert_flag}|#{origin_flag}|#{keypad_flag}|#{scroll_region_lower}|#{pane_width}"
    tmux(
        "new-session", "-d", "-x", "120", "-y", "40", "-n", "before", f"{sys.executable} -m tui_desk --as ana"
    )
    tmux("set", "-s", "set-clipboard", "on")
    tmux("set", "-g", "allow-passthrough", "on")
    tmux("set-buffer", "untouched")
    tmux("select-pane", "-T", "titled")

    def pane() -> str:
        return tmux("capture-pane", "-p")

    def state() -> str:
        return tmux("display-message", "-p", facts).strip()

    def after(*keys: str) -> str:
        """The screen once the program has done what ``keys`` ask for: nothing changes and it has nothing to do."""
        program = psutil.Process(int(tmux("display-message", "-p", "#{pane_pid}")))
        tmux("send-keys", *keys)
        last, still, end = pane(), 0, time.monotonic() + PATIENCE
        while still < 8:
            assert time.monotonic() < end, "the program does not come to rest"
            time.sleep(0.03)
            working = any(is_busy(each.pid) for each in [program, *program.children(recursive=True)])
            before, last = last, pane()
            still = still + (not working) if last == before else 0
        return last

    _until(lambda: "more mailboxes have trouble" in pane())
    before = state()
    assert "titled" in before
    seen: set[str] = set()
    for keys in (
        ["6"],
        *([["PageDown"]] * 7),
        ["g", "s"],
        *([["PageDown"]] * 3),
        ["g", "o"],
        ["2"],
        ["g", "p"],
        ["PageDown"],
        ["g", "m"],
        ["PageDown"],
    ):
        seen |= _marks(after(*keys))
    tmux("send-keys", ":")
    _until(lambda: "action, #number" in pane())
    tmux("send-keys", "-l", str(desk.tickets[GATHERED]))
    tmux("send-keys", "Enter")
    _until(lambda: "Gatherer <" in pane())
    tmux("send-keys", "g", "g")
    for _page in range(8):
        seen |= _marks(after("PageDown"))
    assert len(seen) > 120
    assert state() == before
    assert tmux("list-buffers", "-F", "#{buffer_sample}").split() == ["untouched"]
    assert "owned" not in tmux("display-message", "-p", "#{pane_title}#{window_name}#{pane_path}")


def _brackets(count: int) -> list[str]:
    chosen = random.Random(7777)
    parts = [
        "[",
        "]",
        "/",
        "@",
        "\\",
        "$",
        "=",
        "(",
        ")",
        "'",
        '"',
        "{",
        "}",
        "%",
        "click",
        "link",
        "app.quit",
        "b",
        "red",
        "on",
        " ",
        "0",
        "x",
        "^",
        "|",
    ]
    return [
        "".join(chosen.choices(parts, k=chosen.randint(1, 14)))[:28].strip() or "[/]" for _ in range(count)
    ]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with open_room(tmp_path) as opened:
        yield opened


async def test_random_brackets_are_shown_as_they_are(room: Room) -> None:
    texts = _brackets(300)
    number = room.ticket(subject="Brackets", body="\n".join(f"~{text}~" for text in texts))
    with room.desk.writing() as session:
        ticket = session.get_one(Ticket, number)
        base = {
            name: getattr(ticket, name)
            for name in ("requester_id", "created_at", "updated_at", "status", "channel")
        }
        for text in texts:
            session.add(Ticket(subject=f"~{text}~", requester_name=text, **base))
    async with room.running((200, 50)) as pilot:

        async def everything_is_shown() -> None:
            missing, end = set(texts), time.monotonic() + PATIENCE
            while (
                time.monotonic() < end
            ):  # again from the top where a page was left before its rows were read
                await pilot.press("g", "g")
                for _page in range(60):
                    await pilot.pause(0.02)
                    screen = text_of(pilot)
                    missing = {text for text in missing if f"~{text}~" not in screen}
                    if not missing:
                        return
                    await pilot.press("pagedown")
            raise AssertionError(f"not shown as they are: {sorted(missing)}")

        await everything_is_shown()
        await pilot.press(":")
        await until(pilot, lambda: "action, #number" in text_of(pilot))
        await pilot.press(*str(number), "enter")
        await until(pilot, lambda: f"#{number} Brackets" in text_of(pilot))
        await pilot.press("g", "g")
        await everything_is_shown()
        assert pilot.app.is_running


async def test_a_row_that_nobody_expects_is_told_in_its_list(room: Room) -> None:
    number = room.ticket()
    room.ask(AddNote(number, "kept"))
    with room.desk.writing() as session:
        session.get_one(Ticket, number).priority = 7777
    async with room.running() as pilot:
        await until(pilot, lambda: "because of a defect" in text_of(pilot))
        assert pilot.app.is_running
