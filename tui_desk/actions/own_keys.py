"""A person's own keys against the whole map: what fits, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.keys import is_digit, key_label, read_key
from tui_desk.actions.registry import Action, Keys, Registry, Wrong, named, shadows
from tui_desk.core.i18n import _

_WITHOUT_LIST = frozenset(
    {
        "form",
        "mailbox_form",
        "fallback_form",
        "compose",
        "internal_note",
        "new_ticket",
        "draft_check",
        "pager",
        "first_run",
        "desk",
    }
)
"""Scopes of screens that have no list: its keys are free there."""

WAYS_OUT = frozenset({"back", "quit", "leave", "keep", "leave_text", "leave_check"})
"""Actions that lead out of where one is; without a key for one of them a person would be locked in."""

Sequence = tuple[str, ...]


def fitting(registry: Registry, own: Keys) -> tuple[Keys, tuple[Wrong, ...]]:
    """What of ``own`` fits into the map of ``registry``, and what does not."""
    wrong: list[Wrong] = []
    fit: dict[str, tuple[str, ...]] = {}
    known = {name for action in registry for name in _names(action)}
    for name, typed in own.items():
        if name not in known:
            wrong.append(Wrong(name, "unknown"))
            continue
        read = {key: read_key(key) for key in typed}
        bad = [Wrong(name, "key", key) for key, meant in read.items() if meant is None]
        if registry.counts:
            bad += [Wrong(name, "count", key) for key in typed if is_digit(key)]
        if not bad and not _leads_out(registry, name, [meant for meant in read.values() if meant]):
            bad = [Wrong(name, "way_out", typed[0] if typed else "")]
        if bad:
            wrong += bad
        else:
            fit[name] = tuple(meant for meant in read.values() if meant)
    while (clash := _clash(registry, fit)) is not None:
        wrong.append(clash)
        del fit[clash.name]
    order = list(own)
    return fit, tuple(sorted(wrong, key=lambda one: order.index(one.name)))


def _names(action: Action) -> tuple[str, ...]:
    return (action.id, *(f"{scope}.{action.id}" for scope in action.scopes))


def _leads_out(registry: Registry, name: str, keys: list[str]) -> bool:
    """Whether one can still leave by ``keys``; also while one types, where the action works then: letters are text there."""
    led = [action for action in registry if action.id in WAYS_OUT and name in _names(action)]
    works = [key for key in keys if all(len(part) > 1 and part != "space" for part in key.split())]
    return not led or bool(works if any(action.while_typing for action in led) else keys)


def _clash(registry: Registry, own: Keys) -> Wrong | None:
    """A name of ``own`` with a key that another action of the same place has, or begins with, or is hidden by."""
    if not own:
        return None
    placed: dict[str, list[tuple[Sequence, Action, str]]] = {}
    for action in registry:
        name = named(action, own)
        for key in own[name] if name else registry.keys_of(action):
            for scope in action.scopes:
                placed.setdefault(scope, []).append((tuple(key.split()), action, name))
    for scope, here in placed.items():
        for sequence, action, name in here:
            if not name:
                continue
            for other_sequence, other, _other_name in here:
                if other.id != action.id and _meet(sequence, other_sequence):
                    return Wrong(name, "clash", " ".join(sequence), other.id)
        if scope not in (GLOBAL, LIST):
            found = _hidden(here, placed, scope, own)
            if found is not None:
                return found
    return None


def _hidden(
    here: list[tuple[Sequence, Action, str]],
    placed: Mapping[str, list[tuple[Sequence, Action, str]]],
    scope: str,
    own: Keys,
) -> Wrong | None:
    """An own key that leaves an action of everywhere (or of lists) without any key in ``scope``, or is left without one there."""
    ids = {action.id for _sequence, action, _name in here}
    for far in (GLOBAL,) if scope in _WITHOUT_LIST else (GLOBAL, LIST):
        left: dict[str, list[tuple[Sequence, Action, str]]] = {}
        for entry in placed.get(far, ()):
            if entry[1].id not in ids:
                left.setdefault(entry[1].id, []).append(entry)
        for entries in left.values():
            hiding = [_hider(sequence, here) for sequence, _action, _name in entries]
            if not all(hiding):
                continue
            for (sequence, action, name), hider in zip(entries, hiding, strict=True):
                if name:
                    return Wrong(name, "clash", " ".join(sequence), hider[1].id if hider else "")
                if hider is not None and hider[2]:
                    return Wrong(hider[2], "clash", " ".join(hider[0]), action.id)
    return None


def _hider(
    sequence: Sequence, here: list[tuple[Sequence, Action, str]]
) -> tuple[Sequence, Action, str] | None:
    return next((entry for entry in here if shadows(entry[0], sequence)), None)


def _meet(one: Sequence, other: Sequence) -> bool:
    """The same keys, or one is the beginning of the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def sentence(wrong: Wrong) -> str:
    """What is wrong, and what comes of it."""
    key = key_label(wrong.key)
    if wrong.kind == "unknown":
        return _("no action is called “{name}”").format(name=wrong.name)
    if wrong.kind == "key":
        return _("“{key}” is no key: {name} keeps its usual ones").format(key=wrong.key, name=wrong.name)
    if wrong.kind == "way_out" and not wrong.key:
        return _("without a key for {name} there is no way out: it keeps its usual ones").format(
            name=wrong.name
        )
    if wrong.kind == "way_out":
        return _("{key} is text where one types, and no way out: {name} keeps its usual keys").format(
            key=key, name=wrong.name
        )
    if wrong.kind == "count":
        return _("{key} is a count in this preset: {name} keeps its usual keys").format(
            key=key, name=wrong.name
        )
    return _("{key} belongs to {other}: {name} keeps its usual keys").format(
        key=key, other=wrong.other, name=wrong.name
    )
