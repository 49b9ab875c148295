"""A text to type in whose cursor does not blink: over SSH every blink is traffic."""

from __future__ import annotations

from textual.widgets import TextArea


class TextField(TextArea):
    """Several lines of text."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(
            text, id=id, soft_wrap=True, show_line_numbers=False, compact=True, highlight_cursor_line=False
        )
        self.cursor_blink = False
