"""The steps of an approval as one line of text each: ``any: boss@example.org, cfo@example.org: 3``. Read and written; pure."""

from __future__ import annotations

import re
from datetime import date

_LINE = re.compile(r"(?:(any|all)\s*:)?\s*([^:]+?)\s*(?::\s*(\S+))?", re.IGNORECASE)


class StepProblem(ValueError):
    """A line that is no step. ``word`` is what is wrong: ``form`` or ``due``."""

    def __init__(self, word: str, line: str) -> None:
        super().__init__(word)
        self.word, self.line = word, line


def read_step(line: str) -> tuple[str, tuple[str, ...], int | None, date | None]:
    """(mode, approvers, days until it is due, day it is due) of a line.

    ``[any:|all:]APPROVER[, APPROVER…][: DUE]``; DUE is a number of days or a day such as 2026-12-31. Raises StepProblem.
    """
    found = _LINE.fullmatch(line.strip())
    approvers = tuple(name for part in found[2].split(",") if (name := part.strip())) if found else ()
    if found is None or not approvers:
        raise StepProblem("form", line)
    days, day = _due(found[3] or "", line)
    return (found[1] or "any").lower(), tuple(dict.fromkeys(approvers)), days, day


def _due(text: str, line: str) -> tuple[int | None, date | None]:
    if not text:
        return None, None
    days = text.lower().removesuffix("d")
    if days.isascii() and days.isdigit() and len(days) <= 4:
        return int(days), None
    try:
        return None, date.fromisoformat(text)
    except ValueError:
        raise StepProblem("due", line) from None


def step_line(mode: str, approvers: tuple[str, ...], due_days: int | None, due_on: date | None = None) -> str:
    """A step as somebody would write it."""
    due = str(due_days) if due_days is not None else due_on.isoformat() if due_on is not None else ""
    return f"{mode}: {', '.join(approvers)}" + (f": {due}" if due else "")
