"""A copy of what was sent in the Sent folder: once, where the provider makes none, and nothing is sent again for it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.support.smtp_sink import SmtpSink
from tests.workers.desk import SUPPORT, Desk
from tests.workers.test_send import QUICK, once, put, states_are
from tui_desk.core.clock import utc_now
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.mail.providers import keeps_sent
from tui_desk.services import sent_copies
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.leasing import Leases
from tui_desk.workers.sent_copies import SentCopies

pytestmark = pytest.mark.dovecot


def add(desk: Desk, dovecot: Dovecot, sink: SmtpSink, **settings: Any) -> int:
    return desk.add_mailbox(
        dovecot, smtp_host=sink.host, smtp_port=sink.port, smtp_security="none", start="now", **settings
    )


def copies(dovecot: Dovecot) -> int:
    server = ServerAddress(dovecot.host, dovecot.imap_port, Security.NONE)
    with open_mailbox(server, Credentials(SUPPORT, dovecot.users[SUPPORT])) as imap:
        folder = imap.sent_folder() or "Sent"
        if folder not in imap.folders():
            return 0
        imap.select(folder, read_only=True)
        return len(imap.uids())


def test_a_copy_once_even_when_it_was_not_noted(desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink) -> None:
    mailbox = add(desk, dovecot, smtp_sink)
    old = put(desk, mailbox, number=1)
    before = copies(dovecot)
    assert once(desk) == (1, 0, 0)
    assert copies(dovecot) == before + 1
    once(desk)
    assert copies(dovecot) == before + 1
    with desk.database.writing() as session:  # as after a death between the copy and its note
        sent_copies._write(session, mailbox, 0, [])
        assert [each.outbox_id for each in sent_copies.missing(session, mailbox, utc_now())] == [old]
    once(desk)
    assert copies(dovecot) == before + 1
    with desk.database.reading() as session:
        assert not sent_copies.missing(session, mailbox, utc_now())
    assert len(smtp_sink.mails) == 1


def test_a_copy_that_cannot_be_made_is_told_and_sends_nothing_again(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    mailbox = add(desk, dovecot, smtp_sink)
    out = put(desk, mailbox)
    right = desk.mailbox(mailbox).imap_port
    desk.change_mailbox(mailbox, imap_port=1)
    assert once(desk) == (1, 0, 0)
    assert states_are(desk, out, "sent")
    with desk.database.reading() as session:
        assert "refuses connections" in sent_copies.problem_of(session, mailbox)
    desk.change_mailbox(mailbox, imap_port=right)
    before = copies(dovecot)
    once(desk)
    assert copies(dovecot) == before + 1
    with desk.database.reading() as session:
        assert sent_copies.problem_of(session, mailbox) == ""
    assert len(smtp_sink.mails) == 1


@pytest.mark.parametrize("wish", ["no", "yes"])
def test_a_wish_comes_before_what_is_known(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink, wish: str
) -> None:
    mailbox = add(desk, dovecot, smtp_sink)
    with desk.database.writing() as session:
        sent_copies.set_wish(session, mailbox, wish)
    put(desk, mailbox)
    before = copies(dovecot)
    once(desk)
    assert copies(dovecot) - before == (wish == "yes")
    assert keeps_sent("smtp.gmail.com")
    assert keeps_sent("smtp.office365.com")
    assert not keeps_sent("mail.example.org")


def test_what_was_sent_before_gets_none_and_a_running_worker_makes_the_rest(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_desk.workers.sent_copies.EVERY_SECONDS", 0.1)
    mailbox = add(desk, dovecot, smtp_sink)
    with desk.database.writing() as session:
        sent_copies.set_wish(session, mailbox, "no")
    put(desk, mailbox, number=1)
    once(desk)
    before = copies(dovecot)
    with desk.database.writing() as session:
        sent_copies.set_wish(session, mailbox, "auto")
    context = WorkerContext(desk.database, threading.Event(), Leases(desk.database, utc_now), once=True)
    SentCopies(context).begin()
    out = put(desk, mailbox, number=2)
    with desk.running_worker(schedule=QUICK):
        wait_until(lambda: states_are(desk, out, "sent"), what="sending")
        wait_until(lambda: copies(dovecot) == before + 1, what="the copy")
