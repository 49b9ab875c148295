"""The buffer under a long list, and the placing of columns."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.rows import COLUMNS, Numbers
from tui_desk.widgets.columns import GAP, fit, place_columns
from tui_desk.widgets.row_buffer import KEEP, PAGE, RowBuffer


def _run(buffer: RowBuffer, source: Numbers, steps: list[int]) -> None:
    """Move by each step, reading more rows where the buffer says that they are missing, as the widget does."""

    async def go() -> None:
        buffer.load(await source.window(None, "top", PAGE), "top")
        for step in steps:
            owed = buffer.move(step)
            while owed:
                if owed > 0:
                    buffer.add_after(await source.window(buffer.rows[-1].anchor, "after", PAGE))
                else:
                    buffer.add_before(await source.window(buffer.rows[0].anchor, "before", PAGE))
                owed = buffer.move(owed)

    asyncio.run(go())


@given(st.integers(1, 3_000), st.integers(1, 60), st.lists(st.integers(-700, 900), max_size=12))
def test_moving_through_windows_is_moving_through_the_whole_list(
    count: int, height: int, steps: list[int]
) -> None:
    buffer = RowBuffer(height=height)
    _run(buffer, Numbers(count), steps)
    expected = 0
    for step in steps:
        expected = max(0, min(count - 1, expected + step))
    assert buffer.current is not None
    assert buffer.current.key == expected
    assert [row.key for row in buffer.rows] == list(
        range(buffer.rows[0].key, buffer.rows[0].key + len(buffer.rows))
    )
    assert buffer.top <= buffer.cursor < buffer.top + height
    assert len(buffer.rows) <= KEEP + 2 * PAGE + height


@given(
    st.integers(2, 400), st.integers(1, 30), st.integers(0, 399), st.sets(st.integers(0, 399), max_size=40)
)
def test_a_refresh_keeps_the_cursor_on_its_key(count: int, height: int, at: int, removed: set[int]) -> None:
    source, buffer = Numbers(count), RowBuffer(height=height)
    at = min(at, count - 1)
    _run(buffer, source, [at])
    line = buffer.cursor - buffer.top
    source.removed = removed
    anchor, direction, limit = buffer.refresh_request()
    left = buffer.refreshed(asyncio.run(source.window(anchor, direction, limit))).left
    assert buffer.current is not None
    assert buffer.current.key == at
    assert buffer.current.stale == left == (at in removed)
    assert 0 <= buffer.top <= buffer.cursor < buffer.top + height
    if not removed:
        assert buffer.cursor - buffer.top == line


def test_a_row_that_left_goes_when_the_cursor_goes() -> None:
    source, buffer = Numbers(10), RowBuffer(height=5)
    _run(buffer, source, [4])
    source.removed = {4}
    anchor, direction, limit = buffer.refresh_request()
    assert buffer.refreshed(asyncio.run(source.window(anchor, direction, limit))).left
    buffer.move(1)
    assert [row.key for row in buffer.rows] == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert buffer.current is not None
    assert buffer.current.key == 5


@given(st.integers(1, 250))
def test_columns_fit_and_the_least_important_go_first(width: int) -> None:
    placed = place_columns(COLUMNS, width)
    used = sum(place.width for place in placed) + GAP * (len(placed) - 1)
    assert used <= max(width, 2 * 3 + GAP)
    shown = {place.column.id for place in placed}
    assert {"number", "subject"} <= shown
    assert "requester" not in shown or "age" in shown
    if width >= 60:
        assert used == width


@given(st.text(max_size=60), st.integers(1, 40), st.sampled_from(["left", "right"]))
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int, align: str) -> None:
    assert cell_len(fit(text, width, align)) == width
