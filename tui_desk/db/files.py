"""The SQLite file on disk: private to its owner, on a local file system."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tui_desk.core.errors import Refused, Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.key_file import key_file
from tui_desk.db.url import DatabaseUrl

# File systems on which SQLite's locks and shared memory do not hold between hosts (sqlite.org/wal.html, "Disadvantages").
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"}
)


def is_read_only(path: Path) -> bool:
    """Whether this process may only read an existing database: its file, its folder or the whole file system says so.

    The folder counts: SQLite keeps its log beside the file.
    """
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


ROOM = 4 * 1024 * 1024
"""Bytes free on a disk below which nothing larger than a note is sure to be stored."""


def is_full(path: Path) -> bool:
    """Whether the disk that holds an existing database has no room left to speak of. Asked of the system, nothing is written."""
    try:
        state = os.statvfs(path)
    except OSError:
        return False
    return state.f_blocks > 0 and state.f_bavail * state.f_frsize < ROOM


def sqlite_uri(path: Path) -> str:
    """How ``sqlite3`` opens an existing database: for writing where that is possible.

    Where it cannot be, and no log is there, SQLite would have to make its index of the log: the file is opened as one that does
    not change, but only where nobody at all can begin to write it meanwhile (see :func:`_nobody_writes`).
    """
    if not is_read_only(path):
        return f"{path.as_uri()}?mode=rw"
    alone = _nobody_writes(path.parent) and not path.with_name(path.name + "-wal").exists()
    return f"{path.as_uri()}?mode=ro" + ("&immutable=1" if alone else "")


def _nobody_writes(folder: Path) -> bool:
    """Whether no account may make a log in ``folder``: it is mounted read-only, or its mode lets nobody write.

    That this account may not write there says nothing of the one whose desk it is.
    """
    if os.access(folder, os.W_OK):
        return False
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY) or not folder.stat().st_mode & 0o222


def hint_unreadable(path: Path | None) -> str:
    """What to do where an existing database cannot be read for want of a log (see :func:`sqlite_uri`); else empty."""
    if (
        path is None
        or not is_read_only(path)
        or _nobody_writes(path.parent)
        or path.with_name(f"{path.name}-wal").exists()
    ):
        return ""
    return _(
        "Another account may write this desk, so reading it needs the log beside it, which this account may not make. "
        "Let it write the folder, or keep a tui-desk of the other account open."
    )


def prepare_file(path: Path) -> None:
    """Make folder (0700) and file (0600) where missing, and take away what others may do with an existing file.

    A file that can only be read stays as it is. Raises Refused on a network file system and where :func:`fresh_file` does, Unavailable when the folder or file
    cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_network_file_system(path)  # of an existing file too
        # An existing file is never opened here: closing any descriptor of a file drops every lock that the process holds on it
        # (POSIX), SQLite's too, and another process would then delete the write-ahead log under our open connections
        # (sqlite.org/howtocorrupt.html, 2.2).
        if not path.exists():
            with suppress(FileExistsError), fresh_file(path):
                pass
        refuse_what_is_not_a_desk(path)
        if path.stat().st_mode & 0o077 and not is_read_only(path):
            path.chmod(0o600)
    except OSError as error:
        raise Unavailable(
            _("The database {path} cannot be opened: {cause}.").format(path=path, cause=error.strerror),
            _("Nothing was changed. Name another file with --db or TUI_DESK_DATABASE."),
        ) from error


_LOGS = ("-wal", "-shm", "-journal")


@contextmanager
def fresh_file(
    path: Path, fill: Callable[[BinaryIO], object] | None = None, *, aside: bool = False
) -> Iterator[None]:
    """Make the database file ``path`` (0600) in its folder, empty or of what ``fill`` writes; it appears whole.

    A log without its database would be played into the new file by SQLite: it is moved ``aside`` (see :func:`kept_name`), or
    nothing is made. Where the block raises, the file and its logs are gone and what was moved is back. Raises Refused (network
    file system, orphan log), FileExistsError, OSError.
    """
    refuse_network_file_system(path)
    with _without_orphans(path, aside):
        _make(path, fill)
        try:
            yield
        except BaseException:
            for ending in ("", *_LOGS):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            raise


