"""What a server said waits for the disk, unless the record of a next message follows it at once."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy
from sqlalchemy import Connection, text

from tests.support.smtp_sink import SmtpSink
from tests.workers.desk import Desk
from tests.workers.test_send import add_sender, put
from tui_desk.core.clock import utc_now
from tui_desk.models import Delivery
from tui_desk.services import send_routes
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.leasing import Leases
from tui_desk.workers.send import SendLoop


def usually_waits(desk: Desk) -> None:
    """The test server waits for no disk at all: this desk's database does."""
    if desk.database.is_sqlite:
        return
    with desk.database.writing() as session:
        session.execute(
            text(f'ALTER DATABASE "{desk.database.engine.url.database}" SET synchronous_commit = on')
        )
    desk.database.engine.dispose()


def drained(desk: Desk) -> list[bool]:
    """Send what waits; answers for each outcome, as they are written down, whether its commit waited for the disk."""
    waited: dict[int, bool] = {}
    question = "PRAGMA synchronous" if desk.database.is_sqlite else "SHOW synchronous_commit"

    def look(connection: Connection) -> None:
        ended = connection.exec_driver_sql("SELECT count(*) FROM delivery WHERE state IN ('sent', 'failed')")
        setting = connection.exec_driver_sql(question).scalar_one()
        waited.setdefault(int(ended.scalar_one()), str(setting) in ("2", "on"))

    with desk.database.reading() as session:
        ways = send_routes.routes(session)
    context = WorkerContext(desk.database, threading.Event(), Leases(desk.database, utc_now))
    sqlalchemy.event.listen(desk.database.engine, "commit", look)
    try:
        SendLoop(context, ways[0], ways, helping=True).drain()  # a helper looks at nothing else in between
    finally:
        sqlalchemy.event.remove(desk.database.engine, "commit", look)
    return [waited[number] for number in sorted(waited) if number]


@pytest.mark.parametrize("messages", [1, 3])
def test_the_last_outcome_of_a_run_waits_for_the_disk(desk: Desk, smtp_sink: SmtpSink, messages: int) -> None:
    mailbox = add_sender(desk, smtp_sink)
    usually_waits(desk)
    for number in range(messages):
        put(desk, mailbox, number=number)
    assert drained(desk) == [False] * (messages - 1) + [True]
    assert len(smtp_sink.mails) == messages


def test_a_next_message_that_lacks_nobody_any_more_makes_nothing_last(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    mailbox = add_sender(desk, smtp_sink)
    usually_waits(desk)
    put(desk, mailbox, number=1)
    over = put(desk, mailbox, number=2)
    with desk.database.writing() as session:
        session.execute(
            sqlalchemy.update(Delivery).where(Delivery.outbox_id == over).values(state="cancelled")
        )
    assert drained(desk) == [True]
