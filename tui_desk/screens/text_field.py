"""A text to type in whose cursor does not blink: over SSH every blink is traffic."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.document._document import Location
from textual.widgets import TextArea


class TextField(TextArea):
    """Several lines of text. ``before_enter`` may take the Enter key: it answers whether it did."""

    before_enter: Callable[[], bool] | None = None

    def __init__(self, text: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            text,
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
            placeholder=placeholder,
        )
        self.cursor_blink = False
        self._own_blank: Location | None = None
        """Behind the blank that was put in with a word; one that is typed there as well is the same."""

    def put_word(self, word: str, start: Location) -> None:
        """Write ``word`` and a blank over what stands between ``start`` and the cursor."""
        self.replace(f"{word} ", start, self.cursor_location)
        self._own_blank = self.cursor_location

    def on_key(self, event: events.Key) -> None:
        behind, self._own_blank = self._own_blank, None
        if event.key == "space" and behind is not None and behind == self.cursor_location:
            event.stop()
            event.prevent_default()
        if event.key == "enter" and self.before_enter is not None and self.before_enter():
            event.stop()
            event.prevent_default()
