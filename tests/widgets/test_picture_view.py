"""A picture in cells: what it tells by colour, and by light and dark where there is none."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.filter import NoColor

from tui_desk.widgets.picture_view import PictureView

RGB = bytes([0, 0, 0, 128, 128, 128, 255, 255, 255]) * 2
"""Black, grey and white beside each other, one cell each."""


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield PictureView()


@pytest.mark.parametrize(("colours", "expected"), [(True, "   "), (False, " ▒█")])
async def test_a_picture_is_light_and_dark_where_there_are_no_colours(colours: bool, expected: str) -> None:
    app = Shown()
    async with app.run_test(size=(20, 5)) as pilot:
        if not colours:
            app._filters = [NoColor()]
        view = app.query_one(PictureView)
        view.show_pixels(3, 2, RGB)
        await pilot.pause()
        assert view.render_line(0).text[:3] == expected
