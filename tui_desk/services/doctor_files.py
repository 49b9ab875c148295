"""What the doctor looks at on disk: file system, modes, key file, free space. Nothing is changed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from tui_desk.core.i18n import _
from tui_desk.db.files import NETWORK_FILE_SYSTEMS, file_system_of, is_read_only
from tui_desk.db.key_file import key_file
from tui_desk.db.url import DatabaseUrl
from tui_desk.services.finding import Finding

LOW_SPACE = 500 * 1024 * 1024
NO_SPACE = 50 * 1024 * 1024


def look_at_files(url: DatabaseUrl) -> Iterator[Finding]:
    """Where the desk's files are and who may read and write them; of a PostgreSQL desk only the key file."""
    if url.path is None:
        yield from _key(url)
        return
    kind = file_system_of(url.path.parent)
    if kind in NETWORK_FILE_SYSTEMS:
        yield Finding(
            "file system",
            "fail",
            _("{path} is on a network file system ({kind}), where SQLite can lose data.").format(
                path=url.path, kind=kind
            ),
            _("Move it to a local disk, or use PostgreSQL."),
        )
    if is_read_only(url.path):
        yield Finding(
            "file modes",
            "fail",
            _("{what} is read-only for this account: nothing can be changed, fetched or sent.").format(
                what=url.path if not os.access(url.path, os.W_OK) else url.path.parent
            ),
            _("Let it write the file and its folder (owner, mode, mount)."),
        )
    wide = [path for path in _database_files(url.path) if path.exists() and path.stat().st_mode & 0o077]
    if wide:
        yield Finding(
            "file modes",
            "fail",
            _("Others on this host can read {files}.").format(files=", ".join(path.name for path in wide)),
            "\n".join(f"chmod {_private_mode(path)} {path}" for path in wide),
        )
    elif not is_read_only(url.path):
        yield Finding("file modes", "ok", _("The desk's files are private (0600)."))
    yield from _key(url)
    yield _space(url.path.parent)


def _private_mode(path: Path) -> str:
    """A folder without its x bit could not be entered by its owner either."""
    return "700" if path.is_dir() else "600"


def _database_files(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", ".key"))]


def _key(url: DatabaseUrl) -> Iterator[Finding]:
    path = key_file(url)
    if not path.exists():
        yield Finding("key file", "ok", _("No key file yet: it is made with the first stored password."))
        return
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        content = path.read_bytes()
    except OSError as error:
        yield Finding(
            "key file",
            "fail",
            _("The key file {path} cannot be read: {cause}.").format(path=path, cause=error.strerror),
            _("Stored passwords cannot be used. Bring it back from the backup."),
        )
        return
    if mode & 0o077:
        yield Finding(
            "key file",
            "fail",
            _("Others on this host can read the key file {path}.").format(path=path),
            f"chmod {_private_mode(path)} {path}",
        )
    elif len(content.strip()) != 44:
        yield Finding(
            "key file",
            "fail",
            _("The key file {path} is damaged.").format(path=path),
            _("Stored passwords cannot be used. Bring it back from the backup."),
        )
    else:
        yield Finding("key file", "ok", _("Key file {path}.").format(path=path))


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    sentence = _("{megabytes} MB are free for the database.").format(megabytes=free // 1_000_000)
    if free < NO_SPACE:
        return Finding(
            "disk", "fail", sentence, _("Free some: mail stays on its server until there is space.")
        )
    if free < LOW_SPACE:
        return Finding("disk", "warn", sentence, _("Free some soon."))
    return Finding("disk", "ok", sentence)
