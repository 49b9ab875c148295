"""A server that takes the mail and then is silent for longer than a claim lasts: one sender, one delivery."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import LOOPBACK, PATIENCE, free_port, wait_until
from tests.workers.desk import Desk
from tests.workers.test_send import QUICK, add_ticket, item, put, states
from tui_desk.core.clock import utc_now
from tui_desk.services import send_routes, sending, unanswered
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.leasing import Leases
from tui_desk.workers.outbox_sweep import sweep_outbox
from tui_desk.workers.send import SendLoop
from tui_desk.workers.supervisor import run_worker


@dataclass
class Slow:
    """Keeps each mail at once and answers when it is told to."""

    taken: list[bytes] = field(default_factory=list)
    answer: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.taken.append(bytes(envelope.content or b""))
        while not self.answer.is_set():
            await asyncio.sleep(0.01)
        return "250 2.0.0 at last"


@pytest.fixture
def slow() -> Iterator[tuple[Slow, int]]:
    handler, port = Slow(), free_port()
    controller = Controller(handler, hostname=LOOPBACK, port=port, ready_timeout=PATIENCE)
    controller.start()
    try:
        yield handler, port
    finally:
        handler.answer.set()
        controller.stop()


@dataclass
class Stepped:
    """A clock that only the test moves; a little ahead, so that what is queued now is due."""

    now: datetime = field(default_factory=lambda: utc_now() + timedelta(minutes=1))

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def sending_in_a_thread(desk: Desk, clock: Stepped) -> Iterator[None]:
    """One sender that works off the outbox and ends."""
    thread = threading.Thread(
        target=run_worker,
        args=(desk.database, threading.Event()),
        kwargs={"once": True, "clock": clock, "schedule": QUICK},
    )
    thread.start()
    try:
        yield
    finally:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_a_claim_outlasts_an_answer_that_takes_very_long(desk: Desk, slow: tuple[Slow, int]) -> None:
    """An hour of silence on the worker's clock; a claim lasts twenty minutes. Others look all the time."""
    server, port = slow
    clock = Stepped()
    mailbox = desk.add_mailbox(None, smtp_host=LOOPBACK, smtp_port=port, smtp_security="none")
    out = put(desk, mailbox, ticket=add_ticket(desk))
    other = WorkerContext(
        desk.database, threading.Event(), Leases(desk.database, clock), clock=clock, schedule=QUICK
    )
    with desk.database.reading() as session:
        ways = send_routes.routes(session)
    with sending_in_a_thread(desk, clock):
        try:
            wait_until(lambda: len(server.taken) == 1, what="the mail")
            epoch = item(desk, out).epoch
            for _step in range(4):
                clock.now += timedelta(minutes=15)
                until = clock.now + sending.IN_FLIGHT
                wait_until(lambda until=until: item(desk, out).claimed_until == until, what="a longer claim")
                sweep_outbox(other)
                SendLoop(other, ways[0], ways).drain()
                assert states(desk, out) == {"anna@customer.test": "sending"}
        finally:
            server.answer.set()
    assert states(desk, out) == {"anna@customer.test": "sent"}
    assert item(desk, out).epoch == epoch
    assert len(server.taken) == 1


def test_an_answer_counts_even_when_the_claim_was_lost_meanwhile(desk: Desk, slow: tuple[Slow, int]) -> None:
    """A sender that slept through its claim hears the answer out and writes nothing: what became of it is another's to find out."""
    server, port = slow
    clock = Stepped()
    mailbox = desk.add_mailbox(None, smtp_host=LOOPBACK, smtp_port=port, smtp_security="none")
    out = put(desk, mailbox, ticket=add_ticket(desk))
    later = utc_now() + timedelta(hours=3)
    with sending_in_a_thread(desk, clock):
        try:
            wait_until(lambda: len(server.taken) == 1, what="the mail")
            with desk.database.writing() as session:
                assert unanswered.sweep(session, later, set(), QUICK) == 1
            clock.now += timedelta(minutes=5)  # it is time to renew, and the claim is gone
        finally:
            server.answer.set()
    assert states(desk, out) == {"anna@customer.test": "unknown"}
    assert item(desk, out).claimed_by == ""
    assert len(server.taken) == 1


@dataclass
class Failing(Stepped):
    """Raises while ``broken``, as a defect in anything that runs beside the waiting would."""

    broken: bool = False
    failures: int = 0

    def __call__(self) -> datetime:
        if self.broken:
            self.failures += 1
            raise self.error
        return self.now

    error: Exception = field(default_factory=lambda: RuntimeError("a defect"))


@pytest.mark.parametrize("error", [RuntimeError("a defect"), OSError("no such device")])
def test_whatever_fails_beside_the_waiting_the_answer_counts(
    desk: Desk, slow: tuple[Slow, int], error: Exception
) -> None:
    server, port = slow
    clock = Failing(error=error)
    mailbox = desk.add_mailbox(None, smtp_host=LOOPBACK, smtp_port=port, smtp_security="none")
    out = put(desk, mailbox, ticket=add_ticket(desk))
    with sending_in_a_thread(desk, clock):
        try:
            wait_until(lambda: len(server.taken) == 1, what="the mail")
            clock.broken = True
            wait_until(lambda: clock.failures >= 2, what="two looks that fail")
            assert states(desk, out) == {"anna@customer.test": "sending"}
        finally:
            clock.broken = False
            server.answer.set()
    assert states(desk, out) == {"anna@customer.test": "sent"}
    assert len(server.taken) == 1
