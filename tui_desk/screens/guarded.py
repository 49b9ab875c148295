"""Asking the desk for something that may be held up: a reason where something is open, a second look where the send guard has found
something, and again. The same for screens and lines; knows no Textual.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from tui_desk.contracts.conversation import GuardFinding, SentResult
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.macros import MacroDone
from tui_desk.core.errors import Blocked

T = TypeVar("T")
Asked = TypeVar("Asked", SentResult, MacroDone)


async def guarded(
    request: Request[Asked],
    ask: Callable[[Request[Asked]], Awaitable[Asked]],
    reason: Callable[[Blocked], Awaitable[str]],
    look_again: Callable[[tuple[GuardFinding, ...]], Awaitable[bool]],
) -> Asked | None:
    """The answer once nothing speaks against it. None: there was no ``reason``, or what ``look_again`` showed was not to leave.

    Raises what ``ask`` does, but for Blocked.
    """
    wanted: Any = request  # SendReply or ApplyMacro: both have a reason and what was seen
    while True:
        try:
            done = await ask(wanted)
        except Blocked as blocked:
            despite = await reason(blocked)
            if not despite:
                return None
            wanted = replace(wanted, despite=despite)
            continue
        if not done.findings:
            return done
        if not await look_again(done.findings):
            return None
        codes: tuple[str, ...] = tuple(finding.code for finding in done.findings)
        wanted = replace(wanted, confirmed=(*wanted.confirmed, *codes))


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine comes to that waits for nothing: where there is no event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        answer: T = done.value
        return answer
    raise RuntimeError("it waits for something")
