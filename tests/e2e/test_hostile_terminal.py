"""The whole interface on a desk full of hostile text, in real terminals: nothing of the data drives the terminal or the program.

X-E1 (a pseudo-terminal), X-E2 (a real tmux) and X-E4 (markup) of the exams, on every screen, at 80×24 and at 200×50.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.hostile_desk import GATHERED, HostileDesk
from tests.support.payloads import PAYLOADS, leaks
from tests.terminal.pty_app import PtyApp

pytestmark = [pytest.mark.timeout(600)]
MARKS = frozenset(payload.mark for payload in PAYLOADS)
SIZES = [(80, 24), (200, 50)]
TICKETS_OPENED = 20
"""One after the other at each size; the one ticket that holds everything shows all payloads in each of its panes."""
COMPLETE = ("queue", "assets", "mailboxes", "agents", "teams", "conversation", "compose")
"""Screens on which every payload has to be seen."""
SAMPLE = ("q00", "q04", "q07", "q09", "q12", "q15")
"""What is typed into the choices: ten payloads each, of every kind."""
SOURCE_PAGES = 8
"""Pages of a mail's source to look at: most of it is base64."""
PASTED = "\x1b[200~{}\x1b[201~"
_MARK = re.compile(r"q\d{3}q")


@dataclass
class Visitor:
    """Walks through the interface and notes which payloads were seen on which screen."""

    app: PtyApp
    seen: dict[str, set[str]] = field(default_factory=dict)

    def look(self, screen: str) -> set[str]:
        """Note what is on the screen now."""
        found = set(_MARK.findall("\n".join(self.app.text()))) & MARKS
        self.seen.setdefault(screen, set()).update(found)
        return found

    def settle(self, quiet: float = 0.08) -> None:
        """Until the program has had nothing to do for that long: a busy machine may keep it waiting for its turn."""
        self.app.wait_idle(quiet)

    def type(self, keys: str, quiet: float = 0.08) -> None:
        """Press keys and wait for what comes of them."""
        self.app.press(*keys.split())
        self.settle(quiet)

    def paste(self, text: str) -> None:
        """What a person pastes from somewhere."""
        self.app.press(PASTED.format(text.replace("\x1b[201~", "")))
        self.settle()

    def walk(self, screen: str, key: str = "pagedown", most: int = 150) -> None:
        """Look, and press ``key`` until every payload was seen or the screen no longer changes."""
        patience = 1.5 if screen in COMPLETE else 0.4
        for _step in range(most):
            self.look(screen)
            if self.seen[screen] >= MARKS:
                return
            before = self.app.text()
            self.app.press(*key.split())
            self.settle()
            if self.app.text() == before:
                self.settle(patience)
                if self.app.text() == before:
                    return

    def read(self, key: str, screen: str) -> None:
        """Open what ``key`` shows above the screen (a source, a report), read all of it and close it."""
        self.app.press(key)
        self.settle(0.3)
        if "Esc closes" not in self.shown():
            return  # not of this message: the message line says so
        self.settle()
        self.walk(screen, "pagedown", SOURCE_PAGES)
        self.app.press("escape")
        self.app.wait_for(lambda: "Esc closes" not in self.shown())
        self.settle()

    def open_some(self, list_screen: str, screen: str) -> None:
        """Open lines of the list one after the other, look, and come back."""
        for _line in range(4):
            crumb = self.title().rstrip()
            self.app.press("enter")
            self.app.wait_for(lambda: self.title().rstrip() != crumb)  # noqa: B023
            self.settle()
            self.look(screen)
            self.app.press("escape")
            self.app.wait_for(lambda: self.title().rstrip() == crumb)  # noqa: B023
            self.settle()
            self.type("k k k")
            self.look(list_screen)

    def title(self) -> str:
        """The first line."""
        row = self.app.screen.buffer[0]
        return "".join(row[x].data for x in range(self.app.screen.columns))

    def has_left(self, title: str) -> bool:
        """Whether another ticket is in front, or there is none behind this one."""
        return self.title() != title or "last ticket" in self.app.text()[-2]

    def shown(self) -> str:
        """All of the screen."""
        return "\n".join(self.app.text())

    def go(self, keys: str, title: str) -> None:
        """Press ``keys`` and wait for a screen that says ``title``."""
        self.app.press(*keys.split())
        self.app.wait_text(title)
        self.settle(0.2)

    def check(self) -> None:
        """Nothing of the data was a sequence, and no defect was told."""
        assert leaks(bytes(self.app.output)) == []
        text = "\n".join(self.app.text())
        assert "defect" not in text
        assert b"Traceback" not in self.app.output


def visiting(desk: HostileDesk, folder: Path, size: tuple[int, int]) -> Visitor:
    """The interface on a copy of the desk, on its queue."""
    app = PtyApp(["-m", "tui_desk", "--as", "ana"], *size, desk.copy(folder))
    app.wait_text("more mailboxes have trouble")
    return Visitor(app)


def assert_seen(visitor: Visitor, *screens: str, all_of: frozenset[str] = MARKS) -> None:
    """Every payload was seen on each of these screens."""
    for screen in screens:
        assert all_of - visitor.seen[screen] == set(), screen


