"""The whole desk in one file, and back: database at one committed point, key file, and a manifest that proves it.

The archive is a tar (uncompressed: what is in it is mostly compressed already) of ``manifest.json``, the database (``desk.db``
or ``tables/NAME.copy``) and ``secret.key``. The manifest holds sha256 and size of every member and the rows of every table.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy.exc import DBAPIError

import tui_desk
from tui_desk.core.errors import DeskError, NotFound, Refused, Unavailable
from tui_desk.core.i18n import _
from tui_desk.db import snapshot
from tui_desk.db.engine import Database
from tui_desk.db.revision import HEAD
from tui_desk.db.secrets import key_file

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "desk.db"
KEY = "secret.key"
_MANIFEST_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. ``kind`` is sqlite or postgresql."""

    format: int
    made_at: str
    version: str
    schema: str
    kind: str
    has_key: bool
    members: dict[str, Member]
    rows: dict[str, int]


def backup(
    database: Database, path: Path, now: datetime, *, with_key: bool = True, replace: bool = False
) -> Manifest:
    """Write the desk to ``path`` (0600); work goes on meanwhile. Answers the manifest.

    Raises Refused when ``path`` exists and ``replace`` is False, Unavailable when it cannot be written.
    """
    if path.exists() and not replace:
        raise Refused(
            _("{path} exists already.").format(path=path),
            _("Nothing was written. Name another file, or add --force."),
        )
    with _written(path), _folder_beside(path) as folder:
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
            members={name: _member(folder / name) for name in names},
            rows=rows,
        )
        _write_archive(path, folder, manifest)
        return manifest


def _take_out(database: Database, folder: Path) -> dict[str, int]:
    if database.url.path is not None:
        snapshot.sqlite_out(database.url.path, folder / DATABASE)
        return snapshot.sqlite_counts(folder / DATABASE)
    (folder / "tables").mkdir(mode=0o700)
    return snapshot.postgresql_out(database, folder / "tables")


def _write_archive(path: Path, folder: Path, manifest: Manifest) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                described = folder / MANIFEST
                described.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
                for name in (MANIFEST, *manifest.members):
                    archive.add(folder / name, arcname=name, recursive=False, filter=_anonymous)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _member(path: Path) -> Member:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        for block in snapshot.blocks_of(file):
            digest.update(block)
            size += len(block)
    return Member(size, digest.hexdigest())


def verify(path: Path) -> Manifest:
    """Prove that an archive is whole: digests, sizes, the database's own check, and the rows of every table.

    Raises NotFound when there is no such file, Refused when it is no archive of ours or anything in it differs.
    """
    with _unpacked(path) as (manifest, folder):
        _check_content(manifest, folder)
    return manifest


def restore(database: Database, path: Path, *, force: bool = False) -> Manifest:
    """Bring the desk of an archive back into ``database``, after verifying it; answers the manifest.

    Raises Refused when there is a desk already and ``force`` is False, when the archive is damaged, of a newer version, or of the
    other kind of database. Nothing is changed then.
    """
    with _unpacked(path) as (manifest, folder):
        _check_content(manifest, folder)
        _check_target(database, manifest, force)
        key = key_file(database.url)
        if manifest.has_key:
            _put_key(folder / KEY, key, force)
        counts = _put_in(database, manifest, folder)
        if counts != manifest.rows:
            raise Unavailable(
                _("The restored desk does not have the rows it should: {tables}.").format(
                    tables=", ".join(
                        name for name in manifest.rows if counts.get(name) != manifest.rows[name]
                    )
                ),
                _("Restore once more, with nothing else working on the database."),
            )
    return manifest


