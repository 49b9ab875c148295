"""A licence key in the clear: read, copied if one likes, and gone with the next key."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.contracts.licences import LicenceKey
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens.dialog import Dialog
from tui_desk.terminal.clipboard import copy


class KeyDialog(Dialog[bool]):
    """Answers True when the key was copied."""

    DEFAULT_CSS = "KeyDialog #key-box { height: auto; max-height: 40vh; scrollbar-size-vertical: 1; }"

    def __init__(self, shown: LicenceKey) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        title = _("Key of {name}").format(name=safe_line(self._shown.licence, 100))
        with Vertical(classes="dialog"):
            yield Static(title, classes="dialog-title", markup=False)
            with VerticalScroll(id="key-box", can_focus=False):
                yield Static(safe_block(self._shown.key), classes="dialog-detail", id="key", markup=False)
            answers = Content.assemble(
                ("y", "$text-accent bold"),
                f" {_('Copy')}    ",
                ("Esc", "$text-accent bold"),
                f" {_('Close')}",
            )
            yield Static(answers, classes="dialog-answers")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key == "y":
            copy(self.app, self._shown.key)
            self.dismiss(True)
        elif event.key in ("escape", "enter", "q", "n"):
            self.dismiss(False)
