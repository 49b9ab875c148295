"""The text of a PDF, read by a process of its own that ends when its time or its memory is used up (``services.pdf_reader``)."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

CPU_SECONDS = 8
WALL_SECONDS = 60.0
"""A busy machine gives a process only a part of its time; CPU is what ends one that reads too long."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """``pages`` are the texts of those that were read, ``count`` how many there are (0: unknown).

    ``end`` says how it ended: ``""`` whole, ``password``, ``long`` (there is more), ``broken`` (no PDF, or damaged), ``time`` (its time
    or memory was used up).
    """

    pages: tuple[str, ...]
    count: int
    end: str


def pdf_text(
    content: bytes, *, cpu_seconds: int = CPU_SECONDS, wall_seconds: float = WALL_SECONDS
) -> PdfText:
    """Read a PDF. Never raises for what is in it; takes at most ``wall_seconds``."""
    # -P: no module is taken from the folder that the desk was started in
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui_desk.services.pdf_reader", str(cpu_seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        out, _err = process.communicate(content, timeout=wall_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _err = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    return _told(out.decode("utf-8", "replace"))


def _told(output: str) -> PdfText:
    pages: dict[int, str] = {}
    count, end = 0, "time"
    for line in output.splitlines():
        value = _value(line)
        count = int(value.get("pages", count))
        if "page" in value:
            pages[int(value["page"])] = str(value.get("text", ""))
        end = str(value.get("end", end))
    return PdfText(tuple(pages[number] for number in sorted(pages)), count, end)


def _value(line: str) -> dict[str, Any]:
    """One line of the reader; nothing for one that was cut off when it ended."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
