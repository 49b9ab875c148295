"""What a look at the index of words has found. Needs no driver.

Hits come newest first and bounded: ranking a common word over everything takes seconds on either database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tui_desk.rules.query_terms import TextTerm

Rows = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
"""Runs a statement with ``?`` for its values."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The messages with all of some words, as SQL with ``?`` for values."""

    condition: tuple[str, list[Any]]
    """That the ticket ``t`` has one of them."""
    tickets: tuple[str, list[Any]]
    """What gives their tickets as ``h.ticket_id``, some of them several times: to count with."""
    many: bool = False
    """Whether ``condition`` looks them up ticket by ticket in the order of the list, which fills a page soon."""
    cut: bool = False
    """Whether there are more messages than are looked at."""
    whole: bool = True
    """Whether ``tickets`` gives all that fit ``condition``; else the newest of them."""


def goes_on(term: TextTerm) -> bool:
    """Whether the last word is looked up as a beginning: one letter begins a tenth of all words, and no index helps."""
    return term.prefix and (len(term.words[-1]) > 1 or not term.words[-1].isascii())
