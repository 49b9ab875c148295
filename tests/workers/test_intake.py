"""From stored bytes to tickets: where a mail belongs, what it does to the ticket, and what must never happen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.support.history import first_broken
from tests.workers.desk import BILLING, SUPPORT, Desk, mail
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.db.blobs import blob_row
from tui_desk.mail.message_id import make_message_id
from tui_desk.mail.parse import parse
from tui_desk.models import (
    Agent,
    Delivery,
    Event,
    IntakeEntry,
    MailboxAddress,
    Organization,
    OutboxItem,
    Person,
    PersonAddress,
    Team,
    Ticket,
    TicketLink,
    TicketMailbox,
    Watcher,
)
from tui_desk.services import ledger
from tui_desk.services.actor import MAIL
from tui_desk.services.identity import message_secret
from tui_desk.services.intake import explain_decision, process_unfinished
from tui_desk.services.outbox import enqueue
from tui_desk.services.ticket_view import show


def receive(desk: Desk, mailbox: int, *raws: bytes) -> list[IntakeEntry]:
    """What the fetch worker stores, processed; answers the new ledger rows."""
    place = ledger.Place(ledger.mailbox_source(mailbox), "INBOX", 1, mailbox)
    with desk.database.writing() as session:
        first = max(ledger.known_uids(session, place), default=0) + 1
        arrivals = [
            ledger.Arrival(first + number, blob_row(raw), utc_now(), len(raw))
            for number, raw in enumerate(raws)
        ]
        assert ledger.store(session, place, arrivals) == len(raws)
        assert ledger.store(session, place, arrivals) == 0
    while process_unfinished(desk.database, utc_now).total:
        pass
    return desk.entries()[-len(raws) :]


@pytest.fixture
def mailbox(desk: Desk) -> int:
    return desk.add_mailbox(None)


def reply(number: str, parent: str, **options: str) -> bytes:
    return mail(number, extra=f"In-Reply-To: <m{parent}@customer.test>\r\n", **options)


def test_an_answer_joins_and_opens_what_waited(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    for number, (before, after) in enumerate(
        (("pending", "open"), ("on_hold", "open"), ("resolved", "open"), ("open", "open"))
    ):
        _set_status(desk, 1, before)
        (entry,) = receive(desk, mailbox, reply(f"r{number}", "1"))
        assert (entry.verdict, entry.ticket_id) == ("joined", 1)
        assert desk.tickets()[0].status == after
    assert desk.tickets()[0].requester_waiting


def test_an_absence_notice_opens_nothing(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    for status in ("resolved", "closed"):
        _set_status(desk, 1, status)
        notice = mail(status, extra="In-Reply-To: <m1@customer.test>\r\nAuto-Submitted: auto-replied\r\n")
        (entry,) = receive(desk, mailbox, notice)
        assert (entry.verdict, desk.tickets()[0].status) == ("joined", status)


def test_mail_to_a_closed_ticket_opens_a_follow_up(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    _set_status(desk, 1, "closed")
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


def _set_status(desk: Desk, number: int, status: str) -> None:
    from tui_desk.models import Ticket

    with desk.database.writing() as session:
        session.get_one(Ticket, number).status = status


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


def _named(number: str, identifier: str) -> bytes:
    """By a colleague of the first mail's author."""
    return mail(number, sender="boss@customer.test", extra=f"References: <{identifier}>\r\n")


@pytest.mark.parametrize("broken", ["@", "1", "INJECTED", "@customer.test"])
def test_an_id_that_a_broken_program_gives_every_mail_brings_nobody_together(
    desk: Desk, mailbox: int, broken: str
) -> None:
    """Two people of one company who use the same program; each names an id that the first one's mail has, too."""
    first = mail("1").replace(b"<m1@customer.test>", f"<{broken}>".encode())
    entries = receive(desk, mailbox, first, _named("2", broken))
    assert [entry.verdict for entry in entries] == ["created", "created"]


def test_an_id_without_a_host_that_is_long_enough_is_believed(desk: Desk, mailbox: int) -> None:
    """Such as some gateways write."""
    own = "OF2A11B77C.0032F4A1-ONC1257"
    first = mail("1").replace(b"<m1@customer.test>", f"<{own}>".encode())
    entries = receive(desk, mailbox, first, _named("2", own))
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


