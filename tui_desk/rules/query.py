"""The language of the `/` filter line, ``ticket list --query`` and saved views.

    printer "paper jam" status:open,pending assignee:me team:network -tag:spam priority:high amount>=100 #1042

Words and "phrases" are looked up in the full text, the last word also as the beginning of one. ``field:value,value``
narrows by a field, ``-`` in front excludes. What is not a known field is an ordinary word: typing never fails half-way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tui_desk.core.enums import Channel, Priority, TicketStatus, TicketType
from tui_desk.rules.own_query import KnownField, OwnTerm, WrongTerm, split_own

FIELDS = (
    "status",
    "priority",
    "type",
    "channel",
    "assignee",
    "team",
    "requester",
    "category",
    "tag",
    "rated",
)

_ALLOWED: dict[str, tuple[str, ...]] = {
    "status": tuple(TicketStatus),
    "priority": tuple(Priority),
    "type": tuple(TicketType),
    "channel": tuple(Channel),
    "rated": ("good", "fair", "bad", "asked"),
}
_ALIASES = {"from": "requester"}
_VALUE_ALIASES = {"on hold": "on_hold", "nobody": "none"}
_TOKEN = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')
_COMPARED = re.compile(r"([^\W\d]\w+)[<>]=?[\d-]")
"""A field that nobody defined, compared with a number or a day."""
_WORD = re.compile(r"\w+", re.UNICODE)

MAX_WORDS = 12
"""More than anybody types; bounds what a pasted page can cost."""


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Consecutive words, folded. ``prefix``: the last of them may go on."""

    words: tuple[str, ...]
    prefix: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class FieldTerm:
    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TicketQuery:
    texts: tuple[TextTerm, ...] = ()
    fields: tuple[FieldTerm, ...] = ()
    number: int | None = None
    unknown: tuple[str, ...] = ()
    """Values no field knows, as typed: ``status:opne``. They match nothing."""
    other_fields: tuple[str, ...] = ()
    """Words before a colon that are no field: ``stauts``. They are looked up as words."""
    own: tuple[OwnTerm, ...] = ()
    """About fields of your own."""
    wrong: tuple[WrongTerm, ...] = ()
    """Words about fields of your own that make no sense. They match nothing."""

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.fields or self.own or self.number is not None)


def fold(text: str) -> str:
    """Lower case without diacritics, the form both databases index."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """The words of ``text`` as the index has them."""
    return tuple(_WORD.findall(fold(text)))


def parse_query(
    text: str, own: Mapping[str, KnownField] | None = None, now: datetime | None = None
) -> TicketQuery:
    """Read what was typed; ``own`` are the fields of your own, ``now`` is for days such as *fri*. Never raises."""
    found = split_own(text, own or {}, now)
    length, text = len(text.rstrip()), found.rest
    texts: list[TextTerm] = []
    fields: list[FieldTerm] = []
    unknown: list[str] = []
    other_fields: list[str] = []
    number: int | None = None
    for match in _TOKEN.finditer(text[:1000]):
        negated, name, phrase, bare = match.group(1) == "-", match.group(2), match.group(3), match.group(4)
        value = phrase if phrase is not None else bare
        field = _ALIASES.get((name or "").lower(), (name or "").lower())
        if field in FIELDS:
            values = tuple(_VALUE_ALIASES.get(v, v) for v in (fold(part) for part in value.split(",")) if v)
            if values:
                fields.append(FieldTerm(field, values, negated))
                unknown += _unknown_values(field, values)
            continue
        if bare is not None and not name and re.fullmatch(r"#\d{1,9}", bare):
            number = int(bare[1:])
            continue
        if name and name[0].isalpha() and not value.startswith("//"):  # 10:30 and http://… are words
            other_fields.append(name)
        compared = _COMPARED.match(bare) if bare is not None and not name else None
        if compared is not None:
            other_fields.append(compared[1])
        words = words_of(f"{name}:{value}" if name else value)
        if words and len(texts) < MAX_WORDS:
            texts.append(TextTerm(words[:MAX_WORDS], phrase is None and match.end() == length, negated))
    return TicketQuery(
        tuple(texts), tuple(fields), number, tuple(unknown), tuple(other_fields), found.terms, found.wrong
    )


def allowed_values(field: str) -> tuple[str, ...]:
    """The values a field may have, in their order; empty where it takes any."""
    return tuple(_ALLOWED.get(field, ()))


def _unknown_values(field: str, values: tuple[str, ...]) -> list[str]:
    allowed = _ALLOWED.get(field)
    return [f"{field}:{value}" for value in values if allowed is not None and value not in allowed]
