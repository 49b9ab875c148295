"""Rendering only what is dirty paints what Textual paints."""

from __future__ import annotations

import random

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App, ComposeResult
from textual.containers import Container, Vertical
from textual.geometry import Region
from textual.widgets import Input, Static

from tui_desk.terminal import repaint


class Nested(App[None]):
    """Containers in containers, borders, something in front, something scrolled."""

    CSS = """
    Screen { layers: base front; }
    #left { width: 2fr; border: solid red; overflow: auto; }
    #right { width: 1fr; padding: 1 2; background: $panel; }
    #panes { layout: horizontal; height: 1fr; }
    #front { layer: front; offset: 9 3; width: 20; height: 4; border: round green; }
    """

    def compose(self) -> ComposeResult:
        yield Static("title 東京")
        lines = "\n".join(f"line {number} 日本" for number in range(60))
        yield Container(Vertical(Static(lines)), Vertical(Input("typed"), Static("x" * 200)), id="panes")
        yield Static("in front", id="front")

    def on_mount(self) -> None:
        left, right = self.query(Vertical)
        left.id, right.id = "left", "right"


async def test_dirty_lines_look_as_textual_renders_them() -> None:
    app = Nested()
    rng = random.Random(5)
    async with app.run_test(size=(70, 20)) as pilot:
        await pilot.pause()
        compositor = app.screen._compositor
        assert repaint._every_widget.__qualname__ == "Compositor._get_renders"
        for _round in range(60):
            x, y = rng.randrange(70), rng.randrange(20)
            dirty = {Region(x, y, rng.randint(1, 70 - x), rng.randint(1, 20 - y)) for _region in range(2)}
            assert _painted(compositor, dirty, thin=True) == _painted(compositor, dirty, thin=False)


def _painted(compositor: Compositor, dirty: set[Region], *, thin: bool) -> str:
    before = Compositor._get_renders
    Compositor._get_renders = repaint._dirty_renders if thin else repaint._every_widget
    try:
        compositor._dirty_regions = set(dirty)
        update = compositor.render_partial_update()
    finally:
        Compositor._get_renders = before
    assert isinstance(update, ChopsUpdate)
    return update.render_segments(Console(color_system="truecolor"))
