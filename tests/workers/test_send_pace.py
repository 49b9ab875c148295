"""How fast mail leaves: several connections for a backlog, a limit a minute, and an order that neither changes."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.ports import wait_until
from tests.support.smtp_sink import Cut, SmtpSink
from tests.workers.desk import Desk
from tests.workers.test_send import QUICK, add_sender, add_ticket, once, put, states_are
from tui_desk.services import send_queue, send_routes
from tui_desk.services.send_pace import limit_of, set_limit
from tui_desk.workers import send
from tui_desk.workers.supervisor import run_worker


def test_a_backlog_gets_more_connections_and_every_ticket_keeps_its_order(
    desk: Desk, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "BACKLOG_EACH", 5)
    mailbox = add_sender(desk, smtp_sink)
    tickets = [add_ticket(desk) for _each in range(6)]
    smtp_sink.plan.delay_after_dot = 0.02
    for number in range(60):
        put(desk, mailbox, f"r{number}@x.test", number=number, ticket=tickets[number % 6])
    assert once(desk) == (60, 0, 0)
    assert 2 <= smtp_sink.connections <= send.CONNECTIONS
    numbers = [int(mail.recipients[0][1:].partition("@")[0]) for mail in smtp_sink.mails]
    assert sorted(numbers) == list(range(60))
    for ticket in range(6):
        own = [number for number in numbers if number % 6 == ticket]
        assert own == sorted(own)


def test_a_server_that_wants_one_connection_only_is_given_one(
    desk: Desk, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "BACKLOG_EACH", 5)
    smtp_sink.plan.most_connections = 1
    smtp_sink.plan.delay_after_dot = 0.01
    mailbox = add_sender(desk, smtp_sink)
    for number in range(40):
        put(desk, mailbox, f"r{number}@x.test", number=number)
    assert once(desk) == (40, 0, 0), "a further connection that is refused puts no message off"
    assert smtp_sink.connections <= send.CONNECTIONS


def test_no_minute_sees_more_than_the_limit(desk: Desk, smtp_sink: SmtpSink) -> None:
    """A day of a clock that only this test moves, two workers after each other, limit 30 a minute."""
    mailbox = add_sender(desk, smtp_sink)
    with desk.database.writing() as session:
        set_limit(session, f"mailbox:{mailbox}", 30)
    for number in range(12):
        put(desk, mailbox, f"r{number}@x.test", number=number)
    now = datetime.now(UTC)
    left: list[tuple[float, int]] = []
    for second in range(30):
        at = now + timedelta(seconds=second)
        done = run_worker(desk.database, threading.Event(), once=True, schedule=QUICK, clock=lambda at=at: at)
        left.append((second, done.sent))
    assert [sent for _second, sent in left[:6]] == [1, 0, 1, 0, 1, 0]
    assert sum(sent for _second, sent in left) == 12
    with desk.database.writing() as session:
        set_limit(session, f"mailbox:{mailbox}", 0)
        assert limit_of(session, f"mailbox:{mailbox}") == 0
        ways = send_routes.routes(session)
        assert not send_queue.something_due(session, ways[0], ways, now)


def test_every_fate_of_five_recipients_is_exact(desk: Desk, smtp_sink: SmtpSink) -> None:
    """Two taken, one refused, one put off, one unknown: what is repeated goes to those who lack it and to nobody else (X-B3)."""
    mailbox, ticket = add_sender(desk, smtp_sink), add_ticket(desk)
    smtp_sink.plan.replies = {
        "late@x.test": "451 4.2.0 later",
        "gone@x.test": "550 5.1.1 gone",
        "c@x.test": "451 4.7.1 greylisted",
    }
    out = put(desk, mailbox, "a@x.test", "b@x.test", "c@x.test", "gone@x.test", "late@x.test", ticket=ticket)
    assert once(desk)[:2] == (2, 1)
    smtp_sink.plan.replies = {"late@x.test": "451 4.2.0 later"}
    smtp_sink.plan.cut = Cut.AFTER_DOT_LOST

    def has(address: str, state: str) -> bool:
        from tests.workers.test_send import states

        once(desk)
        return states(desk, out)[address] == state

    wait_until(lambda: has("c@x.test", "unknown"), what="the answer that does not come")
    smtp_sink.plan.cut, smtp_sink.plan.replies = None, {}
    wait_until(lambda: has("c@x.test", "sent") and has("late@x.test", "sent"), what="the rest")
    taken = [each for mail in smtp_sink.mails for each in mail.recipients]
    assert sorted(taken) == ["a@x.test", "b@x.test", "c@x.test", "late@x.test"]
    assert len({mail.data for mail in smtp_sink.mails}) == 1
    assert not states_are(desk, out, "sent"), "the refused one stays failed"
