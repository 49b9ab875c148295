"""Fields that a desk adds to its tickets, people and assets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, ExactDecimal, JsonColumn


class CustomField(SQLModel, table=True):
    """``kind``: text, number, date, choice, person, asset. ``required``: never, always, resolving."""

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("subject", "name"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    """ticket, person or asset."""
    name: str
    """How queries and commands call it: lower-case letters, digits and ``_``."""
    label: str
    kind: str
    choices: Any = Field(default_factory=list, sa_type=JsonColumn)
    applies_to: str = ""
    """A type of tickets or assets; empty: all."""
    required: str = "never"
    position: int = 0
    active: bool = True
    version: int = 1


class CustomValue(SQLModel, table=True):
    """A value as people search it (``text``) and, for numbers, as they compare it. A date is ISO 8601, a reference the row's id."""

    __tablename__ = "custom_value"
    __table_args__ = (
        UniqueConstraint("field_id", "subject_id"),
        Index("ix_custom_value_field_id_text", "field_id", "text"),
        NUMBERED,
    )

    id: int | None = Field(default=None, primary_key=True)
    field_id: int = Field(foreign_key="custom_field.id")
    subject_id: int
    text: str
    number: Decimal | None = Field(default=None, sa_type=ExactDecimal)
