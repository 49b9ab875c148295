"""Choosing a view: all of them with their counts, narrowed by typing; a saved one is renamed, shared or removed from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.widgets import OptionList

from tui_desk.contracts.views import SavedView, Sharing
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.words import fold
from tui_desk.screens.narrowing import NarrowingDialog

_DEEDS = {"f2": "rename", "f3": "share", "f8": "remove"}


class ViewLine(NamedTuple):
    """A line of the list: a built-in view by its name, or a saved one."""

    view: str
    title: str
    figure: str
    saved: SavedView | None = None


class ChosenView(NamedTuple):
    """``deed``: open, rename, share, remove."""

    line: ViewLine
    deed: str = "open"


class ViewDialog(NarrowingDialog[ChosenView]):
    """Arrows, or type a part of a name or query; Enter shows it."""

    wide = True

    def __init__(self, lines: Sequence[ViewLine]) -> None:
        super().__init__()
        self._lines = tuple(lines)
        self.title_text = _("Views")
        self.placeholder = _("type to narrow")
        self.hint = _("Enter shows it · F2 renames · F3 shares · F8 removes · Esc leaves")

    def found(self, typed: str) -> tuple[Sequence[ChosenView], int]:
        wanted = fold(typed)
        rated = [(_rank(wanted, line), line) for line in self._lines]
        fitting = sorted((pair for pair in rated if pair[0] is not None), key=lambda pair: pair[0] or 0)
        return [ChosenView(line) for _place, line in fitting], 0

    def label(self, value: ChosenView) -> Content:
        line = value.line
        parts: list[str | tuple[str, str]] = [
            (f"{line.figure:>5}  ", "$muted"),
            (safe_line(line.title), "bold" if line.saved is not None else ""),
        ]
        if line.saved is not None:
            parts.append((f"  {sharing_words(line.saved)}", "$text-accent"))
            parts.append((f"  {safe_line(line.saved.query)}", "$muted"))
        return Content.assemble(*parts).truncate(self.room(), ellipsis=True)

    def on_key(self, event: events.Key) -> None:
        deed = _DEEDS.get(event.key)
        if deed is None:
            super().on_key(event)
            return
        event.stop()
        event.prevent_default()
        index = self.query_one(OptionList).highlighted
        if index is None or index >= len(self._shown):
            return
        line = self._shown[index].line
        if line.saved is not None:
            self.dismiss(ChosenView(line, deed))


def _rank(wanted: str, line: ViewLine) -> int | None:
    """How well a line fits: its beginning, a part of its title, the letters in order, a part of its query; None: not at all."""
    title = fold(line.title)
    if title.startswith(wanted):
        return 0
    if wanted in title:
        return 1
    letters = iter(title)
    if all(char in letters for char in wanted if not char.isspace()):
        return 2
    return 3 if line.saved is not None and wanted in fold(line.saved.query) else None


def sharing_words(view: SavedView) -> str:
    """Who sees a view, in a word or two."""
    if view.sharing is Sharing.PRIVATE:
        return _("only you")
    return view.team if view.sharing is Sharing.TEAM else _("the whole desk")
