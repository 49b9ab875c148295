"""Fixtures for screens: the application on a real desk."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.desk import Room, open_room
from tests.services.desk import open_desk
from tests.support.ports import PATIENCE
from tui_desk.gateway import DeskGateway
from tui_desk.screens import message_line


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A fresh desk with agents of every role and no ticket."""
    with open_room(tmp_path) as room:
        yield room
    # Each application freezes what it finds; hundreds of them in one process would give nothing back any more.
    gc.unfreeze()


@pytest.fixture
def notices_pass() -> None:
    """What is told by the way goes as it does for people."""


@pytest.fixture(autouse=True)
def notices_stay(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told by the way stands for minutes, so that a slow machine reads it too."""
    if "notices_pass" in request.fixturenames:
        return
    for limit in ("_LEAST_SECONDS", "_MOST_SECONDS"):
        monkeypatch.setattr(message_line, limit, PATIENCE)


@pytest.fixture
def admin_room(tmp_path: Path) -> Iterator[Room]:
    """A desk whose agent at the keyboard is its admin."""
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as desk:
        gateway = DeskGateway(desk.database.url, desk.root)
        try:
            yield Room(desk, gateway, tmp_path)
        finally:
            gateway.close()
