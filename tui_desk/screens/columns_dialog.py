"""Columns and groups of the queue: shown or hidden, their order and width, what groups the list."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.contracts.queue import GROUPS
from tui_desk.contracts.queue_layout import (
    ALWAYS_SHOWN,
    COLUMNS,
    LEAST_WIDTH,
    MOST_WIDTH,
    USUAL_COLUMNS,
    ChosenColumn,
    QueueLayout,
)
from tui_desk.core.i18n import _
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.queue_source import column_name, columns, group_name, may_be_sized
from tui_desk.widgets.columns import Column, Placed, fit, place_columns
from tui_desk.widgets.table_paint import GUTTER

_GROUPS = ("", *GROUPS)
_NAME = 20
_LEFT = 12
"""Rows of the dialog that are not the list, and what of the screen is around it."""


class ColumnsDialog(Dialog[QueueLayout]):
    """Every column is a line. What is changed holds when Enter is pressed."""

    def __init__(self, layout: QueueLayout, digits: int, view: str, width: int) -> None:
        """``digits``: of the widest number; ``width``: cells of the table, to say which columns have no room."""
        super().__init__()
        self._columns = list(layout.columns or USUAL_COLUMNS)
        self._group = layout.group
        self._digits, self._view, self._width = digits, view, width
        self._at = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(_("Columns and groups of the queue"), classes="dialog-title", markup=False)
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static("", id="told", classes="dialog-detail", markup=False)
            hint = _(
                "Space shows or hides · J K move · + - width, = usual width\n"
                "g groups · r resets all · Enter takes it · Esc leaves"
            )
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.can_focus = False
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        self.query_one(OptionList).styles.max_height = max(3, event.size.height - _LEFT)

    @property
    def layout_chosen(self) -> QueueLayout:
        """What is chosen now; no columns where they are as usual."""
        found = tuple(self._columns)
        return QueueLayout(() if found == USUAL_COLUMNS else found, self._group)

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        key = event.character if event.is_printable else event.key
        if key in ("j", "down", "k", "up"):
            self._at = max(0, min(len(self._columns) - 1, self._at + (1 if key in ("j", "down") else -1)))
        elif key in ("J", "shift+down", "K", "shift+up"):
            self._move(1 if key in ("J", "shift+down") else -1)
        elif key in (" ", "space"):
            self._toggle()
        elif key in ("+", "-"):
            self._widen(1 if key == "+" else -1)
        elif key == "=":
            self._put(self._columns[self._at], width=0)
        elif key == "g":
            self._group = _GROUPS[(_GROUPS.index(self._group) + 1) % len(_GROUPS)]
        elif key == "r":
            self._columns, self._group = list(USUAL_COLUMNS), ""
        elif key == "enter":
            self.dismiss(self.layout_chosen)
            return
        else:
            return
        self._show()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click shows or hides."""
        self._at = event.option_index
        self._toggle()
        self._show()

    def _move(self, by: int) -> None:
        there = self._at + by
        if 0 <= there < len(self._columns):
            self._columns[self._at], self._columns[there] = self._columns[there], self._columns[self._at]
            self._at = there

    def _toggle(self) -> None:
        column = self._columns[self._at]
        if column.id not in ALWAYS_SHOWN:
            self._put(column, shown=not column.shown)

    def _widen(self, by: int) -> None:
        column = self._columns[self._at]
        if may_be_sized(column.id):
            wide = self._cells(column) + by
            self._put(column, width=max(LEAST_WIDTH, min(MOST_WIDTH, wide)))

    def _put(self, column: ChosenColumn, *, shown: bool | None = None, width: int | None = None) -> None:
        self._columns[self._at] = ChosenColumn(
            column.id,
            column.shown if shown is None else shown,
            column.width if width is None else width,
        )

    def _cells(self, column: ChosenColumn) -> int:
        """How wide it is where it is placed, else how wide it would like to be."""
        placed = {one.column.cell: one.width for one in self._placed()}
        mine = next(one for one in self._all() if one.cell == _cell(column))
        return column.width or placed.get(mine.cell, mine.wanted)

    def _all(self) -> tuple[Column, ...]:
        return columns(self._digits, self._view, QueueLayout(tuple(self._columns)), hidden=True)

    def _placed(self) -> tuple[Placed, ...]:
        shown = columns(self._digits, self._view, self.layout_chosen)
        return place_columns(shown, max(1, self._width - GUTTER))

    def _show(self) -> None:
        placed = {one.column.cell: one.width for one in self._placed()}
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            [Option(self._line(one, placed, index == self._at)) for index, one in enumerate(self._columns)]
        )
        options.highlighted = self._at
        group = _("Grouped by: {name}").format(name=group_name(self._group))
        self.query_one("#told", Static).update(Content.assemble((group, "bold")))

    def _line(self, column: ChosenColumn, placed: dict[int, int], is_here: bool) -> Content:
        mark = "[x]" if column.shown else "[ ]"
        name = fit(column_name(column.id), _NAME)
        told = ""
        if column.shown and _cell(column) not in placed:
            told = _("no room here")
        elif column.shown and may_be_sized(column.id):
            told = f"{placed[_cell(column)]:>3}" + (f" {_('your width')}" if column.width else "")
        bar = ("▌ ", "$text-primary") if is_here else "  "
        return Content.assemble(bar, (f"{mark} {name} ", "bold" if is_here else ""), (told, "$muted"))


def _cell(column: ChosenColumn) -> int:
    return COLUMNS.index(column.id)
