"""Running the command and reading what it says: as a process, or (many times faster) through its entry in this one."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from tests.support.ports import PATIENCE
from tui_desk.__main__ import main


@dataclass(frozen=True)
class Answer:
    """What one run gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


Command = Callable[..., Answer]


def run_command(*words: str, text: str = "", **environment: str) -> Answer:
    """``tui-desk WORDS`` as a process, with ``text`` on standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "tui_desk", *words],
        input=text.encode(),
        capture_output=True,
        env={**os.environ, **environment},
        timeout=PATIENCE,
        check=False,
    )
    return Answer(done.returncode, done.stdout.decode(), at_leisure(done.stderr.decode()))


def at_leisure(err: str) -> str:
    """What was said on stderr but for the line that a command says when it takes longer than a second: on a busy machine any does."""
    return "".join(line for line in err.splitlines(keepends=True) if not line.startswith("Still at it: "))


def run_here(*words: str, text: str = "", **environment: str) -> Answer:
    """The same in this process."""
    streams = [
        io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") for content in (text.encode(), b"", b"")
    ]
    names = ("stdin", "stdout", "stderr")
    with (
        _logging_as_it_was(),
        mock.patch.dict(os.environ, environment),
        mock.patch.multiple(sys, **dict(zip(names, streams, strict=True))),
    ):
        code = main(words)
    outputs = []
    for stream in streams[1:]:
        stream.flush()
        outputs.append(stream.detach().getvalue().decode())
    return Answer(code, *outputs)


@contextmanager
def _logging_as_it_was() -> Iterator[None]:
    """A worker sends its log to the stream of its process; here that stream ends with the command, and the log goes on."""
    logger = logging.getLogger("tui_desk")
    handlers, level, propagates = logger.handlers[:], logger.level, logger.propagate
    try:
        yield
    finally:
        logger.handlers[:] = handlers
        logger.setLevel(level)
        logger.propagate = propagates


def on_desk(url: str, run: Command = run_here) -> Command:
    """The command on one desk, which is told by the environment."""

    def command(*words: str, text: str = "", **environment: str) -> Answer:
        return run(*words, text=text, **{"TUI_DESK_DATABASE": url, **environment})

    return command
