"""One thing that ``tui-desk doctor`` looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``advice`` says what to do (empty when nothing)."""

    subject: str
    level: Level
    sentence: str
    advice: str = ""
