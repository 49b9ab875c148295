"""Long lists beside the queue: one window of assets or people by keyset, in a chosen order, with how many there are."""

from __future__ import annotations

from typing import Generic, TypeVar

from tui_desk.contracts.desk import AssetView, PersonRow
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.queue import PageKey
from tui_desk.core.values import dataclass

ASSET_SORTS = ("tag", "name", "type", "state", "owner", "warranty", "location")
PERSON_SORTS = ("name", "address", "organization", "last_contact")
COUNT_LIMIT = 1000

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Place:
    """Which rows of a list: those behind ``after``, those ahead of ``before``, those from ``around`` on (inclusive); none of them:
    from the top or, with ``from_end``, the last ones."""

    after: PageKey | None = None
    before: PageKey | None = None
    around: PageKey | None = None
    from_end: bool = False


@dataclass(frozen=True, slots=True)
class ListPage(Generic[R]):
    """One window. ``keys`` are the places of its rows; ``count`` is how many the whole list has where it was asked for (at most
    :data:`COUNT_LIMIT`: ``capped`` says that there are more)."""

    rows: tuple[R, ...]
    keys: tuple[PageKey, ...]
    has_before: bool
    has_after: bool
    count: int | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class PageAssets(Request[ListPage[AssetView]]):
    """Assets that have a word beginning with each word of ``query`` in tag, name, serial, host name, type, location or owner."""

    query: str = ""
    include_retired: bool = False
    sort: str = "tag"
    descending: bool = False
    place: Place = Place()
    limit: int = 100
    with_count: bool = False


@dataclass(frozen=True, slots=True)
class PagePeople(Request[ListPage[PersonRow]]):
    """People who have a word beginning with each word of ``query`` in name, addresses or organisation."""

    query: str = ""
    sort: str = "name"
    descending: bool = False
    place: Place = Place()
    limit: int = 100
    with_count: bool = False
