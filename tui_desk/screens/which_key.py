"""The hint that names the keys which may follow: it comes up when one hesitates, and never before."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from tui_desk.actions.keys import key_label
from tui_desk.core.i18n import _
from tui_desk.screens.key_reading import Continuation
from tui_desk.widgets.columns import fit

_WIDEST, _BETWEEN, _FRAME = 38, 2, 4


class WhichKey(Static):
    """A box above the lines at the foot of a screen."""

    DEFAULT_CSS = """
    WhichKey {
        layer: cover;
        dock: bottom;
        width: 100%;
        height: auto;
        max-height: 70%;
        background: $surface;
        border: round $primary;
        border-title-color: $text-accent;
        padding: 0 1;
    }
    """

    def __init__(
        self, begun: str, continuations: Sequence[Continuation], facts: frozenset[str], width: int
    ) -> None:
        super().__init__(table(continuations, facts, width - _FRAME), markup=False, classes="which-key")
        self.border_title = f"{begun} …"
        self.border_subtitle = _("Esc: none of them")


def table(continuations: Sequence[Continuation], facts: frozenset[str], width: int) -> Content:
    """The keys in the order of the alphabet, down one column after the other; what cannot be done now is dim."""
    cells = [_cell(one, facts) for one in sorted(continuations, key=_place)]
    keys = max((cell_len(key) for key, _title, _usable in cells), default=1)
    widest = max((cell_len(title) for _key, title, _usable in cells), default=1)
    column = min(_WIDEST, keys + 1 + widest)
    columns = max(1, (width + _BETWEEN) // (column + _BETWEEN))
    rows = -(-len(cells) // columns)
    parts: list[str | tuple[str, str]] = []
    for row in range(rows):
        for key, title, usable in cells[row::rows]:
            parts += [
                (fit(key, keys, "right"), "$text-accent bold" if usable else "$faint"),
                (fit(f" {title}", column - keys), "" if usable else "$faint"),
                " " * _BETWEEN,
            ]
        parts.append("\n")
    return Content.assemble(*parts).rstrip()


def _place(one: Continuation) -> tuple[bool, str, str]:
    """The small letter before its capital; keys with a name last."""
    return len(one.key) > 1, one.key.casefold(), one.key.swapcase()


def _cell(one: Continuation, facts: frozenset[str]) -> tuple[str, str, bool]:
    key = key_label(one.key)
    if one.action is None:
        return key, "…", True
    return key, one.action.shown_title, not one.action.obstacle(facts)
