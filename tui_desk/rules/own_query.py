"""Fields of your own in the filter line: ``cost_group:A``, ``amount>=100``, ``delivery<2026-12-01``, ``has:backup``. Pure.

Which names there are is passed in. A value that a field cannot have is told at its word and matches nothing; nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from tui_desk.core.enums import FieldKind
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.custom_fields import read_field_day, read_number
from tui_desk.rules.query_tokens import Token, read_tokens

HAS = "has"
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
    zone: tzinfo | None = None,
) -> OwnQuery:
    """Take the terms about fields of your own out of what was typed; everything else is left to others. Days are those of ``zone``
    (None: the system's)."""
    terms: list[OwnTerm] = []
    wrong: list[WrongTerm] = []
    rest = list(text)
    for token in read_tokens(text[:_LIMIT]):
        if not is_own(token, fields):
            continue
        rest[token.start : token.end] = " " * (token.end - token.start)
        if not token.unquoted or len(terms) >= MOST_TERMS:  # it is still being typed
            continue
        try:
            terms.append(read_own(token, fields, now, zone))
        except UsageError as error:
            wrong.append(WrongTerm(token.text, error.sentence, error.hint, token.start))
    return OwnQuery("".join(rest), tuple(terms), tuple(wrong))


def is_own(token: Token, fields: Collection[str], others: Collection[str] = ()) -> bool:
    """Whether a token is about a field of your own. ``others`` are what ``has:`` may name besides."""
    if token.field != HAS:
        return token.field in fields
    return token.sign == ":" and not _is_other(token.unquoted, fields, others)


def _is_other(value: str, fields: Collection[str], others: Collection[str]) -> bool:
    """Whether ``has:`` names nothing of your own but what it may name besides."""
    parts = [part.strip().lower() for part in value.split(",")]
    return bool(others) and value.lower() not in fields and all(part in others for part in parts)


def read_own(
    token: Token,
    fields: Mapping[str, KnownField],
    now: datetime | None = None,
    zone: tzinfo | None = None,
    others: Collection[str] = (),
) -> OwnTerm:
    """What a token that :func:`is_own` asks. Raises UsageError."""
    if token.field == HAS:
        known = fields.get(token.unquoted.lower())
        if known is None:
            raise UsageError(
                _("There is no field “{name}”.").format(name=safe_line(token.unquoted, 40)),
                _names(fields, others),
            )
        return OwnTerm(known, HAS, (), token.negated)
    field = fields[token.field]
    if token.compared != "=" and field.kind not in _COMPARED:
        raise UsageError(
            _("{name} has no order: write {name}:VALUE.").format(name=field.name),
            _("Numbers and days are compared with < and >."),
        )
    if field.kind is FieldKind.NUMBER:
        return OwnTerm(field, token.compared, (read_number(token.unquoted),), token.negated)
    if field.kind is FieldKind.DATE:
        return _days(field, token, now or datetime.now(UTC), zone)
    parts = [part for one in token.values if (part := " ".join(safe_line(one).split()))]
    if not parts:
        raise UsageError(_("{name}: what?").format(name=field.name))
    if field.kind is FieldKind.CHOICE:
        parts = [_choice(field, part) for part in parts]
    return OwnTerm(field, "=", tuple(parts), token.negated)


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


def _days(field: KnownField, token: Token, now: datetime, zone: tzinfo | None) -> OwnTerm:
    """A day; or all days of a month or year, where it is not compared."""
    sign = token.compared
    month = _MONTH.fullmatch(token.unquoted)
    if month is not None:
        first, last = _span(month)
        edge = {"=": (first, last), "<": (first,), ">=": (first,), "<=": (last,), ">": (last,)}[sign]
        return OwnTerm(field, sign if len(edge) == 1 else "..", edge, token.negated)
    return OwnTerm(field, sign, (read_field_day(token.unquoted, now, zone),), token.negated)


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
