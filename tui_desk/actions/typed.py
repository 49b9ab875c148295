"""What is typed as an action's name or argument: on the ``:`` line and, one line at a prompt, in the linear mode."""

from __future__ import annotations

from tui_desk.actions.registry import Action, Registry
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

_SHORT = {"q": "quit", "w": "send", "go": "go_ticket"}


def meant(word: str) -> str:
    """The id that a typed word stands for."""
    name = word.casefold().replace("-", "_")
    return "go_ticket" if word.lstrip("#").isdecimal() else _SHORT.get(name, name)


def find_command(
    registry: Registry, scopes: tuple[str, ...], typed: str, way_out: str = ""
) -> tuple[Action, str]:
    """The action and argument meant by ``typed``; ``1042`` and ``#1042`` open that ticket.

    A beginning is enough where only one action has it. Raises UsageError otherwise, naming what is near, else ``way_out``: where
    one finds what can be done.
    """
    text = typed.strip().removeprefix(":").strip()
    word, _blank, argument = text.partition(" ")
    if word.lstrip("#").isdecimal():
        argument = word
    name = meant(word)
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
        hint or way_out or _("? shows every key, Ctrl+P finds an action by its title."),
    )


def parted(typed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which tags to add and which to take away. Commas part them, so that a tag may hold a blank; else blanks do."""
    words = [one.strip() for one in (typed.split(",") if "," in typed else typed.split())]
    words = [one for one in words if one.strip("+-#")]
    remove = tuple(one[1:].lstrip("#") for one in words if one.startswith("-"))
    add = tuple(one.lstrip("+").lstrip("#") for one in words if not one.startswith("-"))
    return add, remove
