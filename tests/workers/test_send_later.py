"""Mail with a time and the workers: it leaves once, as soon as anybody works after its time, and never behind the back of new mail."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.support.smtp_sink import SmtpSink
from tests.workers.desk import SUPPORT, Desk, mail
from tests.workers.test_send import add_sender
from tui_desk.contracts.conversation import Reschedule, SendReply
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.models import Agent, Delivery, Event, OutboxItem
from tui_desk.services import send_later, tickets, unanswered
from tui_desk.services.actor import Actor
from tui_desk.services.conversation import reply
from tui_desk.services.send_later import STOPPED, reschedule
from tui_desk.workers.context import SyncResult
from tui_desk.workers.supervisor import run_worker


def agent(desk: Desk) -> Actor:
    with desk.database.writing() as session:
        found = session.exec(select(Agent).where(Agent.login == "ana")).first()
        if found is None:
            found = Agent(login="ana", name="Ana", role=Role.AGENT.value, created_at=utc_now())
            session.add(found)
            session.flush()
        return Actor(found.id, found.login, found.name, Role.AGENT)


def ticket(desk: Desk) -> int:
    actor = agent(desk)
    with desk.database.writing() as session:
        session.info["database"] = desk.database
        return tickets.new(session, actor, NewTicket("Printer", "anna@customer.test", "It burns."))


def answer(desk: Desk, number: int, leave_at: datetime) -> int:
    actor = agent(desk)
    with desk.database.writing() as session:
        session.info["database"] = desk.database
        sent = reply(session, actor, SendReply(number, "We come.", leave_at=leave_at))
    assert sent.outbox_id is not None
    return sent.outbox_id


def once(desk: Desk, at: datetime) -> SyncResult:
    return run_worker(desk.database, threading.Event(), once=True, clock=lambda: at)


def states(desk: Desk, outbox_id: int) -> set[str]:
    with desk.database.reading() as session:
        return set(session.exec(select(Delivery.state).where(Delivery.outbox_id == outbox_id)))


def test_it_waits_for_its_time_however_often_one_looks_and_leaves_late_where_nobody_worked(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    add_sender(desk, smtp_sink)
    leaves = utc_now() + timedelta(hours=20)
    out = answer(desk, ticket(desk), leaves)
    for hours in (1, 19):
        done = once(desk, utc_now() + timedelta(hours=hours))
        assert (done.sent, done.held) == (0, 1)
    assert states(desk, out) == {"held"}
    done = once(desk, leaves + timedelta(days=3))
    assert (done.sent, done.held) == (1, 0)
    (left,) = smtp_sink.mails
    assert leaves.strftime("Date: %a, %d %b %Y %H:%M:%S +0000").encode() in left.data
    assert (once(desk, leaves + timedelta(days=4)).sent, len(smtp_sink.mails)) == (0, 1)


def test_many_that_are_due_leave_in_one_run(
    desk: Desk, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (send_later, unanswered):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    add_sender(desk, smtp_sink)
    leaves = utc_now() + timedelta(hours=1)
    for number in (ticket(desk), ticket(desk)):
        for _each in range(2):
            answer(desk, number, leaves)
    assert once(desk, leaves + timedelta(hours=1)).sent == 4


def test_several_workers_send_it_once_at_its_time(desk: Desk, smtp_sink: SmtpSink) -> None:
    add_sender(desk, smtp_sink)
    number = ticket(desk)
    outs = [answer(desk, number, utc_now() + timedelta(seconds=3)) for _each in range(3)]
    with desk.running_worker(), desk.running_worker():
        wait_until(lambda: all(states(desk, out) == {"sent"} for out in outs), what="the three mails")
    ids = [
        message.split(b"Message-ID: ")[1].split(b"\r\n")[0] for message in (m.data for m in smtp_sink.mails)
    ]
    assert len(ids) == len(set(ids)) == 3


@pytest.mark.dovecot
@pytest.mark.parametrize("due", [True, False])
def test_mail_that_came_is_seen_before_anything_leaves(
    desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink, due: bool
) -> None:
    """One run, from cron, after its time: the requester's mail is in the mailbox, and nobody has read it yet."""
    desk.add_mailbox(
        dovecot, smtp_host=smtp_sink.host, smtp_port=smtp_sink.port, smtp_security="none", sent_copies="no"
    )
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    (found,) = desk.tickets()
    assert found.id is not None
    leaves = utc_now() + timedelta(hours=2)
    out = answer(desk, found.id, leaves)
    dovecot.deliver(SUPPORT, mail(2, subject="Re: Problem 1", extra="In-Reply-To: <m1@customer.test>\r\n"))
    done = once(desk, leaves + timedelta(hours=1 if due else -1))
    assert (done.joined, done.sent, done.held) == (1, 0, 1)
    assert states(desk, out) == {"held"}
    with desk.database.reading() as session:
        item = session.get_one(OutboxItem, out)
        assert (item.held_until, item.cause) == (None, "Anna Abel has written since.")
        assert len(session.exec(select(Event).where(Event.action == STOPPED)).all()) == 1
    assert once(desk, leaves + timedelta(days=1)).sent == 0
    actor = agent(desk)
    with desk.database.writing() as session:
        reschedule(session, actor, Reschedule(out, None, ("newer_message",)))
    assert (once(desk, utc_now() + timedelta(seconds=1)).sent, len(smtp_sink.mails)) == (1, 1)
