"""IT assets and what hangs on them: types, relations, licences with their seats, contracts, documents, expiry alerts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, ExactDecimal, UtcDateTime


class Asset(SQLModel, table=True):
    __tablename__ = "asset"

    id: int | None = Field(default=None, primary_key=True)
    tag: str = Field(unique=True)
    name: str
    type: str = Field(default="", index=True)
    serial: str = Field(default="", index=True)
    hostname: str = Field(default="", index=True)
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    location: str = ""
    state: str = Field(default="in_stock", index=True)
    supplier: str = ""
    cost: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    currency: str = "EUR"
    purchased_on: date | None = None
    warranty_until: date | None = Field(default=None, index=True)
    depreciation_months: int | None = None
    """Over how many months its cost is written off, in equal parts; None: as its type says."""
    purchase_line_id: int | None = Field(default=None, index=True)
    """The line of the purchase it came with (no foreign key: SQLite cannot add one to a table that is there)."""
    notes: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class AssetType(SQLModel, table=True):
    """A kind of asset. The fields of its own are custom fields with its name in ``applies_to``."""

    __tablename__ = "asset_type"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    depreciation_months: int | None = None
    active: bool = True
    version: int = 1


class AssetRelation(SQLModel, table=True):
    """``from_id`` KIND ``to_id``: installed_on, connected_to, part_of."""

    __tablename__ = "asset_relation"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    from_id: int = Field(foreign_key="asset.id")
    to_id: int = Field(foreign_key="asset.id", index=True)
    kind: str


class Licence(SQLModel, table=True):
    __tablename__ = "licence"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    product: str = Field(default="", index=True)
    supplier: str = ""
    seats: int | None = None
    """None: no limit."""
    key_secret: str = ""
    """The licence key, encrypted with the desk's key file (``db.secrets``)."""
    starts_on: date | None = None
    expires_on: date | None = Field(default=None, index=True)
    cost: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    currency: str = "EUR"
    notes: str = ""
    retired: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class LicenceSeat(SQLModel, table=True):
    """A seat in use, by a person or on an asset, until it is released."""

    __tablename__ = "licence_seat"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    licence_id: int = Field(foreign_key="licence.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    asset_id: int | None = Field(default=None, foreign_key="asset.id", index=True)
    assigned_at: datetime = Field(sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Contract(SQLModel, table=True):
    """A contract with a supplier: maintenance, lease, warranty extension."""

    __tablename__ = "contract"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str = "maintenance"
    number: str = Field(default="", index=True)
    supplier: str = ""
    starts_on: date | None = None
    ends_on: date | None = Field(default=None, index=True)
    notice_days: int | None = None
    """How long before its end it must be given notice of."""
    renews: bool = False
    """Goes on by itself unless notice is given."""
    cost: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    currency: str = "EUR"
    notes: str = ""
    retired: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class ContractAsset(SQLModel, table=True):
    __tablename__ = "contract_asset"
    __table_args__ = (UniqueConstraint("contract_id", "asset_id"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    contract_id: int = Field(foreign_key="contract.id")
    asset_id: int = Field(foreign_key="asset.id", index=True)


class Document(SQLModel, table=True):
    """A file that belongs to something other than a message: an invoice, a manual, a contract. Its bytes are a blob."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_subject_subject_id", "subject", "subject_id"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    """asset, licence, contract, purchase or invoice."""
    subject_id: int
    kind: str = "other"
    filename: str
    content_type: str
    size: int
    sha256: str = Field(index=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ExpiryAlert(SQLModel, table=True):
    """That somebody was told ``days`` before; a moved date makes a new alert."""

    __tablename__ = "expiry_alert"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "ends_on", "days"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    subject_id: int
    ends_on: date
    days: int
    at: datetime = Field(sa_type=UtcDateTime)
