"""Bringing a database to the schema this version works with, and refusing a newer one.

Alembic is imported only when there is something to migrate: a start with a current database costs one SELECT.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.db.engine import Database, unavailable
from tui_desk.db.revision import HEAD

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_PG_MIGRATION_LOCK = 7_214_011
"""Key of the advisory lock that keeps two processes from migrating one PostgreSQL database at once."""
StepBegins = Callable[[int, int], None]
"""Is told the number of a step that begins, from 1, and how many there are."""


def _nobody(_number: int, _steps: int) -> None:
    """Nobody wants to know."""


def revision(connection: Connection) -> str | None:
    """The revision of the database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def ensure_schema(database: Database, step_begins: StepBegins = _nobody) -> bool:
    """Upgrade the database to :data:`HEAD` where it is older; answers whether anything was done.

    All steps are one transaction (both databases have transactional DDL): killed at any point, the database is as before.
    Raises Refused for a database of a newer version, Unavailable when it cannot be reached.
    """
    found = found_revision(database)
    if found == HEAD:
        return False
    if found is not None and found > HEAD:
        raise Refused(
            _(
                "The database {url} was made by a newer tui-desk (schema {found}; this one knows {known})."
            ).format(url=database.url, found=found, known=HEAD),
            _("Nothing was changed. Update tui-desk on this machine."),
        )
    try:
        upgrade(database, step_begins)
    except OperationalError as error:
        raise unavailable(database.url, error) from error
    return True


def found_revision(database: Database) -> str | None:
    """The revision of the database; None for an empty one. Raises Unavailable."""
    try:
        with database.engine.connect() as connection:
            return revision(connection)
    except OperationalError as error:
        raise unavailable(database.url, error) from error


def upgrade(database: Database, step_begins: StepBegins = _nobody) -> None:
    """Run the missing migrations."""
    with database.engine.connect() as plain:
        connection = plain.execution_options(tui_desk_writes=True)
        with connection.begin():
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PG_MIGRATION_LOCK})
            if revision(connection) != HEAD:
                migrate(connection, step_begins=step_begins)


def migrate(connection: Connection, to: str = "head", step_begins: StepBegins = _nobody) -> None:
    """Run the missing migrations, up to the revision ``to``, in the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    steps = len(list(script.iterate_revisions(to, revision(connection) or "base")))
    begun = iter(range(1, steps + 1))

    def next_begins(**_applied: object) -> None:
        number = next(begun, None)
        if number is not None:
            step_begins(number, steps)

    config.attributes["on_version_apply"] = next_begins
    next_begins()
    command.upgrade(config, to)
