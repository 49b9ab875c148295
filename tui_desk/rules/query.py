"""The language of the `/` filter line, ``ticket list --query`` and saved views.

    printer "paper jam" status:open,pending assignee:me -tag:spam priority>=high created<3d waiting>4h sort:due #1042

Words and "phrases" are looked up in the full text, the last word also as the beginning of one. ``field:value,value``
narrows by a field, ``-`` in front excludes. Reading never fails: what makes no sense is told with its place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches

from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.own_query import KnownField, OwnTerm, split_own
from tui_desk.rules.query_fields import (
    ALIASES,
    ALLOWED,
    FIELDS,
    HAS_VALUES,
    TIME_FIELDS,
    VALUE_ALIASES,
    Between,
    Names,
    read_time,
    span_hint,
)

__all__ = [
    "FIELDS",
    "FieldTerm",
    "Problem",
    "TextTerm",
    "TicketQuery",
    "TimeTerm",
    "fold",
    "parse_query",
    "refuse_cut_exclusion",
    "values_of",
    "words_of",
]

_SIGN = r":(?:[<>]=?|=)?|[<>]=?|="
_TOKEN = re.compile(
    rf'(?P<not>-?)(?:(?P<name>[^\W\d]\w*)(?P<sign>{_SIGN})(?P<value>(?:"[^"]*"?|[^\s"])*)'
    r'|"(?P<phrase>[^"]*)"?|(?P<bare>\S+))'
)
_LOOKS_COMPARED = re.compile(r"[\d-]")
"""How the value of a comparison begins: ``a<b`` is no field, ``amount<3`` was meant as one."""
_UNEQUAL = re.compile(r"(?P<name>[^\W\d]\w*)!=(?P<value>.*)")
_GROUP = re.compile(r"\(+-?(?:[^\W\d]\w*[:<>=]|\w[^)]*$)")
"""A parenthesis that is not closed in its word, or that stands before a field."""
_PIECE = re.compile(r'(?:"[^"]*"?|[^",])+')
_WORD = re.compile(r"\w+", re.UNICODE)

MAX_WORDS = 30
"""More than anybody types; bounds what a pasted page can cost. What is above these is told: left out, it would be another query."""
MAX_FIELDS = 40
MAX_VALUES = 50
MAX_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Consecutive words, folded. ``prefix``: the last of them may go on."""

    words: tuple[str, ...]
    prefix: bool = False
    negated: bool = False


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
    own: tuple[OwnTerm, ...] = ()
    """About fields of your own."""
    problems: tuple[Problem, ...] = ()
    """In the order of the text."""

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.fields or self.times or self.own or self.numbers)


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    names: Names | None
    now: datetime
    zone: tzinfo | None
    known: Sequence[str]
    texts: list[TextTerm] = field(default_factory=list)
    fields: list[FieldTerm] = field(default_factory=list)
    times: list[TimeTerm] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    sort: str = ""

    def wrong(self, match: re.Match[str], kind: str, sentence: str, hint: str = "") -> None:
        word = match[0]
        self.problems.append(Problem(match.start(), match.end(), word, kind, sentence, hint))

    def too_long(self, start: int, end: int, word: str) -> None:
        """More than a filter takes; said once."""
        if not any(problem.kind == "long" for problem in self.problems):
            sentence = _(
                "A filter takes {words} words, {fields} fields with {values} values each, and {length} characters at most."
            ).format(words=MAX_WORDS, fields=MAX_FIELDS, values=MAX_VALUES, length=MAX_LENGTH)
            self.problems.append(Problem(start, end, word, "long", sentence))


