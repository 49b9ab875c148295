"""The acknowledgement of a new ticket: true for the sender it leaves by, and in the ticket's history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from tests.workers.desk import Desk, mail, open_desk
from tests.workers.test_intake import receive
from tui_desk.db.blobs import load_blob
from tui_desk.mail.parse import parse
from tui_desk.models import Event, Mailbox, OutboxItem, Setting
from tui_desk.services import audit
from tui_desk.services.event_text import sentence
from tui_desk.services.settings_store import FALLBACK_SENDER


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with open_desk(database_url) as opened:
        yield opened


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
