"""Mail from a real Dovecot becomes tickets, whole and once."""

from __future__ import annotations

import time

import pytest

from tests.support.dovecot import Dovecot
from tests.support.pace import in_time
from tests.support.ports import wait_until
from tests.workers.desk import BILLING, SUPPORT, Desk, mail

pytestmark = pytest.mark.dovecot


def test_new_mail_becomes_tickets_and_is_flagged(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(5)])
    first = desk.sync()
    assert (first.fetched, first.created) == (5, 5)
    assert desk.sync().fetched == 0
    assert [ticket.subject for ticket in desk.tickets()] == [f"Problem {number}" for number in range(5)]
    assert all(entry.settled_on_server for entry in desk.entries())
    names = [path.name for path in (dovecot.maildir(SUPPORT) / "cur").iterdir()]
    assert len(names) == 5
    assert all("S" in name.rpartition(",")[2] for name in names)


def test_mail_is_moved_where_that_is_wanted(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot, after_import="move:Done")
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(3)])
    assert desk.sync().created == 3
    assert dovecot.messages(SUPPORT) == []
    assert sorted(dovecot.messages(SUPPORT, "Done")) == sorted(mail(number) for number in range(3))


def test_a_change_of_uidvalidity_doubles_nothing(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    without_id = b"From: a@customer.test\r\nTo: support@desk.test\r\nSubject: no id\r\n\r\nHello\r\n"
    dovecot.deliver_many(SUPPORT, [*(mail(number) for number in range(4)), without_id])
    desk.sync()
    dovecot.renew_uidvalidity(SUPPORT)
    dovecot.deliver(SUPPORT, mail("new"))
    second = desk.sync()
    assert (second.fetched, second.created, second.duplicates) == (6, 1, 5)
    assert len(desk.messages()) == 6


def test_a_poison_mail_is_suspended_and_the_next_one_processed(
    desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_desk.services import intake

    plan = intake.plan_mail

    def stumbling(batch: object, each: object, **options: object) -> object:
        if each.parsed is not None and "poison" in each.parsed.subject:
            raise RuntimeError("planning broke")
        return plan(batch, each, **options)

    monkeypatch.setattr(intake, "plan_mail", stumbling)
    desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(1), mail(2, subject="poison"), mail(3), b"\r\n \r\n"])
    result = desk.sync()
    assert (result.created, result.suspended) == (2, 2)
    assert desk.verdicts() == ["created", "suspended", "created", "suspended"]
    assert [entry.cause for entry in desk.entries()] == ["", "failed", "", "unreadable"]


def test_start_now_ignores_what_was_there(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver_many(SUPPORT, [mail("old1"), mail("old2")])
    wait_until(lambda: time.time() % 1 > 0.9, what="the end of a second")
    # Not its very beginning: the clock of files may be some milliseconds behind.
    wait_until(lambda: 0.05 < time.time() % 1 < 0.5, what="the next second")
    mailbox = desk.add_mailbox(dovecot, start="now")
    dovecot.deliver(SUPPORT, mail("new"))
    result = desk.sync()
    assert (result.created, result.ignored) == (1, 2)
    assert sorted(desk.verdicts()) == ["created", "ignored", "ignored"]
    dovecot.deliver(SUPPORT, mail("newer"))
    assert desk.sync().created == 1
    assert desk.mailbox(mailbox).start_uid == 0


def test_a_start_that_was_noted_when_the_mailbox_was_added(desk: Desk, dovecot: Dovecot) -> None:
    import imaplib

    dovecot.deliver_many(SUPPORT, [mail("old1"), mail("old2")])
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port) as client:
        client.login(SUPPORT, dovecot.users[SUPPORT])
        client.select()
        uidvalidity = int(client.response("UIDVALIDITY")[1][0] or 0)
    desk.add_mailbox(dovecot, start="now", start_uidvalidity=uidvalidity, start_uid=2)
    dovecot.deliver(SUPPORT, mail("new"))
    result = desk.sync()
    assert (result.created, result.ignored, result.fetched) == (1, 2, 1)


def test_several_mailboxes_and_the_same_mail_to_both(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    desk.add_mailbox(dovecot, BILLING)
    both = mail("both", to=f"{SUPPORT}, {BILLING}")
    dovecot.deliver(SUPPORT, b"Received: from one by mx; Fri, 20 Nov 2026 10:00:01 +0000\r\n" + both)
    dovecot.deliver(BILLING, b"Received: from two by mx; Fri, 20 Nov 2026 10:00:02 +0000\r\n" + both)
    dovecot.deliver(BILLING, mail("invoice", to=BILLING))
    result = desk.sync()
    assert (result.created, result.duplicates) == (2, 1)
    with desk.database.reading() as session:
        from sqlmodel import select

        from tui_desk.models import TicketMailbox

        routes = {(row.ticket_id, row.company_address) for row in session.exec(select(TicketMailbox))}
    number = next(ticket.id for ticket in desk.tickets() if ticket.subject == "Problem both")
    assert {(number, SUPPORT), (number, BILLING)} <= routes


def test_idle_brings_mail_within_two_seconds(desk: Desk, dovecot: Dovecot) -> None:
    """From the server's folder to the ticket, in the middle of five (:func:`tests.support.pace.in_time`: a machine that is busy
    elsewhere may take longer); without IDLE it would be a minute."""
    took = []
    desk.add_mailbox(dovecot)
    with desk.running_worker():
        dovecot.deliver(SUPPORT, mail("first"))
        wait_until(lambda: len(desk.tickets()) == 1, what="the first ticket")
        wait_until(lambda: all(entry.settled_on_server for entry in desk.entries()), what="settling")
        for number in range(5):
            begun = time.monotonic()
            dovecot.deliver(SUPPORT, mail(number))
            wait_until(lambda n=number: len(desk.tickets()) == n + 2, what="a ticket")
            took.append(time.monotonic() - begun)
    assert in_time(sorted(took)[2], 2.0), took


def test_settings_take_effect_without_a_restart(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot, imap_port=1)
    dovecot.deliver(SUPPORT, mail(1))
    with desk.running_worker():
        wait_until(lambda: "refuses" in desk.mailbox(mailbox).last_problem, what="the problem to be told")
        desk.change_mailbox(mailbox, imap_port=dovecot.imap_port)
        wait_until(lambda: len(desk.tickets()) == 1, what="the mail")
        wait_until(lambda: desk.mailbox(mailbox).last_problem == "", what="the problem to be over")
        desk.change_mailbox(mailbox, state="paused")
        wait_until(lambda: _lease_is_free(desk, mailbox), what="the pause")
        dovecot.deliver(SUPPORT, mail(2))
        desk.change_mailbox(mailbox, state="active")
        wait_until(lambda: len(desk.tickets()) == 2, what="the mail after the pause")


def _lease_is_free(desk: Desk, mailbox: int) -> bool:
    from tui_desk.core.clock import utc_now
    from tui_desk.models import Lease

    with desk.database.reading() as session:
        lease = session.get(Lease, f"mailbox:{mailbox}")
        return lease is not None and lease.expires_at <= utc_now()


def test_two_workers_on_one_mailbox_import_once(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(200)])
    with desk.running_worker(), desk.running_worker():
        wait_until(lambda: len(desk.tickets()) >= 200, what="the tickets")
        wait_until(lambda: all(entry.settled_on_server for entry in desk.entries()), what="settling")
    assert len(desk.tickets()) == 200
    assert desk.verdicts() == ["created"] * 200
