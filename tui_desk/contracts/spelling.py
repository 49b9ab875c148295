"""The spelling of what is being written: which dictionaries there are, which words they do not have, what may be meant."""

from __future__ import annotations

from tui_desk.contracts.gateway import Request
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class SpellingView:
    """``language`` is the requester's as the desk knows it (``es``, ``pt-BR``), or empty; ``dictionaries`` the names of those that are
    installed (``en_US``); ``names`` the words of names in the ticket, in lower case, which are right; ``reason`` why nothing can be checked."""

    language: str
    dictionaries: tuple[str, ...]
    names: frozenset[str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenSpelling(Request[SpellingView]):
    number: int


@dataclass(frozen=True, slots=True)
class CheckWords(Request[frozenset[str]]):
    """Those of ``words`` that neither the dictionary nor the person's own words have. Raises Unavailable."""

    dictionary: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestWords(Request[tuple[str, ...]]):
    """What may be meant by ``word``, the likeliest first; what was found within a second. Raises Unavailable."""

    dictionary: str
    word: str


@dataclass(frozen=True, slots=True)
class KeepWord(Request[str]):
    """Add ``word`` to the person's own words. Answers the file they stand in. Raises UsageError, Unavailable."""

    word: str
