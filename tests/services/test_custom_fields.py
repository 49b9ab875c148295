"""Fields of your own: defined, set, shown, required, undone, carried along when two become one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, text
from sqlmodel import col, select

from tests.services.desk import Desk
from tests.services.test_conversation import ticket
from tui_desk.contracts.custom_fields import (
    CheckReference,
    FieldInput,
    FieldView,
    ListFields,
    SaveField,
    known,
)
from tui_desk.contracts.desk import (
    AssetView,
    ListAssets,
    ListPeople,
    PersonView,
    SaveAsset,
    ShowAsset,
    ShowPerson,
)
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.people import MergePeople, SavePerson
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.tickets import NewTicket, SetFields, ShowTicket, TicketView, UndoDeed, UndoLast
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject, TicketStatus, TicketType
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.db.fast import open_reader
from tui_desk.models import CustomValue, Event, Ticket
from tui_desk.rules.own_query import split_own
from tui_desk.services.custom_fields import values_of
from tui_desk.services.own_search import own_condition
from tui_desk.services.queue import list_tickets

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


def test_every_kind_is_set_from_what_is_typed_and_shown_as_people_read_it(desk: Desk) -> None:
    all_kinds(desk)
    eva = person(desk, "Eva Ruiz", "eva@acme.test")
    laptop = asset(desk, "LT-7")
    number = ticket(desk)
    view = put(
        desk,
        number,
        note="  two   words ",
        amount="1.249,90",
        delivery="1 dec",
        cost_group="b",
        backup="EVA@acme.test",
        device="lt-7",
    )
    assert view.fields == {
        "note": "two words",
        "amount": "1249.9",
        "delivery": "2026-12-01",
        "cost_group": "B",
        "backup": "eva@acme.test",
        "device": "LT-7",
    }
    assert {value.name: value.shown for value in view.custom}["backup"] == "Eva Ruiz"
    assert {value.name: value.shown for value in view.custom}["device"] == "LT-7 Thing LT-7"
    assert {v.name: v.reference for v in view.custom if v.reference} == {
        "backup": eva.id,
        "device": laptop.id,
    }
    with desk.database.reading() as session:
        numbers = [row.number for row in session.exec(select(CustomValue)) if row.number is not None]
    assert numbers == [Decimal("1249.9")]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("amount", "1,249", "Amount: .*can be two numbers"),
        ("amount", "dear", "Amount: .*is no number"),
        ("delivery", "1/2", "Delivery: .*two different days"),
        ("delivery", "tomorrow 9:30", "Delivery: .*is no day"),
        ("cost_group", "C", "Cost group: .*none of its values"),
        ("backup", "nobody@acme.test", "Backup: Nobody here is"),
        ("device", "LT-8", "Device: There is no asset"),
        ("note", "x" * 501, "Note: At most 500"),
        ("colour", "red", "no field “colour”"),
    ],
)
def test_what_is_wrong_is_told_with_the_name_of_the_field_and_nothing_is_written(
    desk: Desk, name: str, text: str, sentence: str
) -> None:
    all_kinds(desk)
    number = ticket(desk)
    before = newest(desk, f"ticket:{number}").id
    with pytest.raises(UsageError, match=sentence):
        put(desk, number, **({"note": "kept back"} if name != "note" else {}), **{name: text})
    assert newest(desk, f"ticket:{number}").id == before
    assert not any(desk.ask(ShowTicket(number)).fields.values())


def test_history_reads_like_a_sentence_and_u_takes_it_back(desk: Desk) -> None:
    all_kinds(desk)
    person(desk, "Eva Ruiz", "eva@acme.test")
    person(desk, "Otto Kern", "kern@acme.test")
    number = ticket(desk)
    stream = f"ticket:{number}"
    put(desk, number, cost_group="A")
    assert last_sentence(desk, stream) == "Ana Díaz set Cost group: A"
    put(desk, number, cost_group="B")
    assert last_sentence(desk, stream) == "Ana Díaz set Cost group: A → B"
    put(desk, number, backup="eva@acme.test")
    put(desk, number, backup="Otto Kern")
    assert last_sentence(desk, stream) == "Ana Díaz set Backup: Eva Ruiz → Otto Kern"
    desk.ask(UndoLast(number))
    assert desk.ask(ShowTicket(number)).fields["backup"] == "eva@acme.test"
    put(desk, number, cost_group="")
    assert last_sentence(desk, stream) == "Ana Díaz cleared Cost group (was B)"
    undo_newest(desk, stream)
    view = desk.ask(ShowTicket(number))
    assert (view.fields["cost_group"], view.fields["note"]) == ("B", None)
    assert "undid: set Cost group: B" in last_sentence(desk, stream)
    undo_newest(desk, stream)
    assert desk.ask(ShowTicket(number)).fields["cost_group"] is None


def test_an_undo_never_overwrites_what_a_colleague_set_since(desk: Desk) -> None:
    define(desk, TICKET, "note", FieldKind.TEXT)
    number = ticket(desk)
    put(desk, number, note="one")
    mine = newest(desk, f"ticket:{number}").id or 0
    desk.ask(SetFields(number, fields=(FieldInput("note", "two"),)), desk.ben)
    with pytest.raises(Conflict, match="Note has been changed since"):
        desk.ask(UndoDeed(mine))
    assert desk.ask(ShowTicket(number)).fields["note"] == "two"


def test_two_who_change_the_same_value_the_second_sees_both(desk: Desk) -> None:
    all_kinds(desk)
    define(desk, PERSON, "badge", FieldKind.TEXT)
    number = ticket(desk)
    put(desk, number, amount="10", note="first")
    desk.ask(SetFields(number, fields=(FieldInput("amount", "11", seen="10"),)))
    with pytest.raises(Conflict, match="Amount was changed meanwhile: now “11”, yours “12”"):
        desk.ask(SetFields(number, fields=(FieldInput("amount", "12", seen="10"),)), desk.ben)
    # the same value twice is no conflict, and neither is another field
    desk.ask(SetFields(number, fields=(FieldInput("amount", "11", seen="10"),)), desk.ben)
    desk.ask(SetFields(number, fields=(FieldInput("note", "second", seen="first"),)), desk.ben)
    eva = person(desk, "Eva", "eva@acme.test", badge="7")
    with pytest.raises(Conflict, match="now “7”, yours “8”"):
        desk.ask(SavePerson(eva.id, "Eva", fields=(FieldInput("badge", "8", seen=""),)))


def test_values_of_people_and_assets_are_told_in_their_own_histories(desk: Desk) -> None:
    define(desk, PERSON, "badge", FieldKind.TEXT)
    define(desk, ASSET, "ram", FieldKind.NUMBER, label="Memory", applies_to="Laptop")
    eva = person(desk, "Eva Ruiz", "eva@acme.test", badge="0042")
    assert desk.ask(ShowPerson(eva.id)).fields == {"badge": "0042"}
    assert last_sentence(desk, f"person:{eva.id}") == "Ana Díaz set Badge: 0042"
    laptop = asset(desk, "LT-1", "laptop")
    memory = (FieldInput("ram", "16"),)
    desk.ask(SaveAsset(laptop.id, "LT-1", laptop.name, type="laptop", fields=memory))
    assert last_sentence(desk, f"asset:{laptop.id}") == "Ana Díaz set Memory: 16"
    assert desk.ask(ShowAsset(laptop.id)).fields == {"ram": "16"}
    printer = asset(desk, "PR-1", "printer")
    assert printer.fields == {}
    with pytest.raises(UsageError, match="Memory belongs to the type Laptop only"):
        asset(desk, "PR-2", "printer", ram="1")
    undo_newest(desk, f"asset:{laptop.id}")
    assert desk.ask(ShowAsset(laptop.id)).fields == {"ram": None}


def test_a_field_that_is_always_required_is_asked_for_where_a_person_saves(desk: Desk) -> None:
    early = ticket(desk)  # as one that came by mail before, or by a mail that knows no fields
    define(desk, TICKET, "site", FieldKind.TEXT, required=FieldRequired.ALWAYS, applies_to="incident")
    define(desk, PERSON, "badge", FieldKind.TEXT, required=FieldRequired.ALWAYS)
    define(desk, ASSET, "room", FieldKind.TEXT, required=FieldRequired.ALWAYS)
    with pytest.raises(UsageError, match="Site must have a value"):
        desk.ask(NewTicket("x", "otto@client.test", "y", type=TicketType.INCIDENT))
    made = desk.ask(
        NewTicket(
            "x", "otto@client.test", "y", type=TicketType.INCIDENT, fields=(FieldInput("site", "Rome"),)
        )
    )
    assert desk.ask(ShowTicket(made)).fields == {"site": "Rome"}
    assert desk.ask(ShowTicket(ticket(desk))).fields == {}  # a request has no such field
    with pytest.raises(UsageError, match="Site must have a value"):
        put(desk, made, site="")
    desk.ask(SetFields(early, type=TicketType.INCIDENT))
    assert [value.label for value in desk.ask(ShowTicket(early)).custom if value.is_missing] == ["Site"]
    for request in (SavePerson(None, "Eva"), SaveAsset(None, "LT-1", "Laptop")):
        with pytest.raises(UsageError, match="must have a value"):
            desk.ask(request)
    otto = desk.ask(ShowPerson(address="otto@client.test"))
    assert otto.custom[0].is_missing
    with pytest.raises(UsageError, match="Badge must have a value"):
        desk.ask(SavePerson(otto.id, "Otto"))
    desk.ask(SavePerson(otto.id, "Otto", fields=(FieldInput("badge", "1"),)))
    assert desk.ask(SavePerson(otto.id, "Otto K.")).fields == {"badge": "1"}


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


def test_resolving_waits_for_what_it_needs(desk: Desk) -> None:
    number = ticket(desk)
    define(desk, TICKET, "cause", FieldKind.TEXT, required=FieldRequired.RESOLVING)
    define(desk, TICKET, "site", FieldKind.TEXT, required=FieldRequired.ALWAYS)
    define(desk, TICKET, "only", FieldKind.TEXT, required=FieldRequired.RESOLVING, applies_to="complaint")
    desk.ask(SetFields(number, status=TicketStatus.OPEN))
    for despite in ("", "because I say so"):
        with pytest.raises(Refused) as told:
            desk.ask(SetFields(number, status=TicketStatus.RESOLVED, despite=despite))
        assert "Cause" in str(told.value)
        assert "Site" in str(told.value)
        assert "Only" not in str(told.value)
        assert told.value.lacks == ("cause", "site")
    desk.ask(
        SetFields(
            number,
            status=TicketStatus.RESOLVED,
            fields=(FieldInput("cause", "dust"), FieldInput("site", "Rome")),
        )
    )
    assert desk.ask(ShowTicket(number)).status is TicketStatus.RESOLVED
    desk.ask(UndoLast(number))
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.fields["cause"]) == (TicketStatus.OPEN, None)


def test_an_undo_does_not_get_round_what_resolving_needs(desk: Desk) -> None:
    number = ticket(desk)
    define(desk, TICKET, "cause", FieldKind.TEXT, required=FieldRequired.RESOLVING)
    put(desk, number, cause="dust")
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    wrote = next(one for one in desk.ask(ShowTicket(number)).events if "dust" in one.sentence)
    with pytest.raises(Refused, match="Cause of #1 must have a value when it is over"):
        desk.ask(UndoDeed(wrote.id))
    reopened = desk.ask(SetFields(number, status=TicketStatus.OPEN))
    put(desk, number, cause="")
    with pytest.raises(Refused, match="Cause of #1 must have a value when it is over"):
        desk.ask(UndoLast(number, reopened.event_ids))
    put(desk, number, cause="fluff")
    desk.ask(UndoLast(number, reopened.event_ids))
    assert desk.ask(ShowTicket(number)).status is TicketStatus.RESOLVED


def test_a_merged_record_leads_to_the_one_that_has_it_all(desk: Desk) -> None:
    define(desk, TICKET, "backup", FieldKind.PERSON)
    define(desk, PERSON, "badge", FieldKind.TEXT)
    define(desk, PERSON, "floor", FieldKind.NUMBER)
    keep = person(desk, "Eva Ruiz", "eva@acme.test", badge="1")
    other = person(desk, "E. Ruiz", "ruiz@acme.test", badge="2", floor="3")
    number = ticket(desk)
    put(desk, number, backup="ruiz@acme.test")
    desk.ask(MergePeople(keep.id, other.id))
    assert desk.ask(ShowTicket(number)).custom[0].shown == "Eva Ruiz"
    assert desk.ask(ShowPerson(keep.id)).fields == {"badge": "1", "floor": "3"}
    undo_newest(desk, f"person:{other.id}")
    assert desk.ask(ShowPerson(keep.id)).fields == {"badge": "1", "floor": None}
    assert desk.ask(ShowTicket(number)).custom[0].shown == "E. Ruiz"


def test_references_are_told_while_one_types(desk: Desk) -> None:
    person(desk, "Eva Ruiz", "eva@acme.test")
    asset(desk, "LT-7")
    assert desk.ask(CheckReference(FieldKind.PERSON, "eva@acme.test"), desk.rita) == "Eva Ruiz"
    assert desk.ask(CheckReference(FieldKind.ASSET, "lt-7")) == "LT-7 Thing LT-7"
    for kind, typed in (
        (FieldKind.PERSON, "Nobody"),
        (FieldKind.PERSON, "#9999999999"),
        (FieldKind.ASSET, "x"),
    ):
        with pytest.raises(UsageError):
            desk.ask(CheckReference(kind, typed))


def test_many_are_read_by_the_same_few_questions(desk: Desk) -> None:
    all_kinds(desk)
    person(desk, "Eva Ruiz", "eva@acme.test")
    numbers = [ticket(desk) for _each in range(30)]
    for number in numbers:
        put(desk, number, note=f"n{number}", backup="eva@acme.test")
    seen: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with desk.database.reading() as session:
        event.listen(desk.database.engine, "before_cursor_execute", remember)
        try:
            found = values_of(session, TICKET, dict.fromkeys(numbers, "request"))
        finally:
            event.remove(desk.database.engine, "before_cursor_execute", remember)
    assert {number: values[0].value for number, values in found.items()} == {n: f"n{n}" for n in numbers}
    assert {values[4].shown for values in found.values()} == {"Eva Ruiz"}
    assert len(seen) <= 5


def test_a_day_may_be_over(desk: Desk) -> None:
    define(desk, TICKET, "bought", FieldKind.DATE)
    assert put(desk, ticket(desk), bought="1999-12-31").fields == {"bought": date(1999, 12, 31).isoformat()}


# -- searching -------------------------------------------------------------------------------------------------------
def found(desk: Desk, query: str) -> set[int]:
    """The tickets that the filter line shows for a query."""
    reader = open_reader(desk.database.url)
    try:
        return {row.number for row in list_tickets(reader, desk.ana, ListTickets("all", query)).rows}
    finally:
        reader.close()


@pytest.fixture
def searched(desk: Desk) -> Desk:
    """Tickets 1 to 4 with values, 5 without any."""
    all_kinds(desk)
    person(desk, "Eva Ruiz", "eva@acme.test")
    person(desk, "Öle Kern", "ole@acme.test")
    asset(desk, "LT-7")
    asset(desk, "LT-70")
    for _each in range(5):
        ticket(desk)
    put(desk, 1, note="Größe 44", amount="9", delivery="2026-11-30", cost_group="A", device="LT-7")
    put(
        desk,
        2,
        note="50% off_now",
        amount="100",
        delivery="2026-12-01",
        cost_group="B",
        backup="eva@acme.test",
    )
    put(desk, 3, amount="-3,5", delivery="2026-12-31", cost_group="A", backup="ole@acme.test", device="LT-70")
    put(desk, 4, amount="99999999999.9999", delivery="1999-12-31", note="größe")
    return desk


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cost_group:a", {1, 3}),
        ("cost_group:A,b", {1, 2, 3}),
        ("-cost_group:a", {2, 4, 5}),
        ("has:cost_group", {1, 2, 3}),
        ("-has:cost_group", {4, 5}),
        ("amount:9", {1}),
        ("amount:-3.5", {3}),
        ("amount=100,0", {2}),
        ("amount>=100", {2, 4}),
        ("amount>100", {4}),
        ("amount<9", {3}),
        ("amount:<=9", {1, 3}),
        ("-amount>=100", {1, 3, 5}),
        ("amount>99999999999.9998 amount<=99999999999.9999", {4}),
        ("delivery:2026-12-01", {2}),
        ("delivery<2026-12-01", {1, 4}),
        ("delivery<=2026-12-01", {1, 2, 4}),
        ("delivery:2026-12", {2, 3}),
        ("delivery:2026", {1, 2, 3}),
        ("delivery>2026-11 delivery<2026-12-31", {2}),
        ("backup:eva", {2}),
        ("backup:acme.test", {2, 3}),
        ("backup:kern,ruiz", {2, 3}),
        ("device:lt-7", {1, 3}),
        ("note:größe", {1, 4}),
        ("note:GRÖSSE", set()),
        ('note:"50% off"', {2}),
        ("note:off_n", {2}),
        ("note:5_%", set()),
        ("amount>=1,249", set()),  # told at its word, matches nothing
        ("cost_group:C", set()),
        ("has:nothing", set()),
        ("cost_group:a amount>=9", {1}),
        ("printer cost_group:a", {1, 3}),
        ("amount>=", {1, 2, 3, 4, 5}),  # still being typed
    ],
)
def test_the_filter_line_knows_fields_of_your_own(searched: Desk, query: str, expected: set[int]) -> None:
    assert found(searched, query) == expected


def test_whatever_is_typed_is_no_error(searched: Desk) -> None:
    reader = open_reader(searched.database.url)
    names = ("note", "amount", "delivery", "cost_group", "backup", "device", "has", "x")
    words = st.tuples(
        st.sampled_from(("", "-")), st.sampled_from(names), st.sampled_from(":<>="), st.text(max_size=12)
    )

    @settings(max_examples=150, deadline=None)
    @given(st.lists(words.map("".join), max_size=4).map(" ".join))
    def holds(query: str) -> None:
        list_tickets(reader, searched.ana, ListTickets("all", query))

    try:
        holds()
    finally:
        reader.close()


def test_values_of_merged_people_and_of_removed_choices_are_found(searched: Desk) -> None:
    desk = searched
    eva, ole = (desk.ask(ShowPerson(address=f"{one}@acme.test")).id for one in ("eva", "ole"))
    desk.ask(MergePeople(eva, ole))
    assert found(desk, "backup:eva") == {2, 3}
    group = next(one for one in desk.ask(ListFields(TICKET)) if one.name == "cost_group")
    change(desk, group, choices=("B",))
    assert found(desk, "cost_group:a") == {1, 3}
    listed = desk.ask(ListFields(TICKET, past=True))
    assert {one.name: one.past for one in listed}["cost_group"] == ("A",)
    change(desk, desk.ask(ListFields(TICKET))[3], active=False)
    assert found(desk, "cost_group:b") == {2}


def test_people_and_assets_are_found_by_their_fields(desk: Desk) -> None:
    define(desk, PERSON, "badge", FieldKind.NUMBER)
    define(desk, ASSET, "ram", FieldKind.NUMBER)
    person(desk, "Eva Ruiz", "eva@acme.test", badge="42")
    person(desk, "Otto Kern", "otto@acme.test", badge="7")
    person(desk, "Ada Ruiz", "ada@acme.test")
    asset(desk, "LT-1", ram="16")
    asset(desk, "LT-2", ram="32")
    asset(desk, "PR-1")

    def people(query: str) -> list[str]:
        return [one.name for one in desk.ask(ListPeople(query))]

    def assets(query: str) -> list[str]:
        return [one.tag for one in desk.ask(ListAssets(query))]

    assert people("badge>10") == ["Eva Ruiz"]
    assert people("ruiz -has:badge") == ["Ada Ruiz"]
    assert assets("ram>=16") == ["LT-1", "LT-2"]
    assert assets("lt ram<32") == ["LT-1"]
    assert assets("-has:ram") == ["PR-1"]
    with pytest.raises(UsageError, match="ram>x: “x” is no number"):
        assets("ram>x")
    with pytest.raises(UsageError, match="has:rom: There is no field “rom”"):
        assets("has:rom")


def plan(desk: Desk, query: str) -> str:
    """How the database looks up the values of a query."""
    fields = known(desk.ask(ListFields(TICKET)))
    term = split_own(query, fields, desk.now).terms[0]
    sqlite = desk.database.url.is_sqlite
    condition, values = own_condition(term, "t.id", sqlite=sqlite)
    statement = f"SELECT t.id FROM ticket t WHERE {condition} ORDER BY t.updated_at DESC LIMIT 100"
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    if not sqlite:
        statement = statement.replace("%", "%%").replace("?", "%s")
    with desk.database.reading() as session:
        rows = session.connection().exec_driver_sql(f"{explain} {statement}", tuple(values)).fetchall()
    return "\n".join(" ".join(map(str, row)) for row in rows)


def test_fifty_thousand_tickets_with_values_are_asked_by_the_index(desk: Desk) -> None:
    number = ticket(desk)
    group = define(desk, TICKET, "cost_group", FieldKind.CHOICE, choices=("A", "B", "rare"))
    amount = define(desk, TICKET, "amount", FieldKind.NUMBER)
    with desk.writing() as session:
        columns = {name: getattr(session.get_one(Ticket, number), name) for name in Ticket.model_fields}
        columns.pop("id")
        session.execute(insert(Ticket), [columns for _each in range(50_000)])
        session.execute(
            insert(CustomValue),
            [
                {
                    "field_id": group.id,
                    "subject_id": one,
                    "text": "rare" if one % 5_000 == 0 else "AB"[one % 2],
                }
                for one in range(1, 50_001)
            ],
        )
        session.execute(
            insert(CustomValue),
            [
                {"field_id": amount.id, "subject_id": one, "text": str(one), "number": Decimal(one)}
                for one in range(1, 50_001)
            ],
        )
    with desk.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    # PostgreSQL reads all of a table where half of its rows belong to the field that is compared
    compared = ["amount>=49990"] if desk.database.url.is_sqlite else []
    for query in ("cost_group:rare", "amount:17", *compared):
        found_by = plan(desk, query)
        assert "custom_value" in found_by
        assert "SCAN v" not in found_by, found_by
        assert "Seq Scan on custom_value" not in found_by, found_by
    assert found(desk, "cost_group:rare") == set(range(5_000, 50_001, 5_000))
    assert found(desk, "amount>=49990") == set(range(49_990, 50_001))


# -- merging ---------------------------------------------------------------------------------------------------------
def test_a_merged_ticket_fills_the_gaps_of_the_kept_one_and_gives_them_back(desk: Desk) -> None:
    all_kinds(desk)
    define(desk, TICKET, "only", FieldKind.TEXT, applies_to="incident")
    kept, old = ticket(desk), ticket(desk)
    desk.ask(SetFields(old, type=TicketType.INCIDENT))
    put(desk, kept, note="mine")
    put(desk, old, note="theirs", amount="5", only="incidents")
    merged = desk.ask(MergeTickets(kept, (old,)))
    assert desk.ask(ShowTicket(kept)).fields["note"] == "mine"
    assert desk.ask(ShowTicket(kept)).fields["amount"] == "5"
    assert "only" not in desk.ask(ShowTicket(kept)).fields
    assert desk.ask(ShowTicket(old)).fields["amount"] == "5"  # what it had stays with it
    desk.ask(UndoLast(kept, merged.event_ids))
    assert desk.ask(ShowTicket(kept)).fields["amount"] is None
    assert desk.ask(ShowTicket(old)).fields["note"] == "theirs"


def test_what_was_set_since_a_merge_stays_when_it_is_undone(desk: Desk) -> None:
    all_kinds(desk)
    kept, old = ticket(desk), ticket(desk)
    put(desk, old, amount="5", note="x")
    merged = desk.ask(MergeTickets(kept, (old,)))
    desk.ask(SetFields(kept, fields=(FieldInput("amount", "6"),)), desk.ben)
    desk.ask(SetFields(kept, fields=(FieldInput("note", ""),)), desk.ben)
    desk.ask(UndoLast(kept, merged.event_ids))
    fields = desk.ask(ShowTicket(kept)).fields
    assert (fields["amount"], fields["note"]) == ("6", None)
    assert desk.ask(ShowTicket(old)).status is not TicketStatus.CLOSED


def test_a_thing_with_values_is_not_taken_away_by_an_undo(desk: Desk) -> None:
    define(desk, PERSON, "badge", FieldKind.TEXT)
    eva = person(desk, "Eva Ruiz", "eva@acme.test")
    made = newest(desk, f"person:{eva.id}").id or 0
    desk.ask(SavePerson(eva.id, "Eva Ruiz", fields=(FieldInput("badge", "1"),)), desk.ben)
    with pytest.raises(Conflict, match="has values of fields of your own"):
        desk.ask(UndoDeed(made))
    desk.ask(SavePerson(eva.id, "Eva Ruiz", fields=(FieldInput("badge", ""),)), desk.ben)
    desk.ask(UndoDeed(made))
    with pytest.raises(NotFound):
        desk.ask(ShowPerson(eva.id))


def test_who_may_only_look_sets_nothing(desk: Desk) -> None:
    define(desk, TICKET, "note", FieldKind.TEXT)
    number = ticket(desk)
    with pytest.raises(Refused, match="may look, but change nothing"):
        desk.ask(SetFields(number, fields=(FieldInput("note", "x"),)), desk.rita)
    assert [field.name for field in desk.ask(ListFields(), desk.rita)] == ["note"]
