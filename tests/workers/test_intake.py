"""From stored bytes to tickets: where a mail belongs, what it does to the ticket, and what must never happen."""

from __future__ import annotations

import pytest
from sqlmodel import select

from tests.support.history import first_broken
from tests.workers.desk import BILLING, SUPPORT, Desk, mail
from tests.workers.mail_in import receive, reply, set_status
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.mail.message_id import make_message_id
from tui_desk.mail.parse import parse
from tui_desk.models import (
    Agent,
    Event,
    MailboxAddress,
    Organization,
    Person,
    Team,
    Ticket,
    TicketLink,
    TicketMailbox,
    Watcher,
)
from tui_desk.services.actor import MAIL
from tui_desk.services.identity import message_secret
from tui_desk.services.intake import explain_decision
from tui_desk.services.ticket_view import show


def test_an_answer_joins_and_opens_what_waited(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    for number, (before, after) in enumerate(
        (("pending", "open"), ("on_hold", "open"), ("resolved", "open"), ("open", "open"))
    ):
        set_status(desk, 1, before)
        (entry,) = receive(desk, mailbox, reply(f"r{number}", "1"))
        assert (entry.verdict, entry.ticket_id) == ("joined", 1)
        assert desk.tickets()[0].status == after
    assert desk.tickets()[0].requester_waiting


def test_an_absence_notice_opens_nothing(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    for status in ("resolved", "closed"):
        set_status(desk, 1, status)
        notice = mail(status, extra="In-Reply-To: <m1@customer.test>\r\nAuto-Submitted: auto-replied\r\n")
        (entry,) = receive(desk, mailbox, notice)
        assert (entry.verdict, desk.tickets()[0].status) == ("joined", status)


def test_mail_to_a_closed_ticket_opens_a_follow_up(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    set_status(desk, 1, "closed")
    (entry,) = receive(desk, mailbox, reply("r", "1"))
    assert (entry.verdict, entry.ticket_id) == ("created", 2)
    with desk.database.reading() as session:
        link = session.exec(select(TicketLink)).one()
    assert (link.from_id, link.to_id, link.kind) == (2, 1, "follow_up")
    (further,) = receive(desk, mailbox, reply("s", "1"))
    assert (further.verdict, further.ticket_id) == ("joined", 2)
    why = [[each["sentence"] for each in message.evidence] for message in desk.messages()[1:]]
    assert "#1 is closed; this follows it up." in why[0]
    assert "#1 is closed; #2 follows it up." in why[1]


def test_a_stranger_gets_a_ticket_of_their_own_with_the_link_offered(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    stranger = mail(
        "s", sender="eve@evil.test", subject="Re: Problem 1 [#1]", extra="References: <m1@customer.test>\r\n"
    )
    (entry,) = receive(desk, mailbox, stranger)
    assert (entry.verdict, entry.ticket_id) == ("created", 2)
    with desk.database.reading() as session:
        link = session.exec(select(TicketLink)).one()
    assert (link.from_id, link.to_id, link.kind) == (2, 1, "suggested")
    sentences = [item["sentence"] for item in desk.messages()[-1].evidence]
    assert any("Claims to belong to #1" in sentence for sentence in sentences)
    (again,) = receive(desk, mailbox, reply("r", "s"))
    assert again.ticket_id == 3, "the stranger's mail must not draw others into its ticket"


def named(number: str, identifier: str) -> bytes:
    """By a colleague of the first mail's author."""
    return mail(number, sender="boss@customer.test", extra=f"References: <{identifier}>\r\n")


@pytest.mark.parametrize("broken", ["@", "1", "INJECTED", "@customer.test"])
def test_an_id_that_a_broken_program_gives_every_mail_brings_nobody_together(
    desk: Desk, mailbox: int, broken: str
) -> None:
    """Two people of one company who use the same program; each names an id that the first one's mail has, too."""
    first = mail("1").replace(b"<m1@customer.test>", f"<{broken}>".encode())
    entries = receive(desk, mailbox, first, named("2", broken))
    assert [entry.verdict for entry in entries] == ["created", "created"]


def test_an_id_without_a_host_that_is_long_enough_is_believed(desk: Desk, mailbox: int) -> None:
    """Such as some gateways write."""
    own = "OF2A11B77C.0032F4A1-ONC1257"
    first = mail("1").replace(b"<m1@customer.test>", f"<{own}>".encode())
    entries = receive(desk, mailbox, first, named("2", own))
    assert [entry.verdict for entry in entries] == ["created", "joined"]


def test_everybody_who_was_named_takes_part(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1, extra="Cc: Cora <cora@partner.test>, support@desk.test\r\n"))
    with desk.database.reading() as session:
        assert [row.address for row in session.exec(select(Watcher))] == ["cora@partner.test"]
    (entry,) = receive(desk, mailbox, reply("c", "1", sender="cora@partner.test"))
    assert (entry.verdict, entry.ticket_id) == ("joined", 1)


def test_our_own_signed_id_and_what_we_sent(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    with desk.database.writing() as session:
        ours = make_message_id(1, 99, message_secret(session), "desk.test")
    forged = ours.replace("td.1.99", "td.2.99")
    (entry,) = receive(desk, mailbox, mail("a", extra=f"In-Reply-To: <{ours}>\r\n"))
    assert (entry.verdict, entry.ticket_id) == ("joined", 1)
    assert desk.messages()[-1].evidence[0]["kind"] == "signed_message_id"
    (entry,) = receive(desk, mailbox, mail("b", extra=f"In-Reply-To: <{forged}>\r\n"))
    assert entry.verdict == "created"


def test_one_message_id_with_two_contents_is_kept_twice_and_marked(desk: Desk, mailbox: int) -> None:
    forged = mail(1, sender="eve@evil.test", body="Pay me.")
    first, second, third = receive(desk, mailbox, forged, mail(1), mail(1))
    assert [first.verdict, second.verdict, third.verdict] == ["created", "created", "duplicate"]
    assert [message.marks for message in desk.messages()] == [[], ["same_message_id"]]
    assert third.message_id == second.message_id


def test_the_same_mail_by_two_ways_is_one_entry_with_both_routes(desk: Desk, mailbox: int) -> None:
    with desk.database.writing() as session:
        session.add(Team(id=1, name="Accounts"))
    other = desk.add_mailbox(None, BILLING, team_id=1)
    both = mail(1, to=f"{SUPPORT}, {BILLING}")
    receive(desk, mailbox, b"Received: from a by b; Fri, 20 Nov 2026 10:00:01 +0000\r\n" + both)
    (copy,) = receive(desk, other, b"Received: from c by d; Fri, 20 Nov 2026 10:00:09 +0000\r\n" + both)
    assert (copy.verdict, copy.ticket_id) == ("duplicate", 1)
    with desk.database.reading() as session:
        routes = {(row.mailbox_id, row.company_address) for row in session.exec(select(TicketMailbox))}
        session.info["clock"] = utc_now
        view = show(session, MAIL, ShowTicket(1))
    assert routes == {(mailbox, SUPPORT), (other, BILLING)}
    assert (view.mailbox, view.also_came_by) == (SUPPORT, (f"{BILLING} (Accounts)",))
    assert (view.team, view.also_teams) == ("", ("Accounts",))
    assert len(desk.messages()) == 1


@pytest.mark.parametrize(
    ("trace", "to", "expected"),
    [
        (f"Delivered-To: {SUPPORT}\r\nX-Original-To: {BILLING}\r\n", BILLING, BILLING),
        (f"Delivered-To: {SUPPORT}\r\n", BILLING, BILLING),
        (f"X-Original-To: {BILLING}\r\nDelivered-To: {SUPPORT}\r\n", "list@elsewhere.test", BILLING),
        (f"Delivered-To: {SUPPORT}\r\n", f"{SUPPORT}, {BILLING}", SUPPORT),
        ("", f"{BILLING}, {SUPPORT}", BILLING),
        (f"Delivered-To: {SUPPORT}\r\n", "list@elsewhere.test", SUPPORT),
    ],
)
def test_the_address_that_was_written_to_counts_not_the_account_it_is_delivered_into(
    desk: Desk, mailbox: int, trace: str, to: str, expected: str
) -> None:
    """Postfix names the account in ``Delivered-To`` when it expands an alias."""
    with desk.database.writing() as session:
        session.add(Team(id=1, name="Accounts"))
        session.flush()
        session.add(MailboxAddress(mailbox_id=mailbox, address=BILLING, team_id=1))
    receive(desk, mailbox, trace.encode() + mail(1, to=to))
    with desk.database.reading() as session:
        ticket = session.get_one(Ticket, 1)
        assert (ticket.company_address, ticket.team_id) == (expected, 1 if expected == BILLING else None)


def test_people_and_organisations(desk: Desk, mailbox: int) -> None:
    receive(
        desk,
        mailbox,
        mail(1, sender="ANNA@Customer.test"),
        mail(2, sender="Anna Abel <anna@customer.test>"),
        mail(3, sender="x@gmail.com"),
    )
    with desk.database.reading() as session:
        people = session.exec(select(Person).order_by(Person.id)).all()
        organization = session.exec(select(Organization)).one()
    assert [person.organization_id for person in people] == [organization.id, None]
    assert {ticket.requester_id for ticket in desk.tickets()} == {person.id for person in people}


def test_addresses_of_a_removed_mailbox_are_not_ours(desk: Desk, mailbox: int) -> None:
    old = desk.add_mailbox(None, BILLING, state="removed")
    with desk.database.writing() as session:
        session.add(MailboxAddress(mailbox_id=old, address="old@desk.test"))
    (entry,) = receive(desk, mailbox, mail(1, sender="old@desk.test"))
    assert entry.verdict == "created"


def test_an_agents_forward_belongs_to_whoever_wrote_the_original(desk: Desk, mailbox: int) -> None:
    with desk.database.writing() as session:
        session.add(Agent(login="ben", email="ben@desk.test", created_at=utc_now()))
    body = (
        "Please look.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Dora Dahl <dora@client.test>\r\n"
        "Date: Fri, 20 Nov 2026 at 09:00\r\nSubject: Screen is dark\r\nTo: ben@desk.test\r\n\r\nMy screen is dark.\r\n"
    )
    receive(desk, mailbox, mail(1, sender="Ben <ben@desk.test>", subject="Fwd: Screen is dark", body=body))
    (ticket,) = desk.tickets()
    assert (ticket.requester_name, ticket.subject) == ("Dora Dahl", "Screen is dark")
    assert desk.messages()[0].marks == ["unverified"]


def test_explain_tells_and_writes_nothing(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    before = (len(desk.tickets()), len(desk.entries()))
    raw = reply("r", "1")
    told = explain_decision(desk.database, parse(raw), raw)
    assert (told["action"], told["ticket"]) == ("joined", 1)
    assert told["evidence"][0]["sentence"]
    raw = mail("new", sender="new@else.test")
    assert explain_decision(desk.database, parse(raw), raw) == {
        "action": "created",
        "ticket": None,
        "evidence": [],
    }
    assert (len(desk.tickets()), len(desk.entries())) == before
    receive(desk, mailbox, mail(2))
    assert [ticket.id for ticket in desk.tickets()] == [1, 2]


def test_event_chains_are_whole(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1), reply("a", "1"), reply("b", "1"))
    receive(desk, mailbox, reply("c", "1"))
    with desk.database.reading() as session:
        events = session.exec(select(Event).where(Event.stream == "ticket:1").order_by(Event.position)).all()
    assert len(events) == 4
    assert first_broken(events) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@x.test\r\nSubject: \x00\xff\xfe\r\nMessage-ID: <\x00@x>\r\n\r\n\x00\xed\xa0\x80\r\n",
        b'From: "a\x00b" <a\x00@x.test>\r\nTo: "\r\nSubject: =?utf-8?b?7aCA?=\r\n\r\nx',
        b"From: a@x.test\r\nSubject: " + b"x" * 200_000 + b"\r\n\r\nx",
        b"From: " + b"a@x.test, " * 3000 + b"\r\nTo: " + b"b@x.test, " * 3000 + b"\r\n\r\nx",
        b"\xff" * 5000,
        b"From: a@x.test\r\nIn-Reply-To: <td.999999999999999999.1.aaaaaaaaaaaaaaaaaaaaaaaaaa@x>\r\nSubject: [#99999999999]\r\n\r\nx",
    ],
)
def test_hostile_mail_ends_with_a_verdict_and_stops_nothing(desk: Desk, mailbox: int, raw: bytes) -> None:
    entries = receive(desk, mailbox, mail(1), raw, mail(2))
    assert [entries[0].verdict, entries[2].verdict] == ["created", "created"]
    assert entries[1].verdict in ("created", "suspended")
