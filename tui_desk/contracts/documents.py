"""Files that belong to something other than a message: an asset's invoice, a manual, a signed contract."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import DocumentKind, DocumentSubject
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One file; names are safe to show."""

    id: int
    subject: DocumentSubject
    subject_id: int
    subject_name: str
    """What people call the thing it belongs to: a tag, a name, ``P12 Laptops``."""
    kind: DocumentKind
    filename: str
    content_type: str
    size: int
    """Bytes."""
    sha256: str
    by: str
    """Who added it."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentList:
    """The files of one thing, or (``subject`` None) of all, newest first."""

    subject: DocumentSubject | None
    subject_id: int | None
    subject_name: str
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True, slots=True)
class ListDocuments(Request[DocumentList]):
    """Files of the thing that ``subject_id`` or ``name`` says (a tag, a name, ``P12``, an invoice's number); without a subject, those of
    everything. ``query``: words in the file's name. Raises NotFound."""

    subject: DocumentSubject | None = None
    subject_id: int | None = None
    name: str = ""
    query: str = ""
    limit: int = 500


@dataclass(frozen=True, slots=True)
class DocumentChanged:
    """What was added or removed, the events that tell it (for taking it back), and a sentence."""

    document: DocumentView
    event_ids: tuple[int, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class AddDocument(Request[DocumentChanged]):
    """Keep a copy of the file ``path`` with a thing. Raises NotFound, UsageError (no such file), Refused (too large, there already)."""

    subject: DocumentSubject
    path: str
    subject_id: int | None = None
    name: str = ""
    kind: DocumentKind = DocumentKind.OTHER
    filename: str = ""
    """What it is called here; empty: as the file."""


@dataclass(frozen=True, slots=True)
class RemoveDocument(Request[DocumentChanged]):
    """Take a file away; an undo brings it back. Raises NotFound."""

    id: int


@dataclass(frozen=True, slots=True)
class SaveDocument(Request[str]):
    """Write a file to ``path``: a folder (its own name, made safe, is used there) or a name for it. Answers the path.

    Raises NotFound, Conflict (something is there; ``overwrite`` replaces it), Unavailable (it cannot be written).
    """

    id: int
    path: str
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class DocumentPreview:
    """A file as far as a terminal shows it. ``table`` holds rows of cells where it is a table, else ``text`` what can be read.

    ``note`` says what is left out, or why nothing can be shown. All of it is safe to show.
    """

    document: DocumentView
    text: str
    table: tuple[tuple[str, ...], ...]
    note: str
    picture: bool = False
    """``contracts.reading.ShowPicture`` can draw it."""


@dataclass(frozen=True, slots=True)
class PreviewDocument(Request[DocumentPreview]):
    """Read a file for the eye. Raises NotFound."""

    id: int
