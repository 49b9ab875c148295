"""What is due: found by the index over what waits, oldest first, and nothing stays claimed behind a sender that is told to end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Connection, insert, text
from sqlmodel import Session, select

from tests.support.smtp_sink import SmtpSink
from tests.workers.desk import Desk, open_desk
from tests.workers.test_send import QUICK, add_sender, add_ticket, once, put
from tui_desk.core.clock import utc_now
from tui_desk.db.fast import open_reader
from tui_desk.db.url import parse_database_url
from tui_desk.models import OutboxItem
from tui_desk.services import (
    doctor_sending,
    send_later,
    send_queue,
    send_routes,
    send_trouble,
    sending,
    unanswered,
)
from tui_desk.services.send_routes import Route
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.leasing import Leases
from tui_desk.workers.send import SendLoop

PAST = 300


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as opened:
        yield opened


def history(desk: Desk, mailbox: int) -> None:
    """Many messages that were sent long ago, and a few that wait."""
    now, ticket = utc_now(), add_ticket(desk)
    row = {
        "ticket_id": ticket,
        "mailbox_id": mailbox,
        "envelope_from": "a@desk.test",
        "mime_sha256": "00",
        "created_at": now,
        "next_attempt_at": now,
    }
    with desk.database.writing() as session:
        rows = [row | {"state": "done", "rfc_message_id": f"past{number}"} for number in range(PAST)]
        session.execute(insert(OutboxItem), rows)
    for number in range(3):
        put(desk, mailbox, number=number, ticket=add_ticket(desk))


def as_the_doctor_asks(session: Session) -> None:
    """The doctor's questions about the outbox, through ``session``: it has a connection of its own."""
    asked: list[str] = []
    url = session.connection().engine.url.render_as_string()
    reader = open_reader(parse_database_url(url))
    try:
        reader.connection.set_trace_callback(asked.append)
        list(doctor_sending.look_at_sending(reader, utc_now()))
    finally:
        reader.close()
    for statement in asked:
        if "outbox_item" in statement:
            session.connection().exec_driver_sql(statement)


QUESTIONS: dict[str, Callable[[Session, Route], object]] = {
    "due": lambda session, way: send_queue.something_due(session, way, [way], utc_now()),
    "claim": lambda session, way: sending.claim(session, way, [way], "me", utc_now()),
    "backlog": lambda session, way: send_queue.backlog(session, way, [way], utc_now(), 75),
    "held": lambda session, _way: unanswered.held_due(session, utc_now()),
    "doubtful": lambda session, _way: send_later.doubtful(session),
    "released": lambda session, _way: unanswered.release_held(session, utc_now()),
    "holders": lambda session, _way: unanswered.claim_holders(session),
    "late": lambda session, _way: unanswered.late_claims(session, utc_now()),
    "swept": lambda session, _way: unanswered.sweep(session, utc_now(), {"nobody"}, QUICK),
    "unknown": lambda session, _way: unanswered.unknown_due(session, utc_now()),
    "unproved": lambda session, way: unanswered.claim_unknown(session, way, [way], "me", utc_now()),
    "waiting": lambda session, _way: unanswered.waiting_count(session),
    "trouble": lambda session, way: send_trouble.send_trouble(session, way.mailbox_id),
    "trouble of the fallback sender": lambda session, _way: send_trouble.send_trouble(session, None),
    "doctor": lambda session, _way: as_the_doctor_asks(session),
}


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_looks_at_what_was_sent_long_ago(on_sqlite: Desk, question: str, analysed: bool) -> None:
    desk = on_sqlite
    mailbox = desk.add_mailbox(None, smtp_host="127.0.0.1")
    history(desk, mailbox)
    plans: list[str] = []

    def explain(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT") and "FROM outbox_item" in statement:
            driver: Any = connection.connection.dbapi_connection
            plans.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with desk.database.writing() as session:
        if analysed:
            session.execute(text("ANALYZE"))
    with desk.database.writing() as session:
        sqlalchemy.event.listen(desk.database.engine, "before_cursor_execute", explain)
        try:
            QUESTIONS[question](session, Route(mailbox))
        finally:
            sqlalchemy.event.remove(desk.database.engine, "before_cursor_execute", explain)
    outer = [plan for plan in plans if " outbox_item " in f"{plan} "]
    assert outer
    assert all("ix_outbox_item_waiting" in plan or "PRIMARY KEY" in plan for plan in outer), plans
    assert not [plan for plan in plans if plan.startswith(("SCAN delivery", "SCAN d"))], plans


def test_what_is_due_for_longest_leaves_first(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    outs = [put(desk, mailbox, f"r{number}@x.test", number=number) for number in range(4)]
    with desk.database.writing() as session:
        for out, minutes in zip(outs, (3, 1, 4, 2), strict=True):
            session.get_one(OutboxItem, out).next_attempt_at = utc_now() - timedelta(minutes=10 - minutes)
    assert once(desk) == (4, 0, 0)
    assert [mail.recipients[0] for mail in smtp_sink.mails] == [
        f"r{number}@x.test" for number in (1, 3, 0, 2)
    ]


def test_a_sender_that_is_told_to_end_leaves_nothing_claimed(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox, stop = add_sender(desk, smtp_sink), threading.Event()
    for number in range(20):
        put(desk, mailbox, number=number)

    def end_at_the_tenth(phase: str) -> None:
        if phase == "dot" and len(smtp_sink.mails) == 9:
            stop.set()

    smtp_sink.plan.next_reply = end_at_the_tenth
    with desk.database.reading() as session:
        ways = send_routes.routes(session)
    context = WorkerContext(desk.database, stop, Leases(desk.database, utc_now))
    SendLoop(context, ways[0], ways).drain()
    with desk.database.reading() as session:
        items = session.exec(select(OutboxItem)).all()
    assert [item.state for item in items].count("done") == context.totals.sent == len(smtp_sink.mails) == 10
    assert {item.claimed_by for item in items} == {""}
    assert smtp_sink.connections == 1
