"""The table in a running application: keys, live refresh, narrow screens, hostile text."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.widgets.rows import COLUMNS, Numbers, row
from tui_desk.core.errors import Unavailable
from tui_desk.widgets.row_buffer import Cell, RowWindow, TableRow
from tui_desk.widgets.virtual_table import VirtualTable


class TableApp(App[None]):
    """Shows one table."""

    def __init__(self, table: VirtualTable) -> None:
        super().__init__()
        self.table = table
        self.heard: list[Any] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        self.heard.append(("highlighted", message.key))

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        self.heard.append(("selected", message.key))

    def on_virtual_table_row_left(self, message: VirtualTable.RowLeft) -> None:
        self.heard.append(("left", message.key))

    def on_virtual_table_load_failed(self, message: VirtualTable.LoadFailed) -> None:
        self.heard.append(("failed", str(message.error)))


async def settle(pilot: Pilot[None]) -> None:
    """Until no rows are being read and everything is painted."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def screen_lines(app: App[Any]) -> list[str]:
    """The text on the screen."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("count", [1_000, 1_000_000])
async def test_keys_move_the_same_at_any_size(count: int) -> None:
    source = Numbers(count)
    app = TableApp(VirtualTable(COLUMNS, source))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j", "down", "k")
        assert app.table.current_key == 2
        await pilot.press("pagedown", "pagedown", "pageup")
        assert app.table.current_key == 30
        await pilot.press("G")
        await settle(pilot)
        assert app.table.current_key == count - 1
        await pilot.press("k")
        assert app.table.current_key == count - 2
        await pilot.press("g", "g")
        await settle(pilot)
        assert app.table.current_key == 0
        await pilot.press("enter")
        await settle(pilot)
        assert app.heard[-1] == ("selected", 0)
        assert max(limit for _, _, limit in source.asked) < 400


async def test_keys_that_run_ahead_of_the_rows_are_made_good() -> None:
    source = Numbers(5_000)
    app = TableApp(VirtualTable(COLUMNS, source))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        source.gate = asyncio.Event()
        app.table.action_move(145)
        for _press in range(10):
            app.table.action_move(1)
        source.gate.set()
        await settle(pilot)
        assert app.table.current_key == 155


async def test_a_refresh_keeps_key_and_line_and_says_when_the_row_left() -> None:
    source = Numbers(500)
    app = TableApp(VirtualTable(COLUMNS, source))
    async with app.run_test(size=(100, 20)) as pilot:
        await settle(pilot)
        for _page in range(3):
            await pilot.press("pagedown")
        key = app.table.current_key
        before = next(y for y, line in enumerate(screen_lines(app)) if f"Subject of {key} " in line)
        source.removed = {3, 4, 5, 6}
        app.table.refresh_rows()
        await settle(pilot)
        assert app.table.current_key == key
        after = next(y for y, line in enumerate(screen_lines(app)) if f"Subject of {key} " in line)
        assert after == before
        source.removed.add(key)
        app.table.refresh_rows()
        await settle(pilot)
        assert app.table.current_key == key
        assert ("left", key) in app.heard
        assert any("▌×" in line and f"Subject of {key} " in line for line in screen_lines(app))
        await pilot.press("j")
        assert app.table.current_key == key + 1
        assert not any(f"Subject of {key} " in line for line in screen_lines(app))


async def test_narrow_screens_drop_the_least_important_columns() -> None:
    app = TableApp(VirtualTable(COLUMNS, Numbers(50)))
    async with app.run_test(size=(100, 20)) as pilot:
        await settle(pilot)
        assert "Requester" in screen_lines(app)[0]
        await pilot.resize_terminal(40, 20)
        await pilot.pause()
        header = screen_lines(app)[0]
        assert "Requester" not in header
        assert "Age" in header


async def test_first_rows_show_before_the_source_answers() -> None:
    source = Numbers(50)
    source.gate = asyncio.Event()
    app = TableApp(VirtualTable(COLUMNS, source, initial=RowWindow([row(7), row(8)])))
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.pause()
        assert any("Subject of 7" in line for line in screen_lines(app))
        source.gate.set()
        await settle(pilot)
        assert app.table.current_key == 7


async def test_loading_empty_and_failing_lists_say_so() -> None:
    source = Numbers(0)
    source.gate = asyncio.Event()
    app = TableApp(VirtualTable(COLUMNS, source, empty_text="No tickets wait for you."))
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.pause()
        assert any("╌╌" in line for line in screen_lines(app))
        source.gate.set()
        await settle(pilot)
        assert any("No tickets wait for you." in line for line in screen_lines(app))

        class Broken(Numbers):
            async def window(self, *_asked: Any) -> RowWindow:
                raise Unavailable("The database cannot be reached.")

        app.table.show_source(Broken(0))
        await settle(pilot)
        assert ("failed", "The database cannot be reached.") in app.heard
        assert any("The database cannot be reached." in line for line in screen_lines(app))
        app.table.show_source(Numbers(3))
        await settle(pilot)
        assert app.table.current_key == 0


async def test_an_answer_of_an_earlier_source_is_dropped() -> None:
    slow, quick = Numbers(50), Numbers(3)
    slow.gate = asyncio.Event()
    app = TableApp(VirtualTable(COLUMNS, slow))
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.pause()
        app.table.show_source(quick)
        slow.gate.set()
        await settle(pilot)
        await pilot.press("G")
        assert app.table.current_key == 2


async def test_hostile_cells_are_shown_and_move_no_column() -> None:
    nasty = [
        "\x1b[c",
        "[@click=app.quit]x[/]",
        "[/]",
        "\u202egpj",
        "👩\u200d💻❤\ufe0f",
        "z" + "\u0336" * 50,
        "東京" * 30,
    ]

    def make(key: int) -> TableRow:
        return TableRow(key, (f"#{key}", Cell(nasty[key], "error"), "Requester X", "1m"), anchor=key)

    app = TableApp(VirtualTable(COLUMNS, Numbers(len(nasty), make)))
    async with app.run_test(size=(80, 20)) as pilot:
        await settle(pilot)
        strips = app.screen._compositor.render_strips()
        assert all(strip.cell_length == 80 for strip in strips)
        lines = screen_lines(app)
        assert "␛[c" in lines[1]
        assert "[@click=app.quit]x[/]" in lines[2]
        assert "\x1b" not in "".join(lines)


async def test_the_mouse_moves_and_chooses() -> None:
    app = TableApp(VirtualTable(COLUMNS, Numbers(50)))
    async with app.run_test(size=(80, 20)) as pilot:
        await settle(pilot)
        await pilot.click(VirtualTable, offset=(5, 4))
        assert app.table.current_key == 3
        await pilot.click(VirtualTable, offset=(5, 6), times=2)
        await pilot.pause()
        assert ("selected", 5) in app.heard