def no_crash_log(folder: Path) -> None:
    """Nothing unexpected was written down."""
    assert [path.read_text() for path in folder.rglob("tui-desk.log")] == []


OPENED = {"suspended": "suspended mail", "people": "person", "assets": "asset", "agents": "agent form"}
"""Lists whose lines are opened, and the screens that come of it."""


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])
def test_lists_settings_and_records(
    desk: HostileDesk, tmp_path: Path, size: tuple[int, int], isolated_environment: Path
) -> None:
    visitor = visiting(desk, tmp_path, size)
    with visitor.app as app:
        visitor.walk("queue")
        for keys, title, screen in (
            ("g a", "Assets", "assets"),
            ("g p", "People", "people"),
            ("g s", "Suspended mail", "suspended"),
            ("g o", "Outbox", "outbox"),
            ("g m", "Settings › Mail", "mailboxes"),
            ("2", "Settings › Agents", "agents"),
            ("3", "Settings › Teams", "teams"),
        ):
            visitor.go(keys, title)
            if screen == "outbox":
                visitor.go("2", "failed")
            app.wait_for(lambda: bool(_MARK.search(visitor.shown().split("trouble:")[-1])))
            visitor.settle()
            visitor.walk(screen)
            if screen in OPENED:
                visitor.open_some(screen, OPENED[screen])
        visitor.go("4", "The desk")
        visitor.look("desk settings")
        visitor.check()
        assert app.exit_status is None
    no_crash_log(isolated_environment)
    assert_seen(visitor, "queue", "assets", "mailboxes", "agents", "teams")
    held = frozenset(MARKS - visitor.seen["suspended"])
    assert len(held) <= 12, "mail whose hostile sender held an @ has become tickets"
    assert len(visitor.seen["outbox"]) >= len(PAYLOADS) // 4
    print({screen: len(marks) for screen, marks in visitor.seen.items()})


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])
def test_every_ticket_and_its_panes(
    desk: HostileDesk, tmp_path: Path, size: tuple[int, int], isolated_environment: Path
) -> None:
    visitor = visiting(desk, tmp_path, size)
    with visitor.app as app:
        app.wait_text("▌")
        app.press("enter")
        app.wait_text(f"#{max(desk.tickets.values())} ")
        for number in range(TICKETS_OPENED):
            title = visitor.title()
            app.press("]")
            app.wait_for(lambda: visitor.has_left(title))  # noqa: B023
            if visitor.title() == title:
                break
            app.wait_for(lambda: re.search(r"(^|›) #\d+ \S", visitor.title()) is not None)
            visitor.settle()
            visitor.look("ticket")
            if "◐" in app.text()[1]:  # one of those in which agents worked
                for keys, screen in (
                    ("2", "details"),
                    ("3", "history"),
                    ("4", "links"),
                    ("1", "conversation"),
                ):
                    visitor.type(keys)
                    visitor.look(screen)
                if number % 16 == 0:
                    visitor.read("d", "delivery")
                    visitor.type("K")
                    visitor.type("K")
                    visitor.read("V", "source")
        visitor.check()
    no_crash_log(isolated_environment)
    assert len(visitor.seen["ticket"]) >= TICKETS_OPENED
    print({screen: len(marks) for screen, marks in visitor.seen.items()})


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])
def test_one_ticket_that_holds_everything(
    desk: HostileDesk, tmp_path: Path, size: tuple[int, int], isolated_environment: Path
) -> None:
    visitor = visiting(desk, tmp_path, size)
    with visitor.app:
        visitor.go(":", "action, #number")
        visitor.app.press(*str(desk.tickets[GATHERED]), "enter")
        visitor.app.wait_text("Gatherer <")
        visitor.settle()
        visitor.type("g g")
        visitor.walk("conversation", "pagedown", 80)
        for pane in ("2", "3", "4"):
            visitor.type(pane)
            visitor.walk({"2": "details", "3": "history", "4": "links"}[pane])
        visitor.type("1")
        visitor.type("g g")
        for keys, screen in (("V", "source"), ("w", "why"), ("d", "delivery")):
            visitor.read(keys, screen)
        for keys, screen in (("o", "attachments"), ("a", "agents"), ("T", "teams"), ("c", "categories")):
            visitor.go(keys, "type to narrow")
            for narrow in SAMPLE:
                visitor.type(" ".join(narrow))
                visitor.look(screen)
                visitor.type("backspace backspace backspace")
            visitor.app.press("escape")
            visitor.app.wait_for(lambda: "type to narrow" not in visitor.shown())
            visitor.settle()
        visitor.go("r", "Your draft is here again")
        visitor.walk("compose", "pageup")
        visitor.check()
    no_crash_log(isolated_environment)
    assert_seen(visitor, "conversation", "compose")
    for screen in ("attachments", "agents", "teams", "categories"):
        assert len(visitor.seen[screen]) >= 40, screen
    print({screen: len(marks) for screen, marks in visitor.seen.items()})
