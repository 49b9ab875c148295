"""The key map that a person chose on the screen, kept in the state folder of their account; a settings file goes before it."""

from __future__ import annotations

from pathlib import Path

from tui_desk.core.kept_text import keep_choice


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
    keep_choice(preset_file(state_folder), f"{name}\n")
