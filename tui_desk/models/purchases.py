"""Purchases: from the request over order and receipt to the invoice."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, ExactDecimal, JsonColumn, UtcDateTime


class Supplier(SQLModel, table=True):
    __tablename__ = "supplier"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    email: str = ""
    phone: str = ""
    customer_number: str = ""
    notes: str = ""
    active: bool = True
    version: int = 1


class CostCentre(SQLModel, table=True):
    __tablename__ = "cost_centre"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str = ""
    budget: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    """What may be spent in a calendar year; None: no limit."""
    currency: str = "EUR"
    active: bool = True
    version: int = 1


class Purchase(SQLModel, table=True):
    """A purchase request and what became of it; shown as ``P12``."""

    __tablename__ = "purchase"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    title: str
    state: str = Field(default="draft", index=True)
    supplier_id: int | None = Field(default=None, foreign_key="supplier.id", index=True)
    cost_centre_id: int | None = Field(default=None, foreign_key="cost_centre.id", index=True)
    currency: str = "EUR"
    requested_by_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    requester_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """Who gets what is bought."""
    notes: str = ""
    order_number: str = Field(default="", index=True)
    ordered_on: date | None = None
    order_message_id: int | None = Field(default=None, foreign_key="message.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class PurchaseLine(SQLModel, table=True):
    __tablename__ = "purchase_line"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    purchase_id: int = Field(foreign_key="purchase.id", index=True)
    position: int = 0
    article: str
    article_number: str = ""
    quantity: int
    unit_cost: Decimal = Field(sa_type=ExactDecimal)
    makes: str = ""
    """What a receipt creates: asset, seats, or nothing."""
    asset_type: str = ""
    licence_id: int | None = Field(default=None, foreign_key="licence.id", index=True)


class Receipt(SQLModel, table=True):
    __tablename__ = "receipt"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    purchase_id: int = Field(foreign_key="purchase.id", index=True)
    received_on: date
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    note: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class ReceiptLine(SQLModel, table=True):
    __tablename__ = "receipt_line"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    receipt_id: int = Field(foreign_key="receipt.id", index=True)
    line_id: int = Field(foreign_key="purchase_line.id", index=True)
    quantity: int
    made: Any = Field(default_factory=list, sa_type=JsonColumn)
    """Ids of the assets that were created."""


class Invoice(SQLModel, table=True):
    __tablename__ = "invoice"
    __table_args__ = (UniqueConstraint("supplier_id", "number"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    purchase_id: int = Field(foreign_key="purchase.id", index=True)
    supplier_id: int = Field(foreign_key="supplier.id")
    number: str
    invoiced_on: date
    due_on: date | None = Field(default=None, index=True)
    currency: str
    state: str = Field(default="open", index=True)
    """open, accepted (differences, if any, were looked at), paid, refused."""
    note: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class InvoiceLine(SQLModel, table=True):
    __tablename__ = "invoice_line"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id", index=True)
    line_id: int | None = Field(default=None, foreign_key="purchase_line.id", index=True)
    """None for what was not ordered, such as freight."""
    description: str = ""
    quantity: int
    unit_cost: Decimal = Field(sa_type=ExactDecimal)
