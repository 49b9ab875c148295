"""Fixtures for use cases: a desk on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.desk import Desk, open_desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A fresh desk with agents of every role, once on SQLite and once on PostgreSQL."""
    with open_desk(database_url) as desk:
        yield desk
