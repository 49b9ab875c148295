"""Canned replies to choose from, with the text of the one under the cursor below them."""

from __future__ import annotations

from textual.content import Content

from tui_desk.contracts.macros import CannedView
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block
from tui_desk.rules.fuzzy import fitting
from tui_desk.screens.chrome import line
from tui_desk.screens.picking import PickingDialog
from tui_desk.widgets.columns import fit

_NAME_WIDTH = 30


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
