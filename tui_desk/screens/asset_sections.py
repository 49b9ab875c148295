"""What the screen of an asset shows below its facts, subject by subject.

A subject adds itself here: one builder in :data:`BUILDERS`. It asks the desk for what it shows (``show_asset`` does not carry it)
and answers a section, or None where it has nothing to say about this asset.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from textual.content import Content

from tui_desk.contracts.desk import AssetView
from tui_desk.contracts.gateway import Request
from tui_desk.screens.details import blocks, sentence

T = TypeVar("T")


class Ask(Protocol):
    """Puts a request to the desk, as ``BaseScreen.ask`` does. Raises DeskError."""

    def __call__(self, request: Request[T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class AssetSection:
    """A part of the screen: its title, a summary behind it, and what it holds."""

    title: str
    body: Content
    summary: str = ""


Builder = Callable[[Ask, AssetView, date], Awaitable[AssetSection | None]]
"""(ask, the asset, today) → its section."""

BUILDERS: tuple[Builder, ...] = ()


async def sections(ask: Ask, asset: AssetView, today: date) -> Content:
    """All sections of an asset under each other. Raises DeskError."""
    found = [await build(ask, asset, today) for build in BUILDERS]
    return blocks(*(_painted(section) for section in found if section is not None))


def _painted(section: AssetSection) -> Content:
    parts = [sentence(section.title, "bold $text-primary")]
    if section.summary:
        parts.append(sentence(f"   {section.summary}", "$muted"))
    return Content("\n").join([Content("").join(parts), section.body])
