"""Ctrl+P: find any action by its name. What cannot be done now is listed with its reason."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.actions.registry import Action, Registry, key_label
from tui_desk.core.i18n import _
from tui_desk.screens.dialogs import Dialog
from tui_desk.screens.fields import Field


def match(typed: str, action: Action) -> int:
    """How well ``typed`` fits: 0 not at all, more is better. Every word must occur in the title, id or explanation."""
    words = typed.casefold().split()
    title = action.shown_title.casefold()
    if not words:
        return 1
    if not all(word in title or word in action.id or word in action.shown_help.casefold() for word in words):
        return 0
    return 4 if title.startswith(words[0]) else 3 if words[0] in title else 2


class PaletteScreen(Dialog[Action]):
    """Actions that fit what is typed; Enter does the one under the cursor."""

    def __init__(self, registry: Registry, scopes: tuple[str, ...], facts: frozenset[str]) -> None:
        super().__init__()
        self._registry, self._facts = registry, facts
        self._actions = tuple(action for action in registry.in_scopes(scopes) if action.in_palette)
        self._shown: tuple[Action, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Field(placeholder=_("what do you want to do?"), id="narrow")
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static(_("Enter does it · Esc closes"), classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._take(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_index)

    def on_key(self, event: events.Key) -> None:
        options = self.query_one(OptionList)
        if event.key in ("down", "ctrl+n"):
            event.stop()
            options.action_cursor_down()
        elif event.key in ("up", "ctrl+p"):
            event.stop()
            options.action_cursor_up()

    def _take(self, index: int | None) -> None:
        if index is not None and 0 <= index < len(self._shown):
            self.dismiss(self._shown[index])

    def _fill(self, typed: str) -> None:
        scored = [(match(typed, action), action) for action in self._actions]
        found = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
        self._shown = tuple(action for _score, action in found)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._label(action)) for action in self._shown])
        if self._shown:
            options.highlighted = 0

    def _label(self, action: Action) -> Content:
        obstacle = action.obstacle(self._facts)
        keys = self._registry.keys_of(action)
        return Content.assemble(
            (f"{key_label(keys[0]) if keys else '':>8}  ", "$faint" if obstacle else "$text-accent"),
            (f"{action.shown_title:<22} ", "$muted" if obstacle else ""),
            (obstacle or action.shown_help, "$text-warning" if obstacle else "$muted"),
        )
