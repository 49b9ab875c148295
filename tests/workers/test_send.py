"""What leaves: every recipient's state, order, retry with the same bytes, and what happens when no answer comes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.support.ports import wait_until
from tests.support.smtp_sink import Cut, SmtpSink
from tests.workers.desk import SUPPORT, Desk
from tui_desk.contracts.conversation import CancelSend, RetrySend
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.core.errors import Refused
from tui_desk.models import Agent, Delivery, Draft, Event, Message, OutboxItem, Person, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.outbox import cancel, enqueue, retry
from tui_desk.services.send_queue import Schedule
from tui_desk.workers.supervisor import run_worker

QUICK = Schedule(backoff=(0.4, 0.4, 0.4), unknown=0.4)


def add_sender(desk: Desk, sink: SmtpSink, **settings: object) -> int:
    return desk.add_mailbox(None, smtp_host=sink.host, smtp_port=sink.port, smtp_security="none", **settings)


def add_ticket(desk: Desk) -> int:
    with desk.database.writing() as session:
        now = utc_now()
        person = Person(name="Anna", created_at=now)
        session.add(person)
        session.flush()
        ticket = Ticket(subject="Printer", requester_id=person.id, created_at=now, updated_at=now)
        session.add(ticket)
        session.flush()
        assert ticket.id is not None
        return ticket.id


def put(
    desk: Desk,
    mailbox: int | None,
    *recipients: str,
    number: int = 1,
    ticket: int | None = None,
    held: float = 0,
) -> int:
    """Put a message into the outbox; answers the item's id."""
    raw = f"From: {SUPPORT}\r\nMessage-ID: <out{number}@desk.test>\r\nSubject: {number}\r\n\r\nHello\r\n".encode()
    with desk.database.writing() as session:
        now = utc_now()
        return enqueue(
            session,
            mime=raw,
            rfc_message_id=f"out{number}@desk.test",
            envelope_from=SUPPORT,
            recipients=recipients or ("anna@customer.test",),
            now=now,
            ticket_id=ticket,
            mailbox_id=mailbox,
            held_until=now + timedelta(seconds=held) if held else None,
        )


def states(desk: Desk, outbox_id: int) -> dict[str, str]:
    with desk.database.reading() as session:
        rows = session.exec(select(Delivery).where(Delivery.outbox_id == outbox_id))
        return {row.address: row.state for row in rows}


def item(desk: Desk, outbox_id: int) -> OutboxItem:
    with desk.database.reading() as session:
        return session.get_one(OutboxItem, outbox_id)


def once(desk: Desk, **options: object) -> tuple[int, int, int]:
    """One round of a worker whose clock stands still: what is put off is not due again in it, however long the round takes."""
    now = utc_now()
    done = run_worker(
        desk.database,
        threading.Event(),
        once=True,
        schedule=QUICK,
        clock=lambda: now,
        **options,
    )
    return done.sent, done.failed, done.held


