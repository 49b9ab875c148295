"""Fixtures for use cases: a desk on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.desk import Desk, open_desk
from tests.services.queue_desk import fill_queue
from tests.support.new_desk import open_new_desk
from tui_desk.db.fast import FastReader, open_reader


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A fresh desk with agents of every role, once on SQLite and once on PostgreSQL."""
    with open_desk(database_url) as desk:
        yield desk


@pytest.fixture
def reader(database_url: str) -> Iterator[FastReader]:
    """The plain drivers on a desk of sixty tickets."""
    database = open_new_desk(database_url)
    fill_queue(database)
    opened = open_reader(database.url)
    yield opened
    opened.close()
    database.close()
