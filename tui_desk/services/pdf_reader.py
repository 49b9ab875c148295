"""Reads a PDF from standard input in a process of its own, and writes what it finds as one JSON value a line.

A PDF can be made so that reading it takes hours or all memory, and Python cannot stop a thread: so whoever wants the text
(``services.pdf_text``) starts this module, gives it limits that the system enforces, and ends it when its time is over. Each page is
written as soon as it is read, so what was read until then is not lost.

Lines: ``{"pages": N}``, then ``{"page": n, "text": …}`` for each, at last ``{"end": reason}``: ``""``, ``password``, ``long``, ``broken``.
"""

from __future__ import annotations

import json
import resource
import sys
from io import BytesIO
from typing import Any

MEMORY = 768 * 1024 * 1024
"""Bytes of address space."""
PAGES = 500
CHARACTERS = 400_000


def main(cpu_seconds: int) -> int:
    """Read standard input within ``cpu_seconds`` of CPU."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    try:
        _tell(end=_read(sys.stdin.buffer.read()))
    except Exception:  # noqa: BLE001 - the border of this process: a hostile file makes the library raise whatever there is
        _tell(end="broken")
    return 0


def _limit(what: int, most: int) -> None:
    """Take a limit that no one can lift again; a stricter one that is there stays."""
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _read(content: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return "password"
    pages = reader.get_num_pages()
    _tell(pages=pages)
    left = CHARACTERS
    for number in range(min(pages, PAGES)):
        try:
            text = reader.pages[number].extract_text()
        except Exception:  # noqa: BLE001 - as above: a broken page does not hide the next one
            _tell(page=number + 1, text="", broken=True)
            continue
        _tell(page=number + 1, text=text[:left])
        left -= len(text)
        if left <= 0:
            return "long"
    return "long" if pages > PAGES else ""


def _tell(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
