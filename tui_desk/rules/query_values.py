"""Whether a field can have the values that were typed, and what to say where it cannot. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.query_fields import ALLOWED, SORTS, Names
from tui_desk.rules.words import fold


class Wrong(NamedTuple):
    """What to say of a word that makes no sense (see ``query_terms.Problem``)."""

    kind: str
    sentence: str
    hint: str = ""


def wrong_value(name: str, values: Sequence[str], names: Names | None) -> Wrong | None:
    """The first of ``values`` (folded) that the field ``name`` cannot have; None where it can have all. Without ``names`` every name may be."""
    allowed = ALLOWED.get(name)
    if allowed is None:
        sentence = _missing_name(name, values, names)
        return Wrong("name", sentence, _see(name)) if sentence else None
    unknown = next((value for value in values if value not in allowed), None)
    if unknown is None:
        return None
    said = (
        _("“{value}” is nothing that {name}: knows.")
        if name in ("has", "is", "sort")
        else _("“{value}” is no {name}.")
    )
    return Wrong(
        "value",
        said.format(value=safe_line(unknown, 40), name=name),
        _("Allowed: {allowed}.").format(allowed=", ".join(SORTS if name == "sort" else allowed)),
    )


def compared(name: str, sign: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """``priority>=high`` as the priorities that it means."""
    if sign == "=":
        return values
    order = ALLOWED[name]
    place = order.index(values[0])
    low = place + (sign == ">") if sign.startswith(">") else 0
    high = place + (sign == "<=") if sign.startswith("<") else len(order)
    return tuple(map(str, order[low:high]))


def _missing_name(name: str, values: Sequence[str], names: Names | None) -> str:
    """What to say of the first agent, team or category that does not exist; empty where all do."""
    if names is None:
        return ""
    if name == "assignee":
        missing = _first_missing(values, names.agents, ("me", "none"))
        return _("There is no agent “{login}”.").format(login=missing) if missing else ""
    if name == "team":
        missing = _first_missing(values, names.teams, ("none", "mine"))
        return _("There is no team “{name}”.").format(name=missing) if missing else ""
    if name == "category":
        missing = _first_missing(values, names.categories, ("none",))
        return _("There is no category “{name}”.").format(name=missing) if missing else ""
    return ""


def _first_missing(values: Sequence[str], names: Sequence[str], others: Sequence[str]) -> str:
    there = {*map(fold, names), *others}
    return safe_line(next((value for value in values if value not in there), ""), 40)


def _see(name: str) -> str:
    return {
        "assignee": _("See: tui-desk agent list --all"),
        "team": _("See: tui-desk team list"),
        "category": _("See: tui-desk category list"),
    }.get(name, "")
