"""The queue as the last session left it, on the screen before anything else is imported; the application takes it over.

What a terminal showed is kept when its session ends, in the state folder, readable by its owner only. The next start of the same kind
(:mod:`tui_desk.terminal.same_start`) shows it within the time that Python itself needs, and what is true by now is drawn over it:
only cells that differ are sent. Nothing here imports Textual or Rich, and nothing before the picture is written needs a module of any size.
"""

from __future__ import annotations

import os
import sys
import termios
from binascii import crc32
from collections.abc import Sequence

from tui_desk.terminal.same_start import sign_of_start, state_folder

TYPE_CHECKING = False  # as typing's: importing that takes longer than reading the picture
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    Rows = tuple[tuple[list[str], list[tuple[str, int]]], ...]

ENTER = "\x1b[?1049h"
"""To the alternate screen (xterm's mode 1049), which is blank then."""
_LEAVE = "\x1b[m\x1b[?1049l\x1b[?25h"
_KEPT = 8
"""Pictures of that many desks, logins and sizes of terminals are kept."""


class Opening:
    """What a terminal shows before the application starts. ``modes``: how the terminal was set before. (A dataclass would cost more than
    all that is here.)"""

    def __init__(self, fd: int, modes: list[Any], of: str, rows: str) -> None:
        self.fd = fd
        self.modes = modes
        self._of = of
        self._rows = rows

    def shows(self, names: Sequence[str]) -> bool:
        """Whether it is a picture of that desk for that login in that theme."""
        return self._of == _digest(names)

    @property
    def rows(self) -> Rows:
        """Its lines: characters of the cells, and (style, count) runs."""
        import json

        return tuple(
            ([str(cell) for cell in cells], [(str(style), int(count)) for style, count in runs])
            for cells, runs in json.loads(self._rows)
        )


def show_first_picture(named: Sequence[str]) -> Opening | None:
    """Show what is kept of such a start; None where nothing is. ``named``: database, login and theme as the command line says them."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    fd = screen_of_terminal()
    try:
        size = os.get_terminal_size(fd)
        with open(_place(state_folder(), named, size.columns, size.lines), "rb") as file:
            kept = file.read()
        head, _end, body = kept.partition(b"\n")
        of, _blank, sum_of_body = head.decode("ascii").partition(" ")
        rows, _end, sequence = body.partition(b"\n")
        if sum_of_body != f"{crc32(body):08x}":  # damaged
            return None
        modes = termios.tcgetattr(sys.stdin)
        silent = termios.tcgetattr(sys.stdin)
        silent[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
        # Keys wait for the application, as they are; Ctrl+C too, which would leave this terminal as it is now.
        silent[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        termios.tcsetattr(sys.stdin, termios.TCSANOW, silent)
        os.write(fd, f"{ENTER}\x1b[?25l\x1b[H\x1b[2J".encode() + sequence)
        return Opening(fd, modes, of, rows.decode())
    except (OSError, ValueError, termios.error):
        return None  # a start without it is a start as any other


def take_away(opening: Opening) -> None:
    """The application does not start after all: the terminal as it was."""
    import contextlib

    with contextlib.suppress(OSError, termios.error):
        os.write(opening.fd, _LEAVE.encode("ascii"))
        termios.tcsetattr(sys.stdin, termios.TCSANOW, opening.modes)


def keep_picture(
    folder: Path,
    named: Sequence[str],
    names: Sequence[str],
    sequence: str,
    rows: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> None:
    """Keep a picture for the next such start (``named``, as above): what draws it on a blank screen, and the characters and styles of its
    lines. ``names``: the desk, login and theme that it shows; none of them is written in clear. A disk that is full keeps none."""
    import contextlib
    import json
    from pathlib import Path

    kept = json.dumps([[list(cells), _runs(styles)] for cells, styles in rows], separators=(",", ":"))
    body = f"{kept}\n{sequence}".encode("utf-8", "replace")
    with contextlib.suppress(OSError):
        path = Path(_place(str(folder), named, len(rows[0][0]), len(rows)))
        fresh = path.with_suffix(f".{os.getpid()}")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in sorted(path.parent.glob("picture-*"), key=lambda one: one.stat().st_mtime)[: -_KEPT + 1]:
            old.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(f"{_digest(names)} {crc32(body):08x}\n".encode("ascii") + body)
        fresh.replace(path)


def _place(folder: str, named: Sequence[str], columns: int, lines: int) -> str:
    return f"{folder}/picture-{sign_of_start(named, columns, lines)}"


def _digest(names: Sequence[str]) -> str:
    """What tells desks, logins and themes apart, and says none of them."""
    from tui_desk.core.lean_hash import digest

    return digest("\0".join(names))[:24]


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
