"""The schema: migrated at once or not at all, the same as the tables say, and a newer one is refused."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

import tui_desk.models  # noqa: F401
from tui_desk.core.errors import Conflict, Refused, Unavailable
from tui_desk.db.engine import Database, open_database
from tui_desk.db.revision import HEAD
from tui_desk.db.schema import MIGRATIONS, ensure_schema, found_revision, migrate


def test_a_new_database_is_made_and_then_current(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    assert ensure_schema(database) is True
    assert ensure_schema(database) is False
    assert inspect(database.engine).has_table("ticket")
    database.close()


def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    def ours(entry: object) -> bool:
        kind, what = entry[0], entry[1]
        name = getattr(what, "name", "")
        return not (
            kind.startswith("remove_")
            and str(name).startswith(
                (
                    "message_",
                    "ix_message_note",
                    "ix_message_search",
                    "ix_ticket_",
                    "asset_search",
                    "asset_fts",
                    "person_search",
                    "person_fts",
                    "search_letter",
                    "ix_asset_search",
                    "ix_asset_lower",
                    "ix_person_search",
                )
            )
        )

    with database.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert [entry for entry in compare_metadata(context, SQLModel.metadata) if ours(entry)] == []


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


@pytest.fixture
def first_schema(empty_database_url: str) -> Iterator[Database]:
    """A database as the first version made it, with two mailboxes."""
    database = open_database(empty_database_url)
    with database.engine.begin() as connection:
        migrate(connection, "0001")
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO mailbox (address, name, state, imap_host, imap_port, imap_security, imap_user, smtp_host, "
                    "smtp_port, smtp_security, smtp_user, password_secret, password_command, folder, after_import, start, "
                    "poll_seconds, insecure_ok, acknowledge, acknowledgement, signature, created_at, version, last_problem, "
                    "failures) VALUES ('a@x.test', :name, 'active', '', 1, '', '', '', 1, '', '', '', '', '', '', '', 1, "
                    "false, false, '', '', '2026-01-01 00:00:00.000000', 1, '', 0)"
                ),
                {"name": str(number)},
            )
    yield database
    database.close()


def test_two_mailboxes_with_one_address_are_for_a_person_to_part(first_schema: Database) -> None:
    with pytest.raises(Refused, match=r"Two mailboxes of this desk have the address a@x\.test"):
        ensure_schema(first_schema)
    assert found_revision(first_schema) == "0001"
    with first_schema.writing() as session:
        session.execute(text("UPDATE mailbox SET state = 'removed' WHERE name = '2'"))
    assert ensure_schema(first_schema) is True
    assert found_revision(first_schema) == HEAD
    with pytest.raises(Conflict), first_schema.writing() as session:
        session.execute(text("UPDATE mailbox SET state = 'paused' WHERE name = '2'"))


def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer"):
        ensure_schema(database)


def test_events_cannot_be_changed_or_deleted(database: Database) -> None:
    insert = text(
        "INSERT INTO event (stream, position, at, actor, action, field, before, after, hash) "
        "VALUES ('desk', 1, '2026-01-01 00:00:00.000000', 'x', 'y', '', 'null', 'null', 'h')"
    )
    with database.writing() as session:
        session.execute(insert)
    for statement in ("UPDATE event SET actor = 'z'", "DELETE FROM event"):
        with pytest.raises(Exception, match="append-only"), database.writing() as session:
            session.execute(text(statement))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_database(str(tmp_path / "file" / "desk.db"))
