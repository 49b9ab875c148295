"""A commit that does not wait for the disk: seen by everybody at once, and the next one waits again."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from tests.workers.desk import Desk, open_desk
from tui_desk.services.settings_store import read_setting, write_setting


def waits(session: Session, desk: Desk) -> bool:
    question = "PRAGMA synchronous" if desk.database.is_sqlite else "SHOW synchronous_commit"
    return str(session.execute(text(question)).scalar_one()) in ("2", "on")


def test_only_the_one_that_asks_for_it_does_not_wait(database_url: str) -> None:
    with open_desk(database_url) as desk:
        with desk.database.writing() as session:
            usually = waits(session, desk)
        with desk.database.writing(lasting=False) as session:
            assert not waits(session, desk)
            write_setting(session, "a", 1)
        with desk.database.reading() as session:
            assert read_setting(session, "a") == 1
        with desk.database.writing() as session:
            assert waits(session, desk) is usually
            assert usually or not desk.database.is_sqlite
