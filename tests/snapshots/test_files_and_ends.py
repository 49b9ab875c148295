"""How documents and the expiry calendar look, at the sizes that matter. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows
from tests.services.document_files import pdf
from tui_desk.contracts.agreements import SaveContract
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.documents import AddDocument
from tui_desk.contracts.licences import SaveLicence
from tui_desk.core.enums import DocumentKind, DocumentSubject
from tui_desk.services import expiry

Compare = Callable[..., bool]
SIZES = ((80, 24), (200, 50))
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


@pytest.fixture
def stocked(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Things that end before and after the day the pictures are taken on, and an asset with files."""
    monkeypatch.setattr(expiry, "local_day", lambda _at: date(2026, 3, 2))
    ask = room.ask
    owner = "Ana Pérez <ana@client.test>"
    asset = ask(SaveAsset(None, "NB-0042", "ThinkPad T14", owner=owner, warranty_until=date(2026, 2, 20))).id
    ask(SaveAsset(None, "NB-0043", "ThinkPad T14", supplier="Laptop Shop", warranty_until=date(2026, 3, 2)))
    ask(SaveAsset(None, "PR-7", "日本 printer [/]", warranty_until=date(2026, 4, 30)))
    ask(SaveLicence(None, "Drawing, yearly", "Draw Pro 12", "Softland", expires_on=date(2025, 12, 31)))
    ask(SaveLicence(None, "Office", "Office suite", "Softland", expires_on=date(2026, 3, 31)))
    ask(
        SaveContract(
            None, "Printers, service", supplier="Copyland", ends_on=date(2026, 6, 30), notice_days=90, renews=True
        )
    )  # fmt: skip
    for name, content, kind in (
        ("manual [red].txt", b"Read me.", DocumentKind.MANUAL),
        (
            "prices.csv",
            "Article,Preis,Text\nLäptop,1299.90,日本 in stock\nDock,89.00\n".encode(),
            DocumentKind.OFFER,
        ),
        ("invoice-77.pdf", pdf("Invoice 77", "Total 1299.90 EUR"), DocumentKind.INVOICE),
    ):
        path = room.state_folder / "file"
        path.write_bytes(content)
        ask(AddDocument(DocumentSubject.ASSET, str(path), asset, kind=kind, filename=name))
    return room


@each_size
def test_the_calendar(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "x")
        await shows(pilot, "Drawing", "Printers")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)


@each_size
def test_the_documents(stocked: Room, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "a")
        await shows(pilot, "NB-0042")
        await pilot.press("f")
        await shows(pilot, "invoice-77.pdf", "prices.csv")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)


@each_size
@pytest.mark.parametrize("place", [0, 1], ids=["pdf", "table"])
def test_a_document(stocked: Room, snap_compare: Compare, size: tuple[int, int], place: int) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "ana")
        await pilot.press("g", "a")
        await shows(pilot, "NB-0042")
        await pilot.press("f")
        await shows(pilot, "invoice-77.pdf", "prices.csv")
        await pilot.press(*("j" * place), "enter")
        await shows(pilot, "Läptop" if place else "Total 1299.90 EUR")

    assert snap_compare(stocked.app(), terminal_size=size, run_before=ready)
