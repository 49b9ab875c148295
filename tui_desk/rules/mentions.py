"""``@ana`` and ``@service-desk`` in a note: whose names are meant, and what may follow an ``@`` while one types."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

_MENTION = re.compile(r"(?<![\w@./:])@([^\W_][\w.-]{0,60})")
_AT_THE_END = re.compile(r"(?<![\w@./:])@([\w.-]{0,60})$")


def handle(name: str) -> str:
    """How a login or a team's name is written after ``@``: lower case, whatever is no letter or digit becomes ``-``."""
    return "-".join(re.findall(r"[\w.]+", name.casefold()))


def mentioned(text: str) -> frozenset[str]:
    """The handles that ``text`` names; an address such as ``me@example.org`` names nobody."""
    return frozenset(found.rstrip(".-").casefold() for found in _MENTION.findall(text))


def named_nobody(text: str, handles: Collection[str]) -> dict[str, str]:
    """What ``text`` names that is none of ``handles``, in order, with the one that may be meant (or nothing)."""
    return {one: next(iter(fitting(one, handles)), "") for one in sorted(mentioned(text) - set(handles))}


def begun(before_cursor: str) -> str | None:
    """What follows the ``@`` that one is typing; None where the cursor is not behind one."""
    found = _AT_THE_END.search(before_cursor)
    return found[1].casefold() if found else None


def fitting(typed: str, handles: Iterable[str], limit: int = 6) -> Sequence[str]:
    """The handles that go on from ``typed``, then those that hold it elsewhere."""
    known = sorted(set(handles))
    first = [one for one in known if one.startswith(typed)]
    return (first + [one for one in known if typed in one and one not in first])[:limit]