def fold(text: str) -> str:
    """Lower case without diacritics, the form both databases index."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """The words of ``text`` as the index has them."""
    return tuple(_WORD.findall(fold(text)))


def parse_query(
    text: str,
    own: Mapping[str, KnownField] | None = None,
    now: datetime | None = None,
    names: Names | None = None,
    zone: tzinfo | None = None,
) -> TicketQuery:
    """Read what was typed. Never raises.

    ``own`` are the fields of your own. ``now`` is what spans and days are counted from, in ``zone`` (None: the system's).
    Without ``names`` every agent, team and category may exist.
    """
    own, now = own or {}, now or datetime.now(UTC)
    found = split_own(text, own, now, HAS_VALUES)
    reading = _Reading(names, now, zone, (*FIELDS, "from", *own))
    length = len(found.rest.rstrip())
    for match in _TOKEN.finditer(found.rest[:MAX_LENGTH]):
        _read(match, reading, match.end() == length)
    if length > MAX_LENGTH:
        reading.too_long(MAX_LENGTH, length, found.rest[MAX_LENGTH:length])
    for wrong in found.wrong:
        end = wrong.start + len(wrong.word)
        reading.problems.append(Problem(wrong.start, end, wrong.word, "own", wrong.sentence, wrong.hint))
    return TicketQuery(
        tuple(reading.texts),
        tuple(reading.fields),
        tuple(reading.times),
        tuple(reading.numbers),
        reading.sort,
        found.terms,
        tuple(sorted(reading.problems, key=lambda problem: problem.start)),
    )


def refuse_cut_exclusion(query: str, cut: bool) -> None:
    """Raises Refused where tickets without a word are to be changed and not all messages were searched for it (``TicketPage.cut``)."""
    if cut and any(term.negated for term in parse_query(query).texts):
        raise Refused(
            _("A word behind - stands in too many messages to be excluded surely; nothing was done."),
            _("Narrow it by fields (tag:, category:, created:), or leave that word out and look yourself."),
        )


def _read(match: re.Match[str], reading: _Reading, last: bool) -> None:
    """One token."""
    typed = (match["name"] or "").lower()
    name = ALIASES.get(typed, typed)
    if name in FIELDS:
        if values_of(match["value"]):
            _read_field(name, match, reading)
        elif not last:
            reading.wrong(match, "value", _("{name}: what?").format(name=typed))
        return
    bare = match["bare"]
    if bare is not None and not match["not"] and re.fullmatch(r"#\d{1,9}", bare):
        reading.numbers.append(int(bare[1:]))
        return
    if typed and _was_meant_as_field(match):
        reading.wrong(
            match,
            "field",
            _("“{name}” is no field of a ticket.").format(name=safe_line(match["name"], 30)),
            _nearest(typed, reading.known)
            + _("To look for the words themselves, put them into quotes. Fields: {names}.").format(
                names=", ".join(reading.known)
            ),
        )
        return
    if bare is not None and _was_meant_as_operator(match, reading):
        return
    words = words_of(match[0])
    if sum(len(term.words) for term in reading.texts) + len(words) > MAX_WORDS:
        reading.too_long(match.start(), match.end(), match[0])
    elif words:
        prefix = match["phrase"] is None and last
        reading.texts.append(TextTerm(words, prefix, bool(match["not"])))


def _was_meant_as_operator(match: re.Match[str], reading: _Reading) -> bool:
    """What other languages have and this one has not: told, since looking for the word itself finds nothing."""
    bare = match["bare"]
    unequal = _UNEQUAL.fullmatch(bare)
    if unequal is not None and unequal["name"].lower() in (*FIELDS, *ALIASES):
        instead = f"-{unequal['name'].lower()}:{unequal['value']}"
        reading.wrong(
            match,
            "operator",
            _("There is no != here."),
            _("Write {instead}.").format(instead=safe_line(instead, 60)),
        )
    elif bare == "OR":
        reading.wrong(
            match,
            "operator",
            _("There is no OR here: a ticket has all the words."),
            _("Values take a comma: status:new,open. The word itself stands in quotes."),
        )
    elif bare in ("AND", "NOT"):
        reading.wrong(
            match,
            "operator",
            _("{word} is not needed: all words are looked for, and -word leaves out.").format(word=bare),
            _("The word itself stands in quotes."),
        )
    elif _GROUP.match(bare):
        reading.wrong(
            match,
            "operator",
            _("There are no groups in parentheses."),
            _("Leave them out: a ticket fits all that is asked. Text that has them stands in quotes."),
        )
    else:
        return False
    return True


def _nearest(typed: str, known: Sequence[str]) -> str:
    """The field that was perhaps meant, as a sentence; empty where none is like it."""
    near = get_close_matches(typed, known, 1)
    return _("Perhaps {name}?").format(name=near[0]) + " " if near else ""


def _was_meant_as_field(match: re.Match[str]) -> bool:
    """``foo:bar`` and ``foo<3``; http://…, ``Re:`` and ``a=b`` are words."""
    value, name = match["value"], match["name"]
    if match["sign"].startswith(":"):
        return bool(value) and name[0].isalpha() and not value.startswith("//")
    return match["sign"] != "=" and _LOOKS_COMPARED.match(value) is not None


def values_of(value: str) -> tuple[str, ...]:
    """The values of ``a,"b c",d``, without quotes."""
    pieces = (piece.replace('"', "").strip() for piece in _PIECE.findall(value))
    return tuple(piece for piece in pieces if piece)


def _read_field(name: str, match: re.Match[str], reading: _Reading) -> None:
    sign = match["sign"].removeprefix(":") or "="
    negated = bool(match["not"])
    typed = values_of(match["value"])
    if len(reading.fields) + len(reading.times) >= MAX_FIELDS or len(typed) > MAX_VALUES:
        reading.too_long(match.start(), match.end(), match[0])
        return
    if name == "due" and fold(match["value"]) == "overdue":
        reading.fields.append(FieldTerm("is", ("overdue",), negated))
        return
    if name in TIME_FIELDS:
        try:
            between = read_time(name, sign, match["value"].replace('"', ""), reading.now, reading.zone)
        except UsageError as error:
            reading.wrong(match, "span", error.sentence, error.hint)
            return
        if name == "resolved" and between.low is None:  # all that was ever resolved would be looked through
            reading.wrong(match, "span", _("{name}: since when?").format(name=name), span_hint(name))
            return
        reading.times.append(TimeTerm(name, between, negated))
        return
    values = tuple(VALUE_ALIASES.get(value, value) for value in map(fold, typed))
    if sign != "=" and (name != "priority" or len(values) > 1):
        reading.wrong(
            match,
            "value",
            _("{name} has no order: write {name}:VALUE.").format(name=name),
            _("priority, created, updated, due and waiting are compared with < and >."),
        )
    elif name == "sort":
        _read_sort(values, match, reading)
    elif _are_known(name, values, match, reading):
        reading.fields.append(FieldTerm(name, _compared(name, sign, values), negated))


def _compared(name: str, sign: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """``priority>=high`` as the priorities that it means."""
    if sign == "=":
        return values
    order = ALLOWED[name]
    place = order.index(values[0])
    low = place + (sign == ">") if sign.startswith(">") else 0
    high = place + (sign == "<=") if sign.startswith("<") else len(order)
    return tuple(map(str, order[low:high]))


def _read_sort(values: tuple[str, ...], match: re.Match[str], reading: _Reading) -> None:
    if len(values) != 1 or match["not"] or reading.sort:
        reading.wrong(match, "value", _("One order at a time: sort:{name}.").format(name="due"))
    elif _are_known("sort", values, match, reading):
        reading.sort = values[0]


def _are_known(name: str, values: tuple[str, ...], match: re.Match[str], reading: _Reading) -> bool:
    """Whether the field can have these values; tells the first that it cannot."""
    allowed = ALLOWED.get(name)
    if allowed is not None:
        unknown = next((value for value in values if value not in allowed), None)
        if unknown is not None:
            said = (
                _("“{value}” is nothing that {name}: knows.")
                if name in ("has", "is", "sort")
                else _("“{value}” is no {name}.")
            )
            reading.wrong(
                match,
                "value",
                said.format(value=safe_line(unknown, 40), name=name),
                _("Allowed: {allowed}.").format(allowed=", ".join(allowed)),
            )
        return unknown is None
    sentence = _missing_name(name, values, reading.names)
    if sentence:
        reading.wrong(match, "name", sentence, _see(name))
    return not sentence


def _missing_name(name: str, values: tuple[str, ...], names: Names | None) -> str:
    """What to say of the first agent, team or category that does not exist; empty where all do."""
    if names is None:
        return ""
    if name == "assignee":
        missing = _first_missing(values, names.agents, ("me", "none"))
        return _("There is no agent “{login}”.").format(login=missing) if missing else ""
    if name == "team":
        missing = _first_missing(values, names.teams, ("none", "mine"))
        return _("There is no team “{name}”.").format(name=missing) if missing else ""
    if name == "category":
        missing = _first_missing(values, names.categories, ("none",))
        return _("There is no category “{name}”.").format(name=missing) if missing else ""
    return ""


def _first_missing(values: Sequence[str], names: Sequence[str], others: Sequence[str]) -> str:
    there = {*map(fold, names), *others}
    return safe_line(next((value for value in values if value not in there), ""), 40)


def _see(name: str) -> str:
    return {
        "assignee": _("See: tui-desk agent list --all"),
        "team": _("See: tui-desk team list"),
        "category": _("See: tui-desk category list"),
    }.get(name, "")
