"""Completing the path of a file as a person types it."""

from __future__ import annotations

import os
from pathlib import Path

_MOST = 200


def complete_path(typed: str) -> list[str]:
    """The paths that begin with ``typed``, folders with a slash at the end; ``~`` stays as typed. Sorted, at most 200."""
    home = typed.startswith("~/")
    full = str(Path.home()) + typed[1:] if home else typed
    folder, _slash, beginning = full.rpartition("/")
    found: list[str] = []
    try:
        with os.scandir(f"{folder}/" if folder or full.startswith("/") else ".") as entries:
            for entry in entries:
                if entry.name.startswith(beginning) and (beginning or not entry.name.startswith(".")):
                    path = f"{folder}/{entry.name}" if "/" in full else entry.name
                    found.append(f"{path}/" if entry.is_dir() else path)
                if len(found) >= _MOST:
                    break
    except OSError:
        return []
    if home:
        found = ["~" + path[len(str(Path.home())) :] for path in found]
    return sorted(found)
