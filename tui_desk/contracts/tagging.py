"""Tags of a ticket: some more, some fewer, whatever others it has."""

from __future__ import annotations

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class ChangeTags(Request[FieldChanged]):
    """Give the ticket the tags ``add`` and take ``remove`` away; its others stay. One that is named in both is removed."""

    number: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagCount:
    tag: str
    count: int
    """Of the tickets that were named, how many have it; of a desk's most used tags, how many tickets at all."""


@dataclass(frozen=True, slots=True)
class TagsOf(Request[tuple[TagCount, ...]]):
    """The tags of these tickets; with ``used`` also the most used ones of the desk, with the count 0. By name."""

    numbers: tuple[int, ...]
    used: bool = True
