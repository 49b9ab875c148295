"""Everybody with an address: people, their addresses, their organisations."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from tui_desk.models.base import UtcDateTime


class Organization(SQLModel, table=True):
    __tablename__ = "organization"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    domain: str = Field(default="", index=True)


class Person(SQLModel, table=True):
    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    name: str = ""
    organization_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    phone: str = ""
    location: str = ""
    language: str = ""
    vip: bool = False
    blocked: bool = False
    notes: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class PersonAddress(SQLModel, table=True):
    """One mail address of a person, in the form it is compared by (lower case, domain in A-labels)."""

    __tablename__ = "person_address"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    address: str = Field(unique=True)
