"""A line to type in whose cursor does not blink: over SSH every blink is traffic."""

from __future__ import annotations

from textual.widgets import Input


class Field(Input):
    """One line of text."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False
