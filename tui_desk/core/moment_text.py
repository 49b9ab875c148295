"""A moment to come in the reader's words: "Mon 23 Nov 09:00 (in 18 h)". The same on screens and on the command line."""

from __future__ import annotations

from datetime import datetime, tzinfo

from tui_desk.core.i18n import _, ngettext


def day_and_hour(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """``at`` as the clock in ``zone`` (None: the system's) shows it, with its weekday; the year where it is another one."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    weekday = _("Mon Tue Wed Thu Fri Sat Sun").split()[local.weekday()]
    month = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[local.month - 1]
    year = "" if local.year == today.year else f" {local.year}"
    return f"{weekday} {local.day} {month}{year} {local:%H:%M}"


def ahead(at: datetime, now: datetime) -> str:
    """How far away ``at`` is, in its largest unit."""
    minutes = max(0, round((at - now).total_seconds() / 60))
    if minutes < 100:
        return _("in {count} min").format(count=minutes)
    hours = round(minutes / 60)
    if hours < 49:
        return _("in {count} h").format(count=hours)
    days = round(minutes / 1440)
    return ngettext("in {count} day", "in {count} days", days).format(count=days)


def told(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Both."""
    return f"{day_and_hour(at, now, zone)} ({ahead(at, now)})"
