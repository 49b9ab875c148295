"""Assets beyond the list of them: types, the life cycle, what is left of the cost, relations, what is recognised in a ticket's text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import AssetRelationKind, AssetState, RecognisedBy
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class AssetTypeView:
    """A type; ``id`` is None for a word that assets have as their type and that nobody has written down yet."""

    id: int | None
    name: str
    depreciation_months: int | None
    """Over how many months the cost of its assets is written off; None: it is not."""
    active: bool
    assets: int
    """How many assets have it, retired ones too."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ListAssetTypes(Request[tuple[AssetTypeView, ...]]):
    """Types by name; with ``everything`` also those that are set aside and the words that are no type yet."""

    everything: bool = False


@dataclass(frozen=True, slots=True)
class SaveAssetType(Request[AssetTypeView]):
    """Write a type down, or change one. Assets that have its name (in whatever case) become assets of it; a new name goes to all of them."""

    name: str
    depreciation_months: int | None = None
    active: bool = True
    id: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Depreciation:
    """What is written off of an asset's cost. Amounts are in its currency."""

    months: int
    of_type: bool
    """The months are those of its type."""
    monthly: Decimal
    """The part of the present month, or of the last one."""
    written_off: Decimal
    book_value: Decimal
    """Today."""
    ends: tuple[int, int] | None
    """Year and month after which nothing is left."""


@dataclass(frozen=True, slots=True)
class RelationView:
    """Seen from one of the two: ``outgoing`` reads *this KIND the other*."""

    id: int
    kind: AssetRelationKind
    outgoing: bool
    other_id: int
    tag: str
    name: str
    state: AssetState


@dataclass(frozen=True, slots=True)
class RelateAssets(Request[tuple[RelationView, ...]]):
    """``asset_id`` KIND ``other_id``. Answers all relations of ``asset_id``."""

    asset_id: int
    other_id: int
    kind: AssetRelationKind


@dataclass(frozen=True, slots=True)
class UnrelateAssets(Request[tuple[RelationView, ...]]):
    """Take a relation of ``asset_id`` away, from whichever side. Answers those that are left."""

    asset_id: int
    relation_id: int


@dataclass(frozen=True, slots=True)
class AssetTies:
    """What hangs on an asset that may be retired."""

    seats: tuple[str, ...]
    """Names of licences that have a seat on it."""
    contracts: tuple[str, ...]
    """Names of contracts that cover it."""
    relations: tuple[RelationView, ...]
    tickets: tuple[tuple[int, str], ...]
    """Open ones: number and subject."""

    @property
    def any(self) -> bool:
        """Whether anything does."""
        return bool(self.seats or self.contracts or self.relations or self.tickets)


@dataclass(frozen=True, slots=True)
class ShowAssetTies(Request[AssetTies]):
    asset_id: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """Something of the inventory that the text of a ticket names, and that is neither linked nor dismissed."""

    licence: bool
    """A licence; else an asset."""
    id: int
    tag: str
    """Empty for a licence."""
    name: str
    by: RecognisedBy
    text: str
    """As it stands in the ticket."""


@dataclass(frozen=True, slots=True)
class LinkedLicence:
    """A licence that a ticket is about."""

    id: int
    name: str
    expires_on: date | None
    retired: bool


@dataclass(frozen=True, slots=True)
class ExpiryWarning:
    """Something a ticket is about whose warranty or licence is over or near its end."""

    licence: bool
    """A licence; else the warranty of an asset."""
    name: str
    """The asset's tag, or the licence's name."""
    ends_on: date
    days: int
    """Days left; negative: over for so many."""
