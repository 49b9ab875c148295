"""Canned replies while one writes: ``;vpn`` and Tab or Enter, or a list to choose from with the text below it."""

from __future__ import annotations

import re

from textual.content import Content
from textual.widgets import Static, TextArea

from tui_desk.contracts.macros import CannedView, FillCanned, ListCanned
from tui_desk.core.enums import DraftKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.rules.fuzzy import fitting
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.picking import PickingDialog
from tui_desk.screens.text_field import TextField
from tui_desk.screens.thing_completion import ThingCompletion
from tui_desk.widgets.columns import fit

_BEGUN = re.compile(r"(?:^|(?<=[\s(]));([\w.-]{0,40})$")
"""A ``;`` at the beginning of a word: one at the end of a clause is none."""
_OFFERED = 5
_NAME_WIDTH = 30


def begun(before_cursor: str) -> str | None:
    """What follows the ``;`` that one is typing; None where the cursor is not behind one."""
    found = _BEGUN.search(before_cursor)
    return found[1] if found else None


class CannedCompletion(ThingCompletion):
    """A screen with a text ``TextArea`` and a line ``#canned`` below it."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._canned: tuple[CannedView, ...] | None = None
        """None until somebody types a ``;``."""

    def on_mount(self) -> None:
        self.query_one(TextField).before_enter = self._enter_takes
        self.query_one("#canned", Static).display = False

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        typed = self._canned_begun()
        if typed is not None and self._canned is None:
            self._canned = ()
            self.run_guarded(_("Canned replies"), self._read_canned())
        self._show_canned(typed)

    def _canned_begun(self) -> str | None:
        area = self.query_one(TextArea)
        row, column = area.cursor_location
        return begun(area.document.get_line(row)[:column])

    async def _read_canned(self) -> None:
        self._canned = await self.ask(ListCanned(self.number))
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

    async def do_complete(self, argument: str) -> None:
        """Take the first canned reply that fits; where none is begun, what Tab does otherwise."""
        typed = self._canned_begun()
        found = self._fitting(typed)
        if found and self.query_one(TextArea).has_focus:
            await self._take(found[0], f";{typed}")
        else:
            await super().do_complete(argument)

    async def do_insert_canned(self, argument: str) -> None:
        replies = await self.ask(ListCanned(self.number))
        if not replies:
            self.refuse(_("There are no canned replies yet."), _("g c, section Canned replies, writes one."))
            return
        chosen = await self.app.push_screen_wait(CannedDialog(replies))
        if chosen is not None:
            await self._take(chosen, "")

    async def _take(self, chosen: CannedView, typed: str) -> None:
        """Put the filled-in text where ``typed`` stands before the cursor."""
        filled = await self.ask(FillCanned(self.number, chosen.id))
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


class CannedDialog(PickingDialog[CannedView]):
    """Canned replies by a few letters of shortcut, name or text."""

    def __init__(self, replies: tuple[CannedView, ...]) -> None:
        super().__init__()
        self.title_text = _("Put in a canned reply")
        self.placeholder = _("letters of its shortcut or name")
        self.hint = _("Enter puts it in · Esc leaves")
        self._replies = replies

    def found(self, typed: str) -> tuple[list[CannedView], int]:
        named = fitting(typed, self._replies, lambda one: (one.shortcut, one.name))
        others = [
            one for one in self._replies if one not in named and typed.casefold() in one.text.casefold()
        ]
        return named + others, 0

    def label(self, value: CannedView) -> Content:
        rest = " · ".join(filter(None, (value.language, value.team, _("mine") if value.own else "")))
        shortcut = f";{value.shortcut}" if value.shortcut else ""
        return line(
            (fit(shortcut, 12), "$text-accent"), fit(value.name, _NAME_WIDTH), (f"  {rest}", "$muted")
        )

    def about(self, value: CannedView) -> Content:
        return Content(safe_block(value.text, 4_000))
