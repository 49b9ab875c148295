"""Sections on the screen of a record: what a subject has to say about an asset, a licence, a contract, below its facts."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from textual.content import Content

from tui_desk.contracts.gateway import Request
from tui_desk.screens.details import blocks, sentence

T = TypeVar("T")


class Ask(Protocol):
    """Puts a request to the desk, as ``BaseScreen.ask`` does. Raises DeskError."""

    def __call__(self, request: Request[T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class RecordSection:
    """A part of the screen: its title, a summary behind it, and what it holds."""

    title: str
    body: Content
    summary: str = ""


def together(sections: Iterable[RecordSection | None]) -> Content:
    """Sections under each other; those that have nothing to say are left out."""
    return blocks(*(_painted(section) for section in sections if section is not None))


def _painted(section: RecordSection) -> Content:
    parts = [sentence(section.title, "bold $text-primary")]
    if section.summary:
        parts.append(sentence(f"   {section.summary}", "$muted"))
    return Content("\n").join([Content("").join(parts), section.body])
