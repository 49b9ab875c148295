"""The buffer under a long list, and the placing of columns."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.rows import COLUMNS, Numbers, row
from tui_desk.widgets.columns import GAP, fit, place_columns
from tui_desk.widgets.row_buffer import KEEP, PAGE, Renewed, RowBuffer, RowWindow, TableRow


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


def _grouped(key: int) -> TableRow:
    return row(key)._replace(group=f"group {key // 7}")


@given(
    st.sampled_from([1_000, 1_000_000]),
    st.integers(2, 60),
    st.lists(st.integers(-700, 900), max_size=8),
    st.sets(st.integers(0, 999), max_size=20),
)
def test_groups_are_headed_once_and_the_cursor_stands_on_rows_only(
    count: int, height: int, steps: list[int], removed: set[int]
) -> None:
    source, buffer = Numbers(count, _grouped), RowBuffer(height=height)

    def holds() -> None:
        assert buffer.current is not None
        assert not buffer.current.heading
        assert 0 <= buffer.top <= buffer.cursor < buffer.top + height
        known = None
        for index, one in enumerate(buffer.rows):
            if one.heading:
                assert one.group == buffer.rows[index + 1].group != known
                assert not buffer.rows[index + 1].heading
                continue
            if known is not None:
                assert (one.group != known) == buffer.rows[index - 1].heading
            known = one.group
        rows = [one.key for one in buffer.rows if not one.heading]
        assert rows == sorted(rows)
        if not buffer.has_before:
            assert buffer.rows[0].heading

    _run(buffer, source, steps)
    holds()
    source.removed = removed
    was = buffer.current
    anchor, direction, limit = buffer.refresh_request()
    renewed = buffer.refreshed(asyncio.run(source.window(anchor, direction, limit)))
    assert was is not None
    assert buffer.current is not None
    assert buffer.current.key == was.key
    assert renewed.left == (was.key in removed)
    assert not renewed.moved
    holds()
    for step in (1, -1):
        beside = buffer.key_beside(step)
        buffer.move(step)
        holds()
        if beside is not None and not renewed.left:
            assert buffer.current.key == beside
            buffer.move(-step)


def test_a_row_that_changed_and_stands_elsewhere_has_moved() -> None:
    rows = [TableRow(key, (str(key),), anchor=(0, key), group="old") for key in range(6)]
    buffer = RowBuffer(height=10)
    buffer.load(RowWindow(rows), "top")
    buffer.move(3)
    assert buffer.refreshed(RowWindow(rows)) == Renewed()
    assert buffer.refreshed(RowWindow([rows[0]._replace(key=9), *rows])) == Renewed(lines=1)
    changed = rows[3]._replace(anchor=(1, 3))
    assert buffer.refreshed(RowWindow([changed, *rows[:3], *rows[4:]])) == Renewed(moved=True)
    again = changed._replace(anchor=(2, 3), group="new")
    assert buffer.refreshed(RowWindow([again, *rows[:3], *rows[4:]])) == Renewed(moved=True, group="new")
    assert [one.group for one in buffer.rows if one.heading] == ["new", "old"]
    assert buffer.refreshed(RowWindow(rows[:3])).left


@given(st.lists(st.integers(0, 3), min_size=2, max_size=9), st.data())
def test_the_row_one_points_at_is_the_one_the_cursor_comes_to(groups: list[int], data: st.DataObject) -> None:
    """Also where the row that is left goes away meanwhile, and the heading of its group with it."""
    rows = [
        TableRow(key, (str(key),), anchor=(group, key), group=f"group {group}")
        for key, group in enumerate(sorted(groups))
    ]
    buffer = RowBuffer(height=6)
    buffer.load(RowWindow(rows, has_after=True), "top")
    left = data.draw(st.sampled_from(rows))
    buffer.move((buffer.index_of(left.key) or 0) - buffer.cursor)
    buffer.refreshed(RowWindow([row for row in rows if row != left], has_after=True))
    wanted = data.draw(st.sampled_from([row for row in rows if row != left]))
    assert buffer.move((buffer.index_of(wanted.key) or 0) - buffer.cursor) == 0
    assert buffer.current == wanted


def test_groups_that_come_into_an_empty_list_show_their_heading() -> None:
    buffer = RowBuffer(height=5)
    buffer.refreshed(RowWindow([_grouped(key) for key in range(20)]))
    assert buffer.top == 0
    assert buffer.rows[0].heading
    assert buffer.current is not None
    assert buffer.current.key == 0
