"""Tickets and assets while one writes: ``#10`` or ``#vpn`` offers tickets and assets, the beginning of a tag (``LT-0``) assets."""

from __future__ import annotations

import re
from typing import NamedTuple

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static, TextArea

from tui_desk.contracts.desk import ListAssets
from tui_desk.contracts.queue import ListTickets
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.mention_completion import MentionCompletion

_BEGUN = re.compile(r"(?:^|(?<=[\s(,]))#([\w.-]{1,40})$")
_TAG_BEGUN = re.compile(r"(?:^|(?<=[\s(,]))([A-Z]{2,8}-[\w-]{0,20})$")
_AFTER = 0.15
"""Seconds without a key after which the desk is asked."""
_OFFERED = 4
_LABEL = 36


class Thing(NamedTuple):
    """``text`` takes the place of what was typed, ``label`` says what it is."""

    text: str
    label: str


class Begun(NamedTuple):
    """What is typed, from the ``#`` on, or the beginning of a tag."""

    typed: str
    tag: bool

    @property
    def words(self) -> str:
        """What is looked for: ``#paper-jam`` are two words."""
        return self.typed if self.tag else self.typed[1:].replace("-", " ").replace("_", " ").strip(" .")


def begun(before_cursor: str) -> Begun | None:
    """What is begun right before the cursor; None where nothing is."""
    found = _BEGUN.search(before_cursor)
    if found:
        return Begun(f"#{found[1]}", tag=False)
    found = _TAG_BEGUN.search(before_cursor)
    return Begun(found[1], tag=True) if found else None


def numbers_from(digits: str) -> tuple[int, ...]:
    """The numbers that begin with ``digits``, three digits on."""
    begin = int(digits)
    return tuple(
        number for size in (1, 10, 100, 1_000) for number in range(begin * size, begin * size + size)
    )


class ThingCompletion(MentionCompletion):
    """A screen with a text ``TextArea`` and a line ``#things`` below it."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._things: tuple[Begun, tuple[Thing, ...]] | None = None
        self._ask_things: Timer | None = None

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        if self._ask_things is not None:
            self._ask_things.stop()
            self._ask_things = None
        typed = self._thing_begun()
        if typed is not None and typed.words and (self._things is None or self._things[0] != typed):
            self._ask_things = self.set_timer(_AFTER, self._find_soon)
        self._show_things()

    def _thing_begun(self) -> Begun | None:
        area = self.query_one(TextArea)
        row, column = area.cursor_location
        return begun(area.document.get_line(row)[max(0, column - 60) : column])

    def _find_soon(self) -> None:
        self._ask_things = None
        self.run_guarded(_("Tickets and assets"), self._find_things, group="things", exclusive=True)

    async def _find_things(self) -> None:
        typed = self._thing_begun()
        if typed is None or not typed.words:
            return
        try:
            tickets = () if typed.tag else await self._tickets(typed.words)
            found = (*tickets, *await self._assets(typed.words))[:_OFFERED]
        except DeskError:
            found = ()  # an offer that cannot be made is no news to somebody who writes
        self._things = (typed, found)
        self._show_things()

    async def _tickets(self, wanted: str) -> tuple[Thing, ...]:
        if wanted.isascii() and wanted.isdecimal():
            if len(wanted) > 9:
                return ()
            request = ListTickets(view="all", numbers=numbers_from(wanted), limit=_OFFERED)
        else:
            request = ListTickets(view="all", query=" ".join(wanted.split()), limit=_OFFERED)
        page = await self.ask(request)
        return tuple(Thing(f"#{row.number}", row.subject) for row in page.rows if row.number != self.number)

    async def _assets(self, wanted: str) -> tuple[Thing, ...]:
        page = await self.ask(ListAssets(wanted, limit=_OFFERED))
        return tuple(Thing(row.tag, row.name) for row in page)

    def _fitting_things(self) -> tuple[Thing, ...]:
        """What the desk has found for what stands before the cursor now, that is not written out already."""
        typed = self._thing_begun()
        if typed is None or self._things is None or self._things[0] != typed:
            return ()
        return tuple(one for one in self._things[1] if one.text != typed.typed)

    def _show_things(self) -> None:
        shown = self.query_one("#things", Static)
        found = self._fitting_things()
        shown.display = bool(found)
        parts: list[Part] = [(_("Tab: "), "$muted")]
        for one in found:
            parts += [(one.text, "$text-accent"), (f" {safe_line(one.label, _LABEL)}   ", "$muted")]
        shown.update(line(*parts) if found else Content(""))

    async def do_complete(self, argument: str) -> None:
        """Take the first ticket or asset that fits; where none is begun, what Tab does otherwise."""
        area = self.query_one(TextArea)
        typed = self._thing_begun() if area.has_focus else None
        if typed is not None and typed.words and (self._things is None or self._things[0] != typed):
            await self._find_things()  # Tab came faster than the desk was asked
        found = self._fitting_things()
        if typed is None or not found:
            await super().do_complete(argument)
            return
        row, column = area.cursor_location
        area.replace(found[0].text, (row, column - len(typed.typed)), (row, column))
