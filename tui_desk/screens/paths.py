"""Paths of files as a person types them: completed, and kept within a folder where the account is not the person's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_name

_MOST = 200


class Session(Protocol):
    """What of a session's options says where it may read and write."""

    @property
    def programs(self) -> bool:
        """Whether programs may be started in it."""
        ...

    @property
    def downloads(self) -> Path:
        """Its folder for attachments."""
        ...


def permitted(options: Session, typed: str) -> str:
    """``typed``, where this session may read and write it. Raises Refused.

    A session that may start no program (a forced command under the service account) has the account's folder for downloads only: its
    other files are the keys and the way in of everybody.
    """
    if options.programs:
        return typed
    folder = options.downloads.expanduser().resolve()
    try:
        place = Path(typed).expanduser().resolve()
    except (RuntimeError, ValueError, OSError):
        place = Path("/")
    if place != folder and folder not in place.parents:
        raise Refused(
            _("In this session files are read and written in {folder} only.").format(
                folder=visible_name(str(folder))
            ),
            _("No program may be started here either: the account is shared."),
        )
    return typed


def completing(options: Session) -> Callable[[str], list[str]]:
    """:func:`complete_path` for one session: it names nothing that the session may not read."""

    def complete(typed: str) -> list[str]:
        folder, slash, _name = typed.rpartition("/")
        try:
            permitted(options, folder + slash or ".")
        except Refused:
            return []
        return complete_path(typed)

    return complete


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
    except (OSError, ValueError):
        return []
    if home:
        found = ["~" + path[len(str(Path.home())) :] for path in found]
    return sorted(found)
