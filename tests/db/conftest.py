"""A current, empty desk on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.new_desk import open_new_desk
from tui_desk.db.engine import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_new_desk(database_url)
    yield opened
    opened.close()
