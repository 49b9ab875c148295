"""Fields of your own in commands on tickets, people and assets: ``field.NAME=VALUE`` among the other words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui_desk.contracts.custom_fields import FieldInput, FieldValue
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

PREFIX = "field."


def part_own(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[FieldInput, ...]]:
    """The words that are not about fields of your own, and the values of those that are. Raises UsageError."""
    others: list[str] = []
    inputs: dict[str, FieldInput] = {}
    for word in words:
        if not word.strip().startswith(PREFIX):
            others.append(word)
            continue
        name, equals, text = word.strip().removeprefix(PREFIX).partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name:
            raise UsageError(
                _("“{word}” is not understood: write field.NAME=VALUE.").format(word=word),
                _("tui-desk field list shows the fields there are."),
            )
        inputs[name] = FieldInput(name, text)
    return tuple(others), tuple(inputs.values())


def own_pairs(values: Sequence[FieldValue]) -> list[tuple[str, str]]:
    """Labels and values for people; of what must be there and is not, that it is missing."""
    return [
        (value.label, _("– (needed, missing)") if value.is_missing else value.shown)
        for value in values
        if value.value or value.is_missing
    ]
