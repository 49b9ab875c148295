"""An agent's terminal dies at any moment around "send" (X-B8): what was written is a draft or is on its way, never neither or both."""

from __future__ import annotations

import multiprocessing
import random
import time
from itertools import pairwise
from pathlib import Path

from sqlmodel import select

from tests.exams.sizes import size
from tests.workers.desk import Desk, open_desk
from tests.workers.test_send import add_ticket
from tests.workers.test_suspended import agent
from tui_desk.contracts.conversation import SaveDraft, SendReply
from tui_desk.core.enums import DraftKind
from tui_desk.db.engine import open_database
from tui_desk.models import Draft, Message, OutboxItem
from tui_desk.services.actor import Actor
from tui_desk.services.dispatch import run

MOMENTS = (0.1, 2.0)
"""Seconds: within the first answer, whose parts are loaded meanwhile, and among those that follow."""


def write_and_send(url: str, actor: Actor, ticket: int, first: int, noted: str) -> None:
    """Until it is killed: a draft, which is noted when it is saved, then the same as an answer."""
    database = open_database(url)
    with Path(noted).open("ab", buffering=0) as file:
        for number in range(first, first + 1_000):
            body = f"answer {number}"
            run(database, actor, SaveDraft(ticket, DraftKind.REPLY, body))
            file.write(f"{number}\n".encode())
            answer = SendReply(ticket, body, to="anna@customer.test", confirmed=("recipients_changed",))
            assert run(database, actor, answer).outbox_id is not None


def test_a_reply_is_a_draft_or_on_its_way_whenever_the_terminal_dies(tmp_path: Path) -> None:
    url, noted = f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "noted"
    noted.touch()
    dice = random.Random(8)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with open_desk(url) as desk:
        desk.add_mailbox(None, smtp_host="smtp.desk.test")
        actor, ticket = agent(desk), add_ticket(desk)
        for death in range(size(5, 200)):
            before = noted.stat().st_size
            process = context.Process(
                target=write_and_send, args=(url, actor, ticket, death * 1_000, str(noted)), daemon=True
            )
            process.start()
            while noted.stat().st_size == before:
                assert process.is_alive(), "it ended by itself"
                time.sleep(0.002)  # the condition is a file of another process
            time.sleep(dice.random() * MOMENTS[death % len(MOMENTS)])  # when it dies is the test
            process.kill()
            process.join(60)
            nothing_is_lost_or_doubled(desk, noted)
        assert desk.messages(), "nobody lived long enough to send anything: the deaths showed nothing"


def nothing_is_lost_or_doubled(desk: Desk, noted: Path) -> None:
    written = [f"answer {number}" for number in noted.read_text().split()]
    with desk.database.reading() as session:
        drafts = [draft.body for draft in session.exec(select(Draft))]
        sent = [message.text for message in session.exec(select(Message).where(Message.direction == "out"))]
        queued = len(session.exec(select(OutboxItem.id)).all())
    assert len(sent) == len(set(sent)) == queued, "an answer without its message to send, or twice"
    assert set(written[:-1]) <= {*sent, *overwritten(written)}
    assert written[-1] in sent or drafts == [written[-1]], (drafts, written[-1])
    assert not set(sent) & set(drafts), "sent, and still a draft"


def overwritten(written: list[str]) -> list[str]:
    """Drafts of those who died before they sent: the next one wrote over them in this very test."""
    return [one for one, after in pairwise(written) if int(after.split()[1]) % 1_000 == 0]
