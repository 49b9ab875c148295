"""Changing what is known about people and organisations; see ``contracts.desk`` for looking at people."""

from __future__ import annotations

from tui_desk.contracts.custom_fields import FieldInput
from tui_desk.contracts.desk import PersonView
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.satisfaction import NO_RATINGS, SatisfactionView
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class SavePerson(Request[PersonView]):
    """Write down a person (``id`` None) or change one. ``version`` guards against overwriting a colleague (0: don't check)."""

    id: int | None
    name: str
    address: str = ""
    """The first address of a new person; further ones by :class:`AddAddress`."""
    organization: str = ""
    """Its exact name; an unknown one is made. Empty: none."""
    phone: str = ""
    location: str = ""
    language: str = ""
    vip: bool = False
    notes: str = ""
    version: int = 0
    fields: tuple[FieldInput, ...] = ()
    """Values of fields of your own; those not named stay."""


@dataclass(frozen=True, slots=True)
class AddAddress(Request[PersonView]):
    """One more address of a person."""

    person_id: int
    address: str


@dataclass(frozen=True, slots=True)
class SplitAddress(Request[PersonView]):
    """An address that belongs to somebody else: a person of their own gets it, with the tickets that were written from it.

    Answers the new person.
    """

    person_id: int
    address: str


@dataclass(frozen=True, slots=True)
class MergePeople(Request[PersonView]):
    """Two records are one person: ``keep`` takes over addresses, tickets, assets and all else of ``other``."""

    keep: int
    other: int


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    id: int
    name: str
    domain: str
    people: int


@dataclass(frozen=True, slots=True)
class OrganizationView:
    id: int
    name: str
    domain: str
    phone: str
    location: str
    notes: str
    version: int
    people: tuple[tuple[int, str, str], ...]
    """(id, name, address), by name; at most 500."""
    tickets: tuple[tuple[int, str, str], ...]
    """(number, subject, status), the newest first; at most 200."""
    assets: tuple[tuple[int, str, str], ...]
    """(id, tag, name); at most 500."""
    satisfaction: SatisfactionView = NO_RATINGS
    phone_shown: str = ""
    phone_hint: str = ""
    """As of a person."""


@dataclass(frozen=True, slots=True)
class ListOrganizations(Request[tuple[OrganizationRow, ...]]):
    """Those whose name or domain holds the words of ``query``, by name."""

    query: str = ""
    limit: int = 300


@dataclass(frozen=True, slots=True)
class ShowOrganization(Request[OrganizationView]):
    """By id, or by exact name."""

    id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SaveOrganization(Request[OrganizationView]):
    """Write down an organisation (``id`` None) or change one. People who write from its ``domain`` later belong to it."""

    id: int | None
    name: str
    domain: str = ""
    phone: str = ""
    location: str = ""
    notes: str = ""
    version: int = 0
