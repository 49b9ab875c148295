"""Licences: seats, who has them, when they expire. The key is in no view; it is shown by a request of its own, which is recorded."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from decimal import Decimal

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import ExpiryState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat in use, or one that was. Either a person has it or an asset."""

    id: int
    person_id: int | None
    asset_id: int | None
    holder: str
    """The person, or tag and name of the asset."""
    assigned_at: datetime
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LicenceView:
    """``seats`` None: no limit. ``over``: how many more are in use than there are. ``holders`` is empty in lists."""

    id: int
    name: str
    product: str
    supplier: str
    seats: int | None
    used: int
    over: int
    has_key: bool
    starts_on: date | None
    expires_on: date | None
    expiry: ExpiryState
    cost: Decimal | None
    currency: str
    notes: str
    retired: bool
    version: int
    holders: tuple[SeatView, ...] = ()
    released: tuple[SeatView, ...] = ()
    """The last ones that were released, newest first."""


@dataclass(frozen=True, slots=True)
class ListLicences(Request[tuple[LicenceView, ...]]):
    """Licences whose name, product, supplier or notes hold the words of ``query``. ``wanting``: only those that are over, near
    their end, or used by more than there are seats."""

    query: str = ""
    include_retired: bool = False
    wanting: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ShowLicence(Request[LicenceView]):
    """By id, or by name."""

    id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SaveLicence(Request[LicenceView]):
    """Create a licence (``id`` None) or change one. ``version`` guards against overwriting a colleague (0: don't check).

    ``key`` None leaves the licence key as it is, "" removes it.
    """

    id: int | None
    name: str
    product: str = ""
    supplier: str = ""
    seats: int | None = None
    starts_on: date | None = None
    expires_on: date | None = None
    cost: Decimal | None = None
    currency: str = "EUR"
    notes: str = ""
    version: int = 0
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RetireLicence(Request[LicenceView]):
    id: int
    retired: bool = True


@dataclass(frozen=True, slots=True)
class AssignSeat(Request[LicenceView]):
    """Give a seat to a person or to an asset (one of the two). ``accept_over``: a supervisor accepts one more than there are.

    ``person`` is an id, an address or an exact name of somebody who is known; ``asset`` a tag.
    """

    licence_id: int
    person: str = ""
    asset: str = ""
    person_id: int | None = None
    asset_id: int | None = None
    accept_over: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseSeat(Request[LicenceView]):
    seat_id: int


@dataclass(frozen=True, slots=True)
class LicenceKey:
    licence: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShowLicenceKey(Request[LicenceKey]):
    """The key in the clear. That it was shown, and to whom, is recorded."""

    id: int


@dataclass(frozen=True, slots=True)
class HeldLicence:
    """A licence that a person or an asset has a seat of. ``via`` is the tag of the asset of a person that has it."""

    id: int
    name: str
    product: str
    expires_on: date | None
    expiry: ExpiryState
    via: str = ""


@dataclass(frozen=True, slots=True)
class ListHeld(Request[tuple[HeldLicence, ...]]):
    """The licences of an asset, or of a person and of what they own."""

    asset_id: int | None = None
    person_id: int | None = None
