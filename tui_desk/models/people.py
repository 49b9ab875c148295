"""Everybody with an address: people, their addresses, their organisations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, UtcDateTime, index_where_set


class Organization(SQLModel, table=True):
    __tablename__ = "organization"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    domain: str = Field(default="", index=True)
    phone: str = ""
    location: str = ""
    notes: str = ""
    version: int = 1


class Person(SQLModel, table=True):
    __tablename__ = "person"
    __table_args__ = (
        index_where_set("person", "merged_into_id"),
        Index("ix_person_vip", "id", sqlite_where=text("vip"), postgresql_where=text("vip")),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(default="", index=True)
    organization_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    phone: str = ""
    location: str = ""
    language: str = ""
    vip: bool = False
    blocked: bool = False
    notes: str = ""
    merged_into_id: int | None = None
    """The record that this one became a part of (no foreign key: SQLite cannot add one to a table that is there)."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class PersonAddress(SQLModel, table=True):
    """One mail address of a person, in the form it is compared by (lower case, domain in A-labels)."""

    __tablename__ = "person_address"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    address: str = Field(unique=True)


class Satisfaction(SQLModel, table=True):
    """A question after the work, answered inside the mail itself; at most one a ticket and person."""

    __tablename__ = "satisfaction"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    question_message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    score: int | None = None
    """1 (bad) to 5 (very good); None while unanswered."""
    comment: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer_message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
