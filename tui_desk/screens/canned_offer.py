"""Canned replies offered while one writes: ``;vpn`` and Tab or Enter, or a list to choose from. What is put in, the screen says."""

from __future__ import annotations

import re
from abc import abstractmethod

from textual.content import Content
from textual.widgets import Static, TextArea

from tui_desk.contracts.macros import CannedView, Filled
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.rules.fuzzy import fitting
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.canned_dialog import CannedDialog
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.text_field import TextField

_BEGUN = re.compile(r"(?:^|(?<=[\s(]));([\w.-]{0,40})$")
"""A ``;`` at the beginning of a word: one at the end of a clause is none."""
_LEFT = re.compile(r"(?:^|(?<=[\s(]));[\w.-]{1,40}", re.MULTILINE)
_OFFERED = 5
_NAME_WIDTH = 30


def begun(before_cursor: str) -> str | None:
    """What follows the ``;`` that one is typing; None where the cursor is not behind one."""
    found = _BEGUN.search(before_cursor)
    return found[1] if found else None


def left_over(text: str) -> tuple[str, ...]:
    """The words with a ``;`` before them that still stand in ``text``: nothing was put in for them."""
    return tuple(dict.fromkeys(_LEFT.findall(text)))


class CannedOffer(BaseScreen):
    """A screen with a text ``TextField`` and a line ``#canned`` below it."""

    _canned: tuple[CannedView, ...] | None = None
    """None until somebody types a ``;``."""

    @abstractmethod
    async def offered_canned(self) -> tuple[CannedView, ...]:
        """Those that may be put in here, the likeliest first. Raises DeskError."""

    @abstractmethod
    async def text_of_canned(self, chosen: CannedView) -> Filled:
        """What is put in for one. Raises DeskError."""

    @abstractmethod
    async def preview_of_canned(self, canned_id: int) -> Filled:
        """The same as it will read, to be looked at before. Raises DeskError."""

    def previewed_for(self) -> str:
        """With whose values a preview is shown, where that must be said."""
        return ""

    def on_mount(self) -> None:
        self.query_one(TextField).before_enter = self._enter_takes
        self.query_one("#canned", Static).display = False

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        typed = self._canned_begun()
        if typed is not None and self._canned is None:
            self.run_guarded(_("Canned replies"), self._read_canned(), group="canned", exclusive=True)
        self._show_canned(typed)

    def _canned_begun(self) -> str | None:
        area = self.query_one(TextArea)
        row, column = area.cursor_location
        return begun(area.document.get_line(row)[:column])

    async def _read_canned(self) -> None:
        self._canned = await self.offered_canned()
        self._show_canned(self._canned_begun())

    def _fitting(self, typed: str | None) -> list[CannedView]:
        if typed is None:
            return []
        return fitting(typed, self._canned or (), lambda one: (one.shortcut, one.name))

    def _show_canned(self, typed: str | None) -> None:
        shown = self.query_one("#canned", Static)
        found = self._fitting(typed)
        shown.display = bool(found)
        parts: list[Part] = [(_("Tab: "), "$muted")]
        for one in found[:_OFFERED]:
            language = f" ({one.language})" if one.language else ""
            parts += [
                (f";{one.shortcut}" if one.shortcut else "", "$text-accent"),
                (f" {safe_line(one.name, _NAME_WIDTH)}{language}   ", "$muted"),
            ]
        shown.update(line(*parts) if found else Content(""))

    def _enter_takes(self) -> bool:
        """Whether Enter takes a canned reply: with at least a letter behind the ``;`` that one fits."""
        typed = self._canned_begun()
        found = self._fitting(typed)
        if not typed or not found:
            return False
        self.run_guarded(_("Canned reply"), self._take(found[0], f";{typed}"))
        return True

    async def complete_canned(self) -> bool:
        """Take the first canned reply that fits what is begun; answers whether one does."""
        if not self.query_one(TextArea).has_focus or self._canned_begun() is None:
            return False
        if self._canned is None:
            await self._read_canned()  # Tab came faster than the desk was asked
        typed = self._canned_begun()
        found = self._fitting(typed)
        if found:
            await self._take(found[0], f";{typed}")
        return bool(found)

    async def do_insert_canned(self, argument: str) -> None:
        replies = await self.offered_canned()
        if not replies:
            self.refuse(_("There are no canned replies yet."), _("g c, section Canned replies, writes one."))
            return
        chosen = await self.app.push_screen_wait(
            CannedDialog(replies, self.preview_of_canned, self.previewed_for())
        )
        if chosen is not None:
            await self._take(chosen, "")

    async def _take(self, chosen: CannedView, typed: str) -> None:
        """Put the text where ``typed`` stands before the cursor."""
        filled = await self.text_of_canned(chosen)
        area = self.query_one(TextArea)
        row, column = area.cursor_location
        start = (row, column - len(typed))
        if typed and not area.document.get_line(row)[:column].endswith(typed):
            start = (row, column)  # something was typed meanwhile
        area.replace(safe_block(filled.text), start, (row, column))
        area.focus()
        if filled.problems:
            self.say(
                _("{name} is put in. Look again: {problems}").format(
                    name=safe_line(chosen.name, 40), problems=" ".join(filled.problems)
                ),
                level="warning",
            )
        else:
            self.say(_("{name} is put in.").format(name=safe_line(chosen.name, 40)), level="done")
