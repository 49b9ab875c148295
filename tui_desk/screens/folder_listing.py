"""What is in a folder, for the picker of files: read in a thread, and bounded."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

from tui_desk.rules.fuzzy import fitting

_MOST = 20_000
"""Names that are read of one folder."""
_MEASURED = 3_000
"""Of these, how many are asked for their size."""


class Entry(NamedTuple):
    """One name of a folder. ``size`` in bytes and ``changed`` in seconds since 1970 are None where they are not known."""

    name: str
    path: str
    folder: bool
    size: int | None = None
    changed: float | None = None


class Listing(NamedTuple):
    """``entries``: folders first, by name. ``problem``: why it cannot be read. ``cut``: there are more."""

    entries: tuple[Entry, ...] = ()
    problem: str = ""
    cut: bool = False


def list_folder(folder: str) -> Listing:
    """Read ``folder``; never raises for what is in it."""
    found: list[Entry] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(found) >= _MOST:
                    return Listing(_sorted(found), cut=True)
                one = _entry(entry, measured=len(found) < _MEASURED)
                if one is not None:
                    found.append(one)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Listing(problem=reason)
    return Listing(_sorted(found))


def _entry(entry: os.DirEntry[str], *, measured: bool) -> Entry | None:
    """Folders and files; what is neither (devices, pipes) cannot go along."""
    try:
        if entry.is_dir():
            return Entry(entry.name, entry.path, folder=True)
        if not measured:
            return Entry(entry.name, entry.path, folder=False) if entry.is_file() else None
        facts = entry.stat()
        if stat.S_ISREG(facts.st_mode):
            return Entry(entry.name, entry.path, False, facts.st_size, facts.st_mtime)
    except OSError:  # a link that leads nowhere, or a name that went away
        return None
    return None


def entry_of(path: str) -> Entry | None:
    """The file at ``path`` (``~`` is the home of the account); None where none is, or none that may be looked at."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        place = Path(path).expanduser()
        facts = place.stat()
        if stat.S_ISREG(facts.st_mode):
            return Entry(place.name, str(place), False, facts.st_size, facts.st_mtime)
    return None


def that_exist(readings: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The first reading whose paths are all files that are there; none otherwise."""
    for paths in readings:
        found = [one.path for one in map(entry_of, paths) if one is not None]
        if len(found) == len(paths):
            return tuple(found)
    return ()


def _sorted(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: (not one.folder, one.name.casefold(), one.name)))


def narrowed(entries: tuple[Entry, ...], typed: str, *, hidden: bool) -> list[Entry]:
    """Those that fit ``typed``, names that begin with it first. Hidden ones only if ``hidden``, or if it begins with a dot."""
    seen = [one for one in entries if hidden or typed.startswith(".") or not one.name.startswith(".")]
    if not typed:
        return seen
    folded = typed.casefold()
    begin = [one for one in seen if one.name.casefold().startswith(folded)]
    inside = [one for one in seen if folded in one.name.casefold() and one not in set(begin)]
    return (begin + inside) or fitting(typed, seen, lambda one: (one.name,))


def place_of(base: Path, typed: str) -> tuple[Path, str]:
    """The folder that a typed path is in, seen from ``base``, and the name that is begun there. ``~`` is the home of the account."""
    if "/" not in typed and typed != "~":
        return base, typed
    folder, _slash, name = (typed + "/" if typed == "~" else typed).rpartition("/")
    folder = folder or "/"
    if folder == "~" or folder.startswith("~/"):
        return Path.home() / folder[2:], name
    return base / folder, name
