"""Fields of your own: set, shown, required, undone, carried along when two become one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlmodel import select

from tests.services.correspondence import ticket
from tests.services.custom_fields import (
    all_kinds,
    asset,
    define,
    last_sentence,
    newest,
    person,
    put,
    undo_newest,
)
from tests.services.desk import Desk
from tui_desk.contracts.custom_fields import (
    CheckReference,
    FieldInput,
    ListFields,
)
from tui_desk.contracts.desk import (
    SaveAsset,
    ShowAsset,
    ShowPerson,
)
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.people import MergePeople, SavePerson
from tui_desk.contracts.tickets import NewTicket, SetFields, ShowTicket, UndoDeed, UndoLast
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject, TicketStatus, TicketType
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.models import CustomValue
from tui_desk.services.custom_fields import values_of

TICKET, PERSON, ASSET = FieldSubject.TICKET, FieldSubject.PERSON, FieldSubject.ASSET


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
