"""A line that takes nothing: nobody waits for it, and what it missed is never sent."""

from __future__ import annotations

import os
import select
import time

import pyte

from tests.support.ports import PATIENCE
from tui_desk.terminal.wire import Wire


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
