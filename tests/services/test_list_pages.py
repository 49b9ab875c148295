"""Long lists of assets and people: pages in both directions, every order, search by words, counts; by index whatever their length."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from tests.services.desk import Desk
from tui_desk.contracts.desk import ListAssets, ListPeople
from tui_desk.contracts.lists import ASSET_SORTS, PERSON_SORTS, ListPage, PageAssets, PagePeople, Place
from tui_desk.core.errors import UsageError
from tui_desk.models import Asset, Message, Organization, Person, PersonAddress, Ticket
from tui_desk.models.base import table_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST = ("Anna", "Ömer", "zoë", "", "Ben")
STATES = ("in_use", "in_stock", "retired", "repair")
Request = PageAssets | PagePeople


def fill(desk: Desk, count: int = 40) -> None:
    """People and assets with values that are missing, equal, in capitals and with marks."""
    with desk.writing() as session:
        session.add_all([Organization(id=1, name="acme"), Organization(id=2, name="Öl & Gas")])
        session.flush()
        people = [
            {
                "id": n,
                "name": f"{FIRST[n % 5]} {n % 7}".strip(),
                "organization_id": (None, 1, 2)[n % 3],
                "created_at": NOW,
            }
            for n in range(1, count + 1)
        ]
        session.execute(insert(table_of(Person)), people)
        addresses = [
            {"person_id": n, "address": f"p{n % 11}.{n}@acme.test"} for n in range(1, count + 1) if n % 4
        ]
        session.execute(insert(table_of(PersonAddress)), addresses)
        assets = [
            {
                "id": n,
                "tag": f"{'LT' if n % 2 else 'ém'}-{n:04}",
                "name": f"Device {n % 6}",
                "type": ("Laptop", "", "Écran")[n % 3],
                "serial": f"S{n:05}X",
                "owner_id": n if n % 5 else None,
                "location": f"Room {n % 4}" if n % 3 else "",
                "state": STATES[n % 4],
                "warranty_until": date(2026, 1, 1) + timedelta(days=n % 9) if n % 2 else None,
                "created_at": NOW,
                "updated_at": NOW,
            }
            for n in range(1, count + 1)
        ]
        session.execute(insert(table_of(Asset)), assets)
        session.add(
            Ticket(id=1, subject="x", requester_id=1, requester_name="", created_at=NOW, updated_at=NOW)
        )
        session.flush()
        for n in range(1, min(count, 20)):
            session.add(
                Message(
                    ticket_id=1,
                    kind="email",
                    direction="in",
                    author_person_id=n,
                    at=NOW + timedelta(minutes=n % 6),
                )
            )


def numbers(page: ListPage[Any]) -> list[int]:
    return [row.id for row in page.rows]


def through(desk: Desk, request: Request, *, backwards: bool = False, limit: int = 7) -> list[int]:
    """The whole list, page by page."""
    found: list[int] = []
    place = Place(from_end=True) if backwards else Place()
    while True:
        page = desk.ask(replace(request, place=place, limit=limit))
        found = [*numbers(page), *found] if backwards else [*found, *numbers(page)]
        if not (page.has_before if backwards else page.has_after):
            return found
        place = Place(before=page.keys[0]) if backwards else Place(after=page.keys[-1])


ORDERS = [PageAssets(sort=sort, include_retired=sort != "name") for sort in ASSET_SORTS] + [
    PagePeople(sort=sort) for sort in PERSON_SORTS
]


@pytest.mark.parametrize("words", ["", "device acme", "room 1"])
def test_pages_in_both_directions_show_every_row_once(desk: Desk, words: str) -> None:
    fill(desk)
    for order in ORDERS:
        for descending in (False, True):
            request = replace(order, query=words, descending=descending)
            whole = numbers(desk.ask(replace(request, limit=1000)))
            assert len(whole) == len(set(whole))
            assert through(desk, request) == whole, request
            assert through(desk, request, backwards=True) == whole, request
            if len(whole) > 9:
                page = desk.ask(replace(request, place=Place(), limit=10))
                around = desk.ask(replace(request, place=Place(around=page.keys[4]), limit=3))
                assert numbers(around) == whole[4:7]
                assert (around.has_before, around.has_after) == (True, len(whole) > 7)
                assert (
                    numbers(desk.ask(replace(request, descending=not descending, limit=1000))) == whole[::-1]
                )


def test_the_orders_are_those_of_people(desk: Desk) -> None:
    fill(desk, 12)
    people = {row.id: row for row in desk.ask(ListPeople(limit=1000))}
    assert len(people) == 12
    by_name = [row.name for row in desk.ask(ListPeople(sort="name", limit=1000))]
    assert [name[:2] for name in by_name] == ["3", "1", *[name[:2] for name in by_name[2:]]] or by_name[
        0
    ] in ("1", "3")
    named = [name for name in by_name if name[:1].isalpha()]
    assert [name[0] for name in named] == sorted((name[0] for name in named), key="ABÖZzö".index) or [
        name.replace("Ö", "O").lower() for name in named
    ] == sorted(name.replace("Ö", "O").lower() for name in named)
    newest = [
        row.last_contact for row in desk.ask(ListPeople(sort="last_contact", descending=True, limit=1000))
    ]
    assert newest == sorted(newest, key=lambda at: at or NOW - timedelta(days=1), reverse=True)
    until = [row.warranty_until for row in desk.ask(ListAssets(sort="warranty", include_retired=True))]
    assert until == sorted(until, key=lambda day: (day is None, day or date.min)), "no warranty comes last"
    with_owner = [bool(row.owner) for row in desk.ask(ListAssets(sort="owner", include_retired=True))]
    assert with_owner == sorted(with_owner, reverse=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("lt-0007", {7}),
        ("LT 0007", {7}),
        ("s00012x", {12}),
        ("em-0012", {12}),
        ("ecran 0008", {8}),
        ("omer 0011", {11}),
        ("device 0012 nothing", set()),
        ("%", set()),
        ("_", set()),
        ('" OR 1', set()),
    ],
)
def test_words_find_whatever_begins_with_them(desk: Desk, words: str, expected: set[int]) -> None:
    fill(desk, 12)
    assert {row.id for row in desk.ask(ListAssets(words, include_retired=True))} == expected


def test_what_changes_is_found_by_its_new_words_only(desk: Desk) -> None:
    fill(desk, 5)
    with desk.writing() as session:
        session.get_one(Person, 2).name = "Quentin Straße"
    assert [row.id for row in desk.ask(ListPeople("quentin strasse"))] == [2]
    assert [row.id for row in desk.ask(ListAssets("quentin", include_retired=True))] == [2]
    assert 2 not in {row.id for row in desk.ask(ListPeople("zoe"))}
    assert {row.id for row in desk.ask(ListPeople("öl gas"))} == {2, 5}


@pytest.fixture
def crowded(desk: Desk) -> Desk:
    """More people and assets than a search puts in order by itself, and more than are counted."""
    fill(desk, 2600)
    return desk


def test_many_hits_are_in_order_and_whole(crowded: Desk) -> None:
    """Hits that stand together at the end of the list (by name) as well as hits all over it (by address)."""
    for request in (
        PagePeople("zoe"),
        PagePeople("acme"),
        PagePeople("acme", sort="address", descending=True),
        PageAssets("device", sort="warranty", include_retired=True),
        PageAssets("lt", sort="state"),
    ):
        whole = numbers(crowded.ask(replace(request, limit=5000)))
        assert len(whole) > 400
        assert through(crowded, request, limit=300) == whole, request
        assert through(crowded, request, limit=300, backwards=True) == whole, request
        every = numbers(crowded.ask(replace(request, query="", limit=5000)))
        found = set(whole)
        assert [number for number in every if number in found] == whole


def test_it_counts_to_a_thousand(crowded: Desk) -> None:
    def counted(request: Request) -> tuple[int | None, bool]:
        page = crowded.ask(replace(request, limit=5, with_count=True))
        return page.count, page.capped

    assert counted(PagePeople()) == (1000, True)
    assert counted(PagePeople("acme")) == (1000, True)
    assert counted(PagePeople("zoe 3")) == (len(crowded.ask(ListPeople("zoe 3", limit=5000))), False)
    assert counted(PageAssets("s00012x")) == (1, False)
    assert counted(PageAssets("nothing")) == (0, False)
    assert crowded.ask(PageAssets(limit=5)).count is None


def test_an_order_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(UsageError, match="cannot sort by “cost; DROP”"):
        desk.ask(PageAssets(sort="cost; DROP"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(max_size=40) | st.from_regex(r"[\w\":*^()%_'\\\-#{}\[\]&|!<>]{0,20}"))
def test_nothing_typed_is_an_error(desk: Desk, words: str) -> None:
    desk.ask(PageAssets(words.replace("\0", "")))
    desk.ask(PagePeople(words))


def plans(desk: Desk, request: Request) -> list[str]:
    """How the database reads what a request asks of the lists' tables."""
    found: list[str] = []
    for statement in desk.statements(request):
        if "_search l" in statement and "SELECT l." in statement:
            with desk.database.reading() as session:
                connection = session.connection()
                if desk.database.is_sqlite:
                    marks = ("0x", 1)[: statement.count("?")]
                    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", marks).fetchall()
                    found.append("\n".join(str(row[-1]) for row in rows))
                else:
                    connection.execute(text("SET LOCAL enable_seqscan = off"))
                    marks = ("0x", 1)[: statement.count("%s")]
                    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", marks).fetchall()
                    found.append("\n".join(str(row[0]) for row in rows))
    return found


def test_every_order_is_read_by_its_index(desk: Desk) -> None:
    fill(desk, 300)
    page = desk.ask(PageAssets(limit=5))
    for order in ORDERS:
        for place in (Place(), Place(after=page.keys[-1]), Place(before=page.keys[-1])):
            noun = "asset" if isinstance(order, PageAssets) else "person"
            every = "all_" if isinstance(order, PageAssets) and order.include_retired else ""
            found = plans(desk, replace(order, place=place, limit=20))
            assert found
            for plan in found:
                assert f"ix_{noun}_search_{every}{order.sort}" in plan, plan
                assert "TEMP B-TREE" not in plan, plan
                assert "Sort" not in plan, plan


def test_what_an_undo_looks_for_is_read_by_an_index(desk: Desk) -> None:
    with desk.database.reading() as session:
        if desk.database.is_sqlite:
            plan = session.execute(
                text("EXPLAIN QUERY PLAN SELECT id FROM event WHERE undoes = 3")
            ).fetchall()
        else:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = session.execute(text("EXPLAIN SELECT id FROM event WHERE undoes = 3")).fetchall()
    assert "ix_event_undoes" in str(plan)
