"""Where unexpected errors of the command line are noted: their kind and place, never a value or anybody's text."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import platformdirs

from tui_desk.core.clock import utc_now

_FRAMES = 12


def log_unexpected(doing: str, error: BaseException) -> Path:
    """Append to ``tui-desk.log`` (0600) in the user's state folder; answers its path."""
    folder = platformdirs.user_state_path("tui-desk")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "tui-desk.log"
    lines = [f"{utc_now().isoformat(timespec='seconds')} {doing}: {type(error).__name__}"]
    for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]:
        file = Path(frame.filename)
        lines.append(f"  {file.parent.name}/{file.name}:{frame.lineno} {frame.name}")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as log:
        log.write("\n".join(lines) + "\n")
    return path
