"""``docs/keys.md`` from the registry: the page cannot say anything else than the program does.

Write it anew with ``python -m tui_desk.actions.keys_page > docs/keys.md``.
"""

from __future__ import annotations

import sys

from tui_desk.actions.catalogue import registry
from tui_desk.actions.registry import Action, Registry, key_label

_HEAD = """# Keys

Made from the registry of actions (`python -m tui_desk.actions.keys_page > docs/keys.md`). Every key can be changed: in
the settings file, name the action by its id. `?` shows the keys of the screen one is on and why some cannot be used now,
`Ctrl+P` finds an action by its name, `:` takes an action's id with its argument, or a ticket's number.
"""


def keys_page(actions: Registry) -> str:
    """The page as Markdown, a table for each scope in the order of the catalogue."""
    scopes: dict[str, list[Action]] = {}
    for action in actions:
        for scope in action.scopes:
            scopes.setdefault(scope, []).append(action)
    parts = [_HEAD]
    for scope, found in scopes.items():
        parts.append(
            f"\n## {scope.replace('_', ' ').capitalize()}\n\n| keys | id | what it does | command line |\n|---|---|---|---|\n"
        )
        parts += [_row(actions, action) for action in found]
    return "".join(parts)


def _row(actions: Registry, action: Action) -> str:
    keys = " ".join(f"`{key_label(key)}`" for key in actions.keys_of(action))
    command = f"`{_cell(action.command)}`" if action.command else ""
    return f"| {_cell(keys)} | {action.id} | {_cell(action.title)}: {_cell(action.help)} | {command} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(keys_page(registry()))
