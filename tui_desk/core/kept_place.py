"""Where somebody was at a terminal, kept while the session lasts: after a lost connection the next one goes on there.

Each session has a file of its own, in the state folder, and holds a lock on it (flock): a file that nobody holds was left behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path

from tui_desk.core.lean_hash import digest
from tui_desk.core.values import dataclass

_LONGEST = 86_400
"""Seconds after which nobody goes on where they were."""
_FORGOTTEN = 30 * 86_400
"""Seconds after which what was left behind is taken away, whoever left it."""
_AT_ONCE = 500
"""Files that one start takes away: the next one goes on."""
_NAMES = ("view", "query", "sort", "row", "marks", "ticket", "saved")


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """The list: its view (and the saved one by its id), query, order and the ticket under the cursor; the marked tickets; the ticket
    that is open."""

    view: str = "open"
    query: str = ""
    sort: str = "updated"
    row: int | None = None
    marks: tuple[int, ...] = ()
    ticket: int | None = None
    saved: int | None = None


def whose(desk: str, login: str) -> str:
    """What tells the places of one person at one desk from others; names neither."""
    return digest(f"{desk}\0{login}")[:16]


class PlaceKeeper:
    """The file of one session, made when there is something to keep. What cannot be written is not kept."""

    def __init__(self, folder: Path, owner: str) -> None:
        self._path = folder / f"place-{owner}-{os.urandom(8).hex()}.json"
        self._file: int | None = None
        self._kept: KeptPlace | None = None

    def keep(self, place: KeptPlace) -> None:
        """Keep ``place`` instead of what was kept before."""
        if place == self._kept:
            return
        with contextlib.suppress(OSError):
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._file = _begun(self._path)
            named = {name: getattr(place, name) for name in _NAMES}
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(named).encode("utf-8"), 0)
            self._kept = place

    def forget(self) -> None:
        """The session ended in order."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        self.leave()

    def leave(self) -> None:
        """The session ends, and what was kept is for the next one."""
        if self._file is not None:
            os.close(self._file)
        self._file = None


def _begun(path: Path) -> int:
    """A new file, locked before it has the name under which others look for it. Raises OSError."""
    unseen = path.with_suffix(".new")
    file = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    unseen.rename(path)
    return file


def left_behind(folder: Path, owner: str) -> KeptPlace | None:
    """The place that was left last by a session that is no more. All such files are taken away: nobody comes back twice.

    So are files of others that nobody came back to for a month.
    """
    places: list[tuple[float, KeptPlace]] = []
    _forget_old(folder)
    for path in folder.glob(f"place-{owner}-*.json"):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, encoding="utf-8") as file:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                at = os.fstat(descriptor).st_mtime
                if time.time() - at < _LONGEST:
                    places.append((at, _place(json.loads(file.read()))))
    return max(places, key=lambda one: one[0])[1] if places else None


def _forget_old(folder: Path) -> None:
    """Take away what was left behind long ago, at any desk by anybody; a session that goes on holds its file."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        old = [entry.path for entry in entries if _is_old(entry)]
        for path in old[:_AT_ONCE]:
            with contextlib.suppress(OSError):
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    Path(path).unlink()
                finally:
                    os.close(descriptor)


def _is_old(entry: os.DirEntry[str]) -> bool:
    if not (entry.name.startswith("place-") and entry.name.endswith((".json", ".new"))):
        return False
    with contextlib.suppress(OSError):
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > _FORGOTTEN
    return False


def _place(found: dict[str, object]) -> KeptPlace:
    marks, row, ticket, saved = found["marks"], found["row"], found["ticket"], found.get("saved")
    return KeptPlace(
        str(found["view"]),
        str(found["query"]),
        str(found["sort"]),
        row if isinstance(row, int) else None,
        tuple(one for one in marks if isinstance(one, int)) if isinstance(marks, list) else (),
        ticket if isinstance(ticket, int) else None,
        saved if isinstance(saved, int) else None,
    )
