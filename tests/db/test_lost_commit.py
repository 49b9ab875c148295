"""A connection that is lost while it commits: what came of it is asked, told truly, and never guessed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import func, select

from tests.support.lost_answers import Relay, relayed
from tui_desk.core.errors import Unavailable, Uncertain
from tui_desk.db.engine import Database, open_database
from tui_desk.models import Team

pytestmark = pytest.mark.postgres


@pytest.fixture
def relay(postgres_url: str) -> Iterator[Relay]:
    with relayed(postgres_url) as relay:
        yield relay


@pytest.fixture
def database(relay: Relay) -> Iterator[Database]:
    database = open_database(relay.url)
    yield database
    database.close()


def _add(database: Database) -> None:
    with database.writing() as session:
        session.add(Team(name="Network"))


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Team)).one()


def test_what_was_committed_is_done_although_nobody_was_told(database: Database, relay: Relay) -> None:
    relay.lose("answer")
    _add(database)
    assert _count(database) == 1


def test_what_was_not_committed_is_told_as_not_done(database: Database, relay: Relay) -> None:
    relay.lose("question")
    with pytest.raises(Unavailable, match="Nothing was changed") as told:
        _add(database)
    assert not isinstance(told.value, Uncertain)
    assert _count(database) == 0


def test_what_nobody_can_ask_after_is_not_called_unchanged(database: Database, relay: Relay) -> None:
    relay.lose("answer", stays_away=True)
    with pytest.raises(Uncertain, match="not known") as told:
        _add(database)
    assert "Nothing was changed" not in str(told.value)
    relay.come_back()
    assert _count(database) == 1
