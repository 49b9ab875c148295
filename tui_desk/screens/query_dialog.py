"""A query asked for in a dialog: completed, explained and marked as in the filter line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.filter_line import FilterLine
from tui_desk.screens.query_names import QueryNames


class QueryDialog(Dialog[str]):
    """One query, or nothing; a word that makes no sense is marked, and not taken."""

    def __init__(self, title: str, detail: str, known: QueryNames) -> None:
        super().__init__()
        self._title, self._detail, self._known = title, detail, known

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            yield FilterLine("", "typed")
            yield Static(self._detail, classes="dialog-detail", id="query-help", markup=False)
            yield Static(
                _("Tab completes · ↑ earlier ones · Enter takes it · Esc leaves"),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        field = self.query_one(FilterLine)
        field.names, field.own, field.history = self._known.names, self._known.own, self._known.names.history
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._help(typing=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._help(typing=False)
        if not self.query_one(FilterLine).is_wrong:
            self.dismiss(event.value)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        if not message.kept:
            self.dismiss(None)

    def _help(self, typing: bool) -> None:
        shown, field = self.query_one("#query-help", Static), self.query_one(FilterLine)
        field.show_help(shown, typing, stays="")
        if not self._known.help(field.value, finished=not typing).sentence:
            shown.display = True
            shown.update(self._detail)
