"""How fast a way out may send: so many messages a minute, whatever number of processes and connections does the sending."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from tui_desk.services.settings_store import locked_setting, read_setting

PER_MINUTE = "send_per_minute"
"""Setting: the name of a way out (``mailbox:3``, ``fallback``) → messages a minute; no limit where it is not named."""
_NEXT = "send_next"


def limit_of(session: Session, way: str) -> int:
    """Messages a minute; 0: as fast as the server takes them."""
    limits = read_setting(session, PER_MINUTE)
    return int(limits.get(way, 0)) if isinstance(limits, dict) else 0


def set_limit(session: Session, way: str, per_minute: int) -> None:
    """Change it; 0 takes it away."""
    row = locked_setting(session, PER_MINUTE)
    others = {name: value for name, value in (row.value or {}).items() if name != way}
    row.value = others | ({way: per_minute} if per_minute > 0 else {})
    session.add(row)
    session.flush()


def may_send(session: Session, way: str, now: datetime) -> bool:
    """Whether the next message may leave now (a read)."""
    limit = limit_of(session, way)
    return not limit or _next(session, way, limit, now) <= now


def take(session: Session, way: str, now: datetime) -> bool:
    """Use the place of one message, where there is one. In the transaction that claims it.

    Messages leave evenly spaced: no minute, however it is laid, sees more than the limit and one.
    """
    limit = limit_of(session, way)
    if not limit:
        return True
    row = locked_setting(session, f"{_NEXT}:{way}")
    at = _next(session, way, limit, now)
    if at > now:
        return False
    row.value = (now + timedelta(minutes=1) / limit).isoformat()
    session.add(row)
    session.flush()
    return True


def _next(session: Session, way: str, limit: int, now: datetime) -> datetime:
    value = read_setting(session, f"{_NEXT}:{way}")
    if not isinstance(value, str):
        return now
    # Never later than the limit of now asks for: it may have been a smaller one, or the clock was set back.
    return min(datetime.fromisoformat(value), now + timedelta(minutes=1) / limit)
