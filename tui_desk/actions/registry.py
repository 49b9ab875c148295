"""What an action is: declared once, and everything that shows or runs it reads this declaration.

Footer hints, the ``?`` help, the palette (Ctrl+P), the ``:`` line, ``docs/keys.md`` and the key map all come from the
actions in :mod:`tui_desk.actions.catalogue`. A screen serves an action by a method ``do_<id>(argument)``; the name is not
Textual's ``action_…`` on purpose, so that nothing a text could contain (``[@click=…]``) reaches it.

What cannot be done now is not hidden: an action names the facts it needs, a screen says which facts hold, and the missing
one's reason is what the person reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from tui_desk.core.i18n import _


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext tools know
    """Mark a sentence for translation; it is translated when it is shown."""
    return sentence


class Need(NamedTuple):
    """A fact that must hold before an action can run, and what to tell a person when it does not."""

    fact: str
    reason: str


class Action(NamedTuple):
    """One thing a person can do.

    ``keys`` are characters or Textual key names; a sequence is written with blanks (``"g q"``). ``scopes`` name the screens
    where it can be done. ``command`` is the command line that does the same (empty: only a screen can, such as moving).
    ``argument`` names what may follow it on the ``:`` line. ``hint`` is the place in the footer (1 first, 0 never).
    ``while_typing`` lets it run while a text field has the focus.
    """

    id: str
    title: str
    help: str
    scopes: tuple[str, ...]
    keys: tuple[str, ...] = ()
    command: str = ""
    argument: str = ""
    hint: int = 0
    needs: tuple[Need, ...] = ()
    while_typing: bool = False
    in_palette: bool = True

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return _(self.title)

    @property
    def shown_help(self) -> str:
        """The explanation in the reader's language."""
        return _(self.help)

    def obstacle(self, facts: Collection[str]) -> str:
        """Why it cannot be done now, as a sentence; empty when it can."""
        for need in self.needs:
            if need.fact not in facts:
                return _(need.reason)
        return ""


class DuplicateKey(ValueError):
    """Two actions of one scope want the same key."""


class Registry:
    """All actions, looked up by scope, id and key. ``keys`` replaces default keys by action id (the person's own map); what would
    give two actions of one scope the same key is in ``clashing`` and replaces nothing."""

    def __init__(self, actions: Iterable[Action], keys: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._actions = tuple(actions)
        own = dict(keys or {})
        clashing = []
        while (name := _clash(self._actions, own)) is not None:
            clashing.append(name)
            del own[name]
        self._own_keys, self.clashing = own, tuple(clashing)

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the person's own map names and no action is called: those keys do nothing."""
        known = {action.id for action in self._actions}
        return tuple(name for name in self._own_keys if name not in known)

    def keys_of(self, action: Action) -> tuple[str, ...]:
        """The keys that run it, the person's own before the defaults."""
        return self._own_keys.get(action.id, action.keys)

    def in_scopes(self, scopes: tuple[str, ...]) -> tuple[Action, ...]:
        """The actions of these scopes, nearest scope first; of two with one id the nearer wins."""
        found: dict[str, Action] = {}
        for scope in scopes:
            for action in self._actions:
                if scope in action.scopes:
                    found.setdefault(action.id, action)
        return tuple(found.values())

    def find(self, scopes: tuple[str, ...], action_id: str) -> Action | None:
        """The action of that id as seen from these scopes."""
        return next((action for action in self.in_scopes(scopes) if action.id == action_id), None)

    def keymap(self, scopes: tuple[str, ...]) -> dict[tuple[str, ...], Action]:
        """Key sequences to actions. A nearer scope hides a farther one; within a scope a doubled key is an error."""
        keymap: dict[tuple[str, ...], Action] = {}
        for scope in scopes:
            here: dict[tuple[str, ...], Action] = {}
            for action in self._actions:
                if scope not in action.scopes:
                    continue
                for key in self.keys_of(action):
                    sequence = tuple(key.split())
                    other = here.get(sequence)
                    if other is not None and other.id != action.id:
                        raise DuplicateKey(f"{key!r} of scope {scope!r}: {other.id} and {action.id}")
                    here[sequence] = action
            for sequence, action in here.items():
                if not any(_shadows(known, sequence) for known in keymap):
                    keymap[sequence] = action
        return keymap

    def hints(self, scopes: tuple[str, ...]) -> tuple[Action, ...]:
        """The actions for the footer, the most useful first; a key that a nearer one has is not offered twice."""
        offered: list[Action] = []
        taken: set[str] = set()
        for action in self.in_scopes(scopes):
            keys = self.keys_of(action)
            if action.hint and not (keys and taken.issuperset(keys)):
                offered.append(action)
                taken.update(keys)
        return tuple(sorted(offered, key=lambda action: action.hint))


def _clash(actions: tuple[Action, ...], own: Mapping[str, tuple[str, ...]]) -> str | None:
    """The id of an action that its own keys put on a key of another one of the same scope."""
    taken: dict[tuple[str, ...], str] = {}
    for action in actions:
        for key in own.get(action.id, action.keys):
            for scope in action.scopes:
                other = taken.setdefault((scope, *key.split()), action.id)
                if other != action.id and (action.id in own or other in own):
                    return action.id if action.id in own else other
    return None


def _shadows(known: tuple[str, ...], sequence: tuple[str, ...]) -> bool:
    """One of the two is the beginning of the other: the nearer scope keeps it."""
    shorter = min(len(known), len(sequence))
    return known[:shorter] == sequence[:shorter] and (len(known) != len(sequence) or known == sequence)


_NAMED = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
    "backspace": "Backspace",
}


def key_label(key: str) -> str:
    """How a key is written for a person: ``ctrl+d`` is ``Ctrl+D``, ``g q`` stays ``g q``."""
    return " ".join(_one_label(part) for part in key.split())


def _one_label(key: str) -> str:
    if key in _NAMED:
        return _NAMED[key]
    if "+" in key and len(key) > 1:
        *modifiers, last = key.split("+")
        return "+".join([*(m.capitalize() for m in modifiers), _NAMED.get(last, last.upper())])
    return key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key
