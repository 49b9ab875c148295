"""The orders of the queue and their reverse: every ticket once whichever way the list is read, and the order that the words say."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.new_desk import open_new_desk
from tui_desk.contracts.queue import ListTickets
from tui_desk.core.enums import Role
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.db.url import parse_database_url
from tui_desk.models import Agent, Message, Person, Ticket
from tui_desk.rules.query_fields import SORTS
from tui_desk.services import queue_waiting
from tui_desk.services.actor import Actor
from tui_desk.services.queue import list_tickets

ANA = Actor(1, "ana", "Ana", Role.ADMIN, "here")
AT = datetime(2026, 11, 1, tzinfo=UTC)
TICKETS = 40
STATUSES = ("new", "open", "pending", "on_hold", "resolved", "closed")


@pytest.fixture
def asked(database_url: str) -> dict[int, datetime]:
    """A desk of tickets; since when the requester of each has waited, for those that wait."""
    choice, waiting, number = random.Random(4), dict[int, datetime](), 0
    database = open_new_desk(database_url)
    with database.writing() as session:
        session.add_all(
            [Person(id=1, name="Zoe", created_at=AT), Agent(id=1, login="ana", role="admin", created_at=AT)]
        )
        session.flush()
        for ticket in range(1, TICKETS + 1):
            made = AT + timedelta(minutes=choice.randrange(1000))
            said: list[tuple[str, datetime]] = [("in", made)]
            for _turn in range(choice.randrange(4)):
                said.append(
                    (choice.choice(("in", "out")), said[-1][1] + timedelta(minutes=choice.randrange(1, 400)))
                )
            unanswered = [
                at for place, (side, at) in enumerate(said) if all(one[0] == "in" for one in said[place:])
            ]
            status = choice.choice(STATUSES)
            session.add(
                Ticket(
                    id=ticket,
                    subject="x",
                    requester_id=1,
                    status=status,
                    priority=choice.randrange(4),
                    created_at=made,
                    updated_at=said[-1][1],
                    requester_waiting=bool(unanswered),
                    next_action_on=choice.choice((None, date(2026, 11, choice.randrange(1, 28)))),
                )
            )
            session.flush()
            if unanswered and status in STATUSES[:4]:
                waiting[ticket] = unanswered[0]
            for side, at in said:
                number += 1
                who = {"author_person_id": 1} if side == "in" else {"author_agent_id": 1}
                session.add(
                    Message(id=number, ticket_id=ticket, kind="email", direction=side, at=at, text="x", **who)
                )
    database.close()
    return waiting


@pytest.fixture
def reader(database_url: str, asked: dict[int, datetime]) -> Iterator[FastReader]:
    opened = open_reader(parse_database_url(database_url))
    yield opened
    opened.close()


def _numbers(reader: FastReader, query: str) -> list[int]:
    page = list_tickets(reader, ANA, ListTickets(view="all", query=query, limit=1000))
    return [row.number for row in page.rows]


@pytest.mark.parametrize("group", ["", "status", "due"])
@pytest.mark.parametrize("turned", ["", "-"])
@pytest.mark.parametrize("sort", SORTS)
def test_every_ticket_once_whichever_way_it_is_read(
    reader: FastReader, sort: str, turned: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in (2_000, 5):
        monkeypatch.setattr(queue_waiting, "LOOKED_AT", most)
        query = f"sort:{turned}{sort}"
        whole = list_tickets(reader, ANA, ListTickets(view="all", query=query, limit=1000, group=group))
        numbers = [row.number for row in whole.rows]
        assert sorted(numbers) == list(range(1, TICKETS + 1))
        forwards, after = [], None
        while True:
            page = list_tickets(
                reader, ANA, ListTickets(view="all", query=query, after=after, limit=7, group=group)
            )
            forwards += [row.number for row in page.rows]
            if not page.has_after:
                break
            after = page.keys[-1]
        assert forwards == numbers
        page = list_tickets(
            reader, ANA, ListTickets(view="all", query=query, from_end=True, limit=7, group=group)
        )
        backwards = [row.number for row in page.rows]
        while page.has_before:
            page = list_tickets(
                reader, ANA, ListTickets(view="all", query=query, before=page.keys[0], limit=7, group=group)
            )
            backwards = [*(row.number for row in page.rows), *backwards]
        assert backwards == numbers
        for place, key in enumerate(whole.keys):
            around = ListTickets(view="all", query=query, around=key, limit=3, group=group)
            assert [row.number for row in list_tickets(reader, ANA, around).rows] == numbers[
                place : place + 3
            ]


@pytest.mark.parametrize("sort", ["updated", "created", "priority"])
def test_a_minus_turns_the_order_round(reader: FastReader, sort: str) -> None:
    plain = _numbers(reader, f"sort:{sort}")
    assert _numbers(reader, f"sort:-{sort}") == plain[::-1]


def test_what_has_no_day_stays_behind_when_the_latest_day_is_first(reader: FastReader) -> None:
    page = list_tickets(reader, ANA, ListTickets(view="all", query="sort:-due", limit=1000, with_due=True))
    days = [row.due for row in page.rows]
    dated = [day for day in days if day is not None]
    assert dated
    assert days == [*sorted(dated, reverse=True), *[None] * (len(days) - len(dated))]


def test_who_has_waited_longest_comes_first(reader: FastReader, asked: dict[int, datetime]) -> None:
    others = sorted(set(range(1, TICKETS + 1)) - set(asked), reverse=True)
    longest = sorted(asked, key=lambda number: (asked[number], number))
    assert asked
    assert others
    assert _numbers(reader, "sort:waiting") == [*longest, *others]
    assert _numbers(reader, "sort:-waiting") == [*longest[::-1], *others]


def test_of_very_many_that_wait_the_first_ones_are_right(
    reader: FastReader, asked: dict[int, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those made before the first ticket that is not looked at, by the instant they wait since, are in their place."""
    longest = sorted(asked, key=lambda number: (asked[number], number))
    monkeypatch.setattr(queue_waiting, "LOOKED_AT", len(longest) - 1)
    found = _numbers(reader, "sort:waiting")
    assert found[0] == longest[0]
    assert sorted(found) == list(range(1, TICKETS + 1))


@pytest.mark.parametrize("view", ["open", "all"])
@pytest.mark.parametrize(
    "query", ["sort:-created", "sort:-updated", "sort:-priority", "sort:waiting", "sort:-waiting"]
)
def test_no_order_puts_the_whole_desk_in_order(
    reader: FastReader, view: str, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement walks an index in its order."""
    if not reader.is_sqlite:
        return
    asked: list[tuple[str, list[object]]] = []
    rows = reader.rows

    def note(sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        asked.append((sql, list(values)))
        return rows(sql, values)

    monkeypatch.setattr(reader, "rows", note)
    list_tickets(reader, ANA, ListTickets(view=view, query=query, limit=5))
    ordered = [(sql, values) for sql, values in asked if "ORDER BY" in sql and "FROM ticket t" in sql]
    assert ordered
    for sql, values in ordered:
        plan = " ".join(str(row[3]) for row in rows(f"EXPLAIN QUERY PLAN {sql}", values))
        assert "FOR ORDER BY" not in plan, plan