def _put_in(database: Database, manifest: Manifest, folder: Path) -> dict[str, int]:
    if database.url.path is not None:
        database.close()
        snapshot.sqlite_in(folder / DATABASE, database.url.path)
        return snapshot.sqlite_counts(database.url.path, immutable=False)
    files = [folder / name for name in manifest.members if name.startswith("tables/")]
    try:
        return snapshot.postgresql_in(database, files)
    except DBAPIError as error:
        raise Unavailable(
            _("The database {url} did not take the backup: {cause}.").format(
                url=database.url, cause=str(error.orig).strip().splitlines()[0]
            ),
            _("Nothing was changed."),
        ) from error


def _check_target(database: Database, manifest: Manifest, force: bool) -> None:
    if (manifest.kind == "sqlite") != database.is_sqlite:
        raise Refused(
            _("The backup is of a {kind} desk; {url} is not one.").format(
                kind=manifest.kind, url=database.url
            ),
            _("Nothing was changed. Restore it into the same kind of database."),
        )
    if manifest.schema > HEAD:
        raise Refused(
            _("The backup was made by a newer tui-desk ({version}).").format(version=manifest.version),
            _("Nothing was changed. Update tui-desk on this machine."),
        )
    if not force and not snapshot.is_empty(database.url, database):
        raise Refused(
            _("{url} holds a desk already.").format(url=database.url),
            _("Nothing was changed. To replace it, add --force."),
        )


def _put_key(source: Path, target: Path, force: bool) -> None:
    if target.exists():
        if target.read_bytes() == source.read_bytes():
            return
        if not force:
            raise Refused(
                _("There is another key file at {path}.").format(path=target),
                _("Nothing was changed. With --force it is kept beside as .before-restore."),
            )
        target.replace(target.with_name(target.name + ".before-restore"))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _private_copy(source, target)


def _check_content(manifest: Manifest, folder: Path) -> None:
    for name, expected in manifest.members.items():
        if _member(folder / name) != expected:
            raise _damaged(_("{name} is not what was written").format(name=name))
    if manifest.kind == "sqlite":
        problems = snapshot.sqlite_problems(folder / DATABASE)
        if problems:
            raise _damaged(problems[0])
        counts = snapshot.sqlite_counts(folder / DATABASE)
    else:
        counts = {
            PurePosixPath(n).stem: _lines(folder / n) - 1 for n in manifest.members if n.startswith("tables/")
        }
    for table, rows in manifest.rows.items():
        if counts.get(table) != rows:
            raise _damaged(_("the rows of {table} are not all there").format(table=table))


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in snapshot.blocks_of(file))


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """The archive's manifest and its members in a private folder, gone afterwards."""
    if not path.is_file():
        raise NotFound(_("There is no backup {path}.").format(path=path))
    try:
        with tarfile.open(path) as archive:
            manifest = _read_manifest(archive)
            with _folder_beside(path) as folder:
                for name in manifest.members:
                    _extract(archive, name, folder / name)
                yield manifest, folder
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise _damaged(str(error)) from error


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    member = archive.next()
    content = archive.extractfile(member) if member is not None and member.name == MANIFEST else None
    if content is None:
        raise _damaged(_("it has no manifest"))
    values: dict[str, Any] = json.loads(content.read(_MANIFEST_LIMIT))
    if values["format"] != FORMAT:
        raise _damaged(_("its format {format} is not known").format(format=values["format"]))
    values["members"] = {_safe(name): Member(**each) for name, each in values["members"].items()}
    return Manifest(**values)


def _safe(name: str) -> str:
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or len(parts) > 2:
        raise _damaged(_("it names a file outside of itself"))
    return name


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    content = archive.extractfile(archive.getmember(name))
    if content is None:
        raise _damaged(_("{name} is not what was written").format(name=name))
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with content, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, 1024 * 1024)


def _damaged(cause: str) -> DeskError:
    return Refused(
        _("The backup is damaged: {cause}.").format(cause=cause.rstrip(".")),
        _("Nothing was changed. Use another one."),
    )


def _private_copy(source: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(source.read_bytes())


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """A private folder (0700) on the same disk as ``path`` where that can be written, gone afterwards."""
    beside = path.parent if os.access(path.parent, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix=".tui-desk-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
