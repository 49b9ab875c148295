"""Fixtures for screens: the application on a real desk."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.desk import Room, open_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A fresh desk with agents of every role and no ticket."""
    with open_room(tmp_path) as room:
        yield room
    # Each application freezes what it finds; hundreds of them in one process would give nothing back any more.
    gc.unfreeze()
