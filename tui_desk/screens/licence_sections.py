"""What the screens of a licence and of a contract show below their facts, subject by subject, and what those two add elsewhere.

A subject adds itself here: one builder in :data:`LICENCE` or :data:`CONTRACT`. It asks the desk for what it shows and answers a
section, or None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from textual.content import Content

from tui_desk.contracts.agreements import ContractView, ListContracts
from tui_desk.contracts.desk import AssetView
from tui_desk.contracts.licences import LicenceView, ListHeld
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.screens import document_section, licence_words
from tui_desk.screens.chrome import line
from tui_desk.screens.record_sections import Ask, RecordSection, together
from tui_desk.screens.words import Shown

LicenceBuilder = Callable[[Ask, LicenceView, date], Awaitable[RecordSection | None]]
ContractBuilder = Callable[[Ask, ContractView, date], Awaitable[RecordSection | None]]


async def _released(_ask: Ask, licence: LicenceView, _today: date) -> RecordSection | None:
    """Who had a seat last."""
    if not licence.released:
        return None
    rows = [
        line(
            (f"{seat.released_at.astimezone().date().isoformat()}  " if seat.released_at else "", "$muted"),
            safe_line(seat.holder, 200),
        )
        for seat in licence.released[:5]
    ]
    return RecordSection(_("Released"), Content("\n").join(rows))


LICENCE: tuple[LicenceBuilder, ...] = (_released, document_section.of_licence)
CONTRACT: tuple[ContractBuilder, ...] = (document_section.of_contract,)


async def licence_sections(ask: Ask, licence: LicenceView, today: date) -> Content:
    """All sections of a licence under each other. Raises DeskError."""
    return together([await build(ask, licence, today) for build in LICENCE])


async def contract_sections(ask: Ask, contract: ContractView, today: date) -> Content:
    """All sections of a contract under each other. Raises DeskError."""
    return together([await build(ask, contract, today) for build in CONTRACT])


# -- on the screen of an asset ---------------------------------------------------------------------------------------
async def licences_of_asset(ask: Ask, asset: AssetView, today: date) -> RecordSection | None:
    """The licences an asset has a seat of."""
    held = await ask(ListHeld(asset_id=asset.id))
    if not held:
        return None
    rows = [
        _row(licence_words.expiry(one.expiry), one.name, licence_words.end_text(one.expires_on, today))
        for one in held
    ]
    return RecordSection(_("Licences"), Content("\n").join(rows))


async def contracts_of_asset(ask: Ask, asset: AssetView, today: date) -> RecordSection | None:
    """The contracts that cover an asset."""
    covering = await ask(ListContracts(asset_id=asset.id))
    if not covering:
        return None
    rows = [
        _row(
            licence_words.expiry(one.expiry),
            f"{one.name} ({word(one.kind)})",
            licence_words.end_text(one.ends_on, today),
        )
        for one in covering
    ]
    return RecordSection(_("Contracts"), Content("\n").join(rows))


def _row(state: Shown, name: str, end: str) -> Content:
    return line((f"{state.sign} ", state.colour), safe_line(name, 200), (f"   {end or state.word}", "$muted"))
