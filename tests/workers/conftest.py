"""A desk on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers.desk import Desk, open_desk


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords of a PostgreSQL desk are encrypted with a key of the test's own."""
    monkeypatch.setenv("TUI_DESK_KEY_FILE", str(tmp_path / "secret.key"))


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """An empty desk, once for each kind of database."""
    with open_desk(database_url) as opened:
        yield opened
