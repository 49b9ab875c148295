"""The archive of a backup: what is in it, how it is written, read, and proved to be whole.

A tar (uncompressed: what is in it is mostly compressed already) of ``manifest.json``, the database (``desk.db`` or
``tables/NAME.copy``) and ``secret.key``. The manifest holds sha256 and size of every member and the rows of every table.
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
from pathlib import Path, PurePosixPath
from typing import Any

from tui_desk.core.errors import DeskError, NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.db import snapshot

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


def write_archive(path: Path, folder: Path, manifest: Manifest) -> None:
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


def member_of(path: Path) -> Member:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        for block in snapshot.blocks_of(file):
            digest.update(block)
            size += len(block)
    return Member(size, digest.hexdigest())


def check_content(manifest: Manifest, folder: Path) -> None:
    for name, expected in manifest.members.items():
        if member_of(folder / name) != expected:
            raise damaged(_("{name} is not what was written").format(name=name))
    if manifest.kind == "sqlite":
        problems = snapshot.sqlite_problems(folder / DATABASE)
        if problems:
            raise damaged(problems[0])
        counts = snapshot.sqlite_counts(folder / DATABASE)
    else:
        counts = {
            PurePosixPath(n).stem: _lines(folder / n) - 1 for n in manifest.members if n.startswith("tables/")
        }
    for table, rows in manifest.rows.items():
        if counts.get(table) != rows:
            raise damaged(_("the rows of {table} are not all there").format(table=table))


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in snapshot.blocks_of(file))


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """The archive's manifest and its members in a private folder, gone afterwards."""
    if not path.is_file():
        raise NotFound(_("There is no backup {path}.").format(path=path))
    with folder_beside(path) as folder:
        try:
            with tarfile.open(path) as archive:
                manifest = _read_manifest(archive)
                for name in manifest.members:
                    _extract(archive, name, folder / name)
        except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
            raise damaged(str(error)) from error
        yield manifest, folder


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    member = archive.next()
    content = archive.extractfile(member) if member is not None and member.name == MANIFEST else None
    if content is None:
        raise damaged(_("it has no manifest"))
    values: dict[str, Any] = json.loads(content.read(_MANIFEST_LIMIT))
    if values["format"] != FORMAT:
        raise damaged(_("its format {format} is not known").format(format=values["format"]))
    values["members"] = {_safe(name): Member(**each) for name, each in values["members"].items()}
    return Manifest(**values)


def _safe(name: str) -> str:
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or len(parts) > 2:
        raise damaged(_("it names a file outside of itself"))
    return name


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    content = archive.extractfile(archive.getmember(name))
    if content is None:
        raise damaged(_("{name} is not what was written").format(name=name))
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with content, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, 1024 * 1024)


def damaged(cause: str) -> DeskError:
    return Refused(
        _("The backup is damaged: {cause}.").format(cause=cause.rstrip(".")),
        _("Nothing was changed. Use another one."),
    )


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """A private folder (0700) on the same disk as ``path`` where that can be written, gone afterwards."""
    beside = path.parent if os.access(path.parent, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix=".tui-desk-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
