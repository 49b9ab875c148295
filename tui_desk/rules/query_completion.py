"""What the word under the cursor of the filter line may go on as: names of fields, then their values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui_desk.core.enums import FieldKind
from tui_desk.rules.own_query import HAS, KnownField
from tui_desk.rules.query_fields import ALIASES, ALLOWED, FIELDS, TIME_FIELDS, Names
from tui_desk.rules.query_tokens import token_before
from tui_desk.rules.words import fold

MOST = 12
_TIMES = ("today", "1h", "4h", "1d", "3d", "1w", "2w", "30d")
_WAITS = ("30m", "1h", "4h", "1d", "3d", "1w")


@dataclass(frozen=True, slots=True)
class Completion:
    """``options`` may stand from ``start`` up to ``end`` of the text; each is what would be written there."""

    start: int
    end: int
    options: tuple[str, ...] = ()


def complete(
    text: str, cursor: int, names: Names | None = None, own: Mapping[str, KnownField] | None = None
) -> Completion:
    """What may stand where the cursor is. Nothing for a word that is looked up in the text. Never raises."""
    names, own = names or Names(), own or {}
    cursor = max(0, min(cursor, len(text)))
    token = token_before(text, cursor)
    if token is None or token.phrase is not None:
        return Completion(cursor, cursor)
    if not token.field:
        begun = (token.bare or "").removeprefix("-")
        if not begun or begun.startswith("#"):
            return Completion(cursor, cursor)
        wanted = begun.lower()
        offered = tuple(
            f"{name}:" for name in dict.fromkeys((*FIELDS, "from", *own)) if name.startswith(wanted)
        )
        return Completion(cursor - len(begun), cursor, offered[:MOST])
    name = ALIASES.get(token.field, token.field)
    value = _last_value(token.value)
    options = _fitting(value.lstrip('"'), _values(name, names, own))
    return Completion(cursor - len(value), cursor, tuple(_quoted(option) for option in options))


def _last_value(values: str) -> str:
    """What stands behind the last comma that is no part of a quoted value."""
    quoted, begins = False, 0
    for place, char in enumerate(values):
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            begins = place + 1
    return values[begins:]


def _values(name: str, names: Names, own: Mapping[str, KnownField]) -> Iterable[str]:
    if name in own:
        return own[name].choices if own[name].kind is FieldKind.CHOICE else ()
    if name in TIME_FIELDS:
        return _WAITS if name == "waiting" else ("overdue", *_TIMES) if name == "due" else _TIMES
    offered: dict[str, tuple[str, ...]] = {
        "assignee": ("me", "nobody", *names.agents),
        "team": ("mine", "nobody", *names.teams),
        "watcher": ("me", *names.agents),
        "category": names.categories,
        "tag": ("none", *names.tags),
        "asset": names.assets,
        "requester": tuple(f"@{domain}" for domain in names.domains),
        HAS: (*ALLOWED[HAS], *own),
    }
    return offered.get(name, ALLOWED.get(name, ()))


def _fitting(begun: str, offered: Iterable[str]) -> tuple[str, ...]:
    """Those that begin so, then those that have it further on; what is there already is nothing to go on as."""
    wanted = fold(begun)
    first, then = [], []
    for one in dict.fromkeys(offered):
        folded = fold(one)
        if folded.lstrip("@").startswith(wanted) or folded.startswith(wanted):
            first.append(one)
        elif len(wanted) > 1 and wanted in folded:
            then.append(one)
        if len(first) >= MOST:
            break
    return tuple(one for one in (*first, *then)[:MOST] if one != begun)


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r'[\s,"]', value) else value
