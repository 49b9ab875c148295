"""The queue as the last session left it, on the screen before anything large is imported; the application takes it over.

What a terminal showed is kept when its session ends, in the state folder, readable by its owner only. The next start on a terminal of
the same size, for the same desk and login, shows it within the time that Python itself needs, and what is true by now is drawn over it:
only cells that differ are sent. Nothing here imports Textual or Rich.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tui_desk.core.values import dataclass

ENTER = "\x1b[?1049h"
"""To the alternate screen (xterm's mode 1049), which is blank then."""
_LEAVE = "\x1b[m\x1b[?1049l\x1b[?25h"
_KEPT = 8
"""Pictures of that many desks, logins and sizes of terminals are kept."""
_LOOK = ("TERM", "COLORTERM", "NO_COLOR", "TMUX", "LANG", "LC_ALL", "LC_MESSAGES")
"""Variables that change what a screen looks like."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a terminal shows before the application starts.

    ``rows``: its lines: characters of the cells, and (style, count) runs. ``modes``: how the terminal was set before.
    """

    fd: int
    rows: tuple[tuple[list[str], list[tuple[str, int]]], ...]
    modes: list[Any]


def place_of_picture(folder: Path, names: Sequence[str], size: os.terminal_size) -> Path:
    """Where the picture of a desk and a login (``names``) is kept for terminals like this one. Names no database in clear."""
    look = [os.environ.get(name, "") for name in _LOOK]
    key = "\0".join([*names, *look, str(size.columns), str(size.lines)])
    return folder / f"picture-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}.json"


def show_first_picture(folder: Path, names: Sequence[str]) -> Opening | None:
    """Show what is kept for this desk, login and terminal; None where nothing is."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    fd = screen_of_terminal()
    try:
        path = place_of_picture(folder, names, os.get_terminal_size(fd))
        kept = json.loads(path.read_text(encoding="utf-8"))
        sequence = str(kept["sequence"])
        rows = tuple(
            ([str(cell) for cell in cells], [(str(style), int(count)) for style, count in runs])
            for cells, runs in kept["rows"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a start without it is a start as any other
    try:
        modes = termios.tcgetattr(sys.stdin)
        silent = termios.tcgetattr(sys.stdin)
        silent[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
        silent[3] &= ~(
            termios.ECHO | termios.ICANON | termios.IEXTEN
        )  # keys wait for the application, as they are
        termios.tcsetattr(sys.stdin, termios.TCSANOW, silent)
        os.write(fd, f"{ENTER}\x1b[?25l\x1b[H\x1b[2J{sequence}".encode())
    except (OSError, termios.error):
        return None
    return Opening(fd, rows, modes)


def take_away(opening: Opening) -> None:
    """The application does not start after all: the terminal as it was."""
    with contextlib.suppress(OSError, termios.error):
        os.write(opening.fd, _LEAVE.encode("ascii"))
        termios.tcsetattr(sys.stdin, termios.TCSANOW, opening.modes)


def keep_picture(path: Path, sequence: str, rows: Sequence[tuple[Sequence[str], Sequence[str]]]) -> None:
    """Keep a picture: what draws it on a blank screen, and the characters and styles of its lines. A disk that is full keeps none."""
    kept = [[list(cells), _runs(styles)] for cells, styles in rows]
    text = json.dumps({"sequence": sequence, "rows": kept}, ensure_ascii=False, separators=(",", ":"))
    fresh = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in sorted(path.parent.glob("picture-*"), key=lambda one: one.stat().st_mtime)[: -_KEPT + 1]:
            old.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        fresh.replace(path)


def _runs(styles: Sequence[str]) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for style in styles:
        if runs and runs[-1][0] == style:
            runs[-1] = (style, runs[-1][1] + 1)
        else:
            runs.append((style, 1))
    return runs


def screen_of_terminal() -> int:
    """Where the screen goes: standard error as in Textual, or standard output where errors go to a file."""
    for stream in (sys.__stderr__, sys.__stdout__):
        if stream is not None and stream.isatty():
            return stream.fileno()
    return 2
