"""What every dialog is: a box above a screen that answers a value and leaves no trace."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui_desk.screens.cover import TooSmall, cover_when_too_small

R = TypeVar("R")


class Dialog(ModalScreen[R | None]):
    """A box in the middle; Esc changes one's mind."""

    CSS_PATH = "styles/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss_empty", "")]
    AUTO_FOCUS = ""

    def on_mount(self) -> None:
        self.mount(TooSmall())

    def on_resize(self, event: events.Resize) -> None:
        cover_when_too_small(self, event)

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
