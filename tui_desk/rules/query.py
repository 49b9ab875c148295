"""The language of the `/` filter line, ``ticket list --query`` and saved views.

    printer "paper jam" subject:vpn status:open,pending assignee:me -tag:spam priority>=high created<3d waiting>4h sort:-due #1042

Words and "phrases" are looked up in the full text, the last word also as the beginning of one. ``field:value,value``
narrows by a field, ``-`` in front excludes. Reading never fails: what makes no sense is told with its place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches

from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.own_query import MOST_TERMS, KnownField, OwnTerm, is_own, read_own
from tui_desk.rules.query_fields import (
    ALIASES,
    FIELDS,
    HAS_VALUES,
    TIME_FIELDS,
    VALUE_ALIASES,
    Names,
    read_time,
    span_hint,
)
from tui_desk.rules.query_operators import foreign_operator
from tui_desk.rules.query_terms import FieldTerm, Problem, TextTerm, TicketQuery, TimeTerm
from tui_desk.rules.query_tokens import Token, read_tokens
from tui_desk.rules.query_values import compared, wrong_value
from tui_desk.rules.words import fold, words_of

_LOOKS_COMPARED = re.compile(r"[\d-]")
"""How the value of a comparison begins: ``a<b`` is no field, ``amount<3`` was meant as one."""

MAX_WORDS = 30
"""More than anybody types; bounds what a pasted page can cost. What is above these is told: left out, it would be another query."""
MAX_FIELDS = 40
MAX_VALUES = 50
MAX_LENGTH = 1000


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    names: Names | None
    now: datetime
    zone: tzinfo | None
    known: Mapping[str, KnownField]
    texts: list[TextTerm] = field(default_factory=list)
    fields: list[FieldTerm] = field(default_factory=list)
    times: list[TimeTerm] = field(default_factory=list)
    own: list[OwnTerm] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    sort: str = ""

    @property
    def all_fields(self) -> Sequence[str]:
        return (*FIELDS, "from", *self.known)

    def wrong(self, token: Token, kind: str, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(token.start, token.end, token.text, kind, sentence, hint))

    def too_long(self, start: int, end: int, word: str) -> None:
        """More than a filter takes; said once."""
        if not any(problem.kind == "long" for problem in self.problems):
            sentence = _(
                "A filter takes {words} words, {fields} fields with {values} values each, and {length} characters at most."
            ).format(words=MAX_WORDS, fields=MAX_FIELDS, values=MAX_VALUES, length=MAX_LENGTH)
            self.problems.append(Problem(start, end, word, "long", sentence))


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
    reading = _Reading(names, now or datetime.now(UTC), zone, own or {})
    length = len(text.rstrip())
    for token in read_tokens(text[:MAX_LENGTH]):
        _read(token, reading, token.end == length)
    if length > MAX_LENGTH:
        reading.too_long(MAX_LENGTH, length, text[MAX_LENGTH:length])
    return TicketQuery(
        tuple(reading.texts),
        tuple(reading.fields),
        tuple(reading.times),
        tuple(reading.numbers),
        reading.sort,
        tuple(reading.own),
        tuple(sorted(reading.problems, key=lambda problem: problem.start)),
    )


def refuse_cut_exclusion(query: str, cut: bool) -> None:
    """Raises Refused where tickets without a word are to be changed and not all messages were searched for it (``TicketPage.cut``)."""
    if cut and any(term.negated for term in parse_query(query).texts):
        raise Refused(
            _("A word behind - stands in too many messages to be excluded surely; nothing was done."),
            _("Narrow it by fields (tag:, category:, created:), or leave that word out and look yourself."),
        )


def _read(token: Token, reading: _Reading, last: bool) -> None:
    """One token. ``last``: it is perhaps still being typed."""
    name = ALIASES.get(token.field, token.field)
    if is_own(token, reading.known, HAS_VALUES):
        _read_own(token, reading)
    elif name in FIELDS:
        if token.values:
            _read_field(name, token, reading, last)
        elif not last:
            reading.wrong(token, "value", _("{name}: what?").format(name=token.field))
    elif token.bare is not None and not token.negated and re.fullmatch(r"#\d{1,9}", token.bare):
        reading.numbers.append(int(token.bare[1:]))
    elif token.field and _was_meant_as_field(token):
        reading.wrong(
            token,
            "field",
            _("“{name}” is no field of a ticket.").format(name=safe_line(token.name, 30)),
            _nearest(token.field, reading.all_fields)
            + _("To look for the words themselves, put them into quotes. Fields: {names}.").format(
                names=", ".join(reading.all_fields)
            ),
        )
    elif token.bare is not None and (foreign := foreign_operator(token.bare)) is not None:
        reading.wrong(token, *foreign)
    else:
        _read_words(token, token.text.removeprefix("-"), token.phrase is None and last, reading)


def _read_words(token: Token, text: str, goes_on: bool, reading: _Reading, in_subject: bool = False) -> None:
    words = words_of(text)
    if sum(len(term.words) for term in reading.texts) + len(words) > MAX_WORDS:
        reading.too_long(token.start, token.end, token.text)
    elif words:
        reading.texts.append(TextTerm(words, goes_on, token.negated, in_subject, text))


def _nearest(typed: str, known: Sequence[str]) -> str:
    """The field that was perhaps meant, as a sentence; empty where none is like it."""
    near = get_close_matches(typed, known, 1)
    return _("Perhaps {name}?").format(name=near[0]) + " " if near else ""


def _was_meant_as_field(token: Token) -> bool:
    """``foo:bar`` and ``foo<3``; http://…, ``Re:`` and ``a=b`` are words."""
    if token.sign.startswith(":"):
        return bool(token.value) and token.name[0].isalpha() and not token.value.startswith("//")
    return token.sign != "=" and _LOOKS_COMPARED.match(token.value) is not None


