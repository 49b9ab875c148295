"""What becomes of each of many tickets, as the rows of a table and in a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui_desk.contracts.bulk import BulkLine
from tui_desk.core.i18n import _, ngettext
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
