"""Which database: a path, a ``sqlite://`` or a ``postgresql://`` URL, made into one value."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.values import dataclass

CHANNEL = "tui_desk"
"""The PostgreSQL channel on which changes are announced."""


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
