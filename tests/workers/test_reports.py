"""What mail servers and programs report: bounces, receipts and complaints, of our own mail and of others'."""

from __future__ import annotations

from sqlmodel import select

from tests.workers.desk import SUPPORT, Desk, mail
from tests.workers.mail_in import bounce, receive
from tui_desk.core.clock import utc_now
from tui_desk.mail.message_id import make_message_id
from tui_desk.models import Delivery, Event, Person, PersonAddress, TicketLink
from tui_desk.services.identity import message_secret
from tui_desk.services.outbox import enqueue


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
    set_delivery(desk, "cora@partner.test", "sent")
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


def set_delivery(desk: Desk, address: str, state: str) -> None:
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
    set_delivery(desk, "anna@customer.test", "sent")
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
    set_delivery(desk, "anna@customer.test", "sent")
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
    set_delivery(desk, "anna@customer.test", "sent")
    (guess,) = receive(desk, mailbox, bounce("unknown@x.test", "anna@customer.test"))
    assert (guess.verdict, guess.ticket_id) == ("created", 3), "not put aside as about nothing of ours"
    with desk.database.reading() as session:
        link = session.exec(select(TicketLink)).one()
        assert (link.from_id, link.to_id, link.kind) == (3, 2, "suggested")
