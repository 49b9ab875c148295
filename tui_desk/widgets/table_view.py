"""What a table of any length looks like: its styles, its columns, and the lines of the rows in view."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui_desk.core.i18n import _
from tui_desk.widgets.columns import Column, Placed, place_columns
from tui_desk.widgets.component_style import component_style
from tui_desk.widgets.row_buffer import RowBuffer
from tui_desk.widgets.table_paint import (
    GUTTER,
    Look,
    header_strip,
    heading_strip,
    message_strip,
    row_strip,
    skeleton_strip,
)

CELL_STYLES = ("muted", "strong", "accent", "success", "warning", "error", "note")
"""Names for ``Cell.style`` and ``TableRow.style``; each is a component class of the table."""

_STRIPS_KEPT = 2_000


class TableView(Widget):
    """Paints the rows of a buffer that are in view. What fills the buffer and moves in it is :class:`VirtualTable`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "virtual-table--header",
        "virtual-table--cursor",
        "virtual-table--cursor-unfocused",
        "virtual-table--empty",
        "virtual-table--heading",
        *(f"virtual-table--{name}" for name in CELL_STYLES),
    }
    DEFAULT_CSS = """
    TableView {
        height: 1fr; width: 1fr;
        & > .virtual-table--header { text-style: bold; color: $text-muted; background: $panel; }
        & > .virtual-table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & > .virtual-table--cursor-unfocused { background: $primary-muted; color: $foreground; }
        & > .virtual-table--empty { color: $text-muted; }
        & > .virtual-table--heading { text-style: bold; color: $text-secondary; }
        & > .virtual-table--muted { color: $text-muted; }
        & > .virtual-table--strong { text-style: bold; }
        & > .virtual-table--accent { color: $text-accent; }
        & > .virtual-table--success { color: $text-success; }
        & > .virtual-table--warning { color: $text-warning; }
        & > .virtual-table--error { color: $text-error; text-style: bold; }
        & > .virtual-table--note { color: $text-secondary; }
    }
    TableView:ansi {
        & > .virtual-table--header { background: ansi_default; color: ansi_default; text-style: bold underline; }
        & > .virtual-table--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
        & > .virtual-table--cursor-unfocused { background: ansi_default; color: ansi_default; text-style: underline; }
        & > .virtual-table--heading { color: ansi_default; text-style: bold; }
        & > .virtual-table--muted { color: ansi_default; text-style: dim; }
    }
    """

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty_text: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns: tuple[Column, ...] = tuple(columns)
        self.empty_text = empty_text or _("Nothing here.")
        self._buffer = RowBuffer()
        self._placed: tuple[Placed, ...] = ()
        self._strips: dict[tuple[Hashable, Look, bool], Strip] = {}
        self._marks: frozenset[Hashable] = frozenset()
        self._counts: Mapping[str, str] = {}
        self._styles_by_name: dict[str, Style] = {}
        self._loading_rows = True
        self._failure = ""

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The columns there is room for, and how wide they are."""
        return self._placed

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show the same rows in other columns, such as wider ones."""
        self.columns = tuple(columns)
        self._place()

    def show_marks(self, keys: frozenset[Hashable]) -> None:
        """Put the sign of a mark on the rows with these keys; only rows that differ are painted."""
        changed, self._marks = self._marks ^ keys, keys
        buffer = self._buffer
        for index in range(buffer.top, min(buffer.top + buffer.height, len(buffer.rows))):
            if buffer.rows[index].key in changed:
                self._repaint_row(index)

    def show_counts(self, counts: Mapping[str, str]) -> None:
        """Say in the headings how many rows each group has, by what the heading says; only headings that differ are painted."""
        before, self._counts = self._counts, counts
        buffer = self._buffer
        for index in range(buffer.top, min(buffer.top + buffer.height, len(buffer.rows))):
            row = buffer.rows[index]
            if row.heading and before.get(row.group) != counts.get(row.group):
                self._repaint_row(index)

    def _in_view(self) -> tuple[object, ...]:
        """What is painted, but for columns, marks and styles."""
        buffer = self._buffer
        rows = buffer.rows[buffer.top : buffer.top + buffer.height]
        return self._loading_rows, self._failure, buffer.cursor - buffer.top, tuple(rows)

    def _repaint_changed(self, before: tuple[object, ...]) -> None:
        """Rows were read: paint them, unless those in view are as they were (``before``, as :meth:`_in_view` told it)."""
        self._strips.clear()
        if self._in_view() != before:
            self.refresh()

    def _repaint_all(self) -> None:
        self._strips.clear()
        self.refresh()

    def _repaint_body(self) -> None:
        self._repaint_lines(1, max(0, self.size.height - 1))

    def _repaint_row(self, index: int) -> None:
        line = index - self._buffer.top + 1
        if 1 <= line < self.size.height:
            self._repaint_lines(line, 1)

    def _repaint_lines(self, first: int, count: int) -> None:
        """Paint some lines anew. As ``refresh`` does, without the three messages that find out that nothing else is to be done."""
        region = Region(0, first, self.size.width, count)
        screen = self.screen if self.is_mounted and self.is_attached else None
        if screen is None or self not in screen._compositor or not screen.is_current:
            self.refresh(region)
            return
        self._set_dirty(region)
        screen._dirty_widgets.add(self)
        screen._update_timer.resume()

    def _place(self) -> None:
        self._placed = place_columns(self.columns, max(1, self.size.width - GUTTER))
        self._repaint_all()

    def on_focus(self) -> None:
        """The cursor's style depends on the focus."""
        self._repaint_row(self._buffer.cursor)

    def on_blur(self) -> None:
        """The cursor's style depends on the focus."""
        self._repaint_row(self._buffer.cursor)

    def notify_style_update(self) -> None:
        """Forget what was rendered with the old theme."""
        super().notify_style_update()
        self._styles_by_name.clear()
        self._strips.clear()

    def _style(self, name: str) -> Style:
        style = self._styles_by_name.get(name)
        if style is None:
            style = component_style(self, f"virtual-table--{name}") if name else self.rich_style
            self._styles_by_name[name] = style
        return style

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are, where no style puts anything around or over them; those painted before are not made again."""
        styles = self.styles
        framed = styles.gutter or styles.outline or styles.has_rule("hatch") or styles.tint.a
        if framed or self.opacity != 1.0 or styles.text_opacity != 1.0:
            return super().render_lines(crop)
        filters, background = self.get_line_filters(), self.background_colors[1]
        lines = []
        for y in crop.line_range:
            strip = self.render_line(y)
            for one in filters:
                strip = strip.apply_filter(one, background)
            lines.append(strip)
        if crop.column_span != (0, self.size.width):
            lines = [strip.crop(*crop.column_span) for strip in lines]
        return lines

    def render_line(self, y: int) -> Strip:
        """Line 0 is the header; below it the rows in view, or the skeleton, the failure or the empty text."""
        width = self.size.width
        if y == 0:
            return header_strip(self._placed, width, self._style)
        buffer = self._buffer
        if not buffer.rows:
            return self._blank_line(y, width)
        index = buffer.top + y - 1
        if index >= len(buffer.rows):
            return Strip.blank(width, self.rich_style)
        row = buffer.rows[index]
        if row.heading:
            return heading_strip(row, width, self._style("heading"), self._counts.get(row.group, ""))
        look = Look.PLAIN
        if index == buffer.cursor:
            look = Look.CURSOR if self.has_focus else Look.CURSOR_UNFOCUSED
        marked = row.key in self._marks
        strip = self._strips.get((row.key, look, marked))
        if strip is None:
            if len(self._strips) > _STRIPS_KEPT:
                self._strips.clear()
            strip = row_strip(row, self._placed, width, look, self._style, marked)
            self._strips[row.key, look, marked] = strip
        return strip

    def _blank_line(self, y: int, width: int) -> Strip:
        if self._loading_rows:
            return skeleton_strip(y, self._placed, width, self._style)
        if y != 2:
            return Strip.blank(width, self.rich_style)
        text, name = (self._failure, "error") if self._failure else (self.empty_text, "empty")
        return message_strip(text, width, self._style(name))
