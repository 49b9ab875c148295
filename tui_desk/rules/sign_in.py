"""When to warn that an OAuth2 sign-in will end, from what is stored about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

WARNED_BEFORE = timedelta(days=7)
"""Or the last third of a sign-in that lives no three weeks."""


def ends_soon(state: Mapping[str, Any], now: datetime) -> str:
    """A sentence where the sign-in is over or ends soon; empty where it does not, or nobody knows.

    ``ends_at`` and ``life_began_at`` of ``state`` are instants or ISO text.
    """
    ends, began = instant_of(state.get("ends_at")), instant_of(state.get("life_began_at"))
    if ends is None:
        return ""
    day = day_of(ends)
    if ends <= now:
        return _("The sign-in ended on {day}: sign in again.").format(day=day)
    whole = ends - began if began is not None else WARNED_BEFORE * 3
    if ends - now <= min(WARNED_BEFORE, whole / 3):
        return _("The sign-in ends on {day}: sign in again before.").format(day=day)
    return ""


def sign_in_problem(state: Mapping[str, Any], now: datetime) -> str:
    """What an admin should know before mail stops: not signed in, refused, or soon over. Empty where all is well.

    ``state``: as it is stored, with ``refresh``, ``problem`` and what :func:`ends_soon` reads.
    """
    if not state.get("refresh"):
        return _("Nobody has signed in yet.")
    return safe_line(str(state.get("problem") or ""), 500) or ends_soon(state, now)


def instant_of(value: Any) -> datetime | None:
    """An instant as it is stored; None for anything else."""
    if isinstance(value, datetime):
        return value
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def day_of(value: Any) -> str:
    """Local date and time; empty where there is none."""
    instant = instant_of(value)
    return instant.astimezone().strftime("%Y-%m-%d %H:%M") if instant is not None else ""
