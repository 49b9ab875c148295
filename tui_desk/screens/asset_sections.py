"""What the screen of an asset shows below its facts, subject by subject.

A subject adds itself here: one builder in :data:`BUILDERS`. It asks the desk for what it shows (``show_asset`` does not carry it)
and answers a section, or None where it has nothing to say about this asset.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from textual.content import Content

from tui_desk.contracts.desk import AssetView
from tui_desk.screens import asset_own_fields, asset_related, document_section
from tui_desk.screens.licence_sections import contracts_of_asset, licences_of_asset
from tui_desk.screens.record_sections import Ask, RecordSection, together

__all__ = ["BUILDERS", "Ask", "Builder", "sections"]

Builder = Callable[[Ask, AssetView, date], Awaitable[RecordSection | None]]
"""(ask, the asset, today) → its section."""

BUILDERS: tuple[Builder, ...] = (
    asset_related.section,
    asset_own_fields.section,
    licences_of_asset,
    contracts_of_asset,
    document_section.of_asset,
)


async def sections(ask: Ask, asset: AssetView, today: date) -> Content:
    """All sections of an asset under each other. Raises DeskError."""
    return together([await build(ask, asset, today) for build in BUILDERS])