def test_bounces_of_our_own_mail_join_and_mark_the_recipient(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    with desk.database.writing() as session:
        ours = make_message_id(1, 5, message_secret(session), "desk.test")
        out = enqueue(
            session,
            mime=b"x",
            rfc_message_id=ours,
            envelope_from=SUPPORT,
            recipients=["anna@customer.test", "cora@partner.test"],
            now=utc_now(),
            ticket_id=1,
            mailbox_id=mailbox,
        )
    (early,) = receive(desk, mailbox, bounce(ours, "anna@customer.test"))
    assert (early.verdict, early.ticket_id) == ("joined", 1)
    _set_delivery(desk, "cora@partner.test", "sent")
    (entry,) = receive(desk, mailbox, bounce(ours, "cora@partner.test"))
    assert (entry.verdict, entry.ticket_id) == ("joined", 1)
    with desk.database.reading() as session:
        states = {
            row.address: row.state for row in session.exec(select(Delivery).where(Delivery.outbox_id == out))
        }
        actions = [event.action for event in session.exec(select(Event).where(Event.stream == "ticket:1"))]
    assert states == {"anna@customer.test": "queued", "cora@partner.test": "bounced"}
    assert "bounced" in actions
    assert len(desk.tickets()) == 1
    (foreign,) = receive(desk, mailbox, bounce("never@elsewhere.test", "nobody@x.test"))
    assert (foreign.verdict, foreign.cause) == ("suspended", "foreign_report")


def _set_delivery(desk: Desk, address: str, state: str) -> None:
    with desk.database.writing() as session:
        for row in session.exec(select(Delivery).where(Delivery.address == address)):
            row.state = state


def test_receipts_for_mail_of_others_are_held_back_and_complaints_are_tickets(
    desk: Desk, mailbox: int
) -> None:
    receive(desk, mailbox, mail(1))
    with desk.database.writing() as session:
        ours = make_message_id(1, 5, message_secret(session), "desk.test")
        enqueue(
            session,
            mime=b"x",
            rfc_message_id=ours,
            envelope_from=SUPPORT,
            recipients=["anna@customer.test"],
            now=utc_now(),
            ticket_id=1,
            mailbox_id=mailbox,
        )
    _set_delivery(desk, "anna@customer.test", "sent")
    read = (
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n'
        "MIME-Version: 1.0\r\n"
    )
    told = (
        "--b\r\nContent-Type: text/plain\r\n\r\nIt was displayed.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        "Final-Recipient: rfc822; anna@customer.test\r\nOriginal-Message-ID: <{id}>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    )
    delivered = bounce("never@elsewhere.test", "anna@customer.test")
    for failure, success in (
        (b"failed", b"delivered"), (b"5.1.1", b"2.1.5"), (b"550 gone", b"250 ok"), (b"could not be", b"was"),
        (b"Undelivered Mail Returned to Sender", b"Successful Mail Delivery Report"),
    ):  # fmt: skip
        delivered = delivered.replace(failure, success)
    complaint = read.replace("disposition-notification", "feedback-report")
    about = "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n--b--\r\n"
    mine, other, arrived, abuse = receive(
        desk,
        mailbox,
        mail("r1", extra=read, body=told.format(id=ours)),
        mail("r2", extra=read, body=told.format(id="letter@elsewhere.test")),
        delivered,
        mail("c", sender="fbl@isp.test", extra=complaint, body=about),
    )
    assert (mine.verdict, mine.ticket_id) == ("joined", 1)
    assert (other.verdict, other.cause) == ("suspended", "foreign_report")
    assert (arrived.verdict, arrived.cause) == ("suspended", "foreign_report")
    assert (abuse.verdict, abuse.ticket_id) == ("created", 2)


def test_a_report_that_names_only_a_recipient_changes_no_delivery(desk: Desk, mailbox: int) -> None:
    receive(desk, mailbox, mail(1))
    with desk.database.writing() as session:
        enqueue(
            session,
            mime=b"x",
            rfc_message_id=make_message_id(1, 5, message_secret(session), "desk.test"),
            envelope_from=SUPPORT,
            recipients=["anna@customer.test"],
            now=utc_now(),
            ticket_id=1,
            mailbox_id=mailbox,
        )
    _set_delivery(desk, "anna@customer.test", "sent")
    (guess,) = receive(desk, mailbox, bounce("unknown@x.test", "anna@customer.test"))
    assert (guess.verdict, guess.ticket_id) == ("created", 2), "anybody can write such a report"
    assert desk.messages()[-1].marks == ["unverified"]
    with desk.database.writing() as session:
        link = session.exec(select(TicketLink)).one()
        assert (link.from_id, link.to_id, link.kind) == (2, 1, "suggested")
        assert [row.state for row in session.exec(select(Delivery))] == ["sent"]
        reporter = session.exec(
            select(PersonAddress.person_id).where(PersonAddress.address == "mailer-daemon@mx.test")
        ).one()
        session.get_one(Person, reporter).blocked = True
    (blocked,) = receive(desk, mailbox, bounce("other@x.test", "anna@customer.test"))
    assert blocked.verdict == "suspended"


def test_a_report_about_somebody_with_several_tickets_is_offered_to_the_last_one_written_in(
    desk: Desk, mailbox: int
) -> None:
    receive(desk, mailbox, mail(1), mail(2))
    with desk.database.writing() as session:
        for number in (1, 2):
            enqueue(
                session,
                mime=b"x",
                rfc_message_id=make_message_id(number, 5, message_secret(session), "desk.test"),
                envelope_from=SUPPORT,
                recipients=["anna@customer.test"],
                now=utc_now(),
                ticket_id=number,
                mailbox_id=mailbox,
            )
    _set_delivery(desk, "anna@customer.test", "sent")
    (guess,) = receive(desk, mailbox, bounce("unknown@x.test", "anna@customer.test"))
    assert (guess.verdict, guess.ticket_id) == ("created", 3), "not put aside as about nothing of ours"
    with desk.database.reading() as session:
        link = session.exec(select(TicketLink)).one()
        assert (link.from_id, link.to_id, link.kind) == (3, 2, "suggested")


def test_addresses_of_a_removed_mailbox_are_not_ours(desk: Desk, mailbox: int) -> None:
    old = desk.add_mailbox(None, BILLING, state="removed")
    with desk.database.writing() as session:
        session.add(MailboxAddress(mailbox_id=old, address="old@desk.test"))
    (entry,) = receive(desk, mailbox, mail(1, sender="old@desk.test"))
    assert entry.verdict == "created"


def bounce(original: str, recipient: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.test\r\nTo: support@desk.test\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <b{hash(original)}@mx.test>\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 gone\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def test_acknowledgement_once_an_hour_and_never_to_machines(desk: Desk) -> None:
    mailbox = desk.add_mailbox(
        None, acknowledge=True, acknowledgement="Your number is {ticket.number}: {ticket.subject}"
    )
    receive(
        desk,
        mailbox,
        mail(1, subject="buy pills"),
        mail(2),
        mail(3, sender="b@x.test", extra="Precedence: bulk\r\n"),
        mail(4, sender="c@x.test", extra="List-Id: <l.x.test>\r\n"),
        mail(5, sender="noreply@x.test"),
        mail(6, sender="d@x.test", extra="Auto-Submitted: auto-generated\r\n"),
    )
    with desk.database.reading() as session:
        (item,) = session.exec(select(OutboxItem)).all()
        from tui_desk.db.blobs import load_blob

        raw = load_blob(session, item.mime_sha256)
    assert item.automatic
    parsed = parse(raw)
    assert parsed.auto_submitted == "auto-replied"
    assert "Your number is 1" in parsed.text
    assert "pills" not in raw.decode()
    assert parsed.in_reply_to == "m1@customer.test"
    later = utc_now() + timedelta(hours=2)
    with desk.database.writing() as session:
        from tui_desk.models import Acknowledged

        session.get_one(Acknowledged, "anna@customer.test").at = later - timedelta(hours=4)
    receive(desk, mailbox, mail(7))
    with desk.database.reading() as session:
        assert len(session.exec(select(OutboxItem)).all()) == 2


@pytest.mark.parametrize(
    "address",
    ["a@b@c.test", "a,b@x.test", "a[b]@x.test", "a" * 70 + "@x.test", "a@" + "x" * 80 + "\u00e9.test"],
)
def test_an_author_whom_no_mail_can_reach_stops_nothing(desk: Desk, address: str) -> None:
    mailbox = desk.add_mailbox(None, acknowledge=True)
    entries = receive(desk, mailbox, mail(1), mail(2, sender=f"<{address}>"), mail(3, sender="b@x.test"))
    assert [entry.verdict for entry in entries] == ["created"] * 3
    with desk.database.reading() as session:
        answered = {row.address for row in session.exec(select(Delivery))}
    assert answered == {"anna@customer.test", "b@x.test"}


def test_an_acknowledgement_that_cannot_be_composed_costs_no_mail(desk: Desk) -> None:
    mailbox = desk.add_mailbox(None, "our@wrong@desk.test", acknowledge=True)
    entries = receive(desk, mailbox, mail(1), mail(2, sender="b@x.test"))
    assert [entry.verdict for entry in entries] == ["created"] * 2
    with desk.database.reading() as session:
        assert session.exec(select(OutboxItem)).all() == []
        assert len(desk.messages()) == 2


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
