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

from tui_desk.actions.keys import is_digit, key_label
from tui_desk.core.i18n import _

__all__ = ["N_", "Action", "DuplicateKey", "Need", "Registry", "Wrong", "key_label"]

Keys = Mapping[str, tuple[str, ...]]


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
    ``while_typing`` lets it run while a text field has the focus. ``guard`` says what stands between a slip of the fingers and a
    loss: ``"asks"`` (a question or a form first), ``"undo"`` (``u`` or the history takes it back), ``"again"`` (the same key
    does), ``"kept"`` (what it takes away stays and is found again). ``values`` names what completes its argument (:mod:`tui_desk.screens.completion`). ``counted``: a number before
    its key does it so often. ``repeatable``: ``.`` does it again on another ticket.
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
    guard: str = ""
    values: str = ""
    counted: bool = False
    repeatable: bool = False

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


class Wrong(NamedTuple):
    """A key of a person's own map that cannot be: ``name`` as the map has it, ``key`` where it is about one, ``other`` the action
    that has it. ``kind``: unknown (no such action), key (no such key), clash, count (a digit is a count here), way_out (nobody could
    leave by what is left)."""

    name: str
    kind: str
    key: str = ""
    other: str = ""


class Registry:
    """All actions, looked up by scope, id and key.

    ``preset`` replaces the declared keys, and ``keys`` (the person's own map) replaces those, by id or ``scope.id``. What of the
    person's own cannot be is in ``wrong`` and replaces nothing. ``counts``: digits are counts, so a key that is a digit becomes
    ``g`` and the digit. ``alt_counts``: a count begins with Alt and a digit, and goes on with digits.
    """

    def __init__(
        self,
        actions: Iterable[Action],
        keys: Keys | None = None,
        preset: Keys | None = None,
        counts: bool = False,
        alt_counts: bool = False,
    ) -> None:
        self._actions = tuple(actions)
        self.counts, self.alt_counts = counts, alt_counts
        self._replaced: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self.wrong: tuple[Wrong, ...] = ()
        if preset or counts:
            self._replace(preset or {}, counts)
        if keys:
            from tui_desk.actions.own_keys import fitting  # few have keys of their own

            fit, self.wrong = fitting(self, keys)
            self._replace(fit, counts)

    def _replace(self, keys: Keys, counts: bool) -> None:
        for action in self._actions:
            found = named(action, keys)
            new = keys[found] if found else self.keys_of(action)
            if counts:
                new = tuple(f"g {key}" if is_digit(key) else key for key in new)
            if new != action.keys:
                self._replaced[action.id, action.scopes] = new

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the person's own map names and no action is called: those keys do nothing."""
        return tuple(one.name for one in self.wrong if one.kind == "unknown")

    @property
    def clashing(self) -> tuple[str, ...]:
        """What the person's own map puts on a key that another action has: it keeps its usual keys."""
        return tuple(one.name for one in self.wrong if one.kind == "clash")

    def keys_of(self, action: Action, *, typing: bool = False) -> tuple[str, ...]:
        """The keys that run it: the person's own before the preset's before the declared ones; while one is ``typing``, those of them
        that are no text, where it can be done then.
        """
        keys = self._replaced.get((action.id, action.scopes), action.keys) if self._replaced else action.keys
        if not typing:
            return keys
        return tuple(
            key for key in keys if action.while_typing and all(len(part) > 1 for part in key.split())
        )

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
        """Key sequences to actions. A nearer scope hides a farther one (:func:`shadows`); within a scope a doubled key is an error."""
        keymap: dict[tuple[str, ...], Action] = {}
        begun: set[tuple[str, ...]] = set()  # all that those in it begin with
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
                beginnings = [sequence[:length] for length in range(1, len(sequence) + 1)]
                if sequence not in begun and keymap.keys().isdisjoint(beginnings):
                    keymap[sequence] = action
                    begun.update(beginnings)
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


def named(action: Action, keys: Keys) -> str:
    """The name in ``keys`` that means ``action``: the one with its scope before the plain id; empty where there is none."""
    return next(
        (name for name in (*(f"{scope}.{action.id}" for scope in action.scopes), action.id) if name in keys),
        "",
    )


def shadows(known: tuple[str, ...], sequence: tuple[str, ...]) -> bool:
    """One of the two is the beginning of the other: the nearer scope keeps it."""
    shorter = min(len(known), len(sequence))
    return known[:shorter] == sequence[:shorter] and (len(known) != len(sequence) or known == sequence)
