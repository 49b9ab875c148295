"""Variables and conditions in texts that are written once and sent often. Pure.

``{requester.first_name}`` is replaced by its value, ``{requester.first_name|there}`` says what stands there where it has none.
``{today}`` is the day, ``{today+3d}``, ``{today-1w}``, ``{today+2m}``, ``{today+1y}`` are days before and after it.
``{if requester.vip}…{else}…{end}`` chooses; ``{if not NAME}``, ``{if NAME is VALUE}`` and ``{if NAME is not VALUE}`` too, also one within
another. A line that holds nothing but such a word disappears. ``{{ticket.number}}`` stands for ``{ticket.number}`` itself; every
other brace stays as it is typed. Values are data: whatever they hold is never read again.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tui_desk.core.i18n import _

NAMES = (
    "requester.first_name",
    "requester.name",
    "requester.email",
    "requester.organization",
    "requester.language",
    "requester.vip",
    "ticket.number",
    "ticket.subject",
    "ticket.status",
    "ticket.priority",
    "ticket.category",
    "ticket.team",
    "ticket.assignee",
    "ticket.created",
    "agent.name",
    "agent.first_name",
    "agent.email",
    "agent.signature",
    "desk.name",
    "today",
)
"""All variables there are."""

DESK_NAMES = ("agent.name", "agent.first_name", "agent.email", "desk.name", "today")
"""Those that have a value before there is a ticket."""

UNKNOWN = "unknown"
"""No variable has this name."""
EMPTY = "empty"
"""It has no value here, and the text does not say what stands there then."""
CONDITION = "condition"
"""What follows ``if`` is not understood."""
UNCLOSED = "unclosed"
"""An ``if`` without ``end``."""
UNOPENED = "unopened"
"""``else`` or ``end`` without an ``if``."""
DAY = "day"
"""Not a day, or one beyond the calendar."""

_BODY = r"[^{}\n]{1,200}"
_TAG = re.compile(
    rf"\{{\{{(?P<literal>{_BODY})\}}\}}"
    r"|(?P<line>^[ \t]*\{(?P<alone>if\b[^{}\n]{0,200}|else|end)\}[ \t]*(?:\n|\Z))"
    rf"|\{{(?P<body>{_BODY})\}}",
    re.MULTILINE,
)
_NAME = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*(?:\|(.*))?")
_TODAY = re.compile(r"today\s*([+-].*)?")
_DISTANCE = re.compile(r"([+-])\s*([0-9]{1,5})\s*([dwmy])")
_IF = re.compile(r"if(?:\s+(.*))?")
_TEST = re.compile(
    r"(not\s+)?([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)|([a-z][a-z0-9_.]*)\s+is\s+(not\s+)?(\S.*)"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a word in braces. ``start``: its offset in the text as it was given; line and column count from 1."""

    kind: str
    word: str
    """With its braces, as it is written."""
    start: int
    line: int
    column: int

    def sentence(self) -> str:
        """The problem for a person, without its place."""
        told = {
            UNKNOWN: _("{word}: there is no such variable."),
            EMPTY: _("{word} has no value here."),
            CONDITION: _("{word}: the condition is not understood; write it like {example}."),
            UNCLOSED: _("{word} has no {end}."),
            UNOPENED: _("{word} stands without an {begin} before it."),
            DAY: _("{word} is no day; write it like {day}."),
        }[self.kind]
        return told.format(
            word=self.word, example="{if requester.vip}", end="{end}", begin="{if …}", day="{today+3d}"
        )

    def placed(self) -> str:
        """The same with its place."""
        return _("Line {line}, column {column}: {problem}").format(
            line=self.line, column=self.column, problem=self.sentence()
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its values. What could not be replaced stays as it was written, but for what is only :data:`EMPTY`."""

    text: str
    problems: tuple[Problem, ...] = ()
    written: str = ""
    """The same with ``_`` in the place of each value: what its author wrote, so that nobody is named (``@…``) by what a value holds."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A word in braces. ``kind``: literal, if, else, end, today, name."""

    kind: str
    start: int
    end: int
    word: str
    """As written, braces included."""
    body: str
    rest: str = ""
    """What follows ``if``, the distance from today, what stands for an empty value."""


def render(
    text: str, values: Mapping[str, str], day_text: Callable[[date], str] = date.isoformat
) -> Rendered:
    """``text`` with ``values`` (by name such as ``ticket.number``) in the place of their names.

    ``values["today"]`` is an ISO date from which ``{today+3d}`` is counted; ``day_text`` writes days. A condition holds where its value
    is not empty. What stands in the part that is not chosen is not looked at.
    """
    tokens = _tokens(text)
    broken = _unpaired(tokens)
    told: list[Problem] = []
    parts: list[str] = []
    values_at: set[int] = set()
    shown = [True]
    tests: list[bool] = []
    at = 0
    for token in tokens:
        if shown[-1]:
            parts.append(text[at : token.start])
        at = token.end
        if id(token) in broken:
            told.append(_problem(text, token, broken[id(token)]))
            parts.append(text[token.start : token.end] if shown[-1] else "")
        elif token.kind == "if":
            holds = _holds(token.rest, values)
            if holds is None and shown[-1]:
                told.append(_problem(text, token, _test_problem(token.rest, values)))
            tests.append(bool(holds))
            shown.append(shown[-1] and bool(holds))
        elif token.kind == "else":
            shown[-1] = shown[-2] and not tests[-1]
        elif token.kind == "end":
            shown.pop()
            tests.pop()
        elif shown[-1]:
            value, problem = _value(token, values, day_text)
            if _is_value(token, values):
                values_at.add(len(parts))
            parts.append(value)
            if problem:
                told.append(_problem(text, token, problem))
    parts.append(text[at:])
    written = "".join("_" if at in values_at else part for at, part in enumerate(parts))
    return Rendered("".join(parts), tuple(told), written)


def problems(text: str, names: Collection[str]) -> tuple[Problem, ...]:
    """What is wrong with a text whatever the values are: for the moment in which it is kept. ``names``: all variables there are."""
    tokens = _tokens(text)
    broken = _unpaired(tokens)
    values = {name: "2000-01-01" if name == "today" else "-" for name in names}
    told = []
    for token in tokens:
        kind = broken.get(id(token), "")
        if not kind and token.kind == "if" and _holds(token.rest, values) is None:
            kind = _test_problem(token.rest, values)
        if not kind and token.kind in ("name", "today"):
            kind = _value(token, values, date.isoformat)[1]
        if kind:
            told.append(_problem(text, token, kind))
    return tuple(told)


def unresolved(text: str) -> tuple[Problem, ...]:
    """Words in a text about to leave that look like variables nobody filled in: ``{ticket.number}``, ``{today+3d}``, ``{if …}``.

    A single word in braces (``{username}``) is not one of them: people write such things to each other.
    """
    tokens = _tokens(text)
    return tuple(
        _problem(text, token, UNKNOWN)
        for token in tokens
        if token.kind in ("if", "else", "end", "today") or (token.kind == "name" and "." in token.body)
    )


def first_name(name: str) -> str:
    """The name somebody is called by: of “Doe, Jane” and “Jane Doe” it is Jane; of an address, nothing."""
    name = " ".join(name.split())
    if "@" in name:
        return ""
    last, comma, first = name.partition(",")
    words = (first if comma and first.strip() else last).split()
    while len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        words = words[1:]
    return words[0] if words else ""


_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "sr", "sra", "ing", "mag"})


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TAG.finditer(text):
        literal = match["literal"]
        body = (
            literal if literal is not None else match["alone"] if match["line"] is not None else match["body"]
        )
        kind, rest = _kind(body) or ("", "")
        if not kind:
            continue
        if literal is not None:
            kind = "literal"
        word = "{" + body + "}"
        found.append(_Token(kind, match.start(), match.end(), word, body.strip(), rest))
    return found


