"""Looks words up in a Hunspell dictionary, in a process of its own: one JSON value a line in, one out.

Reading a dictionary takes a second of CPU, and looking for what may be meant several: neither may take turns with the keys, and a thread
could not be stopped. It ends with its standard input, and by itself when nothing was asked for a while.

In: ``{"path": …, "words": […]}`` or ``{"path": …, "suggest": word}``. Out: ``{"unknown": […]}``, ``{"found": […]}`` or ``{"error": …}``.
"""

from __future__ import annotations

import json
import os
import re
import resource
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""
IDLE_SECONDS = 900
SUGGEST_SECONDS = 1.0
LOOKUP_SECONDS = 5.0
"""For all the words of one question. What a word may be put together of takes some dictionaries a time that doubles with every other
letter: what is not looked up by then is taken for known."""
_SUGGESTED = 8
_HELD = 2
_PARTS = re.compile(r"[-–]")


class _Over(Exception):
    """The time is over."""


def main() -> int:
    """Answer until standard input ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(5)  # keys come first
    signal.signal(signal.SIGALRM, _over)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    held: dict[str, Any] = {}
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.readline()
        if not line:
            break
        try:
            answer = _answer(json.loads(line), held)
        except Exception as error:  # noqa: BLE001 - the border of this process: a damaged dictionary makes the library raise whatever there is
            answer = {"error": type(error).__name__}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


def _over(_number: int, _frame: FrameType | None) -> None:
    raise _Over


def _answer(asked: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    dictionary = _dictionary(str(asked["path"]), held)
    if "suggest" in asked:
        return {"found": _suggested(dictionary, str(asked["suggest"]))}
    return {"unknown": _unknown(dictionary, asked["words"])}


def _dictionary(path: str, held: dict[str, Any]) -> Any:
    if path not in held:
        from spylls.hunspell import Dictionary

        if len(held) >= _HELD:
            held.pop(next(iter(held)))
        held[path] = Dictionary.from_files(path)
    return held[path]


def _unknown(dictionary: Any, words: list[str]) -> list[str]:
    found: list[str] = []
    with _at_most(LOOKUP_SECONDS):
        found.extend(word for word in words if not _known(dictionary, word))
    return found


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """What goes on for longer is broken off."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _Over:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _known(dictionary: Any, word: str) -> bool:
    plain = word.replace("’", "'").replace("ʼ", "'")
    if dictionary.lookup(plain):
        return True
    parts = [part for part in _PARTS.split(plain) if part]
    return len(parts) > 1 and all(len(part) == 1 or dictionary.lookup(part) for part in parts)


def _suggested(dictionary: Any, word: str) -> list[str]:
    found: list[str] = []
    with _at_most(SUGGEST_SECONDS):
        for one in dictionary.suggest(word):
            if one not in found:
                found.append(one)
            if len(found) >= _SUGGESTED:
                break
    return found


if __name__ == "__main__":
    sys.exit(main())
