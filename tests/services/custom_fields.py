"""Fields of your own in tests: defined, set, looked at."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from tests.services.desk import Desk
from tui_desk.contracts.custom_fields import (
    FieldInput,
    FieldView,
    SaveField,
)
from tui_desk.contracts.desk import (
    AssetView,
    PersonView,
    SaveAsset,
)
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.people import SavePerson
from tui_desk.contracts.tickets import SetFields, ShowTicket, TicketView, UndoDeed
from tui_desk.core.enums import FieldKind, FieldSubject
from tui_desk.models import Event

TICKET, PERSON, ASSET = FieldSubject.TICKET, FieldSubject.PERSON, FieldSubject.ASSET


def define(desk: Desk, subject: FieldSubject, name: str, kind: FieldKind, **more: Any) -> FieldView:
    return desk.ask(SaveField(None, subject, name, kind=kind, **more), desk.actors["sue"])


def change(desk: Desk, field: FieldView, **values: Any) -> FieldView:
    """Save a definition with other columns."""
    present = {name: getattr(field, name) for name in ("subject", "name", "label", "kind", "choices")}
    more = {name: getattr(field, name) for name in ("applies_to", "required", "active", "version")}
    return desk.ask(SaveField(field.id, **{**present, **more, **values}), desk.actors["sue"])


def put(desk: Desk, number: int, **values: str) -> TicketView:
    """Set values of a ticket as typed."""
    desk.ask(SetFields(number, fields=tuple(FieldInput(name, text) for name, text in values.items())))
    return desk.ask(ShowTicket(number))


def person(desk: Desk, name: str, address: str, **values: str) -> PersonView:
    fields = tuple(FieldInput(field, text) for field, text in values.items())
    return desk.ask(SavePerson(None, name, address, fields=fields))


def asset(desk: Desk, tag: str, kind: str = "", **values: str) -> AssetView:
    fields = tuple(FieldInput(field, text) for field, text in values.items())
    return desk.ask(SaveAsset(None, tag, f"Thing {tag}", type=kind, fields=fields))


def newest(desk: Desk, stream: str) -> Event:
    with desk.database.reading() as session:
        found_event = session.exec(
            select(Event).where(Event.stream == stream).order_by(col(Event.id).desc())
        ).first()
    assert found_event is not None
    return found_event


def undo_newest(desk: Desk, stream: str) -> None:
    desk.ask(UndoDeed(newest(desk, stream).id or 0))


def last_sentence(desk: Desk, stream: str) -> str:
    return desk.ask(ListEvents(stream, limit=1)).events[0].sentence


def all_kinds(desk: Desk) -> None:
    define(desk, TICKET, "note", FieldKind.TEXT)
    define(desk, TICKET, "amount", FieldKind.NUMBER)
    define(desk, TICKET, "delivery", FieldKind.DATE)
    define(desk, TICKET, "cost_group", FieldKind.CHOICE, choices=("A", "B"), label="Cost group")
    define(desk, TICKET, "backup", FieldKind.PERSON)
    define(desk, TICKET, "device", FieldKind.ASSET)
