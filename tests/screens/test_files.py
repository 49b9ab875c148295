"""Documents at the keyboard: added, read, saved, removed and brought back; what is hostile in a file does nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import HOSTILE, Room, shows, text_of, told, until
from tests.services.document_files import EML, PNG, endless_pdf, pdf
from tests.services.test_documents import purchase_with_invoice
from tui_desk.app import DeskApp
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.documents import AddDocument, DocumentView, ListDocuments
from tui_desk.core.enums import DocumentKind, DocumentSubject
from tui_desk.core.errors import Refused
from tui_desk.screens.document import DocumentScreen
from tui_desk.screens.file_preview import aligned
from tui_desk.screens.files import FilesScreen, kind_of_name
from tui_desk.screens.paths import completing, permitted
from tui_desk.services import pdf_text

ASSET = DocumentSubject.ASSET


@pytest.fixture
def asset(room: Room) -> int:
    return room.ask(SaveAsset(None, "LT-0042", "ThinkPad")).id


def keep(room: Room, asset: int, name: str, content: bytes) -> DocumentView:
    path = room.state_folder / name
    path.write_bytes(content)
    return room.ask(AddDocument(ASSET, str(path), asset)).document


async def files(pilot: Pilot[None]) -> FilesScreen:
    """The documents of the only asset, opened from the list."""
    await pilot.press("g", "a")
    await shows(pilot, "LT-0042")
    await pilot.press("f")
    await until(pilot, lambda: isinstance(pilot.app.screen, FilesScreen))
    screen = pilot.app.screen
    assert isinstance(screen, FilesScreen)
    await shows(pilot, "LT-0042 › Documents")
    return screen


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_file_is_added_read_removed_and_brought_back(
    room: Room, asset: int, size: tuple[int, int]
) -> None:
    path = room.state_folder / "lease contract.txt"
    path.write_text("Signed on Monday.")
    async with room.running(size) as pilot:
        await files(pilot)
        await shows(pilot, "No documents yet")
        await pilot.press("N")
        await shows(pilot, "Keep which file?")
        await pilot.press(*str(room.state_folder / "lea"), "tab")
        await shows(pilot, "lease contract.txt")
        await pilot.press("enter")
        await shows(pilot, "What is lease contract.txt?")
        await pilot.press("enter")
        await until(pilot, lambda: "is kept with LT-0042" in told(pilot))
        (made,) = room.ask(ListDocuments(ASSET, asset)).documents
        assert made.kind is DocumentKind.CONTRACT, "the name proposes it"
        await pilot.press("enter")
        await shows(pilot, "Signed on Monday.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilesScreen))
        await pilot.press("X")
        await until(pilot, lambda: "is removed" in told(pilot))
        await shows(pilot, "No documents yet")
        await pilot.press("u")
        await until(pilot, lambda: room.ask(ListDocuments(ASSET, asset)).documents == (made,))
        await shows(pilot, "lease contract.txt")
        await pilot.press("escape", "enter")
        await shows(pilot, "1 file · f opens")
        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilesScreen))


async def test_a_file_is_saved_and_asks_before_it_replaces_one(room: Room, asset: int) -> None:
    keep(room, asset, "manual.txt", b"New.")
    out = room.state_folder / "out"
    out.mkdir()
    (out / "manual.txt").write_text("Mine.")
    async with room.running() as pilot:
        await files(pilot)
        await shows(pilot, "manual.txt")
        for answer, left in (("n", "Mine."), ("y", "New.")):
            await pilot.press("w")
            await shows(pilot, "Save manual.txt in which folder?")
            pilot.app.screen.query_one("#typed").value = f"{out}/"
            await pilot.press("enter")
            await shows(pilot, "Replace it")
            await pilot.press(answer)
            await until(pilot, lambda: ("Nothing was saved" in told(pilot)) or ("Saved as" in told(pilot)))
            assert (out / "manual.txt").read_text() == left
            await pilot.press("j")


async def test_every_kind_of_file_is_shown_as_far_as_it_goes(room: Room, asset: int) -> None:
    shown = {
        "bill.pdf": (pdf("Invoice 77", "Total"), ("PDF, 2 pages", "Page 1", "Invoice 77")),
        "prices.csv": (b"Article,Price\nLaptop,1299\n", ("Article  Price", "Laptop   1299")),
        "order.eml": (EML, ("Shop <shop@supplier.test>", "It ships")),
        "photo.png": (PNG, ("640 × 480",)),
        "x.bin": (b"\0\1\2" * 50, ("cannot be read here",)),
        "bad.pdf": (b"%PDF-1.7 nothing", ("damaged",)),
    }
    for name, (content, _texts) in shown.items():
        keep(room, asset, name, content)
    async with room.running((100, 30)) as pilot:
        screen = await files(pilot)
        await shows(pilot, "bad.pdf")
        for name, (_content, texts) in shown.items():
            key = next(item.id for item in screen.items.values() if item.filename == name)
            screen.table().move_to_key(key)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, DocumentScreen))
            await shows(pilot, *texts)
            await pilot.press("q")
            await until(pilot, lambda: pilot.app.screen is screen)


async def test_a_file_that_takes_long_holds_nobody_up(
    room: Room, asset: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_text, "CPU_SECONDS", 2)
    monkeypatch.setitem(pdf_text.pdf_text.__kwdefaults__, "cpu_seconds", 2)
    keep(room, asset, "endless.pdf", endless_pdf())
    async with room.running() as pilot:
        await files(pilot)
        await shows(pilot, "endless.pdf")
        await pilot.press("enter")
        await shows(pilot, "Reading …")
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilesScreen))
        await pilot.press("enter")
        await shows(pilot, "took too long and was stopped")


async def test_hostile_names_and_texts_stay_texts(room: Room, asset: int) -> None:
    path = room.state_folder / "f"
    path.write_text(HOSTILE)
    room.ask(AddDocument(ASSET, str(path), asset, filename=HOSTILE))
    csv = room.state_folder / "g.csv"
    csv.write_text(f'a,"{HOSTILE}"\n')
    room.ask(AddDocument(ASSET, str(csv), asset))
    async with room.running((120, 30)) as pilot:
        await files(pilot)
        await shows(pilot, "g.csv")
        for _row in range(2):
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, DocumentScreen))
            await shows(pilot, "[@click=app.exit]press[/]")
            assert not any(char in text_of(pilot) for char in ("\x1b", "\u202e", "\x9b"))
            await pilot.press("q", "j")
            await until(pilot, lambda: isinstance(pilot.app.screen, FilesScreen))


async def test_what_does_not_work_is_told(room: Room, asset: int) -> None:
    async with room.running() as pilot:
        await files(pilot)
        await pilot.press("w")
        await until(pilot, lambda: "Nothing is selected" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Nothing to undo" in told(pilot))
        await pilot.press("N", *"/nowhere/x", "enter", "enter")
        await until(pilot, lambda: "cannot be read" in told(pilot))
        assert room.ask(ListDocuments(ASSET, asset)).documents == ()


def test_tables_are_cut_to_the_width() -> None:
    rows = (("Article", "Price", "Text"), ("Läptop 日本", "1", "x" * 100), ("short",))
    text = aligned(rows, 40).split("\n")
    assert max(map(len, text)) <= 40
    assert text[0].startswith("Article")
    assert text[1].endswith("…")
    assert aligned((), 40) == ""
    assert aligned((("a", "b"),), 40) == "a  b"
    assert kind_of_name("/x/Lieferschein-7.pdf") is DocumentKind.DELIVERY_NOTE
    assert kind_of_name(str(Path("photo.png"))) is DocumentKind.OTHER


async def test_on_a_shared_account_files_stay_in_the_folder_for_downloads(
    room: Room, asset: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = keep(room, asset, "manual.txt", b"New.")
    outside = room.state_folder.parent / "secret"
    outside.write_text("key")
    (room.state_folder / "link").symlink_to(outside.parent)
    app = room.app()
    options = replace(app.options, programs=False)
    monkeypatch.setattr(type(room), "app", lambda _room: DeskApp(room.gateway, options))
    wrong = (
        str(outside),
        "~/.ssh",
        "~ghost/x",
        "nul\0",
        *(f"{room.state_folder}/{x}" for x in ("link/x", "../x")),
    )
    for path in wrong:
        assert permitted(app.options, path) == path
        with pytest.raises(Refused, match="read and written in"):
            permitted(options, path)
    assert completing(app.options)(f"{outside.parent}/secr") == [str(outside)]
    assert completing(options)(f"{outside.parent}/secr") == []
    assert completing(options)(f"{room.state_folder}/lin") == [f"{room.state_folder}/link/"]
    assert completing(options)(f"{room.state_folder}/link/") == []
    async with room.running() as pilot:
        await files(pilot)
        await shows(pilot, "manual.txt")
        for key, path, answer in (
            ("N", str(outside), "read and written in"),
            ("w", f"{room.state_folder}/new.txt", "Saved as"),
            ("w", str(outside.parent / "x"), "read and written in"),
        ):
            await pilot.press(key)
            await until(pilot, lambda: bool(pilot.app.screen.query("#typed")))
            pilot.app.screen.query_one("#typed", Input).value = path
            await pilot.press("enter")
            await until(pilot, lambda answer=answer: answer in told(pilot))
    assert not (outside.parent / "x").exists()
    assert room.ask(ListDocuments(ASSET, asset)).documents == (document,)


async def test_a_purchase_has_documents_of_its_own_and_of_its_invoices(room: Room) -> None:
    _ticket, purchase, invoice = purchase_with_invoice(room.desk)
    path = room.state_folder / "offer.txt"
    path.write_text("Two laptops.")
    room.ask(AddDocument(DocumentSubject.PURCHASE, str(path), purchase))
    room.ask(AddDocument(DocumentSubject.INVOICE, str(path), invoice, filename="R-77.txt"))
    async with room.running((120, 40)) as pilot:
        await pilot.press("g", "b")
        await shows(pilot, "Laptops")
        await pilot.press("enter")
        await shows(pilot, "1 file · f opens", "offer.txt")
        await pilot.press("f")
        await shows(pilot, "Documents of which one?")
        await pilot.press("enter")
        await shows(pilot, f"P{purchase} Laptops › Documents", "offer.txt")
        await pilot.press("q", "f")
        await shows(pilot, "Documents of which one?")
        await pilot.press(*"R-77", "enter")
        await shows(pilot, "R-77 › Documents", "R-77.txt")
