"""Call for attention outside the window: the bell, or a notification where the terminal has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import App

from tui_desk.core.safe_text import safe_line

_BELL = "\x07"
_LONGEST = 160


def sequence(title: str, body: str, environment: Mapping[str, str]) -> str:
    """What to write for a notification in the terminal that ``environment`` describes.

    OSC 9 for iTerm2, WezTerm, kitty and Windows Terminal; OSC 777 for foot, Ghostty and rxvt; the bell elsewhere and
    inside tmux or screen. Both texts are made safe; ``;`` would end a field.
    """
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


def notify(app: App[Any], title: str, body: str, environment: Mapping[str, str]) -> None:
    """Notify the person at the terminal of ``app``."""
    if app._driver is not None and not app.is_headless:
        app._driver.write(sequence(title, body, environment))
