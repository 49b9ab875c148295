"""Several reads of the plain drivers see one state of the data, whatever is committed meanwhile."""

from __future__ import annotations

from threading import Thread

import pytest

from tui_desk.core.errors import Unavailable
from tui_desk.db.engine import Database, open_database
from tui_desk.db.fast import open_reader
from tui_desk.models import Team

_COUNT = "SELECT count(*) FROM team"


def _add(database: Database, name: str) -> None:
    with database.writing() as session:
        session.add(Team(name=name))


def test_what_is_committed_meanwhile_is_seen_afterwards(database_url: str) -> None:
    database = open_database(database_url)
    reader = open_reader(database.url)
    with reader.snapshot():
        assert reader.rows(_COUNT) == [(0,)]
        _add(database, "one")
        assert reader.rows(_COUNT) == [(0,)]
        with reader.snapshot():  # within another one it is the same
            assert reader.rows(_COUNT) == [(0,)]
    assert reader.rows(_COUNT) == [(1,)]
    with pytest.raises(Unavailable), reader.snapshot():
        reader.rows("SELECT nothing FROM nowhere")
    _add(database, "two")
    assert reader.rows(_COUNT) == [(2,)]
    reader.close()
    database.close()


def test_others_wait_for_its_end(database_url: str) -> None:
    database = open_database(database_url)
    reader = open_reader(database.url)
    found: list[object] = []
    other = Thread(target=lambda: found.append(reader.rows(_COUNT)))
    with reader.snapshot():
        reader.rows(_COUNT)
        _add(database, "one")
        other.start()
        assert found == []
        assert reader.rows(_COUNT) == [(0,)]
    other.join()
    assert found == [[(1,)]]
    reader.close()
    database.close()
