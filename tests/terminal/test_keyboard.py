"""Keys are read on the event loop, whole, in order, and by nobody once reading has ended."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from textual.events import Key
from textual.message import Message

from tests.support.ports import PATIENCE
from tui_desk.terminal.answers import AnswerParser
from tui_desk.terminal.keyboard import Keyboard


@dataclass
class Typed:
    """A terminal, what came of its keys, and whether it is known to be gone."""

    master: int
    keyboard: Keyboard
    taken: list[Message]
    gone: list[bool] = field(default_factory=list)

    def keys(self) -> list[str]:
        return [message.key for message in self.taken if isinstance(message, Key)]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0)


def _with_terminal(body: Callable[[Typed], Awaitable[None]]) -> None:
    async def run() -> None:
        master, terminal = pty.openpty()
        tty.setraw(terminal)
        taken: list[Message] = []
        gone: list[bool] = []
        keyboard = Keyboard(terminal, AnswerParser(), taken.append, lambda: gone.append(True))
        keyboard.begin()
        try:
            await body(Typed(master, keyboard, taken, gone))
        finally:
            keyboard.end()
            os.close(terminal)

    asyncio.run(run())


def test_keys_come_in_order_and_a_character_cut_in_two_is_one_key() -> None:
    async def body(typed: Typed) -> None:
        sign = "東".encode()
        os.write(typed.master, b"jk" + sign[:1])
        await typed.until(lambda: typed.keys() == ["j", "k"])
        os.write(typed.master, sign[1:])
        await typed.until(lambda: len(typed.keys()) == 3)
        last = typed.taken[-1]
        assert isinstance(last, Key)
        assert last.character == "東"
        os.close(typed.master)

    _with_terminal(body)


def test_a_lone_escape_is_a_key_by_time_alone() -> None:
    async def body(typed: Typed) -> None:
        os.write(typed.master, b"\x1b")
        await typed.until(lambda: typed.keys() == ["escape"])
        os.close(typed.master)

    _with_terminal(body)


def test_a_terminal_that_is_gone_is_told_once() -> None:
    async def body(typed: Typed) -> None:
        os.close(typed.master)
        await typed.until(lambda: bool(typed.gone))
        assert typed.gone == [True]

    _with_terminal(body)


def test_what_is_typed_after_the_end_is_left_to_others() -> None:
    async def body(typed: Typed) -> None:
        os.write(typed.master, b"j")
        await typed.until(lambda: typed.keys() == ["j"])
        typed.keyboard.end()
        os.write(typed.master, b"k")
        for _turn in range(20):
            await asyncio.sleep(0)
        assert typed.keys() == ["j"]
        typed.keyboard.begin()
        await typed.until(lambda: typed.keys() == ["j", "k"])
        os.close(typed.master)

    _with_terminal(body)


def test_what_is_waited_for_is_read_with_the_loop_at_rest() -> None:
    async def body(typed: Typed) -> None:
        os.write(typed.master, b"jj")
        typed.keyboard.read_until(lambda: len(typed.keys()) == 2, PATIENCE)
        assert typed.keys() == ["j", "j"]
        typed.keyboard.read_until(lambda: False, 0.01)  # nothing comes: it ends all the same
        os.close(typed.master)

    _with_terminal(body)
