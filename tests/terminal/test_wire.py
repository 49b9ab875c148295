"""A line that takes nothing: nobody waits for it, and what it missed is never sent."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import struct
import termios
import time
import tty

import pyte
import pytest

from tests.support.ports import PATIENCE
from tests.terminal.pty_app import Terminal
from tui_desk.terminal.grid import Piece
from tui_desk.terminal.wire import Wire

COLUMNS, LINES = 90, 1_500


def _read(fd: int, screen: pyte.Screen, text: str) -> int:
    """Feed the screen from the pipe until ``text`` is on it; how many bytes that took."""
    stream, total, end = pyte.ByteStream(screen), 0, time.monotonic() + PATIENCE
    while text not in screen.display[-1] and time.monotonic() < end:
        data = os.read(fd, 65_536)
        total += len(data)
        stream.feed(data)
    assert text in screen.display[-1]
    return total


def test_frames_for_a_line_that_stands_still_are_replaced() -> None:
    reader, writer = os.pipe()
    wire = Wire(writer)
    wire.start()
    wire.paint(True)
    start = time.monotonic()
    for number in range(500):
        lines = "".join(f"\x1b[{y};1H{(number * 50 + y) * 7_919:0>120}" for y in range(1, 50))
        wire.show(f"{lines}\x1b[50;1Hframe {number:05}", 120, 50)
    assert time.monotonic() - start < 60, "somebody waited for the line"
    screen = pyte.Screen(120, 50)
    received = _read(reader, screen, "frame 00499")
    assert received < 40 * 120 * 50, "frames were queued"
    assert screen.display[0] == f"{(499 * 50 + 1) * 7_919:0>120}"
    wire.stop()
    os.close(reader)
    os.close(writer)


def test_a_line_that_is_gone_is_left_alone() -> None:
    reader, writer = os.pipe()
    wire = Wire(writer)
    wire.start()
    wire.paint(True)
    os.close(reader)
    wire.show("\x1b[1;1Hx", 80, 24)
    end = time.monotonic() + PATIENCE
    while not wire.broken and time.monotonic() < end:
        wire.show("\x1b[1;1Hy", 80, 24)
    assert wire.broken
    wire.control("\x07")
    wire.stop()
    os.close(writer)


def test_nothing_is_painted_while_painting_is_frozen() -> None:
    reader, writer = os.pipe()
    wire = Wire(writer)
    wire.start()
    wire.show("\x1b[1;1Hpicture", 80, 24)
    wire.control("\x1b[?25h")
    assert os.read(reader, 1_000) == b"\x1b[?25h"
    wire.paint(True)
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    while "picture" not in screen.display[0]:
        stream.feed(os.read(reader, 65_536))
    wire.stop()
    os.close(reader)
    os.close(writer)


def test_a_line_that_does_not_block_is_waited_for_without_work() -> None:
    """Some shells leave a terminal so; while it takes nothing, no time of the processor goes by."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    wire = Wire(writer)
    wire.start()
    wire.paint(True)
    lines = "".join(f"\x1b[{y};1H{y * 7_919:0>1900}" for y in range(1, 60))
    began = time.process_time()
    wire.show(f"{lines}\x1b[60;1Hall of it", 1_900, 60)
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        select.select((), (), (), end - time.monotonic())
    worked = time.process_time() - began
    assert worked < 1.5, f"{worked:.1f} s of work while nothing could be done"
    screen = pyte.Screen(1_900, 60)
    _read(reader, screen, "all of it")
    wire.stop()
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("read_often", [0.9, 0.0])
def test_what_is_sent_at_once_and_what_the_thread_sends_are_one_picture(read_often: float) -> None:
    """On a real terminal that stands still now and then, in the middle of a letter too. Each line is drawn once: what is lost stays so."""
    choice = random.Random(7)
    reader, writer = pty.openpty()
    tty.setraw(writer)
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    screen = Terminal(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    wire = Wire(writer)
    wire.start()
    wire.paint(True)

    def read(count: int) -> None:
        if select.select([reader], (), (), 0)[0]:
            stream.feed(os.read(reader, count))

    def shown() -> list[list[str]]:
        return [[screen.buffer[y][x].data for x in range(COLUMNS)] for y in range(LINES)]

    def read_all() -> None:
        want, end = wire.picture().chars, time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if select.select([reader], (), (), 0.1)[0]:
                read(65_536)
            elif shown() == want:
                break
        assert shown() == want

    wire.draw([Piece(0, 0, [("begun", "")])], (0, 0), COLUMNS, LINES)
    read_all()
    for y in range(LINES):
        text = "".join(choice.choices("äöü€日x y", k=40)).ljust(COLUMNS)
        wire.draw([Piece(0, y, [(text, choice.choice(("", "1;31")))])], (0, 0), COLUMNS, LINES)
        if read_often and choice.random() < 0.05:  # the thread sends these
            wire.control("\x1b[?25l")
        if choice.random() < read_often:
            read(choice.choice((10, 300, 65_536)))
    read_all()
    wire.stop()
    os.close(reader)
    os.close(writer)
