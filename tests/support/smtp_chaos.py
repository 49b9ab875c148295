"""Chaos on the way out: senders that are killed at random and a server of ill will; then everybody's fate is counted."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import and_
from sqlmodel import col, select

from tests.e2e.killing import Killing
from tests.support.smtp_sink import Cut, Received, SmtpSink
from tests.workers.desk import Desk
from tests.workers.test_send import add_sender, add_ticket, put
from tui_desk.models import Delivery, Event, OutboxItem

_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)
_EACH_TICKET = 8
"""Answers of one ticket, that must leave in their order."""


@dataclass(frozen=True)
class Figures:
    """What became of all recipients; ``doubled`` were each preceded by an answer that was recorded as missing."""

    recipients: int
    sent: int
    refused: int
    undecided: int
    doubled: int
    kills: int
    connections: int


def ill_will(sink: SmtpSink, seed: int) -> None:
    """8 % of the 250s are lost, connections cut anywhere, 4xx and 421 at every step, answers that come late."""
    dice = random.Random(seed)

    def cut() -> Cut | None:
        roll = dice.random()
        if roll < 0.08:
            return Cut.AFTER_DOT
        named = (Cut.MAIL, Cut.RCPT, Cut.DATA_COMMAND, Cut.IN_BODY, Cut.AFTER_DOT_LOST)
        return named[int(roll * 1_000) % len(named)] if roll < 0.13 else None

    def reply(phase: str) -> str | None:
        roll = dice.random()
        if roll < 0.01:
            time.sleep(0.3)
        if roll < 0.97:
            return None
        return f"421 4.3.2 {phase}: going down" if roll > 0.99 else f"451 4.3.0 {phase}: not now"

    sink.plan.next_cut = cut
    sink.plan.next_reply = reply
    sink.plan.extensions += ("DSN",)


def keep_proof(sink: SmtpSink, file: Path) -> None:
    """``file`` has the Message-IDs of all that the server has, each before its answer is given or lost."""
    file.touch()
    lock = threading.Lock()
    written = 0

    def note() -> None:
        nonlocal written
        with lock, file.open("a") as out:
            fresh = sink.mails[written:]
            written += len(fresh)
            out.write("".join(f"{_name(mail)}\n" for mail in fresh))

    sink.plan.on_kept = note


def _name(mail: Received) -> str:
    match = _ID.search(mail.data)
    assert match is not None
    return match[1].decode()


def fill(desk: Desk, sink: SmtpSink, mails: int) -> None:
    """An outbox of ``mails``; every tenth has five recipients, one of whom nobody knows."""
    mailbox = add_sender(desk, sink)
    tickets = [add_ticket(desk) for _each in range(mails // _EACH_TICKET + 1)]
    for number in range(mails):
        people = [f"r{number}@x.test"]
        if number % 10 == 0:
            gone = f"gone{number}@x.test"
            sink.plan.replies[gone] = "550 5.1.1 no such user"
            people += [f"s{number}@x.test", gone, f"t{number}@x.test", f"u{number}@x.test"]
        put(desk, mailbox, *people, number=number, ticket=tickets[number % len(tickets)])


def run(
    desk: Desk,
    sink: SmtpSink,
    log: Path,
    *,
    senders: int,
    probability: float,
    seconds: float,
    proof: Path | None = None,
) -> Figures:
    """Workers until everything has ended; AssertionError for a mail lost, falsely called sent, or doubled without a reason.

    ``proof``: where a message whose answer never came is looked up, as in a Sent folder.
    """
    if proof is not None:
        keep_proof(sink, proof)
    arguments = (str(proof),) if proof is not None else ()
    killing = Killing(_url(desk), log, probability=probability, count=senders, arguments=arguments, seed=11)
    killing.until(lambda: _ended(desk), seconds=seconds)
    return _counted(desk, sink, killing.deaths)


def _url(desk: Desk) -> str:
    url = desk.database.url
    return url.dsn if url.path is None else f"sqlite:///{url.path}"


def _ended(desk: Desk) -> bool:
    given_up = and_(col(OutboxItem.state) == "unknown", col(OutboxItem.resends_after_unknown) >= 3)
    with desk.database.reading() as session:
        open_ones = select(OutboxItem.id).where(col(OutboxItem.state) != "done", ~given_up).limit(1)
        return session.exec(open_ones).first() is None


def _counted(desk: Desk, sink: SmtpSink, kills: int) -> Figures:
    kept: Counter[tuple[str, str]] = Counter()
    bodies: dict[str, set[bytes]] = {}
    order: dict[str, int] = {}
    for place, mail in enumerate(list(sink.mails)):
        name = _name(mail)
        bodies.setdefault(name, set()).add(mail.data)
        order.setdefault(name, place)
        kept.update((name, address) for address in mail.recipients)
    assert all(len(each) == 1 for each in bodies.values()), "a repeat with other bytes"
    states: Counter[str] = Counter()
    doubled = 0
    explained: Counter[tuple[str, str]] = Counter()
    with desk.database.reading() as session:
        for event in session.exec(select(Event).where(Event.action == "send_unknown")):
            explained.update((event.after["rfc_message_id"], address) for address in event.after["to"])
        rows = session.exec(
            select(OutboxItem, Delivery)
            .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
            .order_by(col(OutboxItem.id))
        ).all()
    for item, delivery in rows:
        key = (item.rfc_message_id, delivery.address)
        states[delivery.state] += 1
        doubled += max(0, kept[key] - 1)
        assert kept[key] - 1 <= explained[key], f"{key}: a repeat without a recorded unknown"
        if delivery.state == "sent":
            assert kept[key], f"{key} is called sent and was never taken"
        elif delivery.state == "failed":
            assert delivery.address.startswith("gone"), f"{key} was given up: {delivery.cause}"
            assert not kept[key]
        else:
            assert delivery.state == "unknown", delivery.state
            assert kept[key] or explained[key] >= 3
    by_ticket: dict[int | None, list[str]] = {}
    for item in {item.id: item for item, _delivery in rows}.values():
        by_ticket.setdefault(item.ticket_id, []).append(item.rfc_message_id)
    for names in by_ticket.values():
        first_seen = [order[name] for name in names if name in order]
        assert first_seen == sorted(first_seen), "answers of one ticket in another order"
    return Figures(
        len(rows), states["sent"], states["failed"], states["unknown"], doubled, kills, sink.connections
    )
