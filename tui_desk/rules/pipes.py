"""Which programs content may be handed to, as an admin wrote them down."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

ANY = "*"


def allows(listed: str, command: Sequence[str]) -> bool:
    """Whether ``command`` (a program and its arguments) is among those of ``listed``.

    ``listed``: command lines parted by commas, each allowed as it stands; one that ends with a ``*`` of its own allows any further
    arguments; ``*`` alone allows everything, nothing allows nothing. An entry that cannot be read allows nothing.
    """
    return any(_fits(entry, list(command)) for entry in entries(listed))


def entries(listed: str) -> tuple[str, ...]:
    """The command lines of a list, in their order."""
    return tuple(entry for part in listed.split(",") if (entry := " ".join(part.split())))


def _fits(entry: str, command: list[str]) -> bool:
    if entry == ANY:
        return True
    try:
        words = shlex.split(entry)
    except ValueError:
        return False
    if len(words) > 1 and words[-1] == ANY:
        return command[: len(words) - 1] == words[:-1]
    return command == words