def test_each_recipient_has_its_own_state(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox, ticket = add_sender(desk, smtp_sink), add_ticket(desk)
    smtp_sink.plan.replies = {"gone@x.test": "550 5.1.1 no such user", "busy@x.test": "451 4.2.0 later"}
    out = put(desk, mailbox, "a@x.test", "b@x.test", "gone@x.test", "busy@x.test", ticket=ticket)
    assert once(desk) == (2, 1, 1)
    assert states(desk, out) == {
        "a@x.test": "sent",
        "b@x.test": "sent",
        "gone@x.test": "failed",
        "busy@x.test": "queued",
    }
    smtp_sink.plan.replies = {}
    wait_until(lambda: once(desk)[2] == 0, what="the second attempt")
    assert states(desk, out)["busy@x.test"] == "sent"
    assert [received.recipients for received in smtp_sink.mails] == [
        ("a@x.test", "b@x.test"),
        ("busy@x.test",),
    ]
    assert smtp_sink.mails[0].data == smtp_sink.mails[1].data
    with desk.database.reading() as session:
        actions = [event.action for event in session.exec(select(Event).order_by(Event.id))]
    assert actions == ["sent", "send_failed", "sent"]


def test_what_stays_put_off_has_failed_visibly(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    smtp_sink.plan.mail_reply = "451 4.3.0 not now"
    out = put(desk, mailbox)
    wait_until(lambda: once(desk)[2] == 0, what="giving up")
    assert states(desk, out) == {"anna@customer.test": "failed"}
    with desk.database.reading() as session:
        delivery = session.exec(select(Delivery)).one()
    assert "not now" in delivery.cause


def test_no_answer_is_unknown_then_sent_again_with_the_same_bytes(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    smtp_sink.plan.cut = Cut.AFTER_DOT
    out = put(desk, mailbox)
    assert once(desk) == (0, 0, 1)
    assert states(desk, out) == {"anna@customer.test": "unknown"}
    smtp_sink.plan.cut = None
    wait_until(lambda: once(desk)[2] == 0, what="the repeat")
    assert states(desk, out) == {"anna@customer.test": "sent"}
    assert item(desk, out).resends_after_unknown == len(smtp_sink.mails) - 1 >= 1
    assert len({mail.data for mail in smtp_sink.mails}) == 1


def test_proof_makes_a_repeat_needless(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    smtp_sink.plan.cut = Cut.AFTER_DOT
    out = put(desk, mailbox)
    once(desk)
    smtp_sink.plan.cut = None
    proof = lambda rfc, to: rfc == "out1@desk.test" and to == ("anna@customer.test",)  # noqa: E731
    wait_until(lambda: once(desk, proof=proof)[2] == 0, what="the proof")
    assert states(desk, out) == {"anna@customer.test": "sent"}
    assert len(smtp_sink.mails) == 1


def test_after_three_repeats_a_person_decides(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox, ticket = add_sender(desk, smtp_sink), add_ticket(desk)
    smtp_sink.plan.cut = Cut.AFTER_DOT_LOST
    out = put(desk, mailbox, ticket=ticket)
    wait_until(
        lambda: (
            (once(desk), item(desk, out).resends_after_unknown)[1] == 3 and states_are(desk, out, "unknown")
        ),
        what="the last repeat",
    )
    attempts = item(desk, out).attempts
    once(desk)
    assert item(desk, out).attempts == attempts == 4
    smtp_sink.plan.cut = None
    later = put(desk, mailbox, number=2, ticket=ticket)
    once(desk)
    assert states_are(desk, later, "sent"), "an undecided message does not block the ticket"
    with desk.database.writing() as session:
        retry(session, _agent(desk), RetrySend(out))
    assert once(desk) == (1, 0, 0)


def states_are(desk: Desk, outbox_id: int, state: str) -> bool:
    return set(states(desk, outbox_id).values()) == {state}


def _agent(desk: Desk) -> Actor:
    with desk.database.writing() as session:
        agent = session.exec(select(Agent).where(Agent.login == "ben")).first()
        if agent is None:
            agent = Agent(login="ben", name="Ben", created_at=utc_now())
            session.add(agent)
            session.flush()
        return Actor(agent.id, agent.login, agent.name, Role.AGENT)


def test_answers_of_one_ticket_are_never_reordered(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox, ticket, other = add_sender(desk, smtp_sink), add_ticket(desk), add_ticket(desk)
    smtp_sink.plan.replies = {"first@x.test": "451 4.2.0 later"}
    put(desk, mailbox, "first@x.test", number=1, ticket=ticket)
    put(desk, mailbox, "second@x.test", number=2, ticket=ticket)
    put(desk, mailbox, "elsewhere@x.test", number=3, ticket=other)
    assert once(desk) == (1, 0, 2)
    smtp_sink.plan.replies = {}
    wait_until(lambda: once(desk)[2] == 0, what="the rest")
    assert [mail.recipients[0] for mail in smtp_sink.mails] == [
        "elsewhere@x.test",
        "first@x.test",
        "second@x.test",
    ]


def test_a_held_message_waits_for_its_window_and_can_be_undone(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox, ticket = add_sender(desk, smtp_sink), add_ticket(desk)
    actor = _agent(desk)
    out = put(desk, mailbox, ticket=ticket, held=60)
    with desk.database.writing() as session:
        message = Message(
            ticket_id=ticket,
            kind="email",
            direction="out",
            author_agent_id=actor.agent_id,
            at=utc_now(),
            text="Hello",
            recipients_to=[["", "anna@customer.test"]],
        )
        session.add(message)
        session.flush()
        session.get_one(OutboxItem, out).message_id = message.id
    assert once(desk) == (0, 0, 1)
    with desk.database.writing() as session:
        assert "draft" in cancel(session, actor, CancelSend(out))
    assert once(desk) == (0, 0, 0)
    assert states_are(desk, out, "cancelled")
    with desk.database.reading() as session:
        assert session.exec(select(Draft)).one().body == "Hello"
    soon = put(desk, mailbox, number=2, held=0.2)
    wait_until(lambda: (once(desk), states_are(desk, soon, "sent"))[1], what="the end of the window")
    with desk.database.writing() as session, pytest.raises(Refused):
        cancel(session, actor, CancelSend(soon))


def test_without_any_sender_it_waits_until_there_is_one(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = desk.add_mailbox(None)
    out = put(desk, mailbox)
    assert once(desk) == (0, 0, 1)
    with desk.running_worker(schedule=QUICK):
        desk.change_mailbox(mailbox, smtp_host=smtp_sink.host, smtp_port=smtp_sink.port, smtp_security="none")
        wait_until(lambda: states_are(desk, out, "sent"), what="sending")


def test_the_fallback_sends_for_a_mailbox_without_smtp(desk: Desk, smtp_sink: SmtpSink) -> None:
    from tui_desk.services.settings_store import FALLBACK_SENDER, write_setting

    mailbox = desk.add_mailbox(None)
    out = put(desk, mailbox)
    with desk.database.writing() as session:
        value = {
            "address": "noreply@desk.test",
            "smtp_host": smtp_sink.host,
            "smtp_port": smtp_sink.port,
            "smtp_security": "none",
            "smtp_user": "",
        }
        write_setting(session, FALLBACK_SENDER, value)
    assert once(desk) == (1, 0, 0)
    assert item(desk, out).sender == "fallback"


def test_one_connection_carries_many_and_a_dead_server_is_not_hammered(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    mailbox = add_sender(desk, smtp_sink)
    for number in range(20):
        put(desk, mailbox, f"r{number}@x.test", number=number)
    assert once(desk) == (20, 0, 0)
    assert smtp_sink.connections == 1
    desk.change_mailbox(mailbox, smtp_port=1)
    for number in range(20, 25):
        put(desk, mailbox, number=number)
    assert once(desk) == (0, 0, 5)
    with desk.database.reading() as session:
        tried = [row for row in session.exec(select(OutboxItem)) if row.cause]
    assert len(tried) == 1
    assert "refuses connections" in tried[0].cause


def test_a_claim_that_was_taken_over_writes_nothing(desk: Desk, smtp_sink: SmtpSink) -> None:
    from tui_desk.core.errors import Conflict
    from tui_desk.mail.smtp_values import Outcome, RecipientResult
    from tui_desk.services import send_outcomes, send_routes, sending, unanswered

    mailbox = add_sender(desk, smtp_sink)
    out = put(desk, mailbox)
    now = utc_now()
    with desk.database.writing() as session:
        ways = send_routes.routes(session)
        slow = sending.claim(session, ways[0], ways, "elsewhere:0:1:1:x", now)
        assert slow is not None
        assert sending.claim(session, ways[0], ways, "second", now) is None
    with desk.database.writing() as session:
        sending.begin_data(session, slow, slow.recipients, now)
    late = now + timedelta(hours=1)
    with desk.database.writing() as session:
        assert unanswered.sweep(session, late, set(), QUICK) == 1
    assert states_are(desk, out, "unknown")
    with pytest.raises(Conflict), desk.database.writing() as session:
        result = [RecipientResult("anna@customer.test", Outcome.ACCEPTED)]
        send_outcomes.record_outcome(session, slow, result, late, QUICK)
    assert states_are(desk, out, "unknown")
