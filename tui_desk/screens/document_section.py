"""Documents on the screen of what they belong to: the newest names; ``f`` opens them all."""

from __future__ import annotations

from datetime import date, datetime

from rich.cells import cell_len
from textual.content import Content

from tui_desk.contracts.agreements import ContractView
from tui_desk.contracts.desk import AssetView
from tui_desk.contracts.documents import DocumentView, ListDocuments
from tui_desk.contracts.licences import LicenceView
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.core.enums import DocumentSubject
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.words import word
from tui_desk.screens import words
from tui_desk.screens.chrome import line
from tui_desk.screens.record_sections import Ask, RecordSection

NAMED = 5


async def section_of(ask: Ask, subject: DocumentSubject, subject_id: int) -> RecordSection | None:
    """The section for a thing; None where it has no documents."""
    found = (await ask(ListDocuments(subject, subject_id))).documents
    if not found:
        return None
    wide = max(cell_len(one.filename) for one in found[:NAMED])
    rows = [_row(one, wide) for one in found[:NAMED]]
    if len(found) > NAMED:
        rows.append(line(("…", "$muted")))
    count = ngettext("{count} file · f opens", "{count} files · f opens", len(found)).format(count=len(found))
    return RecordSection(_("Documents"), Content("\n").join(rows), count)


def _row(one: DocumentView, wide: int) -> Content:
    gap = " " * (wide - cell_len(one.filename) + 3)
    return line(one.filename, (f"{gap}{word(one.kind)} · {words.size(one.size)}", "$muted"))


# -- builders, one for each kind of screen ------------------------------------------------------------------------------
async def of_asset(ask: Ask, asset: AssetView, _today: date) -> RecordSection | None:
    """The documents of an asset."""
    return await section_of(ask, DocumentSubject.ASSET, asset.id)


async def of_licence(ask: Ask, licence: LicenceView, _today: date) -> RecordSection | None:
    """The documents of a licence."""
    return await section_of(ask, DocumentSubject.LICENCE, licence.id)


async def of_contract(ask: Ask, contract: ContractView, _today: date) -> RecordSection | None:
    """The documents of a contract."""
    return await section_of(ask, DocumentSubject.CONTRACT, contract.id)


async def of_purchase(ask: Ask, purchase: PurchaseView, _now: datetime) -> RecordSection | None:
    """The documents of a purchase."""
    return await section_of(ask, DocumentSubject.PURCHASE, purchase.id)
