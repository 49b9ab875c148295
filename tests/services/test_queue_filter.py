"""What the filter line asks for, on both databases; nothing that is typed is an error."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, update

from tests.services.queue_desk import ANA, NOW, fill_queue, listed
from tests.support.new_desk import open_new_desk
from tui_desk.contracts.queue import CountViews, ListTickets
from tui_desk.core.clock import utc_now
from tui_desk.db.engine import open_database
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.models import (
    Mailbox,
    Organization,
    Person,
    Snooze,
    Team,
    TeamMember,
    Ticket,
    TicketMailbox,
    Watcher,
)
from tui_desk.services.queue import count_views, list_tickets


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
    assert set(listed(reader, view="all", query=query, limit=1000)) == expected


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
    assert listed(reader, view="all", query="team:billing", limit=1000) == [3]
    assert 3 in listed(reader, view="all", query="team:network", limit=1000)
    assert set(listed(reader, view="all", query="-team:billing", limit=1000)) == set(range(1, 61)) - {3}
    with database.writing() as session:
        session.get_one(Ticket, 3).team_id = 2
        session.get_one(Ticket, 5).team_id = 2
    assert set(listed(reader, view="all", query="team:billing", limit=1000)) == {3, 5}
    assert not {3, 5} & set(listed(reader, view="all", query="team:network", limit=1000))
    database.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.text(max_size=60) | st.from_regex(r"[\w\":*^()%_'\\\-#{}\[\]]{0,30}"))
def test_nothing_typed_is_an_error(reader: FastReader, query: str) -> None:
    list_tickets(reader, ANA, ListTickets(view="all", query=query))


def test_who_and_what_else_the_filter_line_asks_for(database_url: str) -> None:
    database = open_new_desk(database_url)
    fill_queue(database)
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
            found = set(listed(reader, view="all", query=query))
            assert found == expected, query
        counts = {one.view: one.count for one in count_views(reader, ANA, CountViews())}
        open_ones = {number for number in everything if number % 6 < 4 and number != 14}
        assert set(listed(reader, view="teams")) == teams & open_ones
        assert set(listed(reader, view="overdue")) == {12}
        assert (counts["teams"], counts["overdue"]) == (len(teams & open_ones), 1)
    database.close()
