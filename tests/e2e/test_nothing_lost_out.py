"""Nothing lost, nothing doubled on the way out: senders are killed at every fault point, and the server hides some of its 250s."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from tests.e2e.killing import Killing, run_until_killed_at
from tests.support.ports import PATIENCE
from tests.support.smtp_sink import Cut, SmtpSink
from tests.workers.desk import Desk, open_desk
from tests.workers.test_send import add_sender, add_ticket, put
from tui_desk.core.clock import utc_now
from tui_desk.core.faults import POINTS
from tui_desk.models import Delivery, Event, OutboxItem

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

MESSAGES = 200
_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_DESK_KEY_FILE", str(tmp_path / "secret.key"))


def ended(desk: Desk) -> bool:
    """Everything is done, or a person has to decide."""
    with desk.database.reading() as session:
        rows = session.exec(select(OutboxItem.state, OutboxItem.resends_after_unknown)).all()
    return all(state == "done" or (state == "unknown" and resends >= 3) for state, resends in rows)


def received(sink: SmtpSink) -> dict[str, list[bytes]]:
    """What the server kept, by Message-ID."""
    found: dict[str, list[bytes]] = {}
    for each in list(sink.mails):
        match = _ID.search(each.data)
        assert match is not None
        found.setdefault(match[1].decode(), []).append(each.data)
    return found


def check(desk: Desk, sink: SmtpSink) -> int:
    """Nothing undelivered, nothing falsely sent, every repeat explained; answers how many came twice."""
    kept = received(sink)
    unknowns: Counter[str] = Counter()
    with desk.database.reading() as session:
        for event in session.exec(select(Event).where(Event.action == "send_unknown")):
            unknowns[event.after["rfc_message_id"]] += 1
        for item in session.exec(select(OutboxItem)):
            states = {
                row.state for row in session.exec(select(Delivery).where(Delivery.outbox_id == item.id))
            }
            copies = kept.get(item.rfc_message_id, [])
            if states == {"sent"}:
                assert copies, f"{item.rfc_message_id} is called sent and was never taken"
            else:
                assert states == {"unknown"}, states
            assert len(set(copies)) <= 1, "a repeat with other bytes"
            assert len(copies) - 1 <= unknowns[item.rfc_message_id], "a repeat without a recorded unknown"
    assert len(kept) == MESSAGES, f"{MESSAGES - len(kept)} never delivered"
    return sum(len(copies) - 1 for copies in kept.values())


def hostile(seed: int, share: float) -> object:
    """Hides the 250 of some mails it keeps, and loses a few connections."""
    dice = random.Random(seed)

    def next_cut() -> Cut | None:
        roll = dice.random()
        if roll < share:
            return Cut.AFTER_DOT
        return {0: Cut.IN_BODY, 1: Cut.DATA_COMMAND}.get(int(roll * 50) - 40)

    return next_cut


def test_two_hundred_answers_and_senders_that_die(
    database_url: str, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    smtp_sink.plan.next_cut = hostile(3, 0.08)
    with open_desk(database_url) as desk:
        mailbox = add_sender(desk, smtp_sink)
        tickets = [add_ticket(desk) for _ in range(50)]
        for number in range(MESSAGES):
            put(desk, mailbox, f"r{number}@x.test", number=number, ticket=tickets[number % 50])
        killing = Killing(database_url, tmp_path / "deaths", probability=0.03, seed=5)
        killing.until(lambda: ended(desk), seconds=900)
        doubled = check(desk, smtp_sink)
        print(
            f"\n{killing.deaths} kills: {dict(killing.hits())}; {doubled} came twice, each after a recorded unknown"
        )
        assert killing.deaths >= 10


def test_with_proof_next_to_nothing_comes_twice(smtp_sink: SmtpSink, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    proof.write_text("")
    smtp_sink.plan.next_cut = hostile(4, 0.08)
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    with open_desk(url) as desk:
        mailbox = add_sender(desk, smtp_sink)
        for number in range(MESSAGES):
            put(desk, mailbox, f"r{number}@x.test", number=number, ticket=add_ticket(desk))
        killing = Killing(url, tmp_path / "deaths", probability=0.02, arguments=(str(proof),))

        def note() -> None:
            (tmp_path / "draft").write_text("\n".join(received(smtp_sink)))
            (tmp_path / "draft").replace(proof)

        smtp_sink.plan.on_kept = note  # before anybody can look for a proof, however slow this process is
        killing.until(lambda: ended(desk), seconds=900)
        assert check(desk, smtp_sink) <= 1


@pytest.mark.parametrize("point", [point for point in POINTS if point.startswith(("outbox.", "clock."))])
def test_a_death_at_each_place(point: str, smtp_sink: SmtpSink, tmp_path: Path) -> None:
    url, log = f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "deaths"
    with open_desk(url) as desk:
        mailbox = add_sender(desk, smtp_sink)
        ticket = add_ticket(desk)
        out = put(desk, mailbox, ticket=ticket, held=0.1 if point == "clock.released" else 0)
        if point in ("outbox.before_proof", "outbox.proved", "outbox.swept"):
            _leave_in_flight(desk, out, swept=point != "outbox.swept")
        assert run_until_killed_at(url, point, log, PATIENCE)
        assert log.read_text().split() == [point]
        Killing(url, tmp_path / "none", probability=0.0, count=1).until(lambda: ended(desk), seconds=PATIENCE)
        copies = received(smtp_sink)["out1@desk.test"]
        assert len(copies) <= 2
        assert len(set(copies)) == 1
        if len(copies) == 2:
            with desk.database.reading() as session:
                assert session.exec(select(Event).where(Event.action == "send_unknown")).all()


def _leave_in_flight(desk: Desk, outbox_id: int, *, swept: bool) -> None:
    """As a sender leaves it that died after DATA: still claimed by the dead, or found to be *unknown* already."""
    from tests.workers.test_send import QUICK
    from tui_desk.services import send_routes, sending, unanswered
    from tui_desk.workers.holders import new_holder

    dead = new_holder().split(":")
    dead[-3], dead[-2] = "1", "1"
    with desk.database.writing() as session:
        now = utc_now()
        ways = send_routes.routes(session)
        claim = sending.claim(session, ways[0], ways, ":".join(dead), now)
        assert claim is not None
        assert claim.outbox_id == outbox_id
        sending.begin_data(session, claim, claim.recipients, now)
    if swept:
        with desk.database.writing() as session:
            unanswered.sweep(session, utc_now() + timedelta(hours=1), set(), QUICK)
            item = session.get_one(OutboxItem, outbox_id)
            item.next_attempt_at = utc_now()
            session.add(item)
