"""What ends, and when: warranties, licences, contracts with their last day for notice, invoices to be paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import ExpiryKind, ExpiryMeaning


@dataclass(frozen=True, slots=True, order=True)
class ExpiryKey:
    """A place in the calendar: by day, then by kind, then by id."""

    day: date
    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class ExpiryRow:
    """One thing that ends. Text is safe to show."""

    kind: ExpiryKind
    id: int
    """Of the asset, licence, contract or invoice."""
    name: str
    detail: str
    """What it is: type, product, number."""
    who: str
    """The owner of an asset, else the supplier."""
    owner_id: int | None
    """Who has the asset."""
    day: date
    """The day that counts."""
    meaning: ExpiryMeaning
    days: int
    """Days left today, where the desk is; negative: over."""
    ends_on: date
    """The end itself: of a contract that renews it is later than the last day for notice."""
    opens_group: bool
    """The first of those that are over, or of a month."""
    purchase_id: int | None
    """Of an invoice."""
    key: ExpiryKey


@dataclass(frozen=True, slots=True)
class ExpiryPage:
    rows: tuple[ExpiryRow, ...]
    has_before: bool
    has_after: bool
    today: date


@dataclass(frozen=True, slots=True)
class ListExpiry(Request[ExpiryPage]):
    """The calendar by keyset: what is over first, then what ends within so many days (None: whenever).

    Licences, contracts and invoices that are over stay until they are retired, renewed or paid; warranties that are over are shown
    for as many days back as ``within`` looks ahead. ``query``: words in name, number, type, product, supplier or owner.
    """

    kind: ExpiryKind | None = None
    within: int | None = 90
    query: str = ""
    after: ExpiryKey | None = None
    before: ExpiryKey | None = None
    around: ExpiryKey | None = None
    from_end: bool = False
    limit: int = 150
