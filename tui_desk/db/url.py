"""Which database: a path, a ``sqlite://`` or a ``postgresql://`` URL, made into one value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.values import dataclass

CHANNEL = "tui_desk"
"""The PostgreSQL channel on which changes are announced."""

_LIMITS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""By libpq's names: seconds until a server must have answered, seconds of rest until it is asked whether it is there, between such questions,
how many stay unanswered, and milliseconds for which what was sent may. The system's own would let a line that was cut hang for hours."""


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """``path`` for SQLite, else ``dsn``: a PostgreSQL URL as libpq takes it."""

    path: Path | None
    dsn: str = ""

    @property
    def is_sqlite(self) -> bool:
        return self.path is not None

    @property
    def sqlalchemy(self) -> str:
        """The URL in SQLAlchemy's words (psycopg 3)."""
        if self.path is not None:
            return f"sqlite+pysqlite:///{self.path}"
        return "postgresql+psycopg://" + self.dsn.split("://", 1)[1]

    @property
    def limits(self) -> dict[str, Any]:
        """How long a connection is waited for that no longer answers, as parameters of libpq; what the URL itself says is left out."""
        said = {name for name, _value in parse_qsl(urlsplit(self.dsn).query, keep_blank_values=True)}
        if os.environ.get("PGCONNECT_TIMEOUT"):
            said.add("connect_timeout")
        return {name: value for name, value in _LIMITS.items() if name not in said}

    def __str__(self) -> str:
        """For people: a password in the URL is left out."""
        if self.path is not None:
            return str(self.path)
        parts = urlsplit(self.dsn)
        where = parts.netloc.rpartition("@")[2]
        user = f"{parts.username}@" if parts.username else ""
        return f"postgresql://{user}{where}{parts.path}"


def parse_database_url(text: str) -> DatabaseUrl:
    """Read what a person typed after ``--db``.

    Raises ConfigurationError for a scheme that is neither SQLite nor PostgreSQL.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        return DatabaseUrl(Path(text).expanduser().absolute())
    if scheme in ("sqlite", "sqlite+pysqlite"):
        # sqlite:///relative and sqlite:////absolute, as SQLAlchemy has it.
        return DatabaseUrl(Path(rest.removeprefix("/")).expanduser().absolute())
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return DatabaseUrl(None, f"postgresql://{rest}")
    raise ConfigurationError(
        _("“{scheme}” is not a database that tui-desk knows.").format(scheme=scheme),
        _("Give a file path, sqlite:///path or postgresql://user@host/name."),
    )
