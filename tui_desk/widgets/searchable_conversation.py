"""A conversation whose words can be searched: places are marked, and one goes from one to the next."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from tui_desk.widgets.conversation_layout import MessageItem
from tui_desk.widgets.conversation_search import Search, folds_with
from tui_desk.widgets.conversation_view import ConversationView

_ABOVE = 3
"""Lines that stay in view above a place."""


class SearchableConversation(ConversationView):
    """Call :meth:`search` with what is typed, then :meth:`step`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"conversation--found", "conversation--found-here"}
    DEFAULT_CSS = """
    SearchableConversation {
        & > .conversation--found { background: $warning-muted; color: $text-warning; text-style: underline; }
        & > .conversation--found-here { background: $text-warning; color: $background; text-style: bold; }
    }
    SearchableConversation:ansi {
        & > .conversation--found { background: ansi_default; color: ansi_default; text-style: underline; }
        & > .conversation--found-here { background: ansi_default; color: ansi_default; text-style: bold reverse; }
    }
    """

    def __init__(self, *, empty_text: str = "", id: str | None = None) -> None:
        super().__init__(empty_text=empty_text, id=id)
        self._search: Search | None = None
        self._began_at = (0, 0)
        self._opened: dict[Hashable, frozenset[int]] = {}
        self._unfolded: set[Hashable] = set()
        """Messages that are one line, but for the search."""

    @property
    def searched(self) -> tuple[int, int] | None:
        """Which place one stands on, from 1, and of how many; None where nothing is searched."""
        return self._search.counted() if self._search is not None else None

    def search(self, wanted: str) -> None:
        """Mark every place of ``wanted``, from where one is; empty: mark none, and fold again what was opened for it."""
        if self._search is None:
            self._began_at = self._top
        self._fold_again()
        self._search = None
        if wanted.strip():
            search = Search(wanted, self._layout)
            self._unfolded = {
                item.key for item in self._items if item.key in self._folded and search.has(item)
            }
            self._folded -= self._unfolded
            self._layouts.clear()
            for index, item in enumerate(self._items):
                self._unfold(index, folds_with(item, search.wanted))
            self._search = search
            search.look_at(self._items)
        self._arrange()

    def back_to_beginning(self) -> None:
        """To where one was when the search began."""
        if self._began_at[0] < len(self._items):
            self._top = self._began_at
            self._arrange()

    def step(self, delta: int) -> None:
        """To the next place (-1: the one before); the first time the first one from where one is."""
        search = self._search
        place = (
            search.step(delta, self._top if search.place is None else (0, 0)) if search is not None else None
        )
        if search is None or place is None:
            return
        line = search.line_of(place)
        shown = [self._numbered(y) for y in range(len(self._view))]
        self._current = place[0]
        if (place[0], line) not in shown:
            self._top = (place[0], max(0, line - _ABOVE))
        self._arrange()
        self._announce()

    def show(self, items: Sequence[MessageItem], focus: Hashable | None = None) -> None:
        """As every conversation; what is searched stays marked."""
        super().show(items, focus)
        if self._search is not None:
            self._search.look_at(self._items)
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """The lines are others."""
        if self._search is not None:
            self._search.laid_out_anew()

    def _set_open(self, index: int, folds: frozenset[int]) -> None:
        super()._set_open(index, folds)
        if self._search is not None:
            self._search.laid_out_anew(index)

    def _unfold(self, index: int, folds: frozenset[int]) -> None:
        key = self._items[index].key
        known = self._open.get(key, frozenset())
        if folds - known:
            self._opened[key] = folds - known
            self._open[key] = known | folds
            self._layouts.pop(index, None)

    def _fold_again(self) -> None:
        if self._unfolded:
            here = self.current
            self._folded |= self._unfolded - ({here.key} if here is not None else set())
            self._unfolded.clear()
            self._layouts.clear()
        for index, item in enumerate(self._items):
            opened = self._opened.pop(item.key, None)
            if opened:
                self._open[item.key] = self._open.get(item.key, frozenset()) - opened
                self._layouts.pop(index, None)
        self._opened.clear()

    def _numbered(self, y: int) -> tuple[int, int]:
        """The message and its line that is painted at ``y``."""
        index = self._view[y][0]
        if index == self._top[0]:
            return index, self._top[1] + y
        return index, y - next(row for row in range(y + 1) if self._view[row][0] == index)

    def render_line(self, y: int) -> Strip:
        """As every conversation, with the places marked."""
        strip = super().render_line(y)
        if self._search is None or y >= len(self._view):
            return strip
        line = self._view[y][1]
        gutter = cell_len(line.gutter)
        for start, end, here in self._search.spans(*self._numbered(y)):
            style = self._style("found-here" if here else "found")
            left = gutter + cell_len(line.text[:start])
            strip = _marked(strip, left, left + cell_len(line.text[start:end]), style)
        return strip


def _marked(strip: Strip, left: int, right: int, style: Style) -> Strip:
    """The cells from ``left`` to before ``right`` in another style."""
    width = strip.cell_length
    left, right = min(left, width), min(right, width)
    middle = Segment.apply_style(strip.crop(left, right), post_style=style)
    parts = [strip.crop(0, left), Strip(list(middle), right - left), strip.crop(right, width)]
    return Strip.join([part for part in parts if part.cell_length])
