"""Running the real command as a process, and reading what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


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
    """``tui-desk WORDS`` with ``text`` on standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "tui_desk", *words],
        input=text.encode(),
        capture_output=True,
        env={**os.environ, **environment},
        timeout=100,
        check=False,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def on_desk(url: str) -> Command:
    """The command on one desk, which is told by the environment."""

    def run(*words: str, text: str = "", **environment: str) -> Answer:
        return run_command(*words, text=text, **{"TUI_DESK_DATABASE": url, **environment})

    return run
