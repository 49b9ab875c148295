"""Fields of your own in the filter line and in the lists."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from tests.services.correspondence import ticket
from tests.services.custom_fields import (
    all_kinds,
    asset,
    change,
    define,
    person,
    put,
)
from tests.services.desk import Desk
from tui_desk.contracts.custom_fields import (
    ListFields,
    known,
)
from tui_desk.contracts.desk import (
    ListAssets,
    ListPeople,
    ShowPerson,
)
from tui_desk.contracts.people import MergePeople
from tui_desk.contracts.queue import ListTickets
from tui_desk.core.enums import FieldKind, FieldSubject
from tui_desk.core.errors import UsageError
from tui_desk.db.fast import open_reader
from tui_desk.models import CustomValue, Ticket
from tui_desk.rules.own_query import split_own
from tui_desk.services.own_search import own_condition
from tui_desk.services.queue import list_tickets

TICKET, PERSON, ASSET = FieldSubject.TICKET, FieldSubject.PERSON, FieldSubject.ASSET


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
