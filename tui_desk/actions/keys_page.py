"""``docs/keys.md`` from the registry: the page cannot say anything else than the program does.

Write it anew with ``python -m tui_desk.actions.keys_page > docs/keys.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from tui_desk.actions.catalogue import registry
from tui_desk.actions.keys import key_label
from tui_desk.actions.presets import ABOUT, NAMES
from tui_desk.actions.registry import Action, Registry

_HEAD = """# Keys

Made from the registry of actions (`python -m tui_desk.actions.keys_page > docs/keys.md`). `?` shows what works on the screen one
is on, by which key and why some of it cannot be done now; `Ctrl+P` finds an action by its name; `:` takes an action's id with its
argument, or a ticket's number. `g` begins a sequence: whoever hesitates is shown what may follow.

Choose a preset with `:choose_keys`, on Settings → Desk, or with `tui-desk keys use vim`:

{presets}

Every key can be changed in the settings file (`~/.config/tui-desk/config.toml`): name the action by its id, or by `scope.id`
(such as `pager.page_down`) for the one of that place. What cannot be is told with its line, and the default stands in for it;
`tui-desk keys check` says the same.

```toml
preset = "vim"

[keys]
take = "i"
status = ["s", "ctrl+o"]
"pager.page_down" = ["pagedown", "f"]
```

An empty cell is as in *desk*.
"""


def keys_page(presets: Mapping[str, Registry]) -> str:
    """The page as Markdown, a table for each scope in the order of the catalogue, a column for each preset (*desk* first)."""
    desk, *others = presets
    scopes: dict[str, list[Action]] = {}
    for action in presets[desk]:
        for scope in action.scopes:
            scopes.setdefault(scope, []).append(action)
    about = "\n".join(f"- *{name}*: {ABOUT[name]}" for name in presets)
    head = f"| {' | '.join(presets)} | id | what it does | command line |\n|{'---|' * (len(presets) + 3)}\n"
    parts = [_HEAD.replace("{presets}", about)]
    for scope, found in scopes.items():
        parts.append(f"\n## {scope.replace('_', ' ').capitalize()}\n\n{head}")
        parts += [_row(presets[desk], [presets[name] for name in others], action) for action in found]
    return "".join(parts)


def _row(desk: Registry, others: Iterable[Registry], action: Action) -> str:
    usual = _keys(desk, action)
    cells = [usual] + ["" if (keys := _keys(other, action)) == usual else keys for other in others]
    command = f"`{_cell(action.command)}`" if action.command else ""
    keys = " | ".join(map(_cell, cells))
    return f"| {keys} | {action.id} | {_cell(action.title)}: {_cell(action.help)} | {command} |\n"


def _keys(actions: Registry, action: Action) -> str:
    return " ".join(f"`{key_label(key)}`" for key in actions.keys_of(action))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(keys_page({name: registry(None, name) for name in NAMES}))
