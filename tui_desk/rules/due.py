"""When something is due, as people type it: a day ("fri", "1 dec"), or an instant ("fri 14:30", "in 2h"). Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.moments import not_too_far, read_moment, to_utc

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[ tT](\d{1,2}):(\d{2})", re.ASCII)
_END = time(23, 59, 59)


class Due(NamedTuple):
    """By the end of the day ``on``, or at the instant ``at`` (UTC); neither: at no time."""

    on: date | None = None
    at: datetime | None = None


def read_due(typed: str, now: datetime, zone: tzinfo | None = None) -> Due:
    """What ``typed`` means where it was typed (``zone`` None: the system's); nothing is due at no time.

    A date as it is shown, with or without its hour, may be over: it is kept as it stands in a form. Raises UsageError.
    """
    text = " ".join(typed.split())
    if not text:
        return Due()
    shown = _INSTANT.fullmatch(text)
    try:
        if _DAY.fullmatch(text):
            return Due(on=date.fromisoformat(text))
        if shown:
            local = datetime.combine(date.fromisoformat(shown[1]), time(int(shown[2]), int(shown[3])))
            return Due(at=not_too_far(to_utc(local, zone), now, text))
    except (ValueError, OverflowError):
        raise UsageError(_("There is no {day}.").format(day=text)) from None
    late = read_moment(text, now, zone, _END)
    try:
        early = read_moment(text, now, zone)
    except UsageError:  # "today" in the evening: only the end of the day is still to come
        return Due(on=late.astimezone(zone).date())
    if early == late and not _is_whole_days(early, now, zone):
        return Due(at=late.astimezone(UTC))
    return Due(on=late.astimezone(zone).date())


def _is_whole_days(at: datetime, now: datetime, zone: tzinfo | None) -> bool:
    """ "in 3 days": the hour is that of now, and nobody named it."""
    local, present = at.astimezone(zone), now.astimezone(zone)
    same_hour = local.time().replace(microsecond=0) == present.time().replace(microsecond=0)
    return same_hour and local.date() - present.date() >= timedelta(days=1)


def due_text(on: date | None, at: datetime | None, zone: tzinfo | None = None) -> str:
    """As it is shown in a form, and read again by :func:`read_due`; seconds are not shown."""
    if at is not None:
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return "" if on is None else on.isoformat()
