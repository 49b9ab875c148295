"""What makes this desk this desk: its own random name and the secret that signs its Message-IDs.

Both are made once, when first needed, and kept in ``setting``: whoever may read the whole database could write into it as well.
"""

from __future__ import annotations

import secrets

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from tui_desk.models import Setting

SECRET_KEY = "message_secret"
NAME_KEY = "desk_id"


def message_secret(session: Session) -> bytes:
    """The secret behind our Message-IDs (32 bytes). Makes it in a writing session where there is none yet."""
    return bytes.fromhex(_kept(session, SECRET_KEY, 32))


def desk_id(session: Session) -> str:
    """The name that ``X-Tui-Desk`` carries. Makes it in a writing session where there is none yet."""
    return _kept(session, NAME_KEY, 12)


def known_desk_id(session: Session) -> str:
    """The desk's name, empty while it has none; never writes."""
    return _cached(session, NAME_KEY)


def known_secret(session: Session) -> bytes:
    """The secret behind our Message-IDs, empty while nothing was ever sent; never writes."""
    return bytes.fromhex(_cached(session, SECRET_KEY))


def _cached(session: Session, key: str) -> str:
    known: dict[str, str] = session.info.setdefault("identity", {})
    if key not in known:
        value = session.exec(select(Setting.value).where(Setting.key == key)).first()
        if not isinstance(value, str):
            return ""
        known[key] = value
    return known[key]


def _kept(session: Session, key: str, size: int) -> str:
    value = _cached(session, key)
    if value:
        return value
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(Setting)
        .values(key=key, value=secrets.token_hex(size))
        .on_conflict_do_nothing(index_elements=["key"])
    )
    return _cached(session, key)
