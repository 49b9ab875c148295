"""Paths as people type them, on the machine that this process runs on."""

from __future__ import annotations

from pathlib import Path

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_name


def local_path(text: str) -> Path:
    """``text`` with ``~`` and ``~name`` replaced by that home folder. Raises UsageError where nobody has that name."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UsageError(
            _("{path} begins with the home folder of nobody known here.").format(path=visible_name(text))
        ) from error
