"""Sending while something else is broken: the database, the stored bytes, the settings of a way out, a slow server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.support.ports import PATIENCE, wait_until
from tests.support.smtp_sink import Cut, SmtpSink
from tests.workers.desk import Desk
from tests.workers.test_send import QUICK, _agent, add_sender, add_ticket, item, once, put, states
from tui_desk.contracts.conversation import CancelSend, RetrySend
from tui_desk.core.clock import utc_now
from tui_desk.models import Blob, Delivery
from tui_desk.services import send_routes, sending, unanswered
from tui_desk.services.outbox import cancel, retry
from tui_desk.workers.context import SyncResult
from tui_desk.workers.supervisor import run_worker


@contextmanager
def events_cannot_be_written(desk: Desk) -> Iterator[None]:
    """As when the disk is full: SQLSTATE 53100 on PostgreSQL, an operational error on SQLite."""
    if desk.database.is_sqlite:
        broken, whole = ["ALTER TABLE event RENAME TO event_away"], ["ALTER TABLE event_away RENAME TO event"]
    else:
        broken = [
            "CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN "
            "RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER full_disk BEFORE INSERT ON event EXECUTE FUNCTION full_disk()",
        ]
        whole = ["DROP TRIGGER full_disk ON event", "DROP FUNCTION full_disk"]
    _execute(desk, broken)
    try:
        yield
    finally:
        _execute(desk, whole)


def _execute(desk: Desk, statements: list[str]) -> None:
    with desk.database.writing() as session:
        for statement in statements:
            session.execute(text(statement))


def test_an_answer_that_cannot_be_written_down_is_kept(
    desk: Desk, smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox, ticket = add_sender(desk, smtp_sink), add_ticket(desk)
    out = put(desk, mailbox, ticket=ticket)
    done: list[SyncResult] = []
    stop = threading.Event()
    sender = threading.Thread(
        target=lambda: done.append(run_worker(desk.database, stop, once=True, schedule=QUICK))
    )
    try:
        with events_cannot_be_written(desk):
            sender.start()
            wait_until(lambda: "waits to be written down" in caplog.text, what="a failed note")
        sender.join(PATIENCE)
    finally:
        stop.set()
        sender.join(PATIENCE)
    assert [(one.sent, one.failed, one.held) for one in done] == [(1, 0, 0)]
    assert states(desk, out) == {"anna@customer.test": "sent"}
    assert len(smtp_sink.mails) == 1


def test_a_copy_in_sent_of_an_earlier_attempt_proves_nothing(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    smtp_sink.plan.replies = {"b@x.test": "451 4.2.0 later"}
    out = put(desk, mailbox, "a@x.test", "b@x.test")
    assert once(desk) == (1, 0, 1)
    smtp_sink.plan.replies, smtp_sink.plan.cut = {}, Cut.AFTER_DOT_LOST
    wait_until(lambda: (once(desk), states(desk, out)["b@x.test"])[1] == "unknown", what="a missing answer")
    assert item(desk, out).answered
    with desk.database.writing() as session:
        ways = send_routes.routes(session)
        unproved = unanswered.claim_unknown(session, ways[0], ways, "me", utc_now() + timedelta(minutes=1))
    assert unproved is not None
    assert unproved.recipients == ("b@x.test",)
    assert not unproved.copy_proves


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_bytes_that_are_gone_fail_only_their_message(desk: Desk, smtp_sink: SmtpSink, damage: str) -> None:
    mailbox = add_sender(desk, smtp_sink)
    bad, good = put(desk, mailbox, number=1), put(desk, mailbox, number=2)
    with desk.database.writing() as session:
        blob = session.exec(select(Blob).where(Blob.sha256 == item(desk, bad).mime_sha256)).one()
        if damage == "missing":
            session.delete(blob)
        else:
            blob.data = b"nonsense"
            session.add(blob)
    assert once(desk) == (1, 1, 0)
    assert states(desk, bad) == {"anna@customer.test": "failed"}
    assert states(desk, good) == {"anna@customer.test": "sent"}
    with desk.database.reading() as session:
        delivery = session.exec(select(Delivery).where(Delivery.outbox_id == bad)).one()
    assert damage in delivery.cause


def test_wrong_settings_of_a_way_out_fail_no_message(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink, smtp_user="support", password_command="/nonexistent/password")
    outs = [put(desk, mailbox, number=number) for number in range(2)]
    assert once(desk) == (0, 0, 2)
    assert [set(states(desk, out).values()) for out in outs] == [{"queued"}, {"queued"}]
    assert item(desk, outs[0]).cause
    desk.change_mailbox(mailbox, smtp_user="", password_command="")
    wait_until(lambda: once(desk)[2] == 0, what="sending after the repair")
    assert len(smtp_sink.mails) == 2


def test_a_body_under_way_keeps_its_claim(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    out, now = put(desk, mailbox), utc_now()
    with desk.database.writing() as session:
        ways = send_routes.routes(session)
        claim = sending.claim(session, ways[0], ways, "elsewhere", now)
        assert claim is not None
        sending.begin_data(session, claim, claim.recipients, now)
    with desk.database.writing() as session:
        sending.keep(session, claim, now + timedelta(minutes=15))
    with desk.database.writing() as session:
        assert unanswered.sweep(session, now + timedelta(minutes=30), set(), QUICK) == 0
        assert unanswered.sweep(session, now + timedelta(minutes=36), set(), QUICK) == 1
    with pytest.raises(sending.ClaimLost), desk.database.writing() as session:
        sending.keep(session, claim, now + timedelta(minutes=37))
    assert states(desk, out) == {"anna@customer.test": "unknown"}


@pytest.mark.parametrize("act", ["cancel", "retry"])
def test_a_person_who_steps_in_ends_the_claim(desk: Desk, smtp_sink: SmtpSink, act: str) -> None:
    mailbox, ticket = add_sender(desk, smtp_sink), add_ticket(desk)
    out, actor = put(desk, mailbox, ticket=ticket), _agent(desk)
    with desk.database.writing() as session:
        ways = send_routes.routes(session)
        assert sending.claim(session, ways[0], ways, "elsewhere", utc_now()) is not None
    with desk.database.writing() as session:
        if act == "cancel":
            cancel(session, actor, CancelSend(out))
        else:
            retry(session, actor, RetrySend(out))
    assert (item(desk, out).claimed_by, item(desk, out).claimed_until) == ("", None)