def _read_own(token: Token, reading: _Reading) -> None:
    if not token.unquoted:  # it is still being typed
        return
    if len(reading.own) >= MOST_TERMS:
        reading.too_long(token.start, token.end, token.text)
        return
    try:
        reading.own.append(read_own(token, reading.known, reading.now, reading.zone, HAS_VALUES))
    except UsageError as error:
        reading.wrong(token, "own", error.sentence, error.hint)


def _read_field(name: str, token: Token, reading: _Reading, last: bool) -> None:
    typed = token.values
    if len(reading.fields) + len(reading.times) >= MAX_FIELDS or len(typed) > MAX_VALUES:
        reading.too_long(token.start, token.end, token.text)
    elif name == "due" and fold(token.value) == "overdue":
        reading.fields.append(FieldTerm("is", ("overdue",), token.negated))
    elif name in TIME_FIELDS:
        _read_time(name, token, reading)
    elif token.compared != "=" and (name != "priority" or len(typed) > 1):
        reading.wrong(
            token,
            "value",
            _("{name} has no order: write {name}:VALUE.").format(name=name),
            _("priority, created, updated, due and waiting are compared with < and >."),
        )
    elif name == "subject":
        _read_subject(token, reading, last)
    elif name == "sort":
        _read_sort(token, reading)
    else:
        values = tuple(VALUE_ALIASES.get(value, value) for value in map(fold, typed))
        wrong = wrong_value(name, values, reading.names)
        if wrong is not None:
            reading.wrong(token, *wrong)
        else:
            reading.fields.append(FieldTerm(name, compared(name, token.compared, values), token.negated))


def _read_time(name: str, token: Token, reading: _Reading) -> None:
    try:
        between = read_time(name, token.compared, token.unquoted, reading.now, reading.zone)
    except UsageError as error:
        reading.wrong(token, "span", error.sentence, error.hint)
        return
    if name == "resolved" and between.low is None:  # all that was ever resolved would be looked through
        reading.wrong(token, "span", _("{name}: since when?").format(name=name), span_hint(name))
        return
    reading.times.append(TimeTerm(name, between, token.negated))


def _read_subject(token: Token, reading: _Reading, last: bool) -> None:
    """Words of a subject, one behind the other; the last may go on where it is still being typed."""
    if len(token.values) > 1:
        reading.wrong(
            token,
            "value",
            _("subject: takes one text at a time."),
            _('Several words stand in quotes: subject:"paper jam". All of several subject: must fit.'),
        )
    elif not words_of(token.unquoted):
        reading.wrong(
            token,
            "value",
            _("There is no word in it."),
            _("For example: {example}.").format(example="subject:vpn"),
        )
    else:
        _read_words(token, token.unquoted, last and '"' not in token.value, reading, in_subject=True)


def _read_sort(token: Token, reading: _Reading) -> None:
    if len(token.values) != 1 or token.negated or reading.sort:
        turned = token.negated and len(token.values) == 1
        name = f"-{fold(token.values[0]).lstrip('-')}" if turned else "due"
        reading.wrong(token, "value", _("One order at a time: sort:{name}.").format(name=safe_line(name, 30)))
        return
    value = fold(token.values[0])
    wrong = wrong_value("sort", (value,), None)
    if wrong is not None:
        reading.wrong(token, *wrong)
    else:
        reading.sort = value
