"""How the picker of files and the spelling look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, add_mailbox, shows
from tests.support.dictionary import write_dictionary

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@each_size
def test_spelling_and_markdown(
    room: Room, snap_compare: Compare, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dictionary(tmp_path / "words")
    monkeypatch.setenv("DICPATH", str(tmp_path / "words"))
    add_mailbox(room)

    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in")
        await pilot.press(*"gt2", "enter")
        await shows(pilot, "VPN drops")
        await pilot.press("r")
        await shows(pilot, "@client.test")
        await pilot.press(
            *"Hello, please **recieve** the `code`.", "enter", *"> quoted", "enter", *"- teh printer "
        )
        await shows(pilot, "2 words to look at")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)


@each_size
def test_the_picker(
    room: Room, snap_compare: Compare, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    (here / "photos").mkdir(parents=True)
    at = room.clock().timestamp()
    for name in ("a plan.txt", "report.pdf"):
        (here / name).write_text("x" * 3_000)
        os.utime(here / name, (at, at))
    monkeypatch.chdir(here)
    monkeypatch.setattr(Path, "cwd", lambda: Path())  # where the folder of a test is differs from run to run
    add_mailbox(room)

    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in")
        await pilot.press(*"gt2", "enter")
        await shows(pilot, "VPN drops")
        await pilot.press("r")
        await shows(pilot, "@client.test")
        await pilot.press("ctrl+t")
        await shows(pilot, "report.pdf")
        await pilot.press("down", "space")
        await shows(pilot, "1 marked")

    assert snap_compare(room.app(), terminal_size=size, run_before=ready)
