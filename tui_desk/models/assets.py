"""IT assets. Licences, contracts and documents will be aggregates of their own that refer to an asset."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Field, SQLModel

from tui_desk.models.base import ExactDecimal, UtcDateTime


class Asset(SQLModel, table=True):
    __tablename__ = "asset"

    id: int | None = Field(default=None, primary_key=True)
    tag: str = Field(unique=True)
    name: str
    type: str = Field(default="", index=True)
    serial: str = Field(default="", index=True)
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    location: str = ""
    state: str = Field(default="in_stock", index=True)
    supplier: str = ""
    cost: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    currency: str = "EUR"
    purchased_on: date | None = None
    warranty_until: date | None = Field(default=None, index=True)
    notes: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
