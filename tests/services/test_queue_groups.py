"""The queue in groups, on both databases: every ticket once, from both ends, whatever filter or view holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest

from tests.services.queue_desk import ANA, STATUSES, listed
from tui_desk.contracts.queue import GROUPS, SORTS, CountGroups, GroupCount, ListTickets
from tui_desk.core.clock import utc_now
from tui_desk.core.errors import UsageError
from tui_desk.db.engine import open_database
from tui_desk.db.fast import FastReader
from tui_desk.models import Ticket
from tui_desk.services import queue, queue_groups
from tui_desk.services.queue import list_tickets
from tui_desk.services.queue_groups import count_groups


def _walk(reader: FastReader, **request: Any) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """All of a list in small windows, from its top and from its end, each ticket with its group."""
    forwards: list[tuple[str, int]] = []
    page = list_tickets(reader, ANA, ListTickets(limit=7, **request))
    while True:
        forwards += [(key.group, key.number) for key in page.keys]
        if not page.has_after:
            break
        page = list_tickets(reader, ANA, ListTickets(limit=7, after=page.keys[-1], **request))
    backwards: list[tuple[str, int]] = []
    page = list_tickets(reader, ANA, ListTickets(limit=7, from_end=True, **request))
    while True:
        backwards[:0] = [(key.group, key.number) for key in page.keys]
        if not page.has_before:
            break
        page = list_tickets(reader, ANA, ListTickets(limit=7, before=page.keys[0], **request))
    return forwards, backwards


def test_a_grouped_list_shows_every_ticket_once_in_its_group(
    reader: FastReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_groups, "FEW", 0)  # as in a list of many; those of other tests are few
    expected = {
        "status": list(STATUSES),
        "priority": ["critical", "high", "normal", "low"],
        "assignee": ["ana", "", "bo"],  # one's own, then what nobody has taken
        "team": ["Network", ""],
        "due": ["none"],
    }
    for sort in SORTS:
        plain = listed(reader, view="all", sort=sort, limit=1000)
        for group in GROUPS:
            asked: dict[str, Any] = {"view": "all", "sort": sort, "group": group}
            forwards, backwards = _walk(reader, **asked)
            assert forwards == backwards
            groups = [name for name, _pairs in groupby(forwards, key=lambda pair: pair[0])]
            assert groups == expected[group]  # each in one piece
            inside = {number: name for name, number in forwards}
            assert len(inside) == len(forwards) == 60
            ordered = sorted(plain, key=lambda number: groups.index(inside[number]))
            assert [
                number for _name, number in forwards
            ] == ordered  # each in the order of the list without groups
            place = list_tickets(reader, ANA, ListTickets(limit=9, **asked)).keys[-1]
            around = list_tickets(reader, ANA, ListTickets(around=place, limit=60, **asked))
            assert [(key.group, key.number) for key in around.keys] == forwards[8:]


def test_groups_of_what_is_due(database_url: str, reader: FastReader) -> None:
    today = utc_now().astimezone().date()
    days = {1: -3, 2: 0, 3: 1, 7: 5, 8: 30, 6: -1}
    database = open_database(database_url)
    with database.writing() as session:
        for number, away in days.items():
            session.get_one(Ticket, number).next_action_on = today + timedelta(days=away)
    database.close()
    for sort in ("updated", "due"):
        forwards, backwards = _walk(reader, view="all", sort=sort, group="due")
        assert forwards == backwards
        found = [(group, number) for group, number in forwards if group != "none"]
        assert {number for _group, number in found[:2]} == {1, 6}
        assert [group for group, _number in found] == ["overdue"] * 2 + ["today", "tomorrow", "week", "later"]
        assert len(forwards) == 60
    rows = list_tickets(reader, ANA, ListTickets(view="all", group="due", with_due=True, limit=6)).rows
    assert {row.number: row.due for row in rows} == {
        number: today + timedelta(days=away) for number, away in days.items()
    }


def test_a_filter_and_a_view_hold_in_groups(reader: FastReader) -> None:
    forwards, backwards = _walk(reader, view="open", query="team:network", group="assignee")
    assert forwards == backwards
    assert {number for _group, number in forwards} == set(
        listed(reader, view="open", query="team:network", limit=100)
    )


def test_a_place_in_a_group_that_is_gone_puts_no_wrong_rows_beside_it(reader: FastReader) -> None:
    asked: dict[str, Any] = {"view": "all", "group": "team", "limit": 7}
    gone = replace(list_tickets(reader, ANA, ListTickets(**asked)).keys[3], group="A team of the past")
    for beside in ("after", "before"):
        assert list_tickets(reader, ANA, ListTickets(**asked, **{beside: gone})).rows == ()
    anew = list_tickets(reader, ANA, ListTickets(**asked, around=gone))
    assert anew.rows == list_tickets(reader, ANA, ListTickets(**asked)).rows


def test_more_than_groups_hold_is_said_and_the_rest_left_out(
    reader: FastReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_groups, "GROUPED", 20)
    page = list_tickets(reader, ANA, ListTickets(view="all", group="status", limit=100))
    assert page.grouped == 20
    plain = listed(reader, view="all", limit=20)
    assert {row.number for row in page.rows} == set(plain)
    assert list_tickets(reader, ANA, ListTickets(view="mine", group="status")).grouped == 0


def test_no_index_of_a_group_alone_puts_a_third_of_the_desk_in_order(reader: FastReader) -> None:
    """The windows of groups in the order of the last change walk that order's index."""
    if not reader.is_sqlite:
        return
    asked: list[tuple[str, list[object]]] = []
    rows = reader.rows

    def note(sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        asked.append((sql, list(values)))
        return rows(sql, values)

    for group in ("status", "priority", "assignee", "team"):  # what is due is few, and put in order at once
        for view in ("open", "all"):
            asked.clear()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(reader, "rows", note)
                patch.setattr(queue_groups, "FEW", 0)
                list_tickets(reader, ANA, ListTickets(view=view, group=group, limit=200))
            for sql, values in asked:
                if "ORDER BY" in sql and "t.subject" in sql:
                    plan = " ".join(str(row[3]) for row in rows(f"EXPLAIN QUERY PLAN {sql}", values))
                    assert "FOR ORDER BY" not in plan, (group, view, plan)


def test_a_group_that_there_is_not_is_named(reader: FastReader) -> None:
    with pytest.raises(UsageError, match="colour"):
        list_tickets(reader, ANA, ListTickets(group="colour"))


def test_each_group_says_how_many_it_holds(reader: FastReader, monkeypatch: pytest.MonkeyPatch) -> None:
    for view in ("all", "open", "mine"):
        for query in ("", "printer", "number7"):
            for group in GROUPS:
                asked: dict[str, Any] = {"view": view, "query": query, "group": group}
                held = Counter(name for name, _number in _walk(reader, **asked)[0])
                for sort in SORTS:
                    counted = count_groups(reader, ANA, CountGroups(sort=sort, **asked))
                    assert {one.key: one.count for one in counted} == held, (view, query, group, sort)
                    assert not any(one.capped for one in counted)
    of_three = CountGroups("status", "all", numbers=(1, 2, 3))
    assert sum(one.count for one in count_groups(reader, ANA, of_three)) == 3
    with pytest.raises(UsageError):
        count_groups(reader, ANA, CountGroups("colour"))
    monkeypatch.setattr(queue, "COUNT_LIMIT", 5)
    assert GroupCount("new", 5, True) in count_groups(reader, ANA, CountGroups("status", "all"))
    monkeypatch.setattr(queue_groups, "GROUPED", 7)
    counted = count_groups(reader, ANA, CountGroups("team", "all"))
    assert sum(one.count for one in counted) <= 7, "no more than the list has"
