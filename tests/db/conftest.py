"""A current, empty desk on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui_desk.db.engine import Database, open_database
from tui_desk.db.schema import ensure_schema


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    ensure_schema(opened)
    yield opened
    opened.close()
