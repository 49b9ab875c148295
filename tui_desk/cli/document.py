"""``tui-desk document``: the files kept with assets, licences, contracts, purchases and invoices."""

from __future__ import annotations

from pathlib import Path

import click

from tui_desk.cli.base import (
    ID,
    DeskGroup,
    enum_value,
    examples,
    limit_option,
    one_of,
    pass_invocation,
    possible,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.documents import (
    AddDocument,
    DocumentPreview,
    ListDocuments,
    PreviewDocument,
    RemoveDocument,
    SaveDocument,
)
from tui_desk.core.enums import DocumentKind, DocumentSubject
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word

_ID = click.argument("document_id", type=ID, metavar="ID")
_WHAT = click.argument("what", metavar="KIND:NAME")


@click.group(
    cls=DeskGroup,
    help=_("Files kept with assets, licences, contracts, purchases and invoices: add, list, show, save."),
)
def document() -> None:
    """The noun."""


@document.command(
    "list",
    help=_(
        "List documents, the newest first: of one thing, named as asset:TAG, licence:NAME, contract:NAME, purchase:P12 or "
        "invoice:NUMBER, or of all."
    ),
    epilog=examples("tui-desk document list asset:LT-0042", "tui-desk document list --query manual"),
)
@click.argument("what", metavar="[KIND:NAME]", default="")
@click.option("--query", default="", metavar="WORDS", help=_("Words in the name of the file."))
@limit_option(500)
@pass_invocation
def list_documents(run: Invocation, what: str, query: str, limit: int) -> None:
    """Print documents."""
    subject, name = _named(what) if what else (None, "")
    found = run.ask(ListDocuments(subject, name=name, query=query, limit=limit))
    rows = [
        (one.id, f"{word(one.subject)} {one.subject_name}", one.kind, one.filename, one.size, one.created_at)
        for one in found.documents
    ]
    headings = (_("Id"), _("Of"), _("Kind"), _("File"), _("Bytes"), _("Added"))
    run.answer(found.documents, lambda: table(headings, rows, flexible=3) if rows else _("No documents."))


@document.command(
    "add",
    help=_(
        "Keep a copy of a file with asset:TAG, licence:NAME, contract:NAME, purchase:P12 or invoice:NUMBER."
    ),
    epilog=examples(
        "tui-desk document add asset:LT-0042 manual.pdf --kind manual",
        "tui-desk document add 'contract:Printer lease' ~/scan.pdf --kind contract --name lease-2026.pdf",
    ),
)
@_WHAT
@click.argument("path", metavar="FILE")
@click.option("--kind", type=enum_value(DocumentKind), default=DocumentKind.OTHER, help=_("What it is."))
@click.option(
    "--name", "filename", default="", metavar="NAME", help=_("What it is called here; else as the file.")
)
@pass_invocation
def add(run: Invocation, what: str, path: str, kind: DocumentKind, filename: str) -> None:
    """Add one."""
    subject, name = _named(what)
    if not path.startswith("~"):
        path = str(Path(path).absolute())
    done = run.ask(AddDocument(subject, path, name=name, kind=kind, filename=filename))
    run.answer(done.document, lambda: f"{done.sentence} [{done.document.id}]")


@document.command(
    "show", help=_("Show what can be read of a document: text, tables, PDF, mails, calendar files.")
)
@_ID
@pass_invocation
def show(run: Invocation, document_id: int) -> None:
    """Print what can be read of it."""
    shown = run.ask(PreviewDocument(document_id))
    run.answer(shown, lambda: _as_text(shown))


def _as_text(shown: DocumentPreview) -> str:
    one = shown.document
    head = fields(
        [
            (_("File"), one.filename),
            (_("Of"), f"{word(one.subject)} {one.subject_name}"),
            (_("Kind"), one.kind),
            (_("Type"), one.content_type),
            (_("Bytes"), str(one.size)),
            (_("Added"), one.created_at),
            (_("By"), one.by),
            (_("Note"), shown.note),
        ]
    )
    return "\n\n".join(part for part in (head, _rows(shown.table), shown.text.rstrip()) if part)


def _rows(rows: tuple[tuple[str, ...], ...]) -> str:
    if not rows:
        return ""
    width = max(map(len, rows))
    first, *rest = (row + ("",) * (width - len(row)) for row in rows)
    return table(first, rest)


@document.command(
    "save",
    help=_(
        "Write a document to a folder, under its own name, or to a file. Nothing is overwritten unless --force."
    ),
    epilog=examples("tui-desk document save 7 ~/Downloads/", "tui-desk document save 7 lease.pdf --force"),
)
@_ID
@click.argument("path", metavar="FOLDER|FILE", default=".")
@click.option("--force", is_flag=True, help=_("Replace a file that is there."))
@pass_invocation
def save(run: Invocation, document_id: int, path: str, force: bool) -> None:
    """Write it to a file."""
    if not path.startswith("~"):
        path = str(Path(path).absolute()) + ("/" if path.endswith("/") else "")
    saved = run.ask(SaveDocument(document_id, path, force))
    run.answer({"path": saved}, lambda: _("Saved as {path}.").format(path=saved))


@document.command("remove", help=_("Take a document away; the history of what it belongs to brings it back."))
@_ID
@pass_invocation
def remove(run: Invocation, document_id: int) -> None:
    """Remove one."""
    done = run.ask(RemoveDocument(document_id))
    run.answer(done.document, lambda: done.sentence)


def _named(what: str) -> tuple[DocumentSubject, str]:
    """``asset:LT-0042`` as kind and name. Raises UsageError, NotFound (a purchase's number no row can have)."""
    kind, colon, name = what.partition(":")
    allowed = [member.value for member in DocumentSubject]
    if not colon or not name.strip():
        raise UsageError(
            _("“{what}” names nothing: write KIND:NAME.").format(what=what),
            _("Such as asset:LT-0042; kinds are {kinds}.").format(kinds=", ".join(allowed)),
        )
    subject = one_of(DocumentSubject, allowed, kind, _("kind"))
    digits = name.strip().lstrip("Pp")
    if subject is DocumentSubject.PURCHASE:
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            raise NotFound(_("There is no purchase {name}.").format(name=name))
        possible(int(digits))
    return subject, name
