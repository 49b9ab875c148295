"""Assets as a file of comma-separated values: written, read, and shown before anything is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Literal

from tui_desk.contracts.gateway import Request
from tui_desk.core.values import dataclass

Progress = Callable[[int, int], None]
"""Called now and then with how much is done of how much: bytes of a file that is read, rows of one that is written (of 0: not known)."""
Effect = Literal["new", "changed", "unchanged", "refused"]
SHOWN = 500
"""Rows of each kind that a preview names; it counts all."""


@dataclass(frozen=True, slots=True)
class ExportAssets(Request[int]):
    """Write assets into the file ``path``, by tag; answers how many. Raises Refused where the file is there and ``replace`` is not said."""

    path: str
    query: str = ""
    include_retired: bool = True
    columns: tuple[str, ...] = ()
    """Names of ``rules.asset_columns`` and ``field:NAME``; empty: all."""
    delimiter: str = ","
    bom: bool = False
    """Begin with a byte order mark, which some spreadsheets need to see UTF-8."""
    replace: bool = False
    progress: Progress | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a file is read. Empty: found out."""

    encoding: str = ""
    delimiter: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    """Headings and the columns that they mean, beside those that are recognised; an empty column leaves one out."""
    match: Literal["tag", "serial"] = "tag"
    """What says which asset a row is about."""
    keep_empty: bool = False
    """An empty cell leaves what is there; else it clears it."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row would do. Text is safe to show."""

    line: int
    """Of the file, from 1; the headings are one."""
    tag: str
    effect: Effect
    fields: tuple[tuple[str, str, str], ...] = ()
    """(column, as it is, as it would be), of what differs."""
    sentence: str = ""
    """Why it is refused."""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would do."""

    path: str
    encoding: str
    delimiter: str
    columns: tuple[tuple[str, str], ...]
    """Headings as they stand there, and the column each means (empty: it is left out)."""
    new: int
    changed: int
    unchanged: int
    refused: int
    new_people: int
    """Owners whom nobody knows yet: their records would be made."""
    rows: tuple[RowChange, ...]
    """The first :data:`SHOWN` of each kind but the unchanged ones, in the order of the file."""
    seen: bytes = field(repr=False)
    """What was shown, row by row, for :class:`ApplyImport`."""

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged + self.refused


@dataclass(frozen=True, slots=True)
class PreviewImport(Request[ImportPreview]):
    """Read a file and say what it would do; nothing is written. Raises NotFound, UsageError for a file that is none of assets."""

    path: str
    form: FileForm = FileForm()
    progress: Progress | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ImportResult:
    new: int
    changed: int
    skipped: int
    """Rows that were refused and left out."""
    event_id: int | None
    """An event of the deed, by which all of it is undone; None where nothing changed."""


@dataclass(frozen=True, slots=True)
class ApplyImport(Request[ImportResult]):
    """Do all of what a preview showed, as one deed, or nothing.

    Raises Conflict where it would do anything else by now (the file or an asset was changed), Refused where rows are refused and
    ``skip_refused`` is not said.
    """

    path: str
    form: FileForm
    seen: bytes = field(repr=False)
    skip_refused: bool = False
    progress: Progress | None = field(default=None, compare=False)
