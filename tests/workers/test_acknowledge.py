"""The acknowledgement of a new ticket: true for the sender it leaves by, never to machines, in the ticket's history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from tests.workers.desk import Desk, mail
from tests.workers.mail_in import receive
from tui_desk.core.clock import utc_now
from tui_desk.db.blobs import load_blob
from tui_desk.mail.parse import parse
from tui_desk.models import (
    Acknowledged,
    Delivery,
    Event,
    Mailbox,
    OutboxItem,
    Setting,
)
from tui_desk.services import audit
from tui_desk.services.event_text import sentence
from tui_desk.services.settings_store import FALLBACK_SENDER


def sent_text(desk: Desk) -> tuple[str, str]:
    """The sender and the text of the one mail in the outbox."""
    with desk.database.reading() as session:
        (item,) = session.exec(select(OutboxItem)).all()
        parsed = parse(load_blob(session, item.mime_sha256))
    (message,) = [one for one in desk.messages() if one.direction == "out"]
    assert message.author_address == item.envelope_from == parsed.from_[0].address
    return item.envelope_from, parsed.text


def test_with_smtp_an_answer_is_welcome(desk: Desk) -> None:
    mailbox = desk.add_mailbox(None, acknowledge=True)
    with desk.database.writing() as session:
        session.get_one(Mailbox, mailbox).smtp_host = "smtp.desk.test"
    receive(desk, mailbox, mail(1))
    sender, text = sent_text(desk)
    assert sender == "support@desk.test"
    assert "answer this mail" in text


def test_a_one_way_sender_does_not_ask_for_an_answer(desk: Desk) -> None:
    mailbox = desk.add_mailbox(None, acknowledge=True)
    with desk.database.writing() as session:
        value = {"address": "no-reply@desk.test", "name": "Desk", "smtp_host": "smtp.desk.test"}
        session.add(Setting(key=FALLBACK_SENDER, value=value))
    receive(desk, mailbox, mail(1))
    sender, text = sent_text(desk)
    assert sender == "no-reply@desk.test"
    assert "answer this mail" not in text
    assert "support@desk.test" in text
    assert "[#1]" in text


def test_an_alert_of_a_monitoring_system_is_not_thanked_for(desk: Desk) -> None:
    mailbox = desk.add_mailbox(None, acknowledge=True)
    body = "***** Nagios *****\r\n\r\nNotification Type: PROBLEM\r\nService: disk\r\nHost: host1\r\nState: CRITICAL"
    alert = "** PROBLEM Service Alert: host1/disk is CRITICAL **"
    receive(desk, mailbox, mail(1, sender="nagios@customer.test", subject=alert, body=body))
    assert [message.direction for message in desk.messages()] == ["in"]


def test_with_no_way_out_yet_the_text_is_true_for_whichever_comes(desk: Desk) -> None:
    mailbox = desk.add_mailbox(None, acknowledge=True)
    receive(desk, mailbox, mail(1))
    sender, text = sent_text(desk)
    assert sender == "support@desk.test"
    assert "write to support@desk.test" in " ".join(text.split())


def test_an_acknowledgement_is_in_the_history(desk: Desk) -> None:
    mailbox = desk.add_mailbox(None, acknowledge=True)
    receive(desk, mailbox, mail(1), mail(2, sender="b@x.test"))
    with desk.database.reading() as session:
        events = session.exec(
            select(Event).where(Event.action == "acknowledged").order_by(col(Event.id))
        ).all()
        assert [event.stream for event in events] == ["ticket:1", "ticket:2"]
        assert sentence(events[0], {}) == "Mail confirmed to anna@customer.test that the message has arrived"
        assert audit.verify(session).broken == ()


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
        raw = load_blob(session, item.mime_sha256)
    assert item.automatic
    parsed = parse(raw)
    assert parsed.auto_submitted == "auto-replied"
    assert "Your number is 1" in parsed.text
    assert "pills" not in raw.decode()
    assert parsed.in_reply_to == "m1@customer.test"
    later = utc_now() + timedelta(hours=2)
    with desk.database.writing() as session:
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
