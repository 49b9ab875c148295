"""Reading a file of comma-separated values, row by row: which encoding, which delimiter, which column each heading means."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tui_desk.contracts.asset_files import FileForm, Progress
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_name
from tui_desk.db.files import is_own_file
from tui_desk.db.url import DatabaseUrl
from tui_desk.rules.asset_columns import COLUMNS, FIELD_PREFIX, column_named
from tui_desk.services.local_paths import local_path

_CHUNK = 1024 * 1024
_HEAD = 64 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
LARGEST = 1024 * _CHUNK
"""Bytes of a file that is looked at."""
MOST_ROWS = 10_000
"""A file is taken in, and undone, as one: so many rows hold a desk on SQLite for less than the minute that others wait."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose headings were read. ``columns`` has what each means, empty where a heading is left out."""

    path: Path
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    size: int


def open_sheet(typed: str, form: FileForm, fields: Sequence[str], url: DatabaseUrl) -> Sheet:
    """Look at a file. ``fields``: ``field:NAME`` of fields of one's own.

    ``url``: the desk's own files are not read. Raises NotFound, Refused (a folder, not readable, too large or long), UsageError for what is no such file or names no column for ``form.match``.
    """
    path = local_path(typed)
    if is_own_file(path, url):
        raise UsageError(_("{path} is this desk's own database.").format(path=visible_name(typed)))
    try:
        if not path.is_file():
            raise NotFound(_("There is no file {path}.").format(path=path))
        size = path.stat().st_size
        if size > LARGEST:
            raise Refused(_("{path} is larger than 1 GB.").format(path=path))
        with path.open("rb") as file:
            encoding = form.encoding or _encoding_of(file, path)
    except OSError as error:
        raise Refused(_("{path} cannot be read: {cause}.").format(path=path, cause=error.strerror)) from error
    try:
        delimiter = form.delimiter or _delimiter_of(path, encoding, fields)
        "".encode(encoding)
    except (LookupError, UnicodeError):  # also of codecs that make no text of bytes: hex, undefined
        raise UsageError(_("“{name}” is no encoding.").format(name=safe_line(encoding, 40))) from None
    bare = Sheet(path, encoding, delimiter, (), (), size)
    with read_rows(bare) as rows:
        headings = tuple(next((cells for _line, cells in rows), ()))
        if sum(1 for _row in islice(rows, MOST_ROWS + 1)) > MOST_ROWS:
            raise Refused(
                _("{path} has more than {most} rows.").format(path=path, most=MOST_ROWS),
                _("Split it: a file is taken in, and undone, as a whole."),
            )
    if not any(cell.strip() for cell in headings):
        raise UsageError(_("{path} is empty: it has no line of headings.").format(path=path))
    columns = _columns(headings, form, fields)
    return Sheet(path, encoding, delimiter, headings, columns, size)


def _encoding_of(file: BinaryIO, path: Path) -> str:
    """UTF-8 (or UTF-16 with a mark) where the whole file is that, else the Western code page of Windows."""
    head = file.read(4)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    found = "utf-8"
    while chunk := file.read(_CHUNK):
        if b"\0" in chunk:
            raise UsageError(
                _("{path} holds NUL characters: it is no text.").format(path=path),
                _("Save it as CSV in UTF-8, then try again."),
            )
        if found == "utf-8":
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                found = "cp1252"
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        found = "cp1252"
    return found


def _delimiter_of(path: Path, encoding: str, fields: Sequence[str]) -> str:
    """The delimiter with which most headings are known; else the one that is there most often."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(_HEAD)
    line = io.StringIO(head)

    def known(delimiter: str) -> tuple[int, int]:
        line.seek(0)
        try:
            cells = next(csv.reader(line, delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(bool(column_named(cell, fields)) for cell in cells), len(cells)

    return max(_DELIMITERS, key=known)


def _columns(headings: Sequence[str], form: FileForm, fields: Sequence[str]) -> tuple[str, ...]:
    given = {heading.strip().casefold(): column for heading, column in form.mapping}
    for heading, column in form.mapping:
        if column and column not in COLUMNS and column not in fields:
            raise UsageError(
                _("There is no column “{name}”.").format(name=safe_line(column, 60)),
                _("There are: {names}.").format(names=", ".join((*COLUMNS, *fields))),
            )
        if heading.strip().casefold() not in {one.strip().casefold() for one in headings}:
            raise UsageError(_("The file has no heading “{name}”.").format(name=safe_line(heading, 60)))
    found = tuple(
        given[heading.strip().casefold()]
        if heading.strip().casefold() in given
        else column_named(heading, fields)
        for heading in headings
    )
    for column, count in Counter(found).items():
        if column and count > 1:
            raise UsageError(
                _("Two columns of the file mean “{name}”.").format(name=column),
                _("Leave one out: --map HEADING="),
            )
    if form.match not in found:
        shown = ", ".join(safe_line(heading, 30) for heading in headings[:12])
        raise UsageError(
            _("No column of the file is the {name} of assets; its headings are: {headings}.").format(
                name=form.match, headings=shown
            ),
            _("Name it with --map HEADING={name}, or match by the other: --match tag|serial.").format(
                name=form.match
            ),
        )
    return found


@contextmanager
def read_rows(sheet: Sheet, progress: Progress | None = None) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The rows of a file with the lines they begin in, blank ones left out. Raises UsageError where it is no such file."""
    try:
        with sheet.path.open("rb") as raw:
            text = io.TextIOWrapper(raw, encoding=sheet.encoding, newline="")
            yield _rows(sheet, raw, text, progress)
    except UnicodeError as error:
        raise UsageError(
            _("{path} is not {encoding}.").format(path=sheet.path, encoding=sheet.encoding),
            _("Say which encoding it is with --encoding NAME."),
        ) from error
    except OSError as error:
        raise Refused(
            _("{path} cannot be read: {cause}.").format(path=sheet.path, cause=error.strerror)
        ) from error


def _rows(
    sheet: Sheet, raw: BinaryIO, text: io.TextIOWrapper, progress: Progress | None
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=sheet.delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UsageError(
                _("Line {line} of {path} cannot be read: {cause}.").format(
                    line=line, path=sheet.path, cause=error
                ),
                _(
                    "Is the file whole? A quotation mark opens a cell that nothing closes, or a cell is too long."
                ),
            ) from error
        if cells is None:
            return
        if any("\0" in cell for cell in cells):
            raise UsageError(
                _("Line {line} of {path} holds NUL characters.").format(line=line, path=sheet.path)
            )
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1
        if progress is not None and line % 1000 == 0:
            progress(raw.tell(), sheet.size)


def is_field(column: str) -> bool:
    """Whether a column is a field of one's own."""
    return column.startswith(FIELD_PREFIX)
