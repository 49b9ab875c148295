"""Pane Work of the ticket screen: everything that is to be done, decided, bought and recorded on it, one list with one cursor.

A subject adds itself here: a builder in :data:`BUILDERS`, the actions that ``+`` offers in :data:`ADDITIONS`, and what Enter, ``e``
and ``X`` do with a line of its kind in :data:`OPENERS`, :data:`EDITORS` and :data:`REMOVERS`. What holds of the current line is the fact ``work_<kind>``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from rich.cells import cell_len
from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Static

from tui_desk.contracts.tickets import TicketView
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens import approval_words, purchase_words, task_items
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.work_items import WorkItem, WorkSection

Builder = Callable[[TicketView, datetime], WorkSection]

BUILDERS: tuple[Builder, ...] = (
    task_items.tasks,
    task_items.time,
    approval_words.work_section,
    purchase_words.work_section,
)
ADDITIONS: tuple[str, ...] = ("add_task", "add_checklist", "add_time", "add_approval", "add_purchase")
"""Ids of the actions that ``+`` offers, in order; each has its own keys, command and handler like any other."""
OPENERS: dict[str, str] = {
    "task": "edit_task",
    "time": "edit_time",
    "approval": "open_approval",
    "purchase": "open_purchase",
}
"""The action that Enter runs on a line, by its kind."""
EDITORS: dict[str, str] = {
    "task": "edit_task",
    "time": "edit_time",
    "approval": "open_approval",
    "purchase": "edit_purchase",
}
REMOVERS: dict[str, str] = {"task": "remove_task", "time": "remove_time", "purchase": "cancel_purchase"}

_LEAST_TEXT = 16


def sections(ticket: TicketView, now: datetime) -> tuple[WorkSection, ...]:
    """All work on the ticket, subject by subject."""
    return tuple(build(ticket, now) for build in BUILDERS)


class WorkPane(VerticalScroll):
    """The list. The screen moves its cursor; it keeps it on the same line while others change around it."""

    class Moved(Message):
        """The cursor stands on another line."""

    def __init__(self, id: str) -> None:
        super().__init__(Static("", id=f"{id}-text", markup=False), id=id, can_focus=True)
        self._sections: tuple[WorkSection, ...] = ()
        self._at: tuple[str, int] | None = None
        self._rows: dict[tuple[str, int], int] = {}

    @property
    def items(self) -> tuple[WorkItem, ...]:
        """All lines the cursor can stand on."""
        return tuple(item for section in self._sections for item in section.items)

    @property
    def current(self) -> WorkItem | None:
        """The line under the cursor."""
        return next((item for item in self.items if (item.kind, item.id) == self._at), None)

    def show(self, shown: Sequence[WorkSection]) -> None:
        """Show the work as it is now; the cursor stays on its line, or goes to the one that took its place."""
        before, index = self.current, self._index()
        self._sections = tuple(shown)
        if self.current is None:
            items = self.items
            self._at = _key(items[min(index, len(items) - 1)]) if items else None
        self._paint()
        if self.current != before:
            self.post_message(self.Moved())

    def select(self, kind: str, item_id: int) -> bool:
        """Put the cursor on a line; False where there is none such."""
        if not any((item.kind, item.id) == (kind, item_id) for item in self.items):
            return False
        self._go((kind, item_id))
        return True

    def move(self, delta: int) -> None:
        """Move the cursor so many lines."""
        items = self.items
        if items:
            self._go(_key(items[max(0, min(len(items) - 1, self._index() + delta))]))

    def page(self, pages: float) -> None:
        """Move it by a part of what is in view."""
        self.move(int(pages * max(2, self.size.height)))

    def _index(self) -> int:
        return next((at for at, item in enumerate(self.items) if _key(item) == self._at), 0)

    def _go(self, key: tuple[str, int]) -> None:
        moved, self._at = key != self._at, key
        self._paint()
        if moved:
            self.post_message(self.Moved())

    def on_resize(self, event: events.Resize) -> None:
        self._paint()

    def _paint(self) -> None:
        width = max(30, self.scrollable_content_region.width)
        lines: list[Content] = []
        self._rows = {}
        for section in self._sections:
            if lines:
                lines.append(Content(""))
            lines.append(line((section.title, "bold $text-primary"), (f"   {section.summary}", "$muted")))
            for item in section.items:
                self._rows[_key(item)] = len(lines)
                lines += _painted(item, width, current=_key(item) == self._at)
            if not section.items:
                lines.append(line((f"  {section.empty}", "$muted")))
        self.query_one(Static).update(Content("\n").join(lines))
        if self._at is not None and self._at in self._rows:
            self.call_after_refresh(self._keep_in_view, self._rows[self._at])

    def _keep_in_view(self, row: int) -> None:
        first = row <= 1
        self.scroll_to_region(Region(0, 0 if first else row, 1, 3 if first else 2), animate=False)


def _key(item: WorkItem) -> tuple[str, int]:
    return (item.kind, item.id)


def _painted(item: WorkItem, width: int, *, current: bool) -> list[Content]:
    right = safe_line(item.right, 80)
    room = max(_LEAST_TEXT, width - 5 - cell_len(right) - 2)
    text = Content(safe_line(item.text, 400)).truncate(room, ellipsis=True).plain
    gap = max(2, width - 4 - cell_len(text) - cell_len(right) - 1)
    look = "$muted" if item.over else ""
    parts: list[Part] = [
        ("› " if current else "  ", "$text-accent bold"),
        (f"{item.glyph} ", item.style),
        (text, "$text-primary bold reverse" if current else look),
        (" " * gap, ""),
        (right, item.style if not item.over else "$muted"),
    ]
    painted = [line(*parts)]
    if current and item.detail:
        painted += [line((f"    {one}", "$muted")) for one in safe_block(item.detail, 2_000).splitlines()[:8]]
    return painted
