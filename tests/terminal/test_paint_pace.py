"""A screen is painted at once where it rested, never twice within a sixtieth of a second, and not at all without cause."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.constants import MAX_FPS
from textual.screen import Screen
from textual.widgets import Static

from tests.support.ports import PATIENCE
from tui_desk.terminal.paint_pace import install_paint_pace


class Counting(Screen[None]):
    """Remembers when it was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[float] = []

    def compose(self) -> ComposeResult:
        yield Static("before", id="it")

    def _on_timer_update(self) -> None:
        self.painted.append(asyncio.get_running_loop().time())
        super()._on_timer_update()


class OneScreen(App[None]):
    pressed_at = 0.0

    def on_mount(self) -> None:
        self.push_screen(Counting())


@pytest.fixture(autouse=True)
def paced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Screen, "_update_timer", Screen.__dict__["_update_timer"])
    install_paint_pace()


async def _painted_again(screen: Counting, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(screen.painted) <= count:
            await asyncio.sleep(0)


async def test_many_changes_are_painted_no_faster_than_they_can_be_seen_and_the_last_one_is() -> None:
    app = OneScreen()
    async with app.run_test() as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, Counting)
        shown = screen.query_one("#it", Static)
        screen.painted.clear()
        for turn in range(5):
            for change in range(20):
                shown.update(f"turn {turn}, change {change}")
                await asyncio.sleep(0)
            await _painted_again(screen, turn)
        await pilot.pause()
        gaps = [after - before for before, after in zip(screen.painted, screen.painted[1:], strict=False)]
        assert min(gaps) >= 0.99 / MAX_FPS
        assert "turn 4, change 19" in str(shown.render())


async def test_nothing_is_painted_without_cause() -> None:
    app = OneScreen()
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, Counting)
        shown = screen.query_one("#it", Static)
        shown.update("after")
        await _painted_again(screen, 0)
        await pilot.pause()
        before = len(screen.painted)
        loop = asyncio.get_running_loop()
        rested = asyncio.Event()
        loop.call_later(6 / MAX_FPS, rested.set)
        await rested.wait()
        assert len(screen.painted) == before


async def test_a_key_does_not_wait_for_what_others_had_painted() -> None:
    app = OneScreen()
    async with app.run_test() as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, Counting)
        shown = screen.query_one("#it", Static)
        loop = asyncio.get_running_loop()
        screen.painted.clear()
        for turn in range(20):
            shown.update(f"by others {turn}")
            await _painted_again(screen, 2 * turn)
            shown.update(f"and once more {turn}")
            app.pressed_at = loop.time()
            shown.update(f"by a key {turn}")
            await _painted_again(screen, 2 * turn + 1)
            rested = asyncio.Event()
            loop.call_later(2 / MAX_FPS, rested.set)
            await rested.wait()
        gaps = [key - other for other, key in zip(screen.painted[::2], screen.painted[1::2], strict=True)]
        assert min(gaps) < 0.5 / MAX_FPS


async def test_keys_alone_keep_the_pace() -> None:
    app = OneScreen()
    async with app.run_test() as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, Counting)
        shown = screen.query_one("#it", Static)
        screen.painted.clear()
        for turn in range(6):
            app.pressed_at = asyncio.get_running_loop().time()
            shown.update(f"key {turn}")
            await _painted_again(screen, turn)
        gaps = [after - before for before, after in zip(screen.painted, screen.painted[1:], strict=False)]
        assert min(gaps) >= 0.99 / MAX_FPS
