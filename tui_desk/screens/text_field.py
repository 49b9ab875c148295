"""A text to type in whose cursor does not blink: over SSH every blink is traffic."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widgets import TextArea


class TextField(TextArea):
    """Several lines of text. ``before_enter`` may take the Enter key: it answers whether it did."""

    before_enter: Callable[[], bool] | None = None

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(
            text, id=id, soft_wrap=True, show_line_numbers=False, compact=True, highlight_cursor_line=False
        )
        self.cursor_blink = False

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter" and self.before_enter is not None and self.before_enter():
            event.stop()
            event.prevent_default()
