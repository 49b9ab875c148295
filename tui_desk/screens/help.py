"""``?``: every key of the screen one came from, with what it does and why it may not work now."""

from __future__ import annotations

import textwrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.registry import Action, Registry, key_label
from tui_desk.core.i18n import _
from tui_desk.screens.dialog import Dialog

_KEYS_WIDTH = 14
_TITLE_WIDTH = 18
_INDENT = 2 + _KEYS_WIDTH + _TITLE_WIDTH + 1
_WIDEST = 110
_FRAME = 5
"""Cells of the box that are border, padding and scroll bar."""


class HelpScreen(Dialog[None]):
    """The keys of ``scopes``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,question_mark,f1", "dismiss_empty", ""),
        ("j,down", "scroll(1)", ""),
        ("k,up", "scroll(-1)", ""),
        ("ctrl+d,pagedown,space", "scroll(10)", ""),
        ("ctrl+u,pageup", "scroll(-10)", ""),
    ]

    def __init__(
        self, registry: Registry, scopes: tuple[str, ...], facts: frozenset[str], crumb: str
    ) -> None:
        super().__init__()
        self._registry, self._scopes, self._facts, self._crumb = registry, scopes, facts, crumb

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(
                _("Keys: {place}").format(place=self._crumb or "tui-desk"),
                classes="dialog-title",
                markup=False,
            )
            with VerticalScroll(id="help-keys"):
                yield Static(self._page(), markup=False)
            yield Static(
                _("j/k scroll · Esc closes · all keys can be changed"), classes="dialog-hint", markup=False
            )

    def action_scroll(self, lines: int) -> None:
        """Move the page by ``lines``."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _page(self) -> Content:
        seen: set[str] = set()
        parts: list[str | tuple[str, str]] = []
        for scope in self._scopes:
            actions = [
                a
                for a in self._registry.in_scopes((scope,))
                if a.id not in seen and self._registry.keys_of(a)
            ]
            seen.update(action.id for action in actions)
            if actions:
                parts.append((f"{_heading(scope)}\n", "bold $text-primary"))
                for action in actions:
                    parts += self._row(action)
                parts.append("\n")
        return Content.assemble(*parts).rstrip()

    def _row(self, action: Action) -> list[str | tuple[str, str]]:
        keys = "  ".join(key_label(key) for key in self._registry.keys_of(action))
        obstacle = action.obstacle(self._facts)
        row: list[str | tuple[str, str]] = [
            (f"  {keys:<{_KEYS_WIDTH}}", "$faint" if obstacle else "$text-accent"),
            (f"{action.shown_title:<{_TITLE_WIDTH}} ", "$muted" if obstacle else ""),
            (f"{self._indented(action.shown_help)}\n", "$muted"),
        ]
        if obstacle:
            reason = self._indented(_("Not now: {reason}").format(reason=obstacle))
            row.append((f"{'':<{_INDENT}}{reason}\n", "$text-warning"))
        return row

    def _indented(self, text: str) -> str:
        """``text`` in lines that all begin below the first one."""
        room = min(_WIDEST, self.app.size.width * 94 // 100) - _FRAME - _INDENT
        return textwrap.fill(text, max(20, room), subsequent_indent="").replace("\n", "\n" + " " * _INDENT)


def _heading(scope: str) -> str:
    if scope == GLOBAL:
        return _("Everywhere")
    return _("In the list") if scope == LIST else _("Here")