def _kind(body: str) -> tuple[str, str] | None:
    """What a word in braces is, and what follows it; None where it means nothing to us."""
    plain = body.strip()
    if plain in ("else", "end"):
        return plain, ""
    found = _IF.fullmatch(plain)
    if found:
        return "if", (found[1] or "").strip()
    found = _TODAY.fullmatch(plain)
    if found:
        return "today", found[1] or ""
    found = _NAME.fullmatch(plain)
    return ("name", plain) if found else None


def _unpaired(tokens: list[_Token]) -> dict[int, str]:
    """Which tokens of conditions have no partner, and what that is called; by identity, since equal words may stand twice."""
    broken: dict[int, str] = {}
    waiting: list[tuple[_Token, list[_Token]]] = []
    for token in tokens:
        if token.kind == "if":
            waiting.append((token, []))
        elif token.kind == "else":
            if not waiting or waiting[-1][1]:
                broken[id(token)] = UNOPENED
            else:
                waiting[-1][1].append(token)
        elif token.kind == "end":
            if waiting:
                waiting.pop()
            else:
                broken[id(token)] = UNOPENED
    for begun, others in waiting:
        broken[id(begun)] = UNCLOSED
        broken |= {id(other): UNOPENED for other in others}
    return broken


def _holds(test: str, values: Mapping[str, str]) -> bool | None:
    """Whether a condition holds; None where it is not understood or names no variable."""
    found = _TEST.fullmatch(test)
    name = found[2] or found[3] if found else ""
    if not found or name not in values:
        return None
    value = values[name].strip()
    if found[3]:
        same = value.casefold() == found[5].strip().strip('"“”').casefold()
        return same is not bool(found[4])
    return bool(value) is not bool(found[1])


def _test_problem(test: str, values: Mapping[str, str]) -> str:
    found = _TEST.fullmatch(test)
    return UNKNOWN if found and (found[2] or found[3]) not in values else CONDITION


def _value(token: _Token, values: Mapping[str, str], day_text: Callable[[date], str]) -> tuple[str, str]:
    """What stands in the place of a token, and what is wrong with it."""
    if token.kind == "literal":
        return token.word, ""
    if token.kind == "today":
        day = _day(values.get("today", ""), token.rest)
        return (token.word, DAY) if day is None else (day_text(day), "")
    found = _NAME.fullmatch(token.rest)
    assert found is not None
    name, otherwise = found[1], found[2]
    if name not in values:
        return token.word, UNKNOWN
    value = values[name] or (otherwise or "").strip()
    return value, "" if value or otherwise is not None else EMPTY


def _is_value(token: _Token, values: Mapping[str, str]) -> bool:
    """Whether a value stands in the place of a token, not what the text itself says."""
    return token.kind == "name" and bool(values.get(token.rest.partition("|")[0].strip()))


def _day(today: str, distance: str) -> date | None:
    try:
        day = date.fromisoformat(today)
        found = _DISTANCE.fullmatch(distance.strip()) if distance else None
        if found is None:
            return None if distance else day
        count = int(found[2]) * (-1 if found[1] == "-" else 1)
        if found[3] in "dw":
            return day + timedelta(days=count * (7 if found[3] == "w" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if found[3] == "y" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError, IndexError):
        return None


def _problem(text: str, token: _Token, kind: str) -> Problem:
    start = text.index("{", token.start)
    line = text.count("\n", 0, start) + 1
    return Problem(kind, token.word, start, line, start - text.rfind("\n", 0, start))
