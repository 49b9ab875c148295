"""Documents: kept with what they belong to, read in the terminal, saved, taken away and brought back."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tests.services.document_files import CALENDAR, EML, PNG, circular_pdf, endless_pdf, pdf
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.documents import (
    AddDocument,
    DocumentPreview,
    DocumentView,
    ListDocuments,
    PreviewDocument,
    RemoveDocument,
    SaveDocument,
)
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.tickets import UndoDeed, UndoLast
from tui_desk.core.enums import DocumentKind, DocumentSubject
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, Unavailable, UsageError
from tui_desk.models import Blob, Contract, Document, Invoice, Licence, Purchase, Supplier
from tui_desk.services.database_check import check_database
from tui_desk.services.document_preview import image_size, shown_as
from tui_desk.services.drafts import ATTACHMENT_LIMIT
from tui_desk.services.pdf_text import pdf_text

ASSET = DocumentSubject.ASSET


@pytest.fixture
def asset(desk: Desk) -> int:
    return desk.ask(SaveAsset(None, "LT-0042", "ThinkPad")).id


def kept(desk: Desk, tmp_path: Path, name: str, content: bytes, **more: Any) -> DocumentView:
    """A file of that name and content, kept with the asset LT-0042."""
    path = tmp_path / name
    path.write_bytes(content)
    return desk.ask(AddDocument(**{"subject": ASSET, "path": str(path), "name": "LT-0042", **more})).document


def read(desk: Desk, document: DocumentView) -> DocumentPreview:
    return desk.ask(PreviewDocument(document.id))


def purchase_with_invoice(desk: Desk) -> tuple[int, int, int]:
    """(ticket, purchase, invoice)."""
    number = ticket(desk)
    with desk.writing() as session:
        supplier = Supplier(name="Shop")
        session.add(supplier)
        session.flush()
        purchase = Purchase(
            ticket_id=number,
            title="Laptops",
            supplier_id=supplier.id,
            created_at=desk.now,
            updated_at=desk.now,
        )
        session.add(purchase)
        session.flush()
        assert supplier.id is not None
        assert purchase.id is not None
        invoice = Invoice(
            purchase_id=purchase.id,
            supplier_id=supplier.id,
            number="R-77",
            invoiced_on=date(2026, 3, 1),
            currency="EUR",
            created_at=desk.now,
        )
        session.add(invoice)
        session.flush()
        assert invoice.id is not None
        return number, purchase.id, invoice.id


# -- kept, removed, brought back -----------------------------------------------------------------------------------------


def test_a_file_is_kept_with_what_it_belongs_to(desk: Desk, asset: int, tmp_path: Path) -> None:
    made = kept(desk, tmp_path, "manual.txt", b"Read me.", kind=DocumentKind.MANUAL)
    assert (made.subject_id, made.subject_name, made.kind, made.size, made.by) == (
        asset,
        "LT-0042",
        DocumentKind.MANUAL,
        8,
        "Ana Díaz",
    )
    found = desk.ask(ListDocuments(ASSET, name="lt-0042"))
    assert (found.subject_id, found.documents) == (asset, (made,))
    assert desk.ask(ListDocuments(query="MANUAL")).documents == (made,)
    assert desk.ask(ListDocuments(query="ghost")).documents == ()
    assert read(desk, made).text == "Read me."
    (event, *_rest) = desk.ask(ListEvents(f"asset:{asset}")).events
    assert "added the document “manual.txt”" in event.sentence
    with pytest.raises(Refused, match="has this file already"):
        kept(desk, tmp_path, "other.txt", b"Read me.")


def test_everything_that_has_documents(desk: Desk, asset: int, tmp_path: Path) -> None:
    _number, purchase, _invoice = purchase_with_invoice(desk)
    with desk.writing() as session:
        session.add(Licence(name="Office", created_at=desk.now, updated_at=desk.now))
        session.add(Contract(name="Lease", created_at=desk.now, updated_at=desk.now))
    path = tmp_path / "x.txt"
    path.write_text("x")
    for subject, name, called in (
        (DocumentSubject.ASSET, "LT-0042", "LT-0042"),
        (DocumentSubject.LICENCE, "office", "Office"),
        (DocumentSubject.CONTRACT, "Lease", "Lease"),
        (DocumentSubject.PURCHASE, f"p{purchase}", f"P{purchase} Laptops"),
        (DocumentSubject.INVOICE, "R-77", "R-77"),
    ):
        made = desk.ask(AddDocument(subject, str(path), name=name))
        assert made.document.subject_name == called
        assert desk.ask(ListDocuments(subject, name=name)).documents == (made.document,)
        removed = desk.ask(RemoveDocument(made.document.id))
        assert desk.ask(ListDocuments(subject, name=name)).documents == ()
        desk.ask(UndoLast(event_ids=removed.event_ids))
        assert desk.ask(ListDocuments(subject, name=name)).documents == (made.document,)
        for missing in ("Ghost", "", "P9999999999999999999999"):
            with pytest.raises(NotFound):
                desk.ask(ListDocuments(subject, name=missing))
    assert len(desk.ask(ListDocuments()).documents) == 5


def test_a_removed_file_comes_back_with_its_bytes(desk: Desk, asset: int, tmp_path: Path) -> None:
    made = kept(desk, tmp_path, "contract.txt", b"Signed.")
    removed = desk.ask(RemoveDocument(made.id))
    assert removed.sentence == "contract.txt is removed."
    for request in (PreviewDocument(made.id), SaveDocument(made.id, str(tmp_path)), RemoveDocument(made.id)):
        with pytest.raises(NotFound):
            desk.ask(request)
    with desk.database.reading() as session:
        assert session.get_one(Document, made.id).removed_at is not None
        assert session.exec(select(Blob.size).where(Blob.sha256 == made.sha256)).one() == 7
    events = desk.ask(ListEvents(f"asset:{asset}")).events
    assert any("removed the document “contract.txt”" in event.sentence for event in events)
    desk.later(days=400)
    desk.ask(UndoDeed(removed.event_ids[0]), desk.ben)
    assert read(desk, made).text == "Signed."
    assert desk.ask(ListDocuments(ASSET, asset)).documents == (made,)
    with pytest.raises(Refused):
        desk.ask(UndoDeed(removed.event_ids[0]), desk.ben)


def test_adding_is_undone_and_not_over_what_came_since(desk: Desk, asset: int, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    added = desk.ask(AddDocument(ASSET, str(path), asset))
    desk.ask(RemoveDocument(added.document.id))
    with pytest.raises(Conflict, match="changed since"):
        desk.ask(UndoLast(event_ids=added.event_ids))
    again = desk.ask(AddDocument(ASSET, str(path), asset))
    desk.ask(UndoLast(event_ids=again.event_ids))
    assert desk.ask(ListDocuments(ASSET, asset)).documents == ()


def test_what_is_no_file_or_too_large_is_not_kept(desk: Desk, asset: int, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    big = tmp_path / "big.iso"
    with big.open("wb") as file:
        file.truncate(ATTACHMENT_LIMIT + 1)
    for path, error in (
        (tmp_path / "ghost", UsageError),
        (tmp_path, UsageError),
        (tmp_path / "pipe", UsageError),
        (Path("nul\0"), UsageError),
        (Path("~nobody-of-that-name/x"), UsageError),
        (big, Refused),
    ):
        with pytest.raises(error):
            desk.ask(AddDocument(ASSET, str(path), asset))
    if desk.database.url.path is not None:
        with pytest.raises(UsageError, match="own database"):
            desk.ask(AddDocument(ASSET, str(desk.database.url.path), asset))
    assert desk.ask(ListDocuments(ASSET, asset)).documents == ()


def test_names_are_names_of_files(desk: Desk, asset: int, tmp_path: Path) -> None:
    for given_name, called in (
        ("../../etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
        ("\x1b]52;c;x\x07", "]52;c;x"),
    ):
        made = kept(desk, tmp_path, "f", given_name.encode("utf-8", "replace"), filename=given_name)
        with desk.database.reading() as session:
            stored = session.get_one(Document, made.id).filename
        assert stored == called
        assert Path(desk.ask(SaveDocument(made.id, f"{tmp_path}/out/"))).parent == tmp_path / "out"


# -- saved ----------------------------------------------------------------------------------------------------------------


def test_a_file_is_saved_and_nothing_overwritten(desk: Desk, asset: int, tmp_path: Path) -> None:
    made = kept(desk, tmp_path, "manual.txt", b"New.")
    folder = tmp_path / "out"
    path = Path(desk.ask(SaveDocument(made.id, f"{folder}/")))
    assert (path, path.read_bytes(), path.stat().st_mode & 0o777) == (folder / "manual.txt", b"New.", 0o600)
    path.write_bytes(b"Mine.")
    for target in (folder, path):
        with pytest.raises(Conflict, match="nothing was overwritten"):
            desk.ask(SaveDocument(made.id, str(target)))
    assert path.read_bytes() == b"Mine."
    assert desk.ask(SaveDocument(made.id, str(path), overwrite=True)) == str(path)
    assert path.read_bytes() == b"New."
    assert desk.ask(SaveDocument(made.id, str(folder / "else.txt"))) == str(folder / "else.txt")
    assert sorted(one.name for one in folder.iterdir()) == ["else.txt", "manual.txt"]


def test_links_devices_and_the_desk_itself_are_not_written_over(
    desk: Desk, asset: int, tmp_path: Path
) -> None:
    made = kept(desk, tmp_path, "manual.txt", b"New.")
    victim, link = tmp_path / "victim", tmp_path / "link"
    victim.write_text("whole")
    link.symlink_to(victim)
    os.mkfifo(tmp_path / "pipe")
    for place in (link, tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(Conflict):
            desk.ask(SaveDocument(made.id, str(place)))
        with pytest.raises(Unavailable, match="no plain file"):
            desk.ask(SaveDocument(made.id, str(place), overwrite=True))
    assert victim.read_text() == "whole"
    for path in ("", "/proc/nothing/x", str(tmp_path / "a" / "b" / "c" / "x"), "nul\0"):
        with pytest.raises(DeskError):
            desk.ask(SaveDocument(made.id, path))
    if desk.database.url.path is not None:
        with pytest.raises(UsageError, match="own database"):
            desk.ask(SaveDocument(made.id, str(desk.database.url.path), overwrite=True))


# -- read in the terminal -------------------------------------------------------------------------------------------------


def test_what_a_terminal_shows_of_each_kind(desk: Desk, asset: int, tmp_path: Path) -> None:
    shown = read(desk, kept(desk, tmp_path, "prices.csv", "Article;Préis\nLaptop;1\x1b[2J\n".encode()))
    assert shown.table == (("Article", "Préis"), ("Laptop", "1␛[2J"))
    assert read(desk, kept(desk, tmp_path, "t.tsv", b'a\tb\n"x, y"\t2\n')).table == (
        ("a", "b"),
        ("x, y", "2"),
    )
    mail = read(desk, kept(desk, tmp_path, "order.eml", EML)).text
    assert "Shop <shop@supplier.test>" in mail
    assert "It ships ␛[2J today." in mail
    assert "Service visit" in read(desk, kept(desk, tmp_path, "visit.ics", CALENDAR)).text
    assert read(
        desk, kept(desk, tmp_path, "p.html", b"<p>Hello <b>you</b><script>x()</script>")
    ).text.strip() == ("Hello you")
    assert "640 × 480" in read(desk, kept(desk, tmp_path, "photo.png", PNG)).note
    assert "cannot be read here" in read(desk, kept(desk, tmp_path, "a.zip", b"PK\3\4" + bytes(200))).note
    assert read(desk, kept(desk, tmp_path, "empty.txt", b"")).note == "The file is empty."
    assert read(desk, kept(desk, tmp_path, "notes", "Grüße".encode("latin-1"))).text == "Grüße"


def test_a_pdf_is_read_page_by_page(desk: Desk, asset: int, tmp_path: Path) -> None:
    shown = read(desk, kept(desk, tmp_path, "bill.pdf", pdf("Invoice 77", "Total 1299.90")))
    assert "Page 1\n\nInvoice 77\n\nPage 2\n\nTotal 1299.90" in shown.text
    assert shown.note == "PDF, 2 pages"


def test_hostile_pdfs_end_in_a_sentence() -> None:
    stopped = pdf_text(endless_pdf(), cpu_seconds=2, wall_seconds=60)
    assert (stopped.end, stopped.pages) == ("time", ())
    whole = pdf("Invoice 77")
    for content in (circular_pdf(), whole[:200], b"%PDF-1.7\n" + bytes(5_000), b"%PDF-"):
        assert pdf_text(content).end in ("broken", "")
        assert shown_as("application/pdf", "x.pdf", content).note
    recovered = pdf_text(whole.replace(b"startxref", b"startxxxx"))
    assert recovered.end in ("", "broken")


def test_a_pdf_stops_nobody_longer_than_it_may() -> None:
    found = pdf_text(endless_pdf(), cpu_seconds=600, wall_seconds=1.5)
    assert found.end == "time"


@given(
    st.binary(max_size=400), st.sampled_from(["text/csv", "text/calendar", "message/rfc822", "text/html", ""])
)
@settings(deadline=None)
def test_no_bytes_make_it_raise(content: bytes, kind: str) -> None:
    content = content.replace(b"%PDF-", b"")
    shown_as(kind, "x", content)
    image_size(b"\xff\xd8\xff" + content)


# -- rights, checks, copies -----------------------------------------------------------------------------------------------


def test_readers_read_and_change_nothing(desk: Desk, asset: int, tmp_path: Path) -> None:
    made = kept(desk, tmp_path, "a.txt", b"a")
    assert desk.ask(PreviewDocument(made.id), desk.rita).text == "a"
    for request in (AddDocument(ASSET, str(tmp_path / "a.txt"), asset), RemoveDocument(made.id)):
        with pytest.raises(Refused, match="change nothing"):
            desk.ask(request, desk.rita)


def test_lost_and_damaged_bytes_are_found(desk: Desk, asset: int, tmp_path: Path) -> None:
    made = kept(desk, tmp_path, "a.txt", b"a" * 100)
    assert not check_database(desk.database).problems
    with desk.writing() as session:
        session.delete(session.exec(select(Blob).where(Blob.sha256 == made.sha256)).one())
    (problem,) = check_database(desk.database).problems
    assert "a.txt" in problem
    assert "LT-0042" in problem
    with pytest.raises(NotFound, match="missing"):
        desk.ask(PreviewDocument(made.id))
