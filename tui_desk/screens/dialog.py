"""What every dialog is: a box above a screen that answers a value and leaves no trace."""

from __future__ import annotations

import re
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui_desk.actions.keys import read_key
from tui_desk.screens.cover import TooSmall, cover_when_too_small
from tui_desk.widgets.clicked import meant, row_under

R = TypeVar("R")
_OFFER = re.compile(r"[^\s·](?:(?! · |   ).)*")
"""A key and what it does, as they stand beside each other in a dialog's last line."""


class Dialog(ModalScreen[R | None]):
    """A box in the middle; Esc changes one's mind."""

    CSS_PATH = "styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss_empty", "")]
    AUTO_FOCUS = ""

    def on_mount(self) -> None:
        self.mount(TooSmall())

    def on_resize(self, event: events.Resize) -> None:
        cover_when_too_small(self, event)

    def on_click(self, event: events.Click) -> None:
        """A click on an answer (or on what the line at the bottom offers) is its key."""
        for offers in self.query(".dialog-answers, .dialog-hint"):
            clicked = row_under(offers, event)
            parts = [found[0] for found in _OFFER.finditer(clicked.text)]
            key = meant(clicked, ((part, part.split()[0]) for part in parts))
            name = read_key(key) if key else None
            if name is not None:
                event.stop()
                self.app.post_message(events.Key(name, name if len(name) == 1 else None))
                return

    def action_dismiss_empty(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class ReadAndAnswer(Dialog[bool]):
    """A text to scroll and a question below: only ``y`` means yes."""

    def on_key(self, event: events.Key) -> None:
        event.stop()
        page = self.query_one(VerticalScroll)
        if event.key == "y":
            self.dismiss(True)
        elif event.key in ("n", "q", "escape", "enter"):
            self.dismiss(False)
        elif event.key in ("j", "down"):
            page.scroll_relative(y=1, animate=False)
        elif event.key in ("k", "up"):
            page.scroll_relative(y=-1, animate=False)
