"""The key map that a person chose on the screen, kept in the state folder of their account; a settings file goes before it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _


def preset_file(state_folder: Path) -> Path:
    """Where the choice is kept."""
    return state_folder / "preset"


def chosen_preset(state_folder: Path) -> str:
    """What was chosen; empty where nothing was, or it cannot be read."""
    try:
        return preset_file(state_folder).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def keep_preset(state_folder: Path, name: str) -> None:
    """Keep the choice, whole or not at all. Raises Unavailable."""
    path = preset_file(state_folder)
    beside = path.with_name(f".preset-{os.getpid()}")
    try:
        state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.write_text(f"{name}\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise Unavailable(
            _("The choice could not be kept in {path}: {cause}.").format(
                path=path, cause=error.strerror or type(error).__name__
            )
        ) from error
