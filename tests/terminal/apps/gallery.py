"""Small applications that paint in many ways. ``python gallery.py NAME``; the last line counts the keys that were handled."""

from __future__ import annotations

import sys
from pathlib import Path

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import (
    Collapsible,
    DataTable,
    Input,
    OptionList,
    Static,
    TabbedContent,
    TabPane,
    TextArea,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.widgets.rows import COLUMNS, Numbers
from tui_desk.widgets.row_buffer import Cell, TableRow
from tui_desk.widgets.virtual_table import VirtualTable

WIDE = [
    "東京の天気",
    "한국어 텍스트",
    "naïve café",
    "👍 emoji 🎉 party",
    "mixed 東a京b",
    "e\u0301 combining o\u0308",
    "Ελληνικά — кириллица",
    "┃ box ━ lines ┃",
]


class Gallery(App[None]):
    """Counts keys in its last line, after the screen was painted."""

    CSS = "OptionList { width: 50; } #count { dock: bottom; height: 1; background: $panel; }"
    ENABLE_COMMAND_PALETTE = False
    count = 0

    def compose(self) -> ComposeResult:
        yield from self.content()
        yield Static("keys=0.", id="count", markup=False)

    def content(self) -> ComposeResult:
        yield Static("nothing")

    async def on_event(self, event: events.Event) -> None:
        first = isinstance(event, events.Key) and not event.is_forwarded
        await super().on_event(event)
        if first:
            self.call_later(self._counted)

    def _counted(self) -> None:
        self.call_after_refresh(self._show_count)

    def _show_count(self) -> None:
        self.count += 1
        self.screen_stack[0].query_one("#count", Static).update(f"keys={self.count}.")


class Table(Gallery):
    def content(self) -> ComposeResult:
        table: DataTable[str] = DataTable(cursor_type="row")
        table.add_columns("a", "subject", "who")
        for i in range(300):
            table.add_row(f"#{i}", f"Subject {i} {WIDE[i % len(WIDE)]}", f"Person {i % 7}")
        yield table


class Lines(Gallery):
    def content(self) -> ComposeResult:
        with VerticalScroll():
            for i in range(200):
                yield Static(f"{i} {WIDE[i % len(WIDE)] * (1 + i % 3)}", markup=False)


class Editor(Gallery):
    def content(self) -> ComposeResult:
        yield TextArea(
            "\n".join(f"line {i} {WIDE[i % len(WIDE)]}" for i in range(100)), show_line_numbers=True
        )


class Ask(ModalScreen[None]):
    DEFAULT_CSS = "Ask { align: center middle; } Ask Static { width: 40; height: 7; border: round $accent; }"

    def compose(self) -> ComposeResult:
        yield Static("A question 東京?", markup=False)

    def on_key(self, event: events.Key) -> None:
        if event.key == "m":
            event.stop()
            self.dismiss()


class Mixed(Gallery):
    def content(self) -> ComposeResult:
        with TabbedContent():
            with TabPane("One"), Horizontal():
                yield OptionList(*[f"option {i} {WIDE[i % len(WIDE)]}" for i in range(60)])
                yield Input(placeholder="type 東京")
            with TabPane("Two"), Collapsible(title="more", collapsed=False):
                yield Static("\n".join(WIDE), markup=False)

    def on_key(self, event: events.Key) -> None:
        if event.key == "m" and not isinstance(self.screen, Ask):
            self.push_screen(Ask())


class Virtual(Gallery):
    def content(self) -> ComposeResult:
        def make(key: int) -> TableRow:
            cells = (
                f"#{key}",
                Cell(f"Subject {key} {WIDE[key % len(WIDE)]}", "strong"),
                f"Person {key % 7}",
                "1m",
            )
            return TableRow(key, cells, anchor=key)

        yield VirtualTable(COLUMNS, Numbers(100_000, make))


APPS: dict[str, type[Gallery]] = {
    "table": Table,
    "lines": Lines,
    "editor": Editor,
    "mixed": Mixed,
    "virtual": Virtual,
}

if __name__ == "__main__":
    APPS[sys.argv[1]]().run()
