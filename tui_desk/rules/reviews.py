"""The check of a draft by a colleague: its states, what a decision is worth for the text of now, and what was changed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

WAITING, AT_ONCE = "waiting", "waiting_to_leave"
APPROVED, CHANGED, REFUSED, WITHDRAWN = "approved", "changed", "refused", "withdrawn"

OPEN: Final = frozenset({WAITING, AT_ONCE})
"""*waiting_to_leave* is waiting too: the mail leaves when it is approved. What is decided stays so: a draft that was changed since is
checked anew."""

OUTDATED = "outdated"
"""What an approval is worth once the text was changed."""
_CONTEXT = 1


@dataclass(frozen=True, slots=True)
class TextChange:
    """A line of a comparison. ``mark``: ``-`` taken away, ``+`` put in, a blank for one that stayed, ``…`` for some that are left out."""

    mark: str
    text: str


def same_text(one: str, other: str) -> bool:
    """Whether two texts say the same: blanks at the ends of lines and around all of it do not count."""
    return _lines(one) == _lines(other)


def standing(state: str, decided: str, present: str) -> str:
    """What a check is worth for the text of now: waiting, approved, changed (a colleague's text, not taken over), refused, outdated
    (approved, and changed since), or "" for one that was withdrawn."""
    if state in OPEN:
        return WAITING
    if state == APPROVED:
        return APPROVED if same_text(decided, present) else OUTDATED
    if state == CHANGED:
        return APPROVED if same_text(decided, present) else CHANGED
    return REFUSED if state == REFUSED else ""


def changes(before: str, after: str) -> tuple[TextChange, ...]:
    """What was changed from one text to another, line by line, with a line around each change. Nothing where they are the same."""
    old, new = _lines(before), _lines(after)
    found: list[TextChange] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        if found or group[0][1] > 0:
            found.append(TextChange("…", ""))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                found += [TextChange(" ", line) for line in old[old_from:old_to]]
                continue
            found += [TextChange("-", line) for line in old[old_from:old_to]]
            found += [TextChange("+", line) for line in new[new_from:new_to]]
    return tuple(found)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]
