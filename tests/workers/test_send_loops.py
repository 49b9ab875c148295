"""Machines that answer each other stop (X-B10): two desks, auto-responders, lists, our own address as a customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.workers.desk import Desk, mail, open_desk
from tests.workers.mail_in import receive
from tui_desk.db.blobs import load_blob
from tui_desk.models import Delivery, Mailbox, OutboxItem
from tui_desk.services.acknowledge import PER_DOMAIN

OURS, THEIRS = "support@a.test", "help@b.test"
_MARKS = re.compile(
    rb"^(?:Auto-Submitted|X-Auto-Response-Suppress|Precedence|X-Tui-Desk):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*",
    re.MULTILINE | re.IGNORECASE,
)
_THREAD = re.compile(
    rb"^(?:In-Reply-To|References|Message-ID|Subject|Reply-To):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*",
    re.MULTILINE | re.IGNORECASE,
)


def acknowledging(desk: Desk, address: str) -> int:
    mailbox = desk.add_mailbox(None, address, acknowledge=True)
    with desk.database.writing() as session:
        session.get_one(Mailbox, mailbox).smtp_host = "smtp.desk.test"
    return mailbox


def sent(desk: Desk) -> list[tuple[int | None, str, bytes]]:
    """Everything that was put into the outbox: ticket, recipient, bytes."""
    with desk.database.reading() as session:
        rows = session.exec(
            select(OutboxItem, Delivery.address)
            .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
            .order_by(col(OutboxItem.id))
        ).all()
        return [(item.ticket_id, address, load_blob(session, item.mime_sha256)) for item, address in rows]


@pytest.fixture
def other_desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(f"sqlite:///{tmp_path / 'other.db'}") as opened:
        yield opened


def without_marks(raw: bytes, _number: int) -> bytes:
    return _MARKS.sub(b"", raw)


def without_anything(raw: bytes, number: int) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    bare = _THREAD.sub(b"", _MARKS.sub(b"", head + b"\r\n"))
    return bare + b"Subject: news %d\r\nMessage-ID: <gw%d@relay.test>\r\n\r\n" % (number, number) + body


@pytest.mark.parametrize("mangle", [lambda raw, _number: raw, without_marks, without_anything])
def test_two_desks_stop_within_two_messages(desk: Desk, other_desk: Desk, mangle: object) -> None:
    """Also where a relay between them takes away what says that a machine wrote, and where it takes away everything."""
    boxes = {OURS: acknowledging(desk, OURS), THEIRS: acknowledging(other_desk, THEIRS)}
    desks = {OURS: desk, THEIRS: other_desk}
    receive(desk, boxes[OURS], mail(1, sender=f"Their desk <{THEIRS}>", to=OURS))
    carried = {OURS: 0, THEIRS: 0}
    for number in range(8):
        for me, other in ((OURS, THEIRS), (THEIRS, OURS)):
            for _ticket, to, raw in sent(desks[me])[carried[me] :]:
                assert to == other
                carried[me] += 1
                receive(desks[other], boxes[other], mangle(raw, number * 2 + (me == OURS)))
    assert 1 <= sum(carried.values()) <= 2, carried


def test_a_robot_with_a_new_address_each_time_is_answered_no_more_than_some(desk: Desk) -> None:
    mailbox = acknowledging(desk, OURS)
    for number in range(PER_DOMAIN * 3):
        receive(desk, mailbox, mail(number, sender=f"robot{number}@machine.test", to=OURS))
    found = sent(desk)
    assert len(found) == PER_DOMAIN
    assert len({ticket for ticket, _to, _raw in found}) == len(found), "one for a ticket"
    assert len(desk.tickets()) == PER_DOMAIN * 3, "and every mail has its ticket"
    receive(desk, mailbox, mail("x", sender="anna@customer.test", to=OURS))
    assert sent(desk)[-1][1] == "anna@customer.test"


@pytest.mark.parametrize(
    ("sender", "extra"),
    [
        (OURS, ""),
        ("list@l.test", "List-Id: <l.l.test>\r\n"),
        ("bot@x.test", "Auto-Submitted: auto-replied\r\n"),
        ("bot@x.test", "X-Auto-Response-Suppress: All\r\n"),
        ("bot@x.test", "Precedence: bulk\r\n"),
        ("noreply@x.test", ""),
        ("a@x.test", "Return-Path: <>\r\n"),
    ],
)
def test_nobody_there_is_answered(desk: Desk, sender: str, extra: str) -> None:
    mailbox = acknowledging(desk, OURS)
    for number in range(5):
        receive(desk, mailbox, mail(number, sender=sender, to=OURS, extra=extra))
    assert sent(desk) == []


def test_an_auto_responder_at_the_other_end_of_a_ticket_ends_it_at_one(desk: Desk) -> None:
    """It answers everything we send, in the ticket, without any mark of a machine: nothing grows."""
    mailbox = acknowledging(desk, OURS)
    receive(desk, mailbox, mail(0, sender="anna@customer.test", to=OURS))
    for number in range(1, 8):
        ours = sent(desk)[-1][2]
        found = re.search(rb"^Message-ID: *(<[^>]+>)", ours, re.MULTILINE)
        assert found is not None
        extra = f"In-Reply-To: {found[1].decode()}\r\n"
        receive(desk, mailbox, mail(number, sender="anna@customer.test", to=OURS, extra=extra))
    assert len(sent(desk)) == 1
    assert len(desk.tickets()) == 1
