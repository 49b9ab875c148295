"""Pictures wait for a terminal that is behind, and for no other."""

from __future__ import annotations

import os
import select
import time

from tests.support.ports import PATIENCE
from tui_desk.terminal.pace import QUESTION, Pace
from tui_desk.terminal.wire import Wire


def test_a_terminal_that_never_answered_is_neither_asked_nor_waited_for() -> None:
    pace = Pace()
    assert pace.sent(100_000, 0) == b""
    assert pace.pause(0) == 0
    assert not pace.waits


def test_what_is_unread_is_waited_for_and_small_changes_are_not() -> None:
    pace = Pace()
    pace.answered()
    assert pace.sent(100, 0) == b""
    assert pace.sent(900, 0) == QUESTION
    assert pace.pause(0) == 0  # as much may be on its way
    assert pace.sent(8_000, 1) == QUESTION
    assert pace.pause(1) > 0
    pace.answered()
    assert pace.pause(2) > 0  # the second one is still to be read
    pace.answered()
    assert pace.pause(2) == 0
    assert not pace.waits


def test_a_terminal_that_stops_answering_is_not_asked_any_more_until_it_does() -> None:
    pace = Pace()
    pace.answered()
    pace.sent(8_000, 0)
    assert 0 < pace.pause(1) < 5
    assert pace.pause(6) == 0
    assert pace.sent(8_000, 6) == b""
    pace.answered()
    assert pace.sent(8_000, 7) == QUESTION


def test_while_the_terminal_is_behind_only_the_newest_picture_is_kept() -> None:
    read, write = os.pipe()
    wire = Wire(write)
    wire.start()
    wire.paint(True)
    got = b""

    def until(text: bytes) -> bytes:
        nonlocal got
        end = time.monotonic() + PATIENCE
        while text not in got:
            assert time.monotonic() < end, got
            if select.select([read], [], [], 0.1)[0]:
                got += os.read(read, 65_536)
        done, got = got, b""
        return done

    def show(line: int, text: str) -> None:
        wire.show(f"\x1b[{line};1H{text}", 200, 50)

    wire.answered()
    wire.show("".join(f"\x1b[{y};1H{'filled ' * 20}" for y in range(1, 51)), 200, 50)
    until(QUESTION)
    show(1, "first change")
    show(1, "second change")
    wire.control("\x07")
    assert b"change" not in until(b"\x07")  # a bell does not wait, a picture does
    assert not wire.is_settled()
    wire.answered()
    assert wire.is_settled()
    assert b"first" not in until(b"second change")
    wire.stop()
    os.close(read)
    os.close(write)