def kept_name(path: Path) -> Path:
    """Where a restore keeps a file that is in its way: ``NAME.before-restore``, ``NAME.before-restore-2`` and so on."""
    kept, number = path.with_name(path.name + ".before-restore"), 1
    while os.path.lexists(kept):
        number += 1
        kept = path.with_name(f"{path.name}.before-restore-{number}")
    return kept


@contextmanager
def _without_orphans(path: Path, aside: bool) -> Iterator[None]:
    logs = [path.with_name(path.name + ending) for ending in _LOGS]
    found = [log for log in logs if os.path.lexists(log)]
    if found and path.exists():  # looked at last: whoever made it meanwhile made the log too
        raise FileExistsError(path)
    if found and not aside:
        raise Refused(
            _("The database {path} is not there, but its log {log} is.").format(path=path, log=found[0].name),
            _("Nothing was changed. Bring the file back beside its log, or move the log away."),
        )
    moved: list[tuple[Path, Path]] = []
    try:
        for log in found:
            kept = kept_name(log)
            log.rename(kept)
            moved.append((kept, log))
        yield
    except BaseException:
        for kept, log in moved:
            kept.rename(log)
        raise


def _make(path: Path, fill: Callable[[BinaryIO], object] | None) -> None:
    private = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    if fill is None:
        os.close(os.open(path, private, 0o600))
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with os.fdopen(os.open(draft, private, 0o600), "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, never over another file
    finally:
        draft.unlink(missing_ok=True)


def refuse_what_is_not_a_desk(path: Path) -> None:
    """A folder, a device or another program's file is left exactly as it is. Raises Refused."""
    hint = _("Nothing was changed. Name another file with --db or TUI_DESK_DATABASE.")
    if not path.is_file():
        raise Refused(_("{path} is not a file.").format(path=path), hint)
    if path.stat().st_size == 0:
        return
    try:
        uri = sqlite_uri(path).replace("mode=rw", "mode=ro")
        with closing(sqlite3.connect(uri, uri=True, timeout=60)) as connection:
            tables = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        if "not a database" not in str(error):
            return  # locked, damaged or not ours to read: whoever opens it says so
        raise Refused(_("{path} is not a database.").format(path=path), hint) from error
    if tables and "alembic_version" not in tables:
        raise Refused(_("{path} is the database of another program.").format(path=path), hint)


def refuse_network_file_system(path: Path) -> None:
    """Raises Refused where the folder of ``path`` is on a file system that SQLite's locks do not hold on."""
    kind = file_system_of(path.parent)
    if kind in NETWORK_FILE_SYSTEMS:
        raise Refused(
            _("{path} is on a network file system ({kind}), where SQLite can lose data.").format(
                path=path, kind=kind
            ),
            _("Use a local disk, or PostgreSQL for a desk with several hosts."),
        )


def file_system_of(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The type of the file system that holds ``folder``; empty where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(folder)
    best, kind = "", ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = point == "/" or real == point or real.startswith(point + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def is_live_file(path: Path, url: DatabaseUrl) -> bool:
    """Whether ``path`` is the desk's own database, log or index file, under whatever name.

    Such a file must not be opened, not even to read it: closing it drops the locks of our connections (see
    :func:`prepare_file`).
    """
    if url.path is None:
        return False
    wanted = _identity(path)
    names = (url.path.name + ending for ending in ("", "-wal", "-shm"))
    return wanted is not None and any(_identity(url.path.with_name(name)) == wanted for name in names)


def is_own_file(path: Path, url: DatabaseUrl) -> bool:
    """Whether ``path`` is a live file of the desk or its key file: nobody's attachment, and nothing to write over."""
    wanted = _identity(path)
    return is_live_file(path, url) or (wanted is not None and wanted == _identity(key_file(url)))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):  # a name with NUL is none
        return None
    return found.st_dev, found.st_ino


def checkpoints_safely(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether several processes may checkpoint one WAL database.

    SQLite 3.7.0 to 3.51.2 can corrupt it (fixed in 3.51.3, 3.50.7 and 3.44.6): there, only the holder of the
    checkpoint lease does.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
