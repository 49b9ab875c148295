"""Pictures by the terminal's own protocol: Kitty's graphics, iTerm2's inline images, Sixel. Half-blocks need nothing of this.

The wire (:mod:`tui_desk.terminal.wire`) owns the screen, so a picture is declared to it like everything else: where it lies, how it is
drawn, how it is taken away. Whatever the terminal does with it, the cells under it are known, and are sent again when it goes.

Nothing of a file reaches the terminal: what is drawn was decoded and encoded anew (``services.pictures``), goes as base64, or is checked to be
Sixel data and nothing else. No answer is asked for (Kitty's ``q=2``): it would be read as keys.
"""

from __future__ import annotations

import base64
import fcntl
import os
import re
import struct
import termios
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from textual.app import App

from tui_desk.core.values import dataclass

_CHUNK = 4_096
MOST_BYTES = 1_500_000
"""Of one drawing. A larger one is shown in half-blocks: over a slow line nobody waits a minute for a picture."""
USUAL_CELL = (8, 16)
"""Pixels of a cell where the terminal does not say: small enough that a picture never leaves its place."""
_SIXEL = re.compile(rb'[0-9;"#!$\-?-~]*')


class Graphics(StrEnum):
    """How pictures are drawn."""

    BLOCKS = "blocks"
    KITTY = "kitty"
    ITERM2 = "iterm2"
    SIXEL = "sixel"


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on the screen: its cells, what draws it with the cursor at the first of them, and what takes it away (empty:
    writing over its cells does)."""

    x: int
    y: int
    columns: int
    rows: int
    draw: str
    erase: str = ""


def graphics_of(wanted: str, environment: Mapping[str, str], *, sixel: bool = False) -> Graphics:
    """What to draw with. ``wanted``: a protocol by its name, or ``auto``: what the terminal of ``environment`` is known to have, or
    said of itself (``sixel``).

    The variables of a terminal reach programs inside tmux and screen too, which do not pass pictures on: there it is half-blocks.
    """
    if wanted in set(Graphics):
        return Graphics(wanted)
    terminal, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if _is_shared(environment):
        return Graphics.BLOCKS
    if terminal in ("xterm-kitty", "xterm-ghostty") or program == "ghostty":
        return Graphics.KITTY
    if program in ("iTerm.app", "WezTerm"):
        return Graphics.ITERM2
    if terminal.startswith(("foot", "mlterm", "contour", "yaft")) or "sixel" in terminal:
        return Graphics.SIXEL
    return Graphics.SIXEL if sixel else Graphics.BLOCKS


def may_learn(environment: Mapping[str, str]) -> bool:
    """Whether a terminal that is not known by its name could say that it draws pictures."""
    return not _is_shared(environment) and graphics_of("auto", environment) is Graphics.BLOCKS


def _is_shared(environment: Mapping[str, str]) -> bool:
    """Whether tmux or screen stands between."""
    named = environment.get("TERM", "").startswith(("screen", "tmux"))
    return named or "TMUX" in environment or "STY" in environment


def graphics_here(app: App[Any], wanted: str) -> Graphics:
    """What the terminal of ``app`` draws with, as far as it is known by now."""
    return graphics_of(wanted, os.environ, sixel=getattr(app._driver, "sixel", False))


def opens_links(wanted: str, environment: Mapping[str, str]) -> bool:
    """Whether text can be told to lead to an address (OSC 8). ``wanted``: ``on``, ``off``, or ``auto``: where the terminal is known to
    have it. Others would ignore it; tmux and screen do, or print it."""
    if wanted != "auto":
        return wanted == "on"
    terminal, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if _is_shared(environment):
        return False
    version = environment.get("VTE_VERSION", "")
    return (
        terminal.startswith(("xterm-kitty", "xterm-ghostty", "foot", "alacritty", "contour"))
        or program in ("iTerm.app", "WezTerm", "ghostty")
        or "WT_SESSION" in environment
        or (version.isdecimal() and int(version) >= 5_000)
    )


def cell_size(app: App[Any]) -> tuple[int, int]:
    """Pixels of a cell, width and height, as the terminal told the system; :data:`USUAL_CELL` where it did not."""
    fd = getattr(app._driver, "wire_fd", None)
    if fd is None:
        return USUAL_CELL
    try:
        answer = fcntl.ioctl(fd, termios.TIOCGWINSZ, bytes(8))
    except OSError:
        return USUAL_CELL
    lines, columns, width, height = struct.unpack("HHHH", answer)
    if not (lines and columns and width >= 2 * columns and height >= 4 * lines):
        return USUAL_CELL
    return min(width // columns, 64), min(height // lines, 128)


def placed(
    graphics: Graphics, data: bytes, x: int, y: int, columns: int, rows: int, number: int
) -> Placed | None:
    """A picture at a cell of the screen, from 0: PNG for Kitty and iTerm2, Sixel data for Sixel. ``number`` names it to Kitty.

    None where it is too large for the line, or is not what it should be.
    """
    if graphics is Graphics.BLOCKS or not data or len(data) > MOST_BYTES:
        return None
    if graphics is Graphics.SIXEL:
        if not _SIXEL.fullmatch(data):
            return None
        return Placed(x, y, columns, rows, f"\x1bP0;1;0q{data.decode('ascii')}\x1b\\")
    text = base64.b64encode(data).decode("ascii")
    if graphics is Graphics.ITERM2:
        head = (
            f"inline=1;size={len(data)};width={columns};height={rows};preserveAspectRatio=0;doNotMoveCursor=1"
        )
        return Placed(x, y, columns, rows, f"\x1b]1337;File={head}:{text}\x07")
    chunks = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    head = f"a=T,f=100,i={number},p=1,c={columns},r={rows},C=1,q=2,"
    draw = "".join(
        f"\x1b_G{head if index == 0 else ''}m={int(index < len(chunks) - 1)};{chunk}\x1b\\"
        for index, chunk in enumerate(chunks)
    )
    return Placed(x, y, columns, rows, draw, f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\")


def show(app: App[Any], pictures: tuple[Placed, ...]) -> None:
    """Let these pictures be all that the terminal of ``app`` shows; none: take away what is there."""
    wire = getattr(app._driver, "wire", None)
    if wire is not None:
        wire.place(pictures)
