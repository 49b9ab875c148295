"""Pictures and links on the wire: drawn once, removed whenever their place goes, and nothing of a file in them."""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.ports import PATIENCE
from tui_desk.terminal.graphics import MOST_BYTES, Graphics, Placed, graphics_of, opens_links, placed
from tui_desk.terminal.grid import Grid
from tui_desk.terminal.wire import Wire

PNG = b"\x89PNG\r\n\x1a\n" + bytes(9_000)
OF = {Graphics.KITTY: PNG, Graphics.ITERM2: PNG, Graphics.SIXEL: b'"1;1;6;6#0;2;9;9;9#0!6~-'}
BEGIN = {Graphics.KITTY: b"\x1b_Ga=T", Graphics.ITERM2: b"\x1b]1337;File=", Graphics.SIXEL: b"\x1bP0;1;0q"}


class Line:
    """The other end of a wire; everything it sent is in ``output``."""

    def __init__(self, reader: int) -> None:
        self._reader = reader
        self.output = b""

    def until(self, wanted: bytes) -> bytes:
        """What came until ``wanted`` did; forgotten afterwards."""
        end = time.monotonic() + PATIENCE
        while wanted not in self.output:
            ready = select.select([self._reader], [], [], max(0, end - time.monotonic()))[0]
            assert ready, self.output[-500:]
            self.output += os.read(self._reader, 65_536)
        came, self.output = self.output, b""
        return came


@contextmanager
def wire() -> Iterator[tuple[Wire, Line]]:
    reader, writer = os.pipe()
    made = Wire(writer)
    made.start()
    made.paint(True)
    try:
        yield made, Line(reader)
    finally:
        made.stop()
        os.close(writer)
        os.close(reader)


def frame(text: str) -> str:
    """A screen with something on each line, ended by ``text``."""
    return "".join(f"\x1b[{y};1Hline {y:02} of the screen" for y in range(1, 24)) + f"\x1b[24;1H{text:<20}"


def a_picture(way: Graphics) -> Placed:
    made = placed(way, OF[way], 4, 5, 10, 6, 77)
    assert made is not None
    return made


@pytest.mark.parametrize("way", list(OF))
def test_a_picture_is_drawn_after_its_cells_and_only_once(way: Graphics) -> None:
    with wire() as (made, line):
        made.show(frame("one"), 80, 24)
        made.place((a_picture(way),))
        made.show(frame("two"), 80, 24)
        came = line.until(b"two")
        made.show(frame("SIX"), 80, 24)
        came += line.until(b"SIX")
        assert came.count(BEGIN[way]) == 1
        assert came.index(b"\x1b[6;5H" + BEGIN[way]) > came.index(b"line 06")


@pytest.mark.parametrize("way", list(OF))
def test_what_was_under_a_picture_is_sent_again_when_it_goes(way: Graphics) -> None:
    with wire() as (made, line):
        made.show(frame("one"), 80, 24)
        made.place((a_picture(way),))
        line.until(BEGIN[way])
        made.place(())
        made.show(frame("gone"), 80, 24)
        came = line.until(b"gone")
        if way is Graphics.KITTY:
            assert b"\x1b_Ga=d,d=I,i=77,q=2\x1b\\" in came
        for y in range(6, 12):
            assert f"{y:02} of the".encode() in came
        assert b"04 of the" not in came
        assert BEGIN[way] not in came


@pytest.mark.parametrize("way", list(OF))
def test_lines_are_not_moved_under_a_picture_and_it_is_renewed_where_they_change(way: Graphics) -> None:
    with wire() as (made, line):
        made.show(frame("one"), 80, 24)
        made.place((a_picture(way),))
        line.until(BEGIN[way])
        moved = "".join(f"\x1b[{y};1Hline {y + 1:02} of the screen" for y in range(1, 24)) + "\x1b[24;1Hmoved"
        made.show(moved, 80, 24)
        came = line.until(BEGIN[way])
        assert not re.search(rb"\x1b\[\d+;\d+r|\x1b\[\d*[LM]", came)


