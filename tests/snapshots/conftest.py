"""A desk of its own for every picture, at a clock that stands still, and pictures kept as text."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine

from tests.snapshots.gallery import KEPT
from tests.snapshots.house import NOW, House, Plan, make_plan, open_house
from tests.snapshots.picture import Picture, differences, read
from tests.support.ports import PATIENCE
from tui_desk.screens import acting, message_line

MOST = 60
"""Lines of differences that are told."""


@pytest.fixture
def check_picture(request: pytest.FixtureRequest) -> Callable[[str, Picture], None]:
    """Compare a picture with the one of that name that somebody looked at last, or keep it (``--renew-pictures``)."""

    def check(name: str, picture: Picture) -> None:
        file = KEPT / f"{name}.txt"
        if request.config.getoption("--renew-pictures"):
            file.write_text(picture.written(), encoding="utf-8")
        elif not file.exists():
            pytest.fail(f"There is no picture {name}: make it with --renew-pictures, and look at it.")
        elif found := list(differences(read(file.read_text(encoding="utf-8")), picture)):
            more = [f"… and {len(found) - MOST} more"] if len(found) > MOST else []
            pytest.fail("\n".join([f"{name} is not as it was:", *found[:MOST], *more]), pytrace=False)

    return check


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The desk of the pictures, made once."""
    with time_machine.travel(NOW, tick=False):
        return make_plan(tmp_path_factory.mktemp("plan"))


@pytest.fixture
def house(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A desk of its own; no dialog comes up because the machine is slow, and nothing that is told passes."""
    for module, name in (
        (acting, "_SLOW_AFTER"),
        (message_line, "_LEAST_SECONDS"),
        (message_line, "_MOST_SECONDS"),
    ):
        monkeypatch.setattr(module, name, PATIENCE)
    monkeypatch.chdir(tmp_path)
    with time_machine.travel(NOW, tick=False), open_house(tmp_path, plan) as house:
        yield house
    gc.unfreeze()  # each application freezes what it finds
