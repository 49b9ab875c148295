"""The worker's log on stderr: what happened and where, safe for a terminal, without values of variables."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from tui_desk.core.safe_text import safe_line

_FRAMES = 12
_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _PlainFormatter(logging.Formatter):
    """One line a record; an exception adds its kind and the places it passed, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname.lower()} {safe_line(record.getMessage())}"
        if record.exc_info and record.exc_info[0] is not None:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line

    def formatException(self, ei: _Error) -> str:  # noqa: N802 - logging's name
        kind, _error, trace = ei
        places = [
            f"  {Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(trace)[-_FRAMES:]
        ]
        return "\n".join([f"  {kind.__name__ if kind else ''}", *places])


@contextmanager
def log_on_stderr(*, quiet: bool) -> Iterator[None]:
    """Meanwhile ``tui_desk``'s log goes to stderr: warnings and errors, without ``quiet`` also what goes well."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_PlainFormatter())
    logger = logging.getLogger("tui_desk")
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]
