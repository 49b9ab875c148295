"""How large the exams are: a bounded sample with every run of the tests, everything with ``TUI_DESK_EXAMS=full``.

TUI_DESK_EXAMS=full python -m pytest tests/exams
"""

from __future__ import annotations

import os

FULL = os.environ.get("TUI_DESK_EXAMS", "") == "full"
"""Read while the tests are collected: no test sees such variables."""


def size(sample: int, full: int) -> int:
    return full if FULL else sample
