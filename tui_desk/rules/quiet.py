"""When an agent wants no signal: a span of the day, which may go over midnight, and weekends. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, tzinfo
from typing import NamedTuple

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?::(\d{2}))?")
SATURDAY = 5


class Span(NamedTuple):
    """From ``start`` until ``end``, which is no part of it; over midnight where it ends before it begins."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def read_span(typed: str) -> Span | None:
    """Hours of the day as typed: ``22-7``, ``18:30 - 08:00``; None for nothing. Raises UsageError."""
    text = " ".join(typed.split())
    if not text:
        return None
    found = _SPAN.fullmatch(text.casefold())
    hint = _("Write it like 22:00-07:00; empty is never.")
    if found is None:
        raise UsageError(_("“{typed}” is no span of the day.").format(typed=text), hint)
    numbers = [int(part or 0) for part in found.groups()]
    if numbers[2:] == [24, 0]:
        numbers[2] = 0
    if any(hour > 23 for hour in numbers[::2]) or any(minute > 59 for minute in numbers[1::2]):
        raise UsageError(_("“{typed}” is no span of the day.").format(typed=text), hint)
    span = Span(time(numbers[0], numbers[1]), time(numbers[2], numbers[3]))
    if span.start == span.end:
        raise UsageError(_("“{typed}” begins when it ends.").format(typed=text), hint)
    return span


def is_quiet(now: datetime, span: Span | None, weekends: bool, zone: tzinfo | None = None) -> bool:
    """Whether no signal is wanted at ``now`` (aware), on the clock of ``zone`` (None: the system's)."""
    local = now.astimezone(zone)
    if weekends and local.weekday() >= SATURDAY:
        return True
    if span is None:
        return False
    at = local.time()
    if span.start < span.end:
        return span.start <= at < span.end
    return at >= span.start or at < span.end
