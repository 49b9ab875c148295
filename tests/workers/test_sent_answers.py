"""Answers that an agent wrote in a mail program: seen in Sent, so that what the customer writes back joins."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.mail.parse import parse
from tui_desk.models import MailIdentifier
from tui_desk.services.sent_answers import ANSWERED, Seen, seen_answers

pytestmark = pytest.mark.dovecot


def answer(number: int | str, answered: str, *, fields: str = "", body: str = "It is fixed.") -> bytes:
    """What a mail program puts into Sent: nothing of ours, nobody of ours in Cc."""
    return mail(
        f"answer{number}",
        sender="Support <support@desk.test>",
        to="anna@customer.test",
        subject="Something quite different",
        extra=fields or f"In-Reply-To: <{answered}>\r\n",
        body=body,
    )


def back(number: int | str, answered: str) -> bytes:
    """The customer's answer to that: another subject, and no other id than the last one."""
    return mail(
        f"back{number}",
        subject="And another thing",
        extra=f"In-Reply-To: <{answered}>\r\n",
        body="Not quite.",
    )


def answered_ids(desk: Desk) -> list[tuple[str, int]]:
    with desk.database.reading() as session:
        rows = session.exec(
            select(MailIdentifier).where(MailIdentifier.origin == ANSWERED).order_by(col(MailIdentifier.id))
        )
        return [(row.rfc_message_id, row.ticket_id) for row in rows]


def test_the_answer_to_an_answer_from_a_mail_program_joins(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(1), mail(2)])
    desk.sync()
    dovecot.deliver(SUPPORT, answer(1, "m1@customer.test"), folder="Sent")
    assert desk.sync().created == 0, "it is no mail to us"
    first, second = desk.tickets()
    assert answered_ids(desk) == [("manswer1@customer.test", first.id)]
    dovecot.deliver(SUPPORT, back(1, "manswer1@customer.test"))
    assert desk.sync().joined == 1
    (_one, _two, joined) = desk.messages()
    assert joined.ticket_id == first.id
    assert joined.evidence[0]["kind"] == "sent_message_id"
    # Who takes no part gains nothing by knowing it.
    stranger = back(2, "manswer1@customer.test").replace(b"anna@customer.test", b"eve@evil.test")
    dovecot.deliver(SUPPORT, stranger)
    assert desk.sync().created == 1
    assert second.id is not None


def test_only_what_is_answered_directly_counts(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    # A stranger's mail that never became a ticket named a ticket's mail; the mail program copied that.
    copied = "In-Reply-To: <stranger@evil.test>\r\nReferences: <m1@customer.test> <stranger@evil.test>\r\n"
    dovecot.deliver_many(
        SUPPORT,
        [
            answer(1, "", fields=copied),
            answer(2, "", fields="References: <m1@customer.test> <stranger@evil.test>\r\n"),
            answer(3, "", fields="X-Nothing: x\r\n"),
            b"Subject: no id\r\nIn-Reply-To: <m1@customer.test>\r\n\r\nx\r\n",
            b"\xff\x00 no mail at all",
        ],
        folder="Sent",
    )
    desk.sync()
    assert answered_ids(desk) == []
    dovecot.deliver(
        SUPPORT, answer(4, "", fields="References: <x@y.test>\r\n <m1@customer.test>\r\n"), folder="Sent"
    )
    desk.sync()
    assert answered_ids(desk) == [("manswer4@customer.test", desk.tickets()[0].id)]


def test_each_mail_is_looked_at_once_and_a_long_folder_in_parts(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_desk.workers.sent_answers.AT_ONCE", 3)
    looked_at: list[bytes] = []
    monkeypatch.setattr(
        "tui_desk.mail.imap_sent.parse",
        lambda raw: looked_at.append(raw) or parse(raw),  # type: ignore[func-returns-value]
    )
    mailbox = desk.add_mailbox(dovecot)
    dovecot.deliver(SUPPORT, mail(1))
    dovecot.deliver_many(SUPPORT, [answer(n, "m1@customer.test") for n in range(7)], folder="Sent")
    for expected in (3, 6, 7, 7):
        desk.sync()
        assert (len(looked_at), len(answered_ids(desk))) == (expected, expected)
    with desk.database.reading() as session:
        seen = seen_answers(session, mailbox)
    assert (seen.folder, seen.uid) == ("Sent", 7)
    dovecot.renew_uidvalidity(SUPPORT, "Sent")
    for _look in range(3):
        desk.sync()
    assert len(answered_ids(desk)) == 7
    with desk.database.reading() as session:
        assert seen_answers(session, mailbox).uidvalidity != seen.uidvalidity


def test_a_copy_of_the_same_mail_is_no_second_mail_with_its_id(desk: Desk, dovecot: Dovecot) -> None:
    """An agent who answers in a mail program often has the desk in Cc."""
    desk.add_mailbox(dovecot)
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    written = answer(1, "m1@customer.test").replace(b"support@desk.test", b"bert@customer.test")
    dovecot.deliver(SUPPORT, written, folder="Sent")
    desk.sync()
    assert len(answered_ids(desk)) == 1
    dovecot.deliver(SUPPORT, written)
    assert desk.sync().joined == 1
    copy = desk.messages()[-1]
    assert "same_message_id" not in copy.marks
    with desk.database.reading() as session:
        row = session.exec(
            select(MailIdentifier).where(MailIdentifier.rfc_message_id == "manswer1@customer.test")
        ).one()
        assert (row.origin, row.message_id) == ("received", copy.id)


def test_the_folder_that_is_read_is_not_looked_through_again(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot, folder="Sent")
    dovecot.deliver(SUPPORT, mail(1), folder="Sent")
    assert desk.sync().created == 1
    with desk.database.reading() as session:
        assert seen_answers(session, mailbox) == Seen()


def test_a_folder_that_cannot_be_read_keeps_no_mail_away(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(1), mail(2)])
    folder = dovecot.maildir(SUPPORT, "Sent")
    folder.chmod(0)
    try:
        with desk.running_worker():
            wait_until(lambda: len(desk.tickets()) == 2, what="the tickets")
            dovecot.deliver(SUPPORT, mail(3))
            wait_until(lambda: len(desk.tickets()) == 3, what="the third ticket")
        assert desk.mailbox(mailbox).last_problem == ""
    finally:
        folder.chmod(0o700)
    with desk.database.reading() as session:
        assert seen_answers(session, mailbox) == Seen()


def test_a_running_worker_looks_by_itself(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_desk.workers.sent_answers.EVERY_SECONDS", 0.0)
    desk.add_mailbox(dovecot, poll_seconds=1)
    dovecot.deliver(SUPPORT, mail(1))
    with desk.running_worker():
        wait_until(lambda: len(desk.tickets()) == 1, what="the ticket")
        dovecot.deliver(SUPPORT, answer(1, "m1@customer.test"), folder="Sent")
        wait_until(lambda: len(answered_ids(desk)) == 1, what="the answer in Sent")
        dovecot.deliver(SUPPORT, back(1, "manswer1@customer.test"))
        wait_until(lambda: len(desk.messages()) == 2, what="the answer to it")
    assert len(desk.tickets()) == 1