@pytest.mark.parametrize("way", list(OF))
def test_a_terminal_that_is_given_back_has_no_picture(way: Graphics) -> None:
    with wire() as (made, line):
        made.show(frame("one"), 80, 24)
        made.place((a_picture(way),))
        line.until(BEGIN[way])
        assert made.leaving() == a_picture(way).erase
        made.paint(False)
        made.control("\x1b[?1049l")
        assert a_picture(way).erase.encode() in line.until(b"\x1b[?1049l")
        made.paint(True)  # after a suspension it is there again
        made.repaint()
        line.until(BEGIN[way])


def test_what_is_no_picture_is_not_sent() -> None:
    for data in (b"\x1b\\\x1b[c", b"~~\x07", b"~ ~", "~é".encode(), b""):
        assert placed(Graphics.SIXEL, data, 0, 0, 1, 1, 1) is None
    assert placed(Graphics.KITTY, bytes(MOST_BYTES + 1), 0, 0, 1, 1, 1) is None
    assert placed(Graphics.BLOCKS, PNG, 0, 0, 1, 1, 1) is None
    for way in (Graphics.KITTY, Graphics.ITERM2):
        made = placed(way, b"\x1b\\\x07" * 5_000, 0, 0, 1, 1, 1)
        assert made is not None
        inside = re.split(r"\x1b_G[^;]*;|\x1b\\|\x1b\]1337;[^:]*:|\x07", made.draw)
        assert all(re.fullmatch(r"[A-Za-z0-9+/=]*", part) for part in inside)
        assert max(map(len, inside)) <= 4_096 or way is Graphics.ITERM2
    kitty = a_picture(Graphics.KITTY).draw
    assert kitty.startswith("\x1b_Ga=T,f=100,i=77,p=1,c=10,r=6,C=1,q=2,m=1;")
    assert kitty.count("m=0;") == 1


@pytest.mark.parametrize(
    ("environment", "way", "links"),
    [
        ({"TERM": "xterm-256color"}, Graphics.BLOCKS, False),
        ({"TERM": "xterm-kitty"}, Graphics.KITTY, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Graphics.ITERM2, True),
        ({"TERM": "foot"}, Graphics.SIXEL, True),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "iTerm.app", "TMUX": "x"}, Graphics.BLOCKS, False),
        ({"TERM": "screen", "STY": "x", "VTE_VERSION": "7000"}, Graphics.BLOCKS, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7000"}, Graphics.BLOCKS, True),
        ({}, Graphics.BLOCKS, False),
    ],
)
def test_what_a_terminal_is_known_to_have(environment: dict[str, str], way: Graphics, links: bool) -> None:
    assert graphics_of("auto", environment) is way
    assert opens_links("auto", environment) is links
    assert graphics_of("sixel", environment) is Graphics.SIXEL
    assert opens_links("on", environment)
    assert not opens_links("off", environment)


def test_a_link_is_opened_and_closed_around_its_cells() -> None:
    url = "https://desk.test/a?b=1"
    with wire() as (made, line):
        made.show(
            f"\x1b[1;1Hsee \x1b]8;;{url}\x1b\\\x1b[4m{url}\x1b[0m\x1b]8;;\x1b\\ now\x1b[2;1Hend.", 80, 24
        )
        came = line.until(b"end.").decode()
        begun, _text, rest = came.partition(f"\x1b[4m{url}")
        assert re.search(rf"\x1b\]8;id=[0-9a-f]+;{re.escape(url)}\x1b\\\Z", begun), came
        assert "\x1b]8;;\x1b\\" in rest.partition("now")[0], came
        assert came.count("\x1b]8;") == 2


def test_a_link_is_no_part_of_what_a_cell_looks_like() -> None:
    grid = Grid(10, 1)
    grid.apply("\x1b[1;1H\x1b]8;;https://a.test\x1b\\\x1b[1mab\x1b[0m\x1b]8;;\x1b\\c")
    assert grid.chars[0][:3] == ["a", "b", "c"]
    assert grid.styles[0][:3] == ["1\x1fhttps://a.test"] * 2 + [""]
