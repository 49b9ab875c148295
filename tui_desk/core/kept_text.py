"""A text that is being written for many, and the deed it belongs to: kept on this machine, for one agent of one desk, until it has left."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from secrets import token_hex


def kept_text(path: Path) -> str:
    """What stands there; empty where nothing does, or it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def keep_text(path: Path, text: str) -> None:
    """Write it, whole or not at all, for its owner alone. Raises OSError; what was kept before stays then."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}-{os.getpid()}-{token_hex(4)}")
    try:
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def forget_text(path: Path) -> None:
    """Nothing is kept any more."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
