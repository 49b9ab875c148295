"""Words for what a file of assets would do, for screens and commands alike."""

from __future__ import annotations

from typing import Protocol

from tui_desk.core.i18n import _, ngettext


class Counted(Protocol):
    """What a preview counts."""

    @property
    def new(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def new_people(self) -> int: ...


def effect_word(effect: str) -> str:
    """What a row does, in a word."""
    words = {"new": _("new"), "changed": _("changed"), "unchanged": _("as it is"), "refused": _("refused")}
    return words[effect]


def summary(preview: Counted) -> str:
    """What a file would do, in a line."""
    parts = [
        ngettext("{count} new", "{count} new", preview.new).format(count=preview.new),
        ngettext("{count} changed", "{count} changed", preview.changed).format(count=preview.changed),
        ngettext("{count} as it is", "{count} as they are", preview.unchanged).format(
            count=preview.unchanged
        ),
        ngettext("{count} refused", "{count} refused", preview.refused).format(count=preview.refused),
    ]
    if preview.new_people:
        people = ngettext("{count} new person", "{count} new people", preview.new_people)
        parts.append(people.format(count=preview.new_people))
    return " · ".join(parts)
