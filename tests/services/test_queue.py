"""The queue by plain drivers: views, pages, the filter line, counts, presence, preview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, update

from tests.support.new_desk import open_new_desk
from tui_desk.contracts.queue import GROUPS, SORTS, CountViews, ListTickets, PreviewTicket
from tui_desk.contracts.queue_layout import (
    COLUMNS,
    ChosenColumn,
    QueueLayout,
    SaveQueueLayout,
    ShowQueueLayout,
)
from tui_desk.contracts.status import ShowStatus, WhoAmI
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import PresenceMode, Role
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.db.engine import Database, open_database
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.db.search import index_message
from tui_desk.models import (
    Agent,
    Category,
    Lease,
    Mailbox,
    Message,
    Notification,
    Organization,
    Person,
    PersonAddress,
    Presence,
    Snooze,
    Team,
    TeamMember,
    Ticket,
    TicketMailbox,
    TicketTag,
    Watcher,
)
from tui_desk.services import queue_groups, queue_layout
from tui_desk.services.actor import Actor
from tui_desk.services.desk_status import find_agent, preview_ticket, show_status, who_am_i
from tui_desk.services.queue import count_views, list_tickets
from tui_desk.services.settings_store import write_setting

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ANA = Actor(1, "ana", "Ana", Role.ADMIN, "this-terminal")
STATUSES = ("new", "open", "pending", "on_hold", "resolved", "closed")


@pytest.fixture
def reader(database_url: str) -> Iterator[FastReader]:
    database = open_new_desk(database_url)
    _fill(database)
    opened = open_reader(database.url)
    yield opened
    opened.close()
    database.close()


def _fill(database: Database) -> None:
    with database.writing() as session:
        session.add_all(
            [
                Agent(id=1, login="ana", name="Ana", role="admin", created_at=NOW),
                Agent(id=2, login="bo", created_at=NOW),
            ]
        )
        session.add_all([Team(id=1, name="Network"), Category(id=1, name="Printer", path="Hardware/Printer")])
        session.add_all(
            [Person(id=1, name="Zoë Müller", created_at=NOW), Person(id=2, name="[/]", created_at=NOW)]
        )
        session.flush()
        session.add(PersonAddress(person_id=1, address="zoe@acme.example"))
        for number in range(1, 61):
            session.add(
                Ticket(
                    id=number,
                    subject=f"Printer {number}" if number % 2 else f"Café {number}",
                    status=STATUSES[number % 6],
                    priority=number % 4,
                    assignee_id={0: None, 1: 1, 2: 2}[number % 3],
                    team_id=1 if number % 5 == 0 else None,
                    category_id=1 if number % 10 == 0 else None,
                    requester_id=1 if number % 2 else 2,
                    requester_name="Zoë Müller" if number % 2 else "[/]",
                    created_at=NOW + timedelta(minutes=number),
                    updated_at=NOW + timedelta(minutes=number // 2),
                )
            )
            session.flush()
            message = Message(
                ticket_id=number,
                kind="email",
                direction="in",
                author_name="Zoë Müller",
                at=NOW,
                text=f"paper jam number{number}\n> old words",
                segments=[["body", len(f"paper jam number{number}\n")], ["quote", 11]],
            )
            session.add(message)
            session.flush()
            assert message.id is not None
            index_message(
                session,
                message.id,
                number,
                f"Printer {number}" if number % 2 else f"Café {number}",
                message.text,
                "Zoë Müller",
            )
        session.add(TicketTag(ticket_id=7, tag="vpn"))
        session.add(Presence(session="elsewhere", agent_id=2, ticket_id=8, mode="writing", at=utc_now()))
        session.add(Presence(session="this-terminal", agent_id=1, ticket_id=8, mode="viewing", at=utc_now()))


def _numbers(reader: FastReader, **request: object) -> list[int]:
    return [row.number for row in list_tickets(reader, ANA, ListTickets(**request)).rows]


@pytest.mark.parametrize("sort", ["updated", "created", "priority"])
def test_pages_forwards_and_backwards_show_every_ticket_once(reader: FastReader, sort: str) -> None:
    whole = _numbers(reader, view="all", sort=sort, limit=1000)
    assert sorted(whole) == list(range(1, 61))
    forwards: list[int] = []
    after = None
    while True:
        page = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, after=after, limit=7))
        forwards += [row.number for row in page.rows]
        if not page.has_after:
            break
        after = page.keys[-1]
    assert forwards == whole
    backwards: list[int] = []
    page = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, from_end=True, limit=7))
    backwards[:0] = [row.number for row in page.rows]
    while page.has_before:
        page = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, before=page.keys[0], limit=7))
        backwards[:0] = [row.number for row in page.rows]
    assert backwards == whole
    around = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, around=page.keys[0], limit=3))
    assert around.rows[0].number == page.rows[0].number


def test_views_hold_what_they_say(reader: FastReader) -> None:
    counts = {count.view: count.count for count in count_views(reader, ANA, CountViews())}
    by_view = {view: set(_numbers(reader, view=view, limit=1000)) for view in counts}
    assert {view: len(numbers) for view, numbers in by_view.items()} == counts
    assert by_view["open"] == {number for number in range(1, 61) if number % 6 < 4}
    assert by_view["mine"] == {number for number in by_view["open"] if number % 3 == 1}
    assert by_view["unassigned"] == {number for number in by_view["open"] if number % 3 == 0}
    assert by_view["resolved"] == {number for number in range(1, 61) if number % 6 == 4}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("number17", {17}),
        ("#17", {17}),
        ("17", {17}),
        ("cafe", set(range(2, 61, 2))),
        ("CAFÉ numb", set(range(2, 61, 2))),
        ('"paper jam" number3', {3, *range(30, 40)}),
        ('"jam paper"', set()),
        ("status:pending,on_hold", {n for n in range(1, 61) if n % 6 in (2, 3)}),
        ("-status:new,open,pending,on_hold,resolved", {n for n in range(1, 61) if n % 6 == 5}),
        ("assignee:me priority:critical", {n for n in range(1, 61) if n % 3 == 1 and n % 4 == 3}),
        ("assignee:none team:network", {n for n in range(1, 61) if n % 15 == 0}),
        ("requester:@acme.example", set(range(1, 61, 2))),
        ("from:zoe@acme", set(range(1, 61, 2))),
        ('status:"on hold"', {n for n in range(1, 61) if n % 6 == 3}),
        ("assignee:nobody team:network", {n for n in range(1, 61) if n % 15 == 0}),
        ("category:hardware", set(range(10, 61, 10))),
        ("tag:vpn", {7}),
        ("-number50 müller number5", {5, *range(51, 60)}),
        ("status:opne", set()),
        ("", set(range(1, 61))),
    ],
)
def test_the_filter_line(reader: FastReader, query: str, expected: set[int]) -> None:
    assert set(_numbers(reader, view="all", query=query, limit=1000)) == expected


def test_mail_to_two_mailboxes_is_in_the_lists_of_both_teams(database_url: str, reader: FastReader) -> None:
    """A13: the team of a further way sees the ticket; the team that gave it away sees it no longer by the first way."""
    database = open_database(database_url)
    with database.writing() as session:
        session.add(Team(id=2, name="Billing"))
        session.add_all(
            [
                Mailbox(id=1, address="net@desk.test", team_id=1, created_at=NOW),
                Mailbox(id=2, address="bills@desk.test", team_id=2, created_at=NOW),
            ]
        )
        session.flush()
        for number in (3, 5):
            ticket = session.get_one(Ticket, number)
            ticket.mailbox_id, ticket.company_address, ticket.team_id = 1, "net@desk.test", 1
            session.add(
                TicketMailbox(ticket_id=number, mailbox_id=1, company_address="net@desk.test", team_id=1)
            )
        session.add(TicketMailbox(ticket_id=3, mailbox_id=2, company_address="bills@desk.test", team_id=2))
    assert _numbers(reader, view="all", query="team:billing", limit=1000) == [3]
    assert 3 in _numbers(reader, view="all", query="team:network", limit=1000)
    assert set(_numbers(reader, view="all", query="-team:billing", limit=1000)) == set(range(1, 61)) - {3}
    with database.writing() as session:
        session.get_one(Ticket, 3).team_id = 2
        session.get_one(Ticket, 5).team_id = 2
    assert set(_numbers(reader, view="all", query="team:billing", limit=1000)) == {3, 5}
    assert not {3, 5} & set(_numbers(reader, view="all", query="team:network", limit=1000))
    database.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.text(max_size=60) | st.from_regex(r"[\w\":*^()%_'\\\-#{}\[\]]{0,30}"))
def test_nothing_typed_is_an_error(reader: FastReader, query: str) -> None:
    list_tickets(reader, ANA, ListTickets(view="all", query=query))


def test_who_and_what_else_the_filter_line_asks_for(database_url: str) -> None:
    database = open_new_desk(database_url)
    _fill(database)
    with database.writing() as session:
        session.add(Organization(id=1, name="Acme Ltd"))
        mailbox = Mailbox(address="help@desk.test", name="Help", imap_host="x", smtp_host="x", created_at=NOW)
        session.add(mailbox)
        session.add(TeamMember(team_id=1, agent_id=1))
        session.flush()
        session.exec(update(Person).where(col(Person.id) == 2).values(organization_id=1))
        at = utc_now()
        for number, values in {
            3: {"mailbox_id": mailbox.id},
            4: {"resolved_at": at - timedelta(days=2), "updated_at": at},
            10: {"resolved_at": at - timedelta(days=20), "updated_at": at},
            12: {"next_action_on": (at - timedelta(days=2)).date()},
            13: {"next_action_on": (at + timedelta(days=2)).date()},
        }.items():
            session.exec(update(Ticket).where(col(Ticket.id) == number).values(**values))
        session.add(Watcher(ticket_id=9, agent_id=1, role="watcher"))
        session.add(Snooze(ticket_id=14, by_agent_id=1, at=at))
    everything = set(range(1, 61))
    teams = {number for number in everything if number % 5 == 0}
    with closing(open_reader(database.url)) as reader:
        for query, expected in {
            "organization:acme": {number for number in everything if number % 2 == 0},
            "organization:nobody": set(),
            "mailbox:help@desk.test": {3},
            "watcher:me": {9},
            "resolved<7d": {4},
            "is:snoozed": {14},
            "is:overdue": {12},
            "due:overdue": {12},
            "-due:overdue": everything - {12},
            "is:new,overdue": {number for number in everything if number % 6 == 0} | {12},
            "team:mine": teams,
            "-team:mine": everything - teams,
            "tag:none": everything - {7},
            "-tag:none": {7},
            "tag:none,vpn": everything,
        }.items():
            found = set(_numbers(reader, view="all", query=query))
            assert found == expected, query
        counts = {one.view: one.count for one in count_views(reader, ANA, CountViews())}
        open_ones = {number for number in everything if number % 6 < 4 and number != 14}
        assert set(_numbers(reader, view="teams")) == teams & open_ones
        assert set(_numbers(reader, view="overdue")) == {12}
        assert (counts["teams"], counts["overdue"]) == (len(teams & open_ones), 1)
    database.close()


def test_rows_show_who_else_is_there(reader: FastReader) -> None:
    page = list_tickets(reader, ANA, ListTickets(view="all", query="#8"))
    assert [(other.agent, other.mode) for other in page.rows[0].presence] == [("bo", PresenceMode.WRITING)]


def test_the_preview_leaves_quotes_out(reader: FastReader) -> None:
    preview = preview_ticket(reader, ANA, PreviewTicket(17))
    assert "paper jam number17" in preview.lines
    assert not any("old words" in line for line in preview.lines)
    with pytest.raises(NotFound):
        preview_ticket(reader, ANA, PreviewTicket(4711))


def test_the_desk_says_how_it_stands(reader: FastReader, database_url: str) -> None:
    assert who_am_i(reader, ANA, WhoAmI()).login == "ana"
    assert find_agent(reader, "ana") == (1, "ana", "Ana", Role.ADMIN)
    assert find_agent(reader, "nobody") is None
    assert show_status(reader, ANA, ShowStatus()).worker_alive is False
    database = open_database(database_url)
    with database.writing() as session:
        session.add(Lease(name="worker", holder="x", expires_at=utc_now() + timedelta(seconds=30)))
    database.close()
    status = show_status(reader, ANA, ShowStatus())
    assert status.worker_alive
    assert status.mailboxes == 0


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
        plain = _numbers(reader, view="all", sort=sort, limit=1000)
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
        _numbers(reader, view="open", query="team:network", limit=100)
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
    plain = _numbers(reader, view="all", limit=20)
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


def test_rows_say_what_is_unread(database_url: str, reader: FastReader) -> None:
    database = open_database(database_url)
    with database.writing() as session:
        session.add(Notification(agent_id=1, kind="mention", ticket_id=9, at=NOW))
        session.add(Notification(agent_id=1, kind="mention", ticket_id=10, at=NOW, read_at=NOW))
        session.add(Notification(agent_id=2, kind="mention", ticket_id=11, at=NOW))
    database.close()
    rows = list_tickets(reader, ANA, ListTickets(view="all", limit=100)).rows
    assert [row.number for row in rows if row.unread] == [9]


def test_how_an_agent_has_the_queue_is_kept_for_every_terminal(database_url: str, reader: FastReader) -> None:
    database = open_database(database_url)
    assert queue_layout.show(reader, ANA, ShowQueueLayout()) == QueueLayout()
    chosen = (
        ChosenColumn("team"),
        ChosenColumn("subject", shown=False, width=40),
        ChosenColumn("here", width=9),
    )
    with database.writing() as session:
        saved = queue_layout.save(session, ANA, SaveQueueLayout(chosen, "due"))
    assert queue_layout.show(reader, ANA, ShowQueueLayout()) == saved
    shown = [one for one in saved.columns if one.shown]
    assert [one.id for one in shown] == ["number", "team", "subject", "here"]  # two are always there
    assert [one.width for one in shown] == [0, 0, 40, 0]  # signs are as wide as they are
    assert {one.id for one in saved.columns} == set(COLUMNS)
    assert saved.with_due
    bo = replace(ANA, agent_id=2, login="bo")
    assert queue_layout.show(reader, bo, ShowQueueLayout()) == QueueLayout()
    with database.writing() as session:
        assert queue_layout.save(session, ANA, SaveQueueLayout(group="")).columns == saved.columns
        assert queue_layout.save(session, ANA, SaveQueueLayout((), "team")) == QueueLayout((), "team")
        for wrong in (SaveQueueLayout((ChosenColumn("colour"),)), SaveQueueLayout(group="colour")):
            with pytest.raises(UsageError, match="colour"):
                queue_layout.save(session, ANA, wrong)
        with pytest.raises(UsageError, match="cells"):
            queue_layout.save(session, ANA, SaveQueueLayout((ChosenColumn("team", width=200),)))
        write_setting(session, "queue:1", {"columns": [["news", True, 0], "x", ["new", True, 1]], "group": 7})
    kept = queue_layout.show(reader, ANA, ShowQueueLayout())
    assert kept.group == ""
    assert [one.id for one in kept.columns if one.shown] == ["number", "subject", "news"]
    database.close()
