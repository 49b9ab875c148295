"""Existing mail in its many containers: mbox, Maildir, .eml, a folder of them, an IMAP folder; one raw message after the other."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

MAX_FILE = 200 * 1024 * 1024
"""Bytes of a file that holds one mail; a larger one is no mail. An mbox may be of any size: it is not read at once."""
_FROM = re.compile(rb"^From \S+ .*\d{4}.*$", re.MULTILINE)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_DATE = re.compile(rb"^Date:[ \t]*([^\r\n]{1,200})", re.MULTILINE | re.IGNORECASE)


_MAIL_SUFFIXES = frozenset({".eml", ".mbox", ".mbx", ".mail"})
_BEGINNING = re.compile(rb"From \S|[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n]")


@dataclass(frozen=True, slots=True)
class Found:
    """One message: where it lies, its bytes, and when it was written (None where it does not say)."""

    name: str
    raw: bytes
    written_at: datetime | None


Forbidden = Callable[[Path], bool]
"""Says which files must not even be opened."""


def read_path(path: Path, forbidden: Forbidden = lambda _path: False) -> Iterator[Found]:
    """Every message at ``path``, in a stable order. Raises NotFound, UsageError for what is no mail container.

    ``forbidden`` files are passed over without being opened: the desk's own database, whose locks a close would drop.
    """
    if not path.exists():
        raise NotFound(_("There is no file {path}.").format(path=safe_line(str(path))))
    if path.is_dir():
        yield from _folder(path, forbidden)
        return
    if not path.is_file() or forbidden(path):
        raise UsageError(_("{path} is neither a file nor a folder.").format(path=safe_line(str(path))))
    if not _is_mbox(path) and path.stat().st_size > MAX_FILE:
        raise UsageError(_("{path} is too large for one mail.").format(path=safe_line(str(path))))
    yield from _file(path, path.name)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _file(path: Path, name: str) -> Iterator[Found]:
    if _is_mbox(path):
        yield from _mbox(path, name)
    elif path.stat().st_size <= MAX_FILE:
        raw = path.read_bytes()
        yield Found(name, raw, written(raw))


def _folder(path: Path, forbidden: Forbidden) -> Iterator[Found]:
    if (path / "cur").is_dir() or (path / "new").is_dir():
        yield from _maildir(path, path.name, forbidden)
        return
    for each in sorted(path.rglob("*")):
        if each.is_symlink() or not each.is_file() or each.name.startswith(".") or forbidden(each):
            continue
        if each.suffix.lower() in _MAIL_SUFFIXES or _looks_like_mail(each):
            yield from _file(each, str(each.relative_to(path)))


def _looks_like_mail(path: Path) -> bool:
    """Whether a file in a folder begins as mail does: with a header field or an mbox separator. Notes and programs do not."""
    with path.open("rb") as file:
        head = file.read(2_000).lstrip(b"\xef\xbb\xbf\r\n")
    return bool(_BEGINNING.match(head))


def _maildir(path: Path, name: str, forbidden: Forbidden) -> Iterator[Found]:
    """A Maildir and its subfolders (Maildir++: folders that begin with a dot)."""
    files = [file for sub in ("cur", "new") if (path / sub).is_dir() for file in (path / sub).iterdir()]
    for file in sorted(files, key=lambda each: each.name):
        if file.is_file() and not forbidden(file) and file.stat().st_size <= MAX_FILE:
            raw = file.read_bytes()
            yield Found(f"{name}/{file.name.partition(':')[0]}", raw, written(raw))
    for sub in sorted(path.iterdir()):
        if sub.is_dir() and sub.name.startswith(".") and (sub / "cur").is_dir():
            yield from _maildir(sub, f"{name}/{sub.name}", forbidden)


def _mbox(path: Path, name: str) -> Iterator[Found]:
    """mbox of any kind: messages begin with a ``From `` line after an empty line (RFC 4155); ``>From `` is unquoted."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        starts = [
            match.start()
            for match in _FROM.finditer(content)
            if match.start() == 0
            or (
                content[match.start() - 2 : match.start()] in (b"\n\n", b"\r\n")
                and _blank_before(content, match.start())
            )
        ]
        for number, start in enumerate(starts):
            end = starts[number + 1] if number + 1 < len(starts) else len(content)
            block = bytes(content[start:end])
            raw = block.partition(b"\n")[2]
            raw = _QUOTED_FROM.sub(rb"\1", raw)
            if raw.endswith(b"\n\n"):
                raw = raw[:-1]
            yield Found(f"{name}:{number + 1}", raw, written(raw))


def _blank_before(content: mmap.mmap, start: int) -> bool:
    return content[start - 2 : start] == b"\n\n" or content[max(0, start - 4) : start] == b"\r\n\r\n"


def written(raw: bytes) -> datetime | None:
    """What the Date header says, if it can be believed."""
    head = raw[:65536].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    found = _DATE.search(head)
    if found is None:
        return None
    try:
        moment = parsedate_to_datetime(found[1].decode("ascii", "replace").strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if 1971 <= moment.year <= 2200 else None
