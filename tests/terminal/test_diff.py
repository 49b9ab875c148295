"""The picture of a screen and the updates between pictures, against a terminal emulator and against odd terminals."""

from __future__ import annotations

import pyte
import pyte.screens
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size

from tui_desk.terminal.diff import update
from tui_desk.terminal.grid import Grid, is_certain
from tui_desk.terminal.sgr import transition

WIDTH, HEIGHT = 24, 12
CERTAIN = "ab z0│─東京한é…"
DOUBTFUL = "👍❤ि①🫠"
STYLES = ["", "1", "38;2;1;2;3", "38;2;1;2;3;48;2;4;5;6", "1;4;48;2;4;5;6", "7", "31", "2;39;49", "48;5;17"]


def writes(alphabet: str) -> st.SearchStrategy[str]:
    """A frame as Textual writes them: moves, styled text, resets; sometimes whole lines that moved."""
    place = st.tuples(st.integers(1, HEIGHT), st.integers(1, WIDTH)).map(lambda p: f"\x1b[{p[0]};{p[1]}H")
    run = st.tuples(
        st.sampled_from(STYLES), st.text(st.sampled_from(alphabet), min_size=1, max_size=WIDTH)
    ).map(lambda r: f"\x1b[{r[0]}m{r[1]}\x1b[0m" if r[0] else r[1])
    some = st.lists(st.tuples(place, run).map("".join), max_size=6).map("".join)
    lines = st.integers(0, 40).map(
        lambda top: "".join(f"\x1b[{y + 1};1H\x1b[1mline {top + y:<19}\x1b[0m" for y in range(HEIGHT))
    )
    return st.one_of(some, lines, st.tuples(lines, some).map("".join))


def _seen(char: pyte.screens.Char) -> tuple[object, ...]:
    blank = char.data in (" ", "") and not (char.reverse or char.underscore)
    return ("", char.bg) if blank else tuple(char)


@given(st.lists(writes(CERTAIN), min_size=1, max_size=6), st.booleans())
def test_updates_show_what_the_frames_show(frames: list[str], bce: bool) -> None:
    direct, thin = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    direct.reset_mode(7, private=True)
    thin.reset_mode(7, private=True)
    fresh, sent = pyte.Stream(direct), pyte.Stream(thin)
    want, have = Grid(WIDTH, HEIGHT), Grid(WIDTH, HEIGHT)
    for frame in frames:
        want.apply(frame)
        sent.feed(update(want, have, erase_with_background=bce))
        assert (have.chars, have.styles) == (want.chars, want.styles)
    whole = Grid(WIDTH, HEIGHT, fill="\0")
    fresh.feed(update(want, whole))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            assert _seen(thin.buffer[y][x]) == _seen(direct.buffer[y][x]), (x, y)
            if want.chars[y][x].strip():
                assert thin.buffer[y][x].data == want.chars[y][x]
    assert update(want, have) == ""


@pytest.mark.parametrize("cells", [0, 1, 2])
@given(st.lists(writes(CERTAIN + DOUBTFUL), min_size=1, max_size=5))
def test_a_terminal_with_other_widths_keeps_every_other_cell(cells: int, frames: list[str]) -> None:
    def odd(char: str) -> int:
        return get_character_cell_size(char) if is_certain(char) else cells

    original = pyte.screens.wcwidth
    pyte.screens.wcwidth = odd
    try:
        screen = pyte.Screen(WIDTH, HEIGHT)
        screen.reset_mode(7, private=True)
        stream = pyte.Stream(screen)
        want, have = Grid(WIDTH, HEIGHT), Grid(WIDTH, HEIGHT)
        for frame in frames:
            want.apply(frame)
            stream.feed(update(want, have))
    finally:
        pyte.screens.wcwidth = original
    for y in range(HEIGHT):
        for x in range(WIDTH):
            char = want.chars[y][x]
            if char.strip() and is_certain(char):
                assert screen.buffer[y][x].data[:1] == char, (x, y)


@given(st.lists(writes(CERTAIN), min_size=1, max_size=6), st.integers(1, 200), st.booleans())
def test_updates_in_parts_come_to_the_same(frames: list[str], most: int, bce: bool) -> None:
    thin = pyte.Screen(WIDTH, HEIGHT)
    thin.reset_mode(7, private=True)
    sent = pyte.Stream(thin)
    want, have = Grid(WIDTH, HEIGHT), Grid(WIDTH, HEIGHT)
    for frame in frames:  # a newer one comes before all of the older one was sent
        want.apply(frame)
        sent.feed(update(want, have, erase_with_background=bce, most=most))
    for _line in range(HEIGHT):
        sent.feed(update(want, have, erase_with_background=bce, most=most))
    assert (have.chars, have.styles) == (want.chars, want.styles)
    whole = pyte.Screen(WIDTH, HEIGHT)
    whole.reset_mode(7, private=True)
    pyte.Stream(whole).feed(update(want, Grid(WIDTH, HEIGHT, fill="\0")))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            assert _seen(thin.buffer[y][x]) == _seen(whole.buffer[y][x]), (x, y)


def test_a_list_that_scrolls_by_one_line_costs_about_one_line() -> None:
    want, have = Grid(100, 40), Grid(100, 40)
    for top in range(30):
        want.apply("".join(f"\x1b[{y + 1};1H\x1b[32mticket {top + y:<80}\x1b[0m" for y in range(40)))
        sequence = update(want, have)
    assert "\x1b[1;40r" in sequence
    assert len(sequence) < 150


def test_a_colour_is_named_by_its_number_only_where_no_palette_changes_it() -> None:
    assert transition("", "38;2;95;135;175") == "\x1b[38;5;67m"
    assert transition("", "48;2;0;0;0") == "\x1b[48;2;0;0;0m", "base16 palettes have orange as number 16"
    assert transition("", "38;2;0;0;255") == "\x1b[38;2;0;0;255m"


def test_hostile_sequences_in_a_frame_change_no_cell() -> None:
    grid = Grid(20, 2)
    grid.apply("\x1b[1;1Ha\x1b]52;c;aGk=\x07b\x1b[?1049lc\x9bd\x07e")
    assert "".join(grid.chars[0]).rstrip() == "abcde"


def test_a_wide_character_of_which_only_the_right_half_differs_is_written_whole() -> None:
    want, have = Grid(WIDTH, HEIGHT), Grid(WIDTH, HEIGHT)
    for grid in (want, have):
        grid.apply("\x1b[1;1H東京")
    have.styles[0][1] = "31"
    have.chars[0][3] = "x"
    sent = update(want, have)
    assert sent.count("東") == sent.count("京") == 1
    assert (have.chars, have.styles) == (want.chars, want.styles)
