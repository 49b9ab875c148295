"""What becomes of each of many tickets, as the rows of a table and in a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.content import Content

from tui_desk.contracts.bulk import BulkLine
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block
from tui_desk.screens.macro_words import what_it_does
from tui_desk.widgets.row_buffer import Cell, Direction, RowWindow, TableRow

_SIGNS = {
    "changed": ("→", "success"),
    "unchanged": ("=", "muted"),
    "repeated": ("=", "muted"),
    "refused": ("×", "error"),
}


class Lines:
    """The lines of a preview as rows of a table; those that cannot be changed first."""

    def __init__(self, lines: Sequence[BulkLine], hidden: frozenset[int]) -> None:
        order = {"refused": 0, "changed": 1}
        self._lines = sorted(lines, key=lambda one: order.get(one.effect, 2))
        self._hidden = hidden

    async def window(self, anchor: Any | None, direction: Direction, limit: int) -> RowWindow:
        """All of them at once: they are in memory."""
        return RowWindow([] if direction in ("after", "before") else [self._row(one) for one in self._lines])

    def _row(self, one: BulkLine) -> TableRow:
        sign, style = _SIGNS[one.effect]
        what = f"{one.to}: {one.sentence}" if one.to else one.sentence
        if one.number in self._hidden:
            what = _("(not shown in the list) {what}").format(what=what)
        cells = (
            Cell(sign, style),
            Cell(str(one.number), "muted"),
            Cell(one.subject or "–"),
            Cell(what, "error" if one.effect == "refused" else ""),
        )
        return TableRow(one.number, cells)


def read_of(one: BulkLine) -> Content:
    """All that there is to read about one: to whom, the text as it reads there, what a macro does; or why it cannot be."""
    if one.effect == "refused":  # it seldom fits into its column
        return Content(safe_block(one.sentence))
    to = _("To: {who}").format(who=one.to) + "\n" if one.to else ""
    if one.macro is not None:
        return Content.assemble((to, "bold"), what_it_does(one.macro))
    return Content.assemble((to, "bold"), safe_block(one.text or one.sentence))


def summary(lines: Sequence[BulkLine], of_mails: bool = False) -> str:
    """How many change (or get a mail), are so already, cannot."""
    counts = {effect: sum(1 for one in lines if one.effect == effect) for effect in _SIGNS}
    changed = counts["changed"]
    words = (
        ngettext("{count} gets a mail", "{count} get a mail", changed)
        if of_mails
        else ngettext("{count} changes", "{count} change", changed)
    )
    parts = [words.format(count=changed)]
    if counts["unchanged"]:
        told = ngettext("{count} is so already", "{count} are so already", counts["unchanged"])
        parts.append(told.format(count=counts["unchanged"]))
    if counts["refused"]:
        told = ngettext("{count} cannot", "{count} cannot", counts["refused"])
        parts.append(told.format(count=counts["refused"]))
    return " · ".join(parts)
