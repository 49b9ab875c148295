"""A text in a file of the state folder, whole or not at all: one that is being written for many, or what a person chose."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _


def kept_text(path: Path) -> str:
    """What stands there; empty where nothing does, or it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def keep_text(path: Path, text: str, *, lasting: bool = True) -> None:
    """Write it, whole or not at all, for its owner alone; ``lasting`` waits for the disk. Raises OSError; what was kept before stays then."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}-{os.getpid()}-{os.urandom(4).hex()}")
    try:
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def keep_choice(path: Path, text: str) -> None:
    """The same for what a person chose. Raises Unavailable, which names the file."""
    try:
        keep_text(path, text, lasting=False)
    except OSError as error:
        raise Unavailable(
            _("The choice could not be kept in {path}: {cause}.").format(
                path=path, cause=error.strerror or type(error).__name__
            )
        ) from error


def forget_text(path: Path) -> None:
    """Nothing is kept any more."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
