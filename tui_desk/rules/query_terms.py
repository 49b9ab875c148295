"""What a query of the filter line asks for, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui_desk.rules.own_query import OwnTerm
from tui_desk.rules.query_fields import Between


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Consecutive words, folded. ``prefix``: the last of them may go on. ``in_subject``: they stand in a subject. ``typed``: as they were
    typed, since SQLite parts words by rules of its own."""

    words: tuple[str, ...]
    prefix: bool = False
    negated: bool = False
    in_subject: bool = False
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """``field`` has one of ``values`` (folded)."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TimeTerm:
    """created, updated or due lies in ``between``; somebody has waited since an instant in it."""

    field: str
    between: Between
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A word that makes no sense: where it stands in the text, and why. ``kind``: field, value, name (of an agent, a team, a
    category that does not exist), span, own, operator (of another language), long (more than a filter takes)."""

    start: int
    end: int
    word: str
    kind: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """A query as it was understood. Where there are ``problems``, it matches nothing."""

    texts: tuple[TextTerm, ...] = ()
    fields: tuple[FieldTerm, ...] = ()
    times: tuple[TimeTerm, ...] = ()
    numbers: tuple[int, ...] = ()
    """Any of them."""
    sort: str = ""
    """One of ``query_fields.SORTS``, with a ``-`` in front for the other way round; empty where none was typed."""
    own: tuple[OwnTerm, ...] = ()
    """About fields of your own."""
    problems: tuple[Problem, ...] = ()
    """In the order of the text."""

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.fields or self.times or self.own or self.numbers)
