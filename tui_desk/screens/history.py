"""A history of its own: of the whole desk (g y), of an asset or a person (H)."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.history import HISTORY
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.tickets import EventView
from tui_desk.core.i18n import _
from tui_desk.screens.history_actions import HistoryActions
from tui_desk.screens.history_rows import EventSource, columns
from tui_desk.screens.lists import ListScreen, ScreenTable
from tui_desk.widgets.virtual_table import VirtualTable


class HistoryScreen(ListScreen, HistoryActions):
    """Events of ``stream`` (empty: of the whole desk), newest first. ``title`` says of what."""

    scopes = (HISTORY, LIST, GLOBAL)

    def __init__(self, stream: str = "", title: str = "") -> None:
        super().__init__()
        self.crumb = f"{title} › {_('History')}" if title else _("History of the desk")
        self._stream = stream
        self._source: EventSource | None = None

    def compose_body(self) -> Iterable[Widget]:
        everything = not self._stream
        self._source = EventSource(self.ask, self.host.options.clock, self._stream, everything)
        table = ScreenTable(
            columns(with_subject=everything),
            self._source,
            empty_text=_("Nothing has happened yet. Every change by anybody is kept here; u takes one back."),
            id="history-list",
        )
        self._source.widened = lambda when: table.show_columns(columns(with_subject=everything, when=when))
        yield table

    def start(self) -> None:
        self.table().focus()

    async def load(self) -> None:
        self.table().refresh_rows()

    def concerns(self, change: Change) -> bool:
        return True

    def facts(self) -> frozenset[str]:
        return super().facts() | ({"event"} if self.event_here() is not None else set())

    def event_here(self) -> EventView | None:
        key = self.table().current_key
        return self._source.seen.get(key) if self._source is not None and isinstance(key, int) else None

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        self.facts_changed()

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        if message.key is not None:
            self.run_guarded(_("What happened"), self.open_event, group="event", exclusive=True)
