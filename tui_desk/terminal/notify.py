"""Call for attention outside the window: the bell, or a notification where the terminal has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import App

from tui_desk.core.safe_text import safe_line

_BELL = "\x07"
_LONGEST = 160


def sequence(title: str, body: str, environment: Mapping[str, str], *, bell: bool = False) -> str:
    """What to write for a notification in the terminal that ``environment`` describes.

    OSC 9 for iTerm2, WezTerm, kitty and Windows Terminal; OSC 777 for foot, Ghostty and rxvt; the bell elsewhere and
    inside tmux or screen. Both texts are made safe; ``;`` would end a field. ``bell``: only the bell, wherever it is.
    """
    if bell:
        return _BELL
    title, body = (safe_line(text, _LONGEST).replace(";", ",") for text in (title, body))
    terminal = environment.get("TERM", "")
    if "TMUX" in environment or terminal.startswith(("screen", "tmux")):
        return _BELL
    if (
        environment.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm")
        or "kitty" in terminal
        or "WT_SESSION" in environment
    ):
        return f"\x1b]9;{title}: {body}\x07" if body else f"\x1b]9;{title}\x07"
    if terminal.startswith(("foot", "rxvt")) or "ghostty" in terminal:
        return f"\x1b]777;notify;{title};{body}\x07"
    return _BELL


def title(count: int | None, environment: Mapping[str, str]) -> str:
    """What sets the title of the window (OSC 2): the program's name, with ``count`` unread things ahead of it.

    None: back to nothing of ours, at the end. Terminals without a title (the Linux console, dumb ones) get nothing.
    """
    if environment.get("TERM", "") in ("", "dumb", "linux", "unknown"):
        return ""
    if count is None:
        return "\x1b]2;\x07"
    return f"\x1b]2;({count}) tui-desk\x07" if count else "\x1b]2;tui-desk\x07"


def write(app: App[Any], text: str) -> None:
    """Write a sequence of this module to the terminal of ``app``, where it has one."""
    if text and app._driver is not None and not app.is_headless:
        app._driver.write(text)
