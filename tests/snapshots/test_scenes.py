"""How every screen and dialog looks, at the sizes that matter, dark, light and without colour.

Renew with ``pytest tests/snapshots --renew-pictures``, then look: ``python -m tests.snapshots.gallery FOLDER``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from tests.screens.desk import text_of, until
from tests.snapshots.gallery import KEPT
from tests.snapshots.house import House
from tests.snapshots.picture import Picture, Rows, differences, picture_of
from tests.snapshots.scenes import SCENES, Scene
from tui_desk.app import DeskApp
from tui_desk.rules.themes import BUILT_IN
from tui_desk.screens import looks

SIZES = ((80, 24), (200, 50))
LOOKS = ("dark", "light", "none")
_SOON = 0.5
"""Seconds: the longest that a screen waits for the next key before it asks for more."""
Check = Callable[[str, Picture], None]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_scene(
    house: House, scene: Scene, size: tuple[int, int], check_picture: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    if scene.prepare is not None:
        scene.prepare(house, monkeypatch)
    app = house.app(**scene.options)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.agent is not None)
        for key in scene.keys:
            await settled(pilot, house)
            if len(key) > 1 and key.startswith("+"):
                app.post_message(Paste(key[1:].replace("~", " ")))
            else:
                await pilot.press(key)
        await until(pilot, lambda: all(text in text_of(pilot) for text in scene.shown), 20)
        seen = {}
        for look in LOOKS:
            wear(app, look)
            seen[look] = await at_rest(pilot, house)
    check_picture(f"{scene.name}-{size[0]}x{size[1]}", Picture(seen))


def wear(app: DeskApp, look: str) -> None:
    """As from a start in that look."""
    app.no_color = look == "none"
    looks.wear(app, BUILT_IN[look])


async def settled(pilot: Pilot[None], house: House) -> Rows:
    """What is shown once nothing is asked any more and nothing changes."""
    before: Rows = ()
    while True:
        await pilot.pause()
        now = picture_of(pilot.app)
        if now == before and not house.gateway.asked:
            return now
        before = now
        await asyncio.sleep(0)


async def at_rest(pilot: Pilot[None], house: House) -> Rows:
    """What is shown once what was asked last has set nothing for the next moment either: an answer may ask for a preview."""
    before: Rows = ()
    while True:
        await rested()
        now = await settled(pilot, house)
        if now == before:
            return now
        before = now


async def rested() -> None:
    """Wait for what is set for the next moment: a preview, a count of hits, names to complete. What ticks goes on ticking."""
    loop = asyncio.get_running_loop()
    end = loop.time() + 4 * _SOON
    while loop.time() < end:
        now = loop.time()
        if not any(not timer.cancelled() and timer.when() <= now + _SOON for timer in loop._scheduled):
            return
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("look", LOOKS)
async def test_a_look_worn_at_run_time_is_that_of_a_start(
    house: House, look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Rows]] = []
    for start in ("light" if look == "dark" else "dark", look):
        if start == "none":
            monkeypatch.setenv("NO_COLOR", "1")
        app = house.app(start)
        async with app.run_test(size=(200, 50)) as pilot:
            await until(pilot, lambda app=app: app.agent is not None)
            await settled(pilot, house)
            wear(app, look)
            found = {"queue": await settled(pilot, house)}
            await pilot.press("s")
            found["dialog"] = await settled(pilot, house)
            await pilot.press("escape", "N")
            await until(pilot, lambda pilot=pilot: "New ticket" in text_of(pilot))
            seen.append({**found, "form": await settled(pilot, house)})
    assert not list(differences(Picture(seen[1]), Picture(seen[0])))


def test_every_picture_is_one_of_a_scene() -> None:
    wanted = {f"{scene.name}-{width}x{height}.txt" for scene in SCENES for width, height in SIZES}
    assert {file.name for file in KEPT.iterdir()} == wanted
