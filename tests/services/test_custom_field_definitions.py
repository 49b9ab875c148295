"""Fields of your own: who defines them, and what a field with values keeps."""

from __future__ import annotations

import pytest

from tests.services.correspondence import ticket
from tests.services.custom_fields import (
    change,
    define,
    last_sentence,
    newest,
    put,
)
from tests.services.desk import Desk
from tui_desk.contracts.custom_fields import (
    ListFields,
    SaveField,
)
from tui_desk.contracts.tickets import ShowTicket, UndoDeed
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject
from tui_desk.core.errors import Conflict, Refused, UsageError

TICKET, PERSON, ASSET = FieldSubject.TICKET, FieldSubject.PERSON, FieldSubject.ASSET


def test_supervisors_define_fields(desk: Desk) -> None:
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SaveField(None, TICKET, "site"))
    site = define(desk, TICKET, "site", FieldKind.CHOICE, choices=("Rome", "Bonn"))
    define(desk, TICKET, "floor", FieldKind.NUMBER)
    assert (site.label, site.position, site.choices) == ("Site", 1, ("Rome", "Bonn"))
    for subject, name, more, sentence in (
        (TICKET, "status", {}, "means something else"),
        (TICKET, "Site", {}, "no name of a field"),
        (TICKET, "site", {}, "There is a field site already"),
        (PERSON, "x", {"applies_to": "vip"}, "People have no types"),
        (TICKET, "x", {"applies_to": "laptop"}, "no type of a ticket"),
        (PERSON, "x", {"required": FieldRequired.RESOLVING}, "Only a ticket is resolved"),
        (TICKET, "x", {"kind": FieldKind.CHOICE}, "needs values to choose from"),
        (TICKET, "x", {"choices": ("a",)}, "Only a choice has values"),
    ):
        with pytest.raises((UsageError, Refused), match=sentence):
            desk.ask(SaveField(None, subject, name, **more), desk.actors["sue"])
    change(desk, desk.ask(ListFields(TICKET))[1], position=1)
    assert [field.name for field in desk.ask(ListFields())] == ["floor", "site"]
    assert "set the field “Floor”" in last_sentence(desk, "desk") or "Site" in last_sentence(desk, "desk")


def test_a_field_with_values_keeps_its_kind_and_its_values(desk: Desk) -> None:
    site = define(desk, TICKET, "site", FieldKind.CHOICE, choices=("Rome", "Bonn"))
    site = change(desk, site, kind=FieldKind.TEXT, choices=())
    site = change(desk, site, kind=FieldKind.CHOICE, choices=("Rome", "Bonn"))
    number = ticket(desk)
    put(desk, number, site="Bonn")
    with pytest.raises(Refused, match="1 value of its present kind"):
        change(desk, site, kind=FieldKind.TEXT, choices=())
    assert desk.ask(ListFields(TICKET, count=True))[0].values == 1
    site = change(desk, site, choices=("Rome",))
    assert desk.ask(ShowTicket(number)).fields == {"site": "Bonn"}
    put(desk, number, site="Bonn")  # what a form shows is saved as it is
    with pytest.raises(UsageError, match="none of its values"):
        put(desk, ticket(desk), site="Bonn")
    site = change(desk, site, active=False)
    assert desk.ask(ListFields(TICKET)) == ()
    kept = desk.ask(ShowTicket(number)).custom[0]
    assert (kept.value, kept.active) == ("Bonn", False)
    with pytest.raises(UsageError, match="set aside"):
        put(desk, number, site="Rome")
    change(desk, site, active=True)
    assert put(desk, number, site="Rome").fields == {"site": "Rome"}


def test_two_who_define_the_same_field_the_second_is_told(desk: Desk) -> None:
    site = define(desk, TICKET, "site", FieldKind.TEXT)
    change(desk, site, label="Place")
    with pytest.raises(Conflict, match="now “Place”, yours “Location”"):
        change(desk, site, label="Location")


def test_the_kind_of_a_field_with_values_is_not_undone_either(desk: Desk) -> None:
    site = define(desk, TICKET, "site", FieldKind.NUMBER)
    change(desk, site, kind=FieldKind.TEXT)
    changed = newest(desk, "desk").id or 0
    number = ticket(desk)
    put(desk, number, site="Bonn")
    with pytest.raises(Conflict, match="has values"):
        desk.ask(UndoDeed(changed), desk.actors["sue"])
    put(desk, number, site="")
    desk.ask(UndoDeed(changed), desk.actors["sue"])
    assert desk.ask(ListFields(TICKET))[0].kind is FieldKind.NUMBER
