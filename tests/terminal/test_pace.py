"""Pictures wait for a terminal that is behind, and for no other."""

from __future__ import annotations

import os
import select
import time

import pyte

from tests.support.ports import PATIENCE
from tui_desk.terminal.pace import QUESTION, Pace
from tui_desk.terminal.wire import SYNC_BEGIN, SYNC_END, Wire


def test_a_terminal_that_never_answered_is_neither_asked_nor_waited_for() -> None:
    pace = Pace()
    assert pace.sent(100_000, 0) == b""
    assert pace.pause(0) == 0
    assert not pace.waits


def test_what_is_unread_is_waited_for_and_small_changes_are_not() -> None:
    pace = Pace()
    pace.answered(0)
    assert pace.sent(100, 0) == b""
    assert pace.sent(900, 0) == QUESTION
    assert pace.pause(0) == 0  # as much may be on its way
    assert pace.sent(8_000, 1) == QUESTION
    assert pace.pause(1) > 0
    pace.answered(2)
    assert pace.pause(2) > 0  # the second one is still to be read
    pace.answered(2)
    assert pace.pause(2) == 0
    assert not pace.waits


def test_a_terminal_that_stops_answering_is_not_asked_any_more_until_it_does() -> None:
    pace = Pace()
    pace.answered(0)
    pace.sent(8_000, 0)
    assert 0 < pace.pause(1) < 5
    assert pace.pause(6) == 0
    assert pace.sent(8_000, 6) == b""
    pace.answered(6)
    assert pace.sent(8_000, 7) == QUESTION


def test_a_picture_is_parted_where_a_queue_grows_and_not_where_the_way_is_long() -> None:
    pace = Pace()
    pace.answered(0)
    for start in range(10):  # 0.3 s there and back, however much was sent
        pace.sent(900 if start % 2 else 9_000, start)
        pace.answered(start + 0.3)
        assert pace.most is None
    for start in range(10, 20):  # 8 kB/s besides
        size = 900 if start % 2 else 9_000
        pace.sent(size, start)
        pace.answered(start + 0.3 + size / 8_000)
    assert pace.most is not None
    assert pace.most < 1_000
    parted = pace.most
    for start in range(20, 30):  # small changes come soon on any way
        pace.sent(100, start)
        pace.answered(start + 0.3)
    assert pace.most == parted
    for start in range(30, 60):  # the way is longer, and wide again
        pace.sent(20_000, start)
        pace.answered(start + 0.5)
    assert pace.most is None


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


def test_on_a_slow_line_a_newer_picture_replaces_the_parts_that_are_not_sent() -> None:
    read, write = os.pipe()
    wire = Wire(write)
    wire.start()
    wire.paint(True)
    screen = pyte.Screen(200, 50)
    stream = pyte.ByteStream(screen)
    got = b""

    def take(seconds: float) -> bool:
        nonlocal got
        if not select.select([read], [], [], seconds)[0]:
            return False
        data = os.read(read, 65_536)
        got += data
        stream.feed(data.replace(QUESTION, b""))
        return True

    def answer_behind(seconds: float) -> None:
        asked = got.count(QUESTION)
        end = time.monotonic() + PATIENCE
        while got.count(QUESTION) == asked:
            assert time.monotonic() < end, got
            take(0.1)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            take(left)
        wire.answered()

    def show(word: str) -> None:
        wire.show("".join(f"\x1b[{y};1H{f'{word} {y:03} ' * 15:<190}" for y in range(1, 51)), 200, 50)

    wire.answered()
    for turn in range(5):
        wire.show("".join(f"\x1b[{y};1H{str(turn) * 195}" for y in range(3, 8)), 200, 50)
        answer_behind(0)
    show("first")
    answer_behind(1)
    got = b""
    show("older")
    answer_behind(0.2)
    show("newer")
    end = time.monotonic() + PATIENCE
    answered = got.count(QUESTION)
    while "newer 050" not in screen.display[49]:
        assert time.monotonic() < end, screen.display
        take(0.1)
        while got.count(QUESTION) > answered:
            answered += 1
            wire.answered()
    wire.stop()
    while take(0.1):
        pass
    assert [line[:9] for line in screen.display] == [f"newer {y:03}" for y in range(1, 51)]
    assert 0 < got.count(b"older") < 15 * 25, "what was older was sent all the same"
    parts = got.split(SYNC_BEGIN.encode())[1:]
    assert len(parts) > 2  # whole pictures would be two
    assert all(part.count(SYNC_END.encode()) == 1 for part in parts)
    os.close(read)
    os.close(write)
