"""The whole desk in one file, and back: database at one committed point, key file, and a manifest that proves it.

How the file is made is in ``services.backup_archive``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

import tui_desk
from tui_desk.core.errors import Refused, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db import snapshot
from tui_desk.db.engine import Database, open_database
from tui_desk.db.fast import open_reader, schema_revision
from tui_desk.db.files import kept_name
from tui_desk.db.key_file import key_file
from tui_desk.db.revision import HEAD
from tui_desk.db.url import DatabaseUrl
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.backup_archive import (
    DATABASE,
    FORMAT,
    KEY,
    Manifest,
    check_content,
    folder_beside,
    member_of,
    unpacked,
    write_archive,
)
from tui_desk.services.context import require
from tui_desk.services.desk_status import acting_agent


def backup(
    database: Database,
    actor: Actor,
    path: Path,
    now: datetime,
    *,
    with_key: bool = True,
    replace: bool = False,
) -> Manifest:
    """Write the desk to ``path`` (0600); work goes on meanwhile. Answers the manifest.

    Raises Refused when ``path`` exists and ``replace`` is False (or for want of rights), Unavailable when it cannot be written.
    """
    require(actor, Permission.BACK_UP)
    if path.exists() and not replace:
        raise Refused(
            _("{path} exists already.").format(path=path),
            _("Nothing was written. Name another file, or add --force."),
        )
    with _written(path), folder_beside(path) as folder:
        rows = _take_out(database, folder)
        key = key_file(database.url)
        if with_key and key.exists():
            _private_copy(key, folder / KEY)
        names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
        manifest = Manifest(
            format=FORMAT,
            made_at=now.isoformat(timespec="seconds"),
            version=tui_desk.__version__,
            schema=HEAD,
            kind="sqlite" if database.is_sqlite else "postgresql",
            has_key=KEY in names,
            members={name: member_of(folder / name) for name in names},
            rows=rows,
        )
        write_archive(path, folder, manifest)
        return manifest


def _take_out(database: Database, folder: Path) -> dict[str, int]:
    if database.url.path is not None:
        snapshot.sqlite_out(database.url.path, folder / DATABASE)
        return snapshot.sqlite_counts(folder / DATABASE)
    (folder / "tables").mkdir(mode=0o700)
    return snapshot.postgresql_out(database, folder / "tables")


def verify(path: Path) -> Manifest:
    """Prove that an archive is whole: digests, sizes, the database's own check, and the rows of every table.

    Raises NotFound when there is no such file, Refused when it is no archive of ours or anything in it differs.
    """
    with unpacked(path) as (manifest, folder):
        check_content(manifest, folder)
    return manifest


def restore(url: DatabaseUrl, account: str, login: str, path: Path, *, force: bool = False) -> Manifest:
    """Bring the desk of an archive back to ``url``, after verifying it; answers the manifest.

    ``account`` (of the operating system) asks, acting as ``login``: on a desk that is replaced it must be an agent who may. Raises Refused when there is a desk already
    and ``force`` is False, when the archive is damaged, of a newer version, or of the other kind of database. Nothing is
    changed then, and nothing is made: until everything was checked, the target is not touched.
    """
    with unpacked(path) as (manifest, folder):
        check_content(manifest, folder)
        _check_target(url, manifest, force)
        _check_rights(url, account, login)
        with _key_in_place(folder / KEY if manifest.has_key else None, key_file(url), force):
            wrong = _put_in(url, manifest, folder)
        if wrong:
            raise Unavailable(
                _("The restored desk does not hold what it should: {tables}.").format(
                    tables=", ".join(wrong)
                ),
                _("Restore once more, with nothing else working on the database."),
            )
    return manifest


def _put_in(url: DatabaseUrl, manifest: Manifest, folder: Path) -> list[str]:
    """Replace or make the desk. Answers the tables that do not hold what the archive does.

    PostgreSQL took what it counts in one transaction into tables that it had just made; an SQLite file is read again, since
    what is in it also hangs on the log beside it.
    """
    if url.path is None:
        counts = _put_in_postgresql(url, manifest, folder)
        return [name for name, rows in manifest.rows.items() if counts.get(name) != rows]
    if url.path.exists():
        snapshot.sqlite_in(folder / DATABASE, url.path)
    else:
        snapshot.sqlite_new(folder / DATABASE, url.path)
    expected = snapshot.sqlite_digests(folder / DATABASE)
    found = snapshot.sqlite_digests(url.path, immutable=False)
    return sorted(name for name in expected | found if expected.get(name) != found.get(name))


def _put_in_postgresql(url: DatabaseUrl, manifest: Manifest, folder: Path) -> dict[str, int]:
    files = [folder / name for name in manifest.members if name.startswith("tables/")]
    database = open_database(url)
    try:
        return snapshot.postgresql_in(database, files, manifest.schema)
    except DBAPIError as error:
        raise Unavailable(
            _("The database {url} did not take the backup: {cause}.").format(
                url=url, cause=str(error.orig).strip().splitlines()[0]
            ),
            _("Nothing was changed."),
        ) from error
    finally:
        database.close()


def _check_target(url: DatabaseUrl, manifest: Manifest, force: bool) -> None:
    if (manifest.kind == "sqlite") != url.is_sqlite:
        raise Refused(
            _("The backup is of a {kind} desk; {url} is not one.").format(kind=manifest.kind, url=url),
            _("Nothing was changed. Restore it into the same kind of database."),
        )
    if manifest.schema > HEAD:
        raise Refused(
            _("The backup was made by a newer tui-desk ({version}).").format(version=manifest.version),
            _("Nothing was changed. Update tui-desk on this machine."),
        )
    if not force and not snapshot.is_empty(url):
        raise Refused(
            _("{url} holds a desk already.").format(url=url),
            _("Nothing was changed. To replace it, add --force."),
        )


def _check_rights(url: DatabaseUrl, account: str, login: str) -> None:
    """Only who may on the desk that is replaced; where there is none, or none that can be read, nobody can say no."""
    if url.path is not None and not url.path.exists():
        return
    try:
        reader = open_reader(url)
    except Unavailable:
        return
    try:
        if schema_revision(reader) is None:
            return
        actor = acting_agent(reader, account, login)
        nobody = not reader.rows("SELECT 1 FROM agent LIMIT 1")
    except Unavailable:
        return
    finally:
        reader.close()
    if actor is not None:
        require(actor, Permission.BACK_UP)
    elif not nobody:
        raise Refused(
            _("{login} is not an active agent of the desk that would be replaced.").format(
                login=safe_line(login)
            ),
            _("Nothing was changed. Name one of its admins with --as LOGIN."),
        )


@contextmanager
def _key_in_place(source: Path | None, target: Path, force: bool) -> Iterator[None]:
    """The key file of the archive (None: it has none) beside the restored desk; as it was where the block raises."""
    if source is None or (target.exists() and target.read_bytes() == source.read_bytes()):
        yield
        return
    kept = kept_name(target)
    replaced = target.exists()
    if replaced and not force:
        raise Refused(
            _("There is another key file at {path}.").format(path=target),
            _("Nothing was changed. With --force it is kept beside as .before-restore."),
        )
    with snapshot.folder_of(target):
        if replaced:
            target.replace(kept)
        try:
            _private_copy(source, target)
            yield
        except BaseException:
            target.unlink(missing_ok=True)
            if replaced:
                kept.replace(target)
            raise


def _private_copy(source: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(source.read_bytes())


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            _("The backup {path} cannot be written: {cause}.").format(
                path=path, cause=error.strerror or error
            ),
            _("Nothing was kept of it. Choose a folder with enough space."),
        ) from error


def summary(manifest: Manifest) -> dict[str, Any]:
    """What a script wants to know of a backup."""
    return {
        "made_at": manifest.made_at,
        "version": manifest.version,
        "schema": manifest.schema,
        "kind": manifest.kind,
        "has_key": manifest.has_key,
        "rows": manifest.rows,
    }
