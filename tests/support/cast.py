"""The session that the documentation shows: triage and an answer on the demo desk, played into the real program.

    python -m tests.support.cast [docs/casts/triage.cast]

writes it as an asciinema v2 cast (docs.asciinema.org/manual/asciicast/v2): what the program sent ("o"), the keys ("i") and a
marker ("m") where a scene begins. The pauses are those of a calm viewer, not those of the machine it was recorded on.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.terminal.pty_app import KEYS, ROOT, PtyApp

CAST = ROOT / "docs" / "casts" / "triage.cast"
COLUMNS, LINES = 80, 24
_BEFORE_KEY, _BEFORE_SCENE, _TYPING = 1.1, 2.2, 0.25
"""Seconds that a viewer is given."""
_QUIET = 0.4
_FOR_THE_TERMINAL = re.compile(
    r"\x1b\[\?(?:1000|1002|1003|1004|1006|1015|1016|2004|2031|2048)[hl]|\x1b\[\?\d+\$p|\x1b\[[<>=][\d;]*[a-zA-Z]|\x1b\[0c|\x1b\]\d+;.*?(?:\x07|\x1b\\)"
)
"""What asks the terminal, or changes what it sends: whoever plays the cast keeps their mouse and keyboard."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Keys that do one thing, and what the screen shows then. ``most``: how many keys may do it (0: not counted); the first
    ``moving`` ones only lead there."""

    title: str
    keys: tuple[str, ...]
    shows: str
    most: int = 0
    moving: int = 0

    @property
    def counted(self) -> tuple[str, ...]:
        return self.keys[self.moving :]


SCENES = (
    Scene("The ticket that loses most by waiting, and it is taken", (">", "I"), "u takes it back", 3),
    Scene("Back to the list", ("q",), "Assignee"),
    Scene(
        "Another one is made urgent without opening it",
        ("j", "p", "h", "enter"),
        "priority: high",
        3,
        moving=1,
    ),
    Scene("Filter as you type", ("/", *"erp", "enter"), "Password reset"),
    Scene(
        "An answer with a macro: the mail leaves, the ticket is resolved", (";", *"sol", "enter"), "Solved", 5
    ),
)


@dataclass
class Recording:
    """Events of a cast, with times of their own."""

    events: list[tuple[float, str, str]]
    now: float = 0.5

    def add(self, kind: str, data: str, after: float = 0.0) -> None:
        """``data`` at ``after`` seconds behind the event before."""
        self.now += after
        self.events.append((round(self.now, 3), kind, data))


@contextmanager
def demo_shown(folder: Path) -> Iterator[PtyApp]:
    """The demo with its queue on the screen and nothing more to do; its people write so seldom that nobody does."""
    environment = {
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "TUI_DESK_CONFIG": "",
        "LANGUAGE": "en",
    }
    with PtyApp(
        ["-m", "tui_desk", "demo", "--dir", str(folder), "--pace", "60"], COLUMNS, LINES, env=environment
    ) as app:
        app.wait_text("▌")
        app.wait_text("DEMO")
        app.wait_idle(_QUIET)
        yield app


def play(app: PtyApp, recording: Recording) -> Iterator[Scene]:
    """Type the scenes one after the other and note what comes; each is handed out when it shows what it must."""
    sent = 0

    def take_output() -> None:
        nonlocal sent
        data, sent = bytes(app.output[sent:]), len(app.output)
        recording.add("o", _FOR_THE_TERMINAL.sub("", data.decode("utf-8", "replace")), 0.05)

    take_output()
    for scene in SCENES:
        recording.add("m", scene.title, _BEFORE_SCENE)
        for place, key in enumerate(scene.keys):
            typing = place and len(key) == 1 and len(scene.keys[place - 1]) == 1
            recording.add("i", KEYS.get(key, key), _TYPING if typing else _BEFORE_KEY)
            app.press(key)
            app.wait_idle(_QUIET)
            take_output()
        app.wait_text(scene.shows)
        app.wait_idle(_QUIET)
        take_output()
        yield scene


def write(recording: Recording, path: Path) -> None:
    """The cast as a file."""
    header = {
        "version": 2,
        "width": COLUMNS,
        "height": LINES,
        "title": "tui-desk: triage and an answer",
        "env": {"TERM": "xterm-256color"},
    }
    lines = [
        header,
        *([at, kind, data] for at, kind, data in recording.events if data),
        [round(recording.now + 3, 3), "m", "end"],
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")


def main() -> None:
    """Make the cast anew."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CAST
    recording = Recording([])
    with tempfile.TemporaryDirectory() as folder, demo_shown(Path(folder)) as app:
        for scene in play(app, recording):
            print(f"{len(scene.keys)} keys: {scene.title}")
        app.press("\x11")
        app.wait_exit()
    write(recording, path)


if __name__ == "__main__":
    main()
