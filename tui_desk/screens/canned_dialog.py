"""Canned replies to choose from, with the text of the one under the cursor below them as it would be put in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from rich.cells import cell_len
from textual.content import Content

from tui_desk.contracts.macros import CannedView, Filled
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.rules.fuzzy import fitting
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.looking import LookingDialog
from tui_desk.widgets.columns import fit

Lookup = Callable[[int], Awaitable[Filled]]
_SHORTCUT_WIDTH, _LEAST_NAME = 12, 16


class CannedDialog(LookingDialog[CannedView, Filled]):
    """Canned replies by a few letters of shortcut, name or text. ``filled_for`` says with whose values
    the texts are shown, where that is not plain."""

    def __init__(self, replies: tuple[CannedView, ...], lookup: Lookup, filled_for: str = "") -> None:
        super().__init__(lookup)
        self.title_text = _("Put in a canned reply")
        self.placeholder = _("type to narrow")
        self.hint = _("Enter puts it in · Esc leaves")
        self._replies, self._filled_for = replies, filled_for
        self._name_width = max((cell_len(safe_line(one.name)) for one in replies), default=0)
        self._rest_width = max((cell_len(_rest(one)) for one in replies), default=0)

    def found(self, typed: str) -> tuple[list[CannedView], int]:
        named = fitting(typed, self._replies, lambda one: (one.shortcut, one.name))
        others = [
            one for one in self._replies if one not in named and typed.casefold() in one.text.casefold()
        ]
        return named + others, 0

    def label(self, value: CannedView) -> Content:
        shortcut = f";{value.shortcut}" if value.shortcut else ""
        room = self.room() - _SHORTCUT_WIDTH - self._rest_width
        return line(
            (fit(shortcut, _SHORTCUT_WIDTH), "$text-accent"),
            fit(value.name, max(_LEAST_NAME, min(self._name_width, room))),
            (_rest(value), "$muted"),
        )

    def about(self, value: CannedView) -> Content:
        seen = self.seen(value)
        if seen is None:
            return line(("…", "$muted"))
        if isinstance(seen, str):
            return line((f"! {safe_line(seen, 300)}", "$text-error"))
        parts: list[Part] = [(f"{self._filled_for}\n", "$muted")] if self._filled_for else []
        parts += marked(safe_block(seen.text, 4_000), seen.unknown)
        parts += [(f"\n! {safe_line(problem, 300)}", "$text-warning") for problem in seen.problems]
        return line(*parts)


def _rest(value: CannedView) -> str:
    """Whose it is and in which language, behind its name; empty where there is nothing to say."""
    rest = " · ".join(filter(None, (value.language, value.team, _("mine") if value.own else "")))
    return rest and f"  {safe_line(rest)}"


def marked(text: str, unknown: tuple[str, ...]) -> list[Part]:
    """``text`` with the words in it that nothing knows in another colour."""
    if not unknown:
        return [text]
    words = re.split(f"({'|'.join(map(re.escape, unknown))})", text)
    return [(word, "$text-error bold") if word in unknown else word for word in words]
