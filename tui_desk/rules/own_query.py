"""Fields of your own in the filter line: ``cost_group:A``, ``amount>=100``, ``delivery<2026-12-01``, ``has:backup``. Pure.

Which names there are is passed in. A value that a field cannot have is told at its word and matches nothing; nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tui_desk.core.enums import FieldKind
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.custom_fields import read_field_day, read_number

HAS = "has"
_TOKEN = re.compile(
    r'(?<!\S)(?P<not>-?)(?P<name>[^\W\d]\w*)(?P<sign>:(?:[<>]=?|=)?|[<>]=?|=)(?:"(?P<phrase>[^"]*)"?|(?P<bare>\S*))'
)
_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_COMPARED = (FieldKind.NUMBER, FieldKind.DATE)
_LIMIT = 1000
MOST_TERMS = 12
"""More than anybody types; bounds what a pasted page can cost."""


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field that can be asked for. ``choices`` holds all that values can be."""

    id: int
    name: str
    kind: FieldKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """What is asked of a field: ``sign`` is ``has``, ``=``, ``<``, ``<=``, ``>`` or ``>=``; any of ``values`` will do."""

    field: KnownField
    sign: str
    values: tuple[str | Decimal | date, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class WrongTerm:
    """A word that makes no sense, and why."""

    word: str
    sentence: str
    hint: str = ""
    start: int = 0
    """Its place in the text."""


@dataclass(frozen=True, slots=True)
class OwnQuery:
    """``rest`` is the text with blanks where terms stood, as long as it was."""

    rest: str
    terms: tuple[OwnTerm, ...] = ()
    wrong: tuple[WrongTerm, ...] = ()


def may_name_fields(text: str) -> bool:
    """Whether it is worth knowing which fields there are."""
    return any(sign in text for sign in ":<>=")


def split_own(
    text: str,
    fields: Mapping[str, KnownField],
    now: datetime | None = None,
    others: Collection[str] = (),
) -> OwnQuery:
    """Take the terms about fields of your own out of what was typed; everything else is left to others. ``others`` are what ``has:``
    may name besides."""
    terms: list[OwnTerm] = []
    wrong: list[WrongTerm] = []
    rest = list(text)
    for match in _TOKEN.finditer(text[:_LIMIT]):
        name = match["name"].lower()
        value = match["phrase"] if match["phrase"] is not None else match["bare"]
        if name != HAS and name not in fields:
            continue
        if name == HAS and (match["sign"] != ":" or _is_other(value, fields, others)):
            continue
        rest[match.start() : match.end()] = " " * (match.end() - match.start())
        if not value or len(terms) >= MOST_TERMS:  # it is still being typed
            continue
        word = match[0].strip()
        try:
            terms.append(_term(name, match["sign"], value, bool(match["not"]), fields, now, others))
        except UsageError as error:
            wrong.append(WrongTerm(word, error.sentence, error.hint, match.start()))
    return OwnQuery("".join(rest), tuple(terms), tuple(wrong))


def _is_other(value: str, fields: Mapping[str, KnownField], others: Collection[str]) -> bool:
    """Whether ``has:`` names nothing of your own but what it may name besides."""
    parts = [part.strip().lower() for part in value.split(",")]
    return bool(others) and value.strip().lower() not in fields and all(part in others for part in parts)


def _term(
    name: str,
    sign: str,
    value: str,
    negated: bool,
    fields: Mapping[str, KnownField],
    now: datetime | None,
    others: Collection[str] = (),
) -> OwnTerm:
    """Raises UsageError."""
    if name == HAS:
        known = fields.get(value.strip().lower())
        if known is None:
            raise UsageError(
                _("There is no field “{name}”.").format(name=safe_line(value, 40)), _names(fields, others)
            )
        return OwnTerm(known, HAS, (), negated)
    field = fields[name]
    compared = sign.removeprefix(":") or "="
    if compared != "=" and field.kind not in _COMPARED:
        raise UsageError(
            _("{name} has no order: write {name}:VALUE.").format(name=field.name),
            _("Numbers and days are compared with < and >."),
        )
    if field.kind is FieldKind.NUMBER:
        return OwnTerm(field, compared, (read_number(value),), negated)
    if field.kind is FieldKind.DATE:
        return _days(field, compared, value, negated, now or datetime.now(UTC))
    parts = [part for one in value.split(",") if (part := " ".join(safe_line(one).split()))]
    if not parts:
        raise UsageError(_("{name}: what?").format(name=field.name))
    if field.kind is FieldKind.CHOICE:
        parts = [_choice(field, part) for part in parts]
    return OwnTerm(field, "=", tuple(parts), negated)


def _choice(field: KnownField, typed: str) -> str:
    found = next((one for one in field.choices if one.casefold() == typed.casefold()), None)
    if found is None:
        raise UsageError(
            _("“{value}” is none of the values of {name}.").format(
                value=safe_line(typed, 40), name=field.name
            ),
            _("There are: {names}.").format(names=", ".join(field.choices[:20])),
        )
    return found


def _days(field: KnownField, sign: str, value: str, negated: bool, now: datetime) -> OwnTerm:
    """A day; or all days of a month or year, where it is not compared."""
    month = _MONTH.fullmatch(value.strip())
    if month is not None:
        first, last = _span(month)
        edge = {"=": (first, last), "<": (first,), ">=": (first,), "<=": (last,), ">": (last,)}[sign]
        return OwnTerm(field, sign if len(edge) == 1 else "..", edge, negated)
    return OwnTerm(field, sign, (read_field_day(value, now),), negated)


def _span(month: re.Match[str]) -> tuple[date, date]:
    """First and last day. Raises UsageError for a month that is none."""
    try:
        first = date(int(month[1]), int(month[2] or 1), 1)
        last = date(int(month[1]), int(month[2] or 12), 28)
    except ValueError:
        raise UsageError(_("There is no {day}.").format(day=month[0])) from None
    following = (last + timedelta(days=4)).replace(day=1) if last.year < date.max.year else date.max
    return first, following - timedelta(days=1) if following != date.max else date.max


def _names(fields: Mapping[str, KnownField], others: Collection[str] = ()) -> str:
    if not fields and not others:
        return _("No field of your own is defined.")
    return _("There are: {names}.").format(names=", ".join([*others, *fields][:30]))
