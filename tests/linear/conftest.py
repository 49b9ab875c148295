"""Fixtures for the linear mode: a desk on each database, and ana at its prompt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linear.talk import Talk, add_mailbox
from tests.services.desk import open_desk


@pytest.fixture
def both(database_url: str, tmp_path: Path) -> Iterator[Talk]:
    """Ana on a fresh desk with a mailbox, once on SQLite and once on PostgreSQL."""
    yield from _talk(database_url, tmp_path)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """The same on SQLite alone, for what has no SQL of its own."""
    yield from _talk(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path)


def _talk(url: str, folder: Path) -> Iterator[Talk]:
    with open_desk(url) as desk:
        add_mailbox(desk)
        talk = Talk(desk, folder)
        try:
            yield talk
        finally:
            talk.close()
