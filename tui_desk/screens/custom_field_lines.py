"""Fields of your own as they are shown: labels and values for details, and what is needed and not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tui_desk.contracts.custom_fields import FieldValue
from tui_desk.core.enums import FieldKind, FieldRequired
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.details import Fact


def own_facts(values: Sequence[FieldValue], now: datetime, every: bool = False) -> tuple[Fact, ...]:
    """A fact for each field that has a value or must have one; ``every``: also for the others, with a dash."""
    found = []
    for value in values:
        if value.is_missing:
            found.append(Fact(value.label, _missing(value), "$text-warning"))
        elif value.value:
            found.append(Fact(value.label, _shown(value, now), "" if value.active else "$muted"))
        elif every:
            found.append(Fact(value.label, "–"))
    return tuple(found)


def _missing(value: FieldValue) -> str:
    if value.required is FieldRequired.RESOLVING:
        return _("– needed before it is resolved")
    return _("– needed, missing")


def _shown(value: FieldValue, now: datetime) -> str:
    if value.kind is not FieldKind.DATE:
        return value.shown
    try:
        day = words.day(date.fromisoformat(value.value), now)
    except ValueError:
        return value.shown
    return value.value if day[:1].isdigit() else f"{value.value} ({day})"
