"""Fields that a desk adds to its tickets, people and assets: what a definition may say, and how a typed value is read. Pure.

Numbers are read in the ways people write them ("1 249,90", "1,249.90"); what can be two numbers ("1,249") is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal

from tui_desk.core.enums import FieldKind
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.due import read_due
from tui_desk.rules.moments import to_utc

NAME_LIMIT = 40
LABEL_LIMIT = 40
TEXT_LIMIT = 500
CHOICE_LIMIT = 80
CHOICES_LIMIT = 200
DECIMALS = 4
WHOLE_DIGITS = 11
"""With four decimals fifteen digits: what a comparison in any of the databases keeps apart."""
RESERVED = frozenset(
    "subject status priority type channel assignee team requester organization mailbox watcher category tag rated asset created updated resolved due waiting is sort from has field http https mailto ftp tel id version".split()
)
"""Names that the query language knows already, or that begin an address in a text."""

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?:\D|$))")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", re.ASCII)
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def checked_name(typed: str) -> str:
    """The name as queries and commands call the field. Raises UsageError."""
    name = typed.strip()
    if not _NAME.fullmatch(name) or len(name) > NAME_LIMIT:
        raise UsageError(
            _("“{name}” is no name of a field.").format(name=safe_line(typed, 60)),
            _("Lower-case letters, digits and _, a letter first, such as cost_group."),
        )
    if name in RESERVED:
        raise UsageError(
            _("“{name}” means something else in a filter already.").format(name=name),
            _("Choose another name, such as {name}_2.").format(name=name),
        )
    return name


def checked_choices(kind: FieldKind, typed: Iterable[str]) -> list[str]:
    """The values that a choice offers, each once, in order. Raises UsageError."""
    found: dict[str, str] = {}
    for one in typed:
        text = safe_line(one).strip()
        if not text:
            continue
        if len(text) > CHOICE_LIMIT:
            raise UsageError(_("“{value}” is too long for a choice.").format(value=text[:40] + "…"))
        if text.casefold() in found:
            raise UsageError(_("“{value}” is there twice.").format(value=text))
        found[text.casefold()] = text
    if kind is FieldKind.CHOICE and not found:
        raise UsageError(_("A choice needs values to choose from."))
    if kind is not FieldKind.CHOICE and found:
        raise UsageError(_("Only a choice has values to choose from."))
    if len(found) > CHOICES_LIMIT:
        raise UsageError(_("A choice has at most {count} values.").format(count=CHOICES_LIMIT))
    return list(found.values())


def applies(applies_to: str, kind: str) -> bool:
    """Whether a field of that type belongs to a thing of type ``kind``; an empty one belongs to all."""
    return not applies_to or applies_to.casefold() == kind.strip().casefold()


def read_text(typed: str) -> str:
    """One line. Raises UsageError where it is too long."""
    text = " ".join(safe_line(typed).split())
    if len(text) > TEXT_LIMIT:
        raise UsageError(_("At most {count} characters.").format(count=TEXT_LIMIT))
    return text


def read_number(typed: str) -> Decimal:
    """The exact number that ``typed`` means. Raises UsageError for what is none, can be two, or has too many digits."""
    text = typed.strip().replace("\u2212", "-")
    while (closer := _SPACES.sub("", text)) != text:
        text = closer
    if _ONE_GROUP.fullmatch(text):
        whole, part = re.split("[.,]", text)
        raise UsageError(
            _("“{typed}” can be two numbers.").format(typed=safe_line(typed.strip(), 40)),
            _("Write {one} or {other}.").format(one=whole + part, other=f"{whole}.{part}0"),
        )
    plain = _without_groups(text)
    if not _PLAIN.fullmatch(plain):
        raise UsageError(
            _("“{typed}” is no number.").format(typed=safe_line(typed.strip(), 40)),
            _("For example: 12, -3.5, 1249.90."),
        )
    number = Decimal(plain)
    if abs(number) >= Decimal(10) ** WHOLE_DIGITS or number != round(number, DECIMALS):
        raise UsageError(
            _("“{typed}” has too many digits.").format(typed=safe_line(typed.strip(), 40)),
            _("At most {whole} before the point and {decimals} behind it.").format(
                whole=WHOLE_DIGITS, decimals=DECIMALS
            ),
        )
    return abs(number) if number == 0 else number


def _without_groups(text: str) -> str:
    """A number with a point for its decimals, where its separators can mean one thing only."""
    if "." in text and "," in text:
        decimal = max(".,", key=text.rfind)
        whole, _sign, part = text.rpartition(decimal)
        return f"{whole.replace('.', '').replace(',', '')}.{part}" if _GROUPED.fullmatch(whole) else ""
    grouped = _GROUPED.fullmatch(text)
    if grouped and text.count(grouped[1]) > 1:
        return text.replace(grouped[1], "")
    return text.replace(",", ".") if text.count(",") == 1 else text


def number_text(number: Decimal) -> str:
    """As it is shown, and read again by :func:`read_number`: plain digits, a point before the decimals, no needless zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}0" if _ONE_GROUP.fullmatch(text) else text


def read_field_day(typed: str, now: datetime, zone: tzinfo | None = None) -> date:
    """A day as people type it ("fri", "1 dec", "2026-12-01"). Raises UsageError, also for an instant."""
    hint = _("For example: fri, 1 dec, 2026-12-01; without an hour.")
    try:
        due = read_due(typed, now, zone)
    except UsageError as error:
        raise UsageError(error.sentence, hint) from None
    if due.on is None:
        raise UsageError(_("“{typed}” is no day.").format(typed=safe_line(typed.strip(), 40)), hint)
    try:
        to_utc(datetime.combine(due.on, datetime.min.time()), zone)
    except OverflowError:
        raise UsageError(_("“{typed}” is too far away.").format(typed=safe_line(typed, 40))) from None
    return due.on


def read_choice(typed: str, choices: Sequence[str], present: str = "") -> str:
    """The value of a choice that ``typed`` means, whatever its case; ``present`` stays although it is offered no more. Raises UsageError."""
    text = " ".join(typed.split())
    for value in (present, *choices):
        if value and value.casefold() == text.casefold():
            return value
    raise UsageError(
        _("“{typed}” is none of its values.").format(typed=safe_line(text, 60)),
        _("There are: {names}.").format(names=", ".join(choices[:20]) + (" …" if len(choices) > 20 else "")),
    )
