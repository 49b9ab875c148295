"""Contracts with suppliers: maintenance, leases, extended warranties, subscriptions; the assets they cover, their end and renewal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import AssetState, ContractKind, ExpiryState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class CoveredAsset:
    id: int
    tag: str
    name: str
    state: AssetState


@dataclass(frozen=True, slots=True)
class ContractView:
    """``notice_by``: the last day to give notice. ``next_starts_on`` and ``next_ends_on``: the period that a renewal begins, where
    the present one has both days. ``assets`` is empty in lists."""

    id: int
    name: str
    kind: ContractKind
    number: str
    supplier: str
    starts_on: date | None
    ends_on: date | None
    expiry: ExpiryState
    notice_days: int | None
    notice_by: date | None
    notice_near: bool
    renews: bool
    next_starts_on: date | None
    next_ends_on: date | None
    cost: Decimal | None
    currency: str
    notes: str
    retired: bool
    version: int
    covered: int
    assets: tuple[CoveredAsset, ...] = ()


@dataclass(frozen=True, slots=True)
class ListContracts(Request[tuple[ContractView, ...]]):
    """Contracts whose name, number, supplier or notes hold the words of ``query``. ``asset_id``: those that cover it.
    ``wanting``: only those that are over, near their end, or near the last day for notice."""

    query: str = ""
    include_retired: bool = False
    wanting: bool = False
    asset_id: int | None = None
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ShowContract(Request[ContractView]):
    """By id, or by name."""

    id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SaveContract(Request[ContractView]):
    """Create a contract (``id`` None) or change one. ``version`` guards against overwriting a colleague (0: don't check)."""

    id: int | None
    name: str
    kind: ContractKind = ContractKind.MAINTENANCE
    number: str = ""
    supplier: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    notice_days: int | None = None
    renews: bool = False
    cost: Decimal | None = None
    currency: str = "EUR"
    notes: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class RetireContract(Request[ContractView]):
    id: int
    retired: bool = True


@dataclass(frozen=True, slots=True)
class CoverAsset(Request[ContractView]):
    """Let a contract cover an asset (by id or tag), or not any more."""

    contract_id: int
    asset_id: int | None = None
    asset: str = ""
    covered: bool = True


@dataclass(frozen=True, slots=True)
class RenewContract(Request[ContractView]):
    """Begin the next period: as long as the present one, or until the day ``until``."""

    id: int
    until: date | None = None
    version: int = 0
