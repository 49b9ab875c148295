"""Finding a thing by a few letters of its name. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

EXACT, BEGINS, WORD, WITHIN, SCATTERED, NOT = 5, 4, 3, 2, 1, 0


def score(typed: str, *names: str) -> int:
    """How well ``typed`` fits the best of ``names``: the whole of it, its beginning, the beginning of a word, a part, its letters in order."""
    wanted = typed.casefold()
    return max((_score(wanted, name.casefold()) for name in names if name), default=NOT)


def _score(wanted: str, name: str) -> int:
    if wanted == name:
        return EXACT
    if name.startswith(wanted):
        return BEGINS
    if wanted in name:
        before = name[name.index(wanted) - 1]
        return WITHIN if before.isalnum() else WORD
    letters = iter(name)
    return SCATTERED if all(letter in letters for letter in wanted) else NOT


def fitting(typed: str, things: Iterable[T], names: Callable[[T], tuple[str, ...]]) -> list[T]:
    """The things that fit, best first; equally good ones, and all of them where nothing is typed, in the order they have."""
    if not typed:
        return list(things)
    scored = [(score(typed, *names(one)), one) for one in things]
    return [one for _score, one in sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])]
