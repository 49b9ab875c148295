"""Ctrl+P: find any action by its name. What cannot be done now is listed with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from tui_desk.actions.registry import Action, Registry, key_label
from tui_desk.core.i18n import _
from tui_desk.screens.narrowing import NarrowingDialog
from tui_desk.widgets.columns import fit


def match(typed: str, action: Action) -> int:
    """How well ``typed`` fits: 0 not at all, more is better. Every word must occur in the title, id or explanation."""
    words = typed.casefold().split()
    title = action.shown_title.casefold()
    if not words:
        return 1
    if not all(word in title or word in action.id or word in action.shown_help.casefold() for word in words):
        return 0
    return 4 if title.startswith(words[0]) else 3 if words[0] in title else 2


class PaletteScreen(NarrowingDialog[Action]):
    """Actions that fit what is typed; Enter does the one under the cursor."""

    wide = True

    def __init__(self, registry: Registry, scopes: tuple[str, ...], facts: frozenset[str]) -> None:
        super().__init__()
        self.placeholder, self.hint = _("what do you want to do?"), _("Enter does it · Esc closes")
        self._registry, self._facts = registry, facts
        self._actions = tuple(action for action in registry.in_scopes(scopes) if action.in_palette)
        self._key_width = max((cell_len(self._key(action)) for action in self._actions), default=0)
        self._title_width = max(cell_len(action.shown_title) for action in self._actions)

    def found(self, typed: str) -> tuple[Sequence[Action], int]:
        scored = [(match(typed, action), action) for action in self._actions]
        return [action for _score, action in sorted((pair for pair in scored if pair[0]), key=_better)], 0

    def label(self, value: Action) -> Content:
        """Keys, title and explanation on one line, cut where the terminal ends."""
        obstacle = value.obstacle(self._facts)
        key = fit(self._key(value), self._key_width, "right")
        title = fit(value.shown_title, min(self._title_width, self.room() // 2 - self._key_width))
        rest = self.room() - self._key_width - cell_len(title) - 4
        return Content.assemble(
            (f"{key}  ", "$faint" if obstacle else "$text-accent"),
            (f"{title}  ", "$muted" if obstacle else ""),
            (fit(obstacle or value.shown_help, rest).rstrip(), "$text-warning" if obstacle else "$muted"),
        )

    def _key(self, action: Action) -> str:
        keys = self._registry.keys_of(action)
        return key_label(keys[0]) if keys else ""


def _better(pair: tuple[int, Action]) -> int:
    return -pair[0]
