"""The ``:`` line: any action by name with its argument, a ticket by its number, a screen to go to."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui_desk.actions.registry import Action, Registry
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field

_SHOWN = 8


def find_command(registry: Registry, scopes: tuple[str, ...], typed: str) -> tuple[Action, str]:
    """The action and argument meant by ``typed``; ``1042`` and ``#1042`` open that ticket.

    A beginning is enough where only one action has it. Raises UsageError otherwise, naming what is near.
    """
    text = typed.strip().removeprefix(":").strip()
    word, _blank, argument = text.partition(" ")
    if word.lstrip("#").isdecimal():
        word, argument = "go_ticket", word
    name = word.casefold().replace("-", "_")
    name = {"q": "quit", "w": "send", "go": "go_ticket"}.get(name, name)
    actions = {action.id: action for action in registry.in_scopes(scopes)}
    if name in actions:
        return actions[name], argument.strip()
    near = [
        action for action in actions.values() if action.id.startswith((name, f"go_{name}", f"view_{name}"))
    ]
    if name and len(near) == 1:
        return near[0], argument.strip()
    hint = (
        _("Near it: {names}.").format(names=", ".join(action.id for action in near)) if near and name else ""
    )
    raise UsageError(
        _("“{word}” is not something one can do here.").format(word=safe_line(word, 40)),
        hint or _("? shows every key, Ctrl+P finds an action by its title."),
    )


class CommandDialog(Dialog[str]):
    """One line at the foot of the screen; what fits is shown above while typing, Tab completes."""

    def __init__(self, registry: Registry, scopes: tuple[str, ...]) -> None:
        super().__init__()
        self._actions = registry.in_scopes(scopes)

    def compose(self) -> ComposeResult:
        with Vertical(id="command-box"):
            yield Static("", id="command-found", markup=False)
            yield Field(placeholder=_("action, #number, or part of a name"), id="command-typed")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._show("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            field = self.query_one(Input)
            found = self._found(field.value)
            if found and " " not in field.value:
                field.value = f"{found[0].id} "
                field.cursor_position = len(field.value)

    def _found(self, typed: str) -> list[Action]:
        word = typed.strip().partition(" ")[0].casefold()
        starting = [a for a in self._actions if a.id.startswith(word)]
        return starting + [a for a in self._actions if word in a.id and a not in starting]

    def _show(self, typed: str) -> None:
        parts: list[str | tuple[str, str]] = []
        for action in self._found(typed)[:_SHOWN]:
            argument = f" {_(action.argument)}" if action.argument else ""
            parts += [
                (action.id, "$text-accent"),
                (argument, "$text-warning"),
                (f"  {action.shown_title}\n", "$muted"),
            ]
        self.query_one("#command-found", Static).update(Content.assemble(*parts).rstrip())
