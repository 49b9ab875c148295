"""What screens around one table share: the movement keys of the registry, and the cursor's row."""

from __future__ import annotations

from textual import events

from tui_desk.screens.base import BaseScreen
from tui_desk.widgets.virtual_table import VirtualTable


class ScreenTable(VirtualTable):
    """The table as a screen uses it: key sequences such as ``g g`` are the screen's, so that ``g q`` works too."""

    def on_key(self, event: events.Key) -> None:
        """Leave every key to the screen."""
        event.prevent_default()


class ListScreen(BaseScreen):
    """A screen whose middle is one table (the first of its kind, or :meth:`table` says which)."""

    def table(self) -> VirtualTable:
        """The table that the movement keys move."""
        return self.query_one(ScreenTable)

    def do_down(self, argument: str) -> None:
        self.table().action_move(1)

    def do_up(self, argument: str) -> None:
        self.table().action_move(-1)

    def do_half_down(self, argument: str) -> None:
        self.table().action_page(0.5)

    def do_half_up(self, argument: str) -> None:
        self.table().action_page(-0.5)

    def do_page_down(self, argument: str) -> None:
        self.table().action_page(1)

    def do_page_up(self, argument: str) -> None:
        self.table().action_page(-1)

    def do_first(self, argument: str) -> None:
        self.table().action_first()

    def do_last(self, argument: str) -> None:
        self.table().action_last()

    def do_open(self, argument: str) -> None:
        self.table().action_select()
