"""Answers that an agent wrote in a mail program: seen in Sent, so that what the customer writes back joins."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.ports import wait_until
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.db.secrets import encrypt
from tui_desk.mail.parse import parse
from tui_desk.models import Agent, MailboxAddress, MailIdentifier
from tui_desk.services.sent_answers import ANSWERED, Seen, seen_answers

OTHER = "billing@desk.test"

pytestmark = pytest.mark.dovecot


def answer(
    number: int | str,
    answered: str,
    *,
    fields: str = "",
    body: str = "It is fixed.",
    sender: str = "Support <support@desk.test>",
) -> bytes:
    """What a mail program puts into Sent: nothing of ours, nobody of ours in Cc."""
    return mail(
        f"answer{number}",
        sender=sender,
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


def add_agent(desk: Desk, email: str, *, active: bool = True) -> None:
    with desk.database.writing() as session:
        session.add(
            Agent(login=email, email=email, role=Role.AGENT.value, active=active, created_at=utc_now())
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


def test_one_run_knows_the_answer_before_it_reads_what_came_back(desk: Desk, dovecot: Dovecot) -> None:
    """As cron does it: the agent answered and the customer wrote back, both since the last run."""
    desk.add_mailbox(dovecot)
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    dovecot.deliver(SUPPORT, answer(1, "m1@customer.test"), folder="Sent")
    dovecot.deliver_many(SUPPORT, [back(1, "manswer1@customer.test"), mail(2)])
    dovecot.deliver(SUPPORT, answer(2, "m2@customer.test"), folder="Sent")
    done = desk.sync()
    assert (done.created, done.joined) == (1, 1)
    first, second = desk.tickets()
    assert [message.ticket_id for message in desk.messages()] == [first.id, first.id, second.id]
    assert answered_ids(desk) == [
        ("manswer1@customer.test", first.id),
        ("manswer2@customer.test", second.id),
    ], "what answers mail of this very run is known after it"


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
        lambda raw: looked_at.append(raw) or parse(raw),
    )
    mailbox = desk.add_mailbox(dovecot)
    dovecot.deliver(SUPPORT, mail(1))
    dovecot.deliver_many(SUPPORT, [answer(n, "m1@customer.test") for n in range(10)], folder="Sent")
    for expected in (3, 9, 10, 10):
        desk.sync()
        assert (len(looked_at), len(answered_ids(desk))) == (expected, expected)
    with desk.database.reading() as session:
        seen = seen_answers(session, mailbox)
    assert (seen.folder, seen.uid) == ("Sent", 10)
    dovecot.renew_uidvalidity(SUPPORT, "Sent")
    for _look in range(3):
        desk.sync()
    assert len(answered_ids(desk)) == 10
    with desk.database.reading() as session:
        assert seen_answers(session, mailbox).uidvalidity != seen.uidvalidity


def test_a_copy_of_the_same_mail_is_no_second_mail_with_its_id(desk: Desk, dovecot: Dovecot) -> None:
    """An agent who answers in a mail program often has the desk in Cc."""
    desk.add_mailbox(dovecot, authserv_id="mx.desk.test")
    add_agent(desk, "bert@customer.test")
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    written = answer(1, "m1@customer.test").replace(b"support@desk.test", b"bert@customer.test")
    dovecot.deliver(SUPPORT, written, folder="Sent")
    desk.sync()
    assert len(answered_ids(desk)) == 1
    vouched = b"Authentication-Results: mx.desk.test; dmarc=pass header.from=customer.test\r\n"
    dovecot.deliver(SUPPORT, vouched + written)
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


def test_an_answer_to_mail_that_is_not_fetched_yet_is_noted_when_it_is(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot)
    dovecot.deliver_many(
        SUPPORT, [answer(1, "m1@customer.test"), answer(2, "never@customer.test")], folder="Sent"
    )
    desk.sync()
    assert answered_ids(desk) == []
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    assert answered_ids(desk) == [("manswer1@customer.test", desk.tickets()[0].id)]
    with desk.database.reading() as session:
        seen = seen_answers(session, mailbox)
    assert seen.uid == 2
    assert [uid for uid, _since in seen.waiting] == [2]
    dovecot.deliver(SUPPORT, back(1, "manswer1@customer.test"))
    assert desk.sync().joined == 1


def test_answers_to_unknown_mail_wait_for_an_hour_and_the_newest_two_hundred(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_desk.workers.sent_answers.MAX_WAITING", 2)
    mailbox = desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [answer(n, f"m{n}@customer.test") for n in range(1, 4)], folder="Sent")
    desk.sync()
    with desk.database.reading() as session:
        assert [uid for uid, _since in seen_answers(session, mailbox).waiting] == [2, 3]
    dovecot.deliver_many(SUPPORT, [mail(1), mail(2)])
    desk.sync()
    assert [identifier for identifier, _ticket in answered_ids(desk)] == ["manswer2@customer.test"]
    monkeypatch.setattr("tui_desk.workers.sent_answers.WAITED_SECONDS", 0)
    desk.sync()
    with desk.database.reading() as session:
        assert seen_answers(session, mailbox) == Seen("Sent", seen_answers(session, mailbox).uidvalidity, 3)


def test_only_answers_from_the_desk_and_its_agents_count(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot)
    with desk.database.writing() as session:
        session.add(MailboxAddress(mailbox_id=mailbox, address="Sales@desk.test"))
    add_agent(desk, "jane@desk.test")
    add_agent(desk, "gone@desk.test", active=False)
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    senders = ("eve@evil.test", "sales@desk.test", "Jane <JANE@desk.test>", "gone@desk.test", "undisclosed:;")
    both = "jane@desk.test, eve@evil.test"
    dovecot.deliver_many(
        SUPPORT,
        [answer(n, "m1@customer.test", sender=sender) for n, sender in enumerate((*senders, both))],
        folder="Sent",
    )
    desk.sync()
    assert [identifier for identifier, _ticket in answered_ids(desk)] == [
        "manswer1@customer.test",
        "manswer2@customer.test",
    ]


def test_the_id_of_a_mail_received_in_another_ticket_is_no_answer(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(1), mail(2)])
    desk.sync()
    redirected = answer(1, "m1@customer.test").replace(b"<manswer1@", b"<m2@")
    dovecot.deliver(SUPPORT, redirected, folder="Sent")
    desk.sync()
    assert answered_ids(desk) == []


def test_a_folder_of_another_name_is_found_by_the_same_worker(
    desk: Desk, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A renamed folder on the same connection, then another account that has neither name."""
    monkeypatch.setattr("tui_desk.workers.sent_answers.EVERY_SECONDS", 0.0)
    with running_dovecot(certificates, sent_folders=("Outgoing", "Posted", "Dispatched")) as dovecot:
        mailbox = desk.add_mailbox(dovecot, poll_seconds=1)
        dovecot.deliver(SUPPORT, mail(1))
        dovecot.deliver(SUPPORT, answer(1, "m1@customer.test"), folder="Outgoing")
        with desk.running_worker():
            wait_until(lambda: len(answered_ids(desk)) == 1, what="the answer in the first folder")
            old = dovecot.maildir(SUPPORT, "Outgoing")
            old.rename(old.with_name(".Elsewhere"))
            dovecot.deliver(SUPPORT, answer(2, "m1@customer.test"), folder="Posted")
            wait_until(lambda: len(answered_ids(desk)) == 2, what="the answer in the renamed folder")
            dovecot.deliver(OTHER, answer(3, "m1@customer.test"), folder="Dispatched")
            password = encrypt(desk.database.url, dovecot.users[OTHER])
            desk.change_mailbox(mailbox, imap_user=OTHER, password_secret=password)
            wait_until(lambda: len(answered_ids(desk)) == 3, what="the answer in the other account")
