"""Exams of the way in (X-A2, X-A7 to X-A9, X-A11, X-A12): what others break, and what must come of it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import test_nothing_lost_in, test_nothing_lost_out
from tests.exams.sizes import FULL, size
from tests.mail.mutants import mutant, sources
from tests.mail.test_parse_hostile import BOMBS
from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.support.small_disk import SmallDisk, small_disk
from tests.workers import test_oauth
from tests.workers.desk import BILLING, SUPPORT, Desk, mail, open_desk
from tests.workers.mail_in import receive
from tests.workers.test_suspended import agent
from tui_desk.contracts.desk import ListSuspended, RetrySuspended, ShowSuspended
from tui_desk.core.errors import NotFound
from tui_desk.core.faults import POINTS
from tui_desk.db.blobs import load_blob
from tui_desk.models import TicketMailbox
from tui_desk.services import intake
from tui_desk.services.dispatch import run

ENDINGS = {"created", "joined", "duplicate", "suspended"}
LONGEST = 2.0
"""CPU seconds for one mail."""


@pytest.fixture
def one_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on one kind of database: what these tests are about is the mail."""
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as opened:
        yield opened


def test_somebody_dies_at_every_fault_point() -> None:
    """X-A2: the list is made from the code (:mod:`tests.core.test_faults`), and each name on it is a case of a test that kills there."""
    tests = (
        test_nothing_lost_in.test_a_death_at_each_place,
        test_nothing_lost_out.test_a_death_at_each_place,
        test_oauth.test_a_death_while_renewing_is_survived_or_told_truthfully,
    )
    killed = [
        point
        for test in tests
        for mark in test.pytestmark
        if mark.name == "parametrize" and mark.args[0] == "point"
        for point in mark.args[1]
    ]
    assert sorted(killed) == sorted(POINTS)


@pytest.mark.dovecot
def test_one_mail_to_two_mailboxes_by_hidden_copy(one_desk: Desk, dovecot: Dovecot) -> None:
    """X-A7: neither address stands in a field that its author wrote; each copy names its own way."""
    from sqlmodel import select

    boxes = [one_desk.add_mailbox(dovecot), one_desk.add_mailbox(dovecot, BILLING)]
    hidden = mail("hidden", to="Undisclosed <friends@elsewhere.test>")
    for number, user in enumerate((SUPPORT, BILLING)):
        trace = f"Return-Path: <anna@customer.test>\r\nDelivered-To: {user}\r\nReceived: from mx{number} by mail; Fri, 20 Nov 2026 10:00:0{number} +0000\r\n"
        dovecot.deliver(user, trace.encode() + hidden)
    found = one_desk.sync()
    assert (found.created, found.duplicates) == (1, 1)
    (message,) = one_desk.messages()
    with one_desk.database.reading() as session:
        routes = set(
            session.exec(
                select(TicketMailbox.mailbox_id, TicketMailbox.company_address).where(
                    TicketMailbox.ticket_id == message.ticket_id
                )
            ).all()
        )
    assert routes == {(boxes[0], SUPPORT), (boxes[1], BILLING)}
    assert len({entry.sha256 for entry in one_desk.entries()}) == 2, "the bytes of both copies are kept"


def _broken_mails() -> list[bytes]:
    originals = sources(None)
    bombs = [make() for make in BOMBS.values()] if FULL else [BOMBS["5,000 nested parts"]()]
    mutants = [mutant(number, originals) for number in range(size(150, 1_000))]
    return [raw for raw in [*mutants, *bombs] if raw]


def test_broken_mail_ends_as_message_or_is_shown_as_held_back(one_desk: Desk) -> None:
    """X-A8: through the whole of intake, each in a batch with others; the bytes are kept whatever becomes of them."""
    mailbox = one_desk.add_mailbox(None)
    raws = _broken_mails()
    dearest = 0.0
    for start in range(0, len(raws), 25):
        before = time.thread_time()
        receive(one_desk, mailbox, *raws[start : start + 25], mail(f"good{start}"))
        dearest = max(dearest, time.thread_time() - before)
    entries = one_desk.entries()
    assert {entry.verdict for entry in entries} <= ENDINGS
    good = [entry for entry in entries if entry.rfc_message_id.startswith("mgood")]
    assert [entry.verdict for entry in good] == ["created"] * len(good), "no broken mail costs another one"
    kept = {entry.sha256 for entry in entries}
    assert {hashlib.sha256(raw).hexdigest() for raw in raws} <= kept
    watcher = agent(one_desk)
    held = {entry.id for entry in entries if entry.verdict == "suspended"}
    shown = {row.id for row in run(one_desk.database, watcher, ListSuspended())}
    assert shown == held
    for number in sorted(held)[:50]:
        assert run(one_desk.database, watcher, ShowSuspended(number)).row.cause
    with one_desk.database.reading() as session:
        for entry in entries[:: size(10, 1)]:
            assert hashlib.sha256(load_blob(session, entry.sha256)).hexdigest() == entry.sha256
    assert dearest < 25 * LONGEST, dearest


def test_what_a_fault_of_ours_held_back_is_processed_after_the_repair(
    one_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-A9: exactly one message, in the ticket it would have been in, with its bytes; asked for as often as one likes."""
    mailbox = one_desk.add_mailbox(None)
    receive(one_desk, mailbox, mail(1))
    answer = mail("answer", extra="In-Reply-To: <m1@customer.test>\r\n", body="It still burns.")
    plan = intake.plan_mail

    def broken(batch: object, each: object, **options: object) -> object:
        if b"still burns" in answer and "answer" in str(each.parsed.subject):
            raise RuntimeError("a fault of ours")
        return plan(batch, each, **options)

    with monkeypatch.context() as patched:
        patched.setattr(intake, "plan_mail", broken)
        (held,) = receive(one_desk, mailbox, answer)
        assert (held.verdict, held.cause) == ("suspended", "failed")
        actor = agent(one_desk)
        assert "still held back" in run(one_desk.database, actor, RetrySuspended(held.id or 0))
        assert len(one_desk.messages()) == 1
    assert "#1" in run(one_desk.database, actor, RetrySuspended(held.id or 0))
    with pytest.raises(NotFound):
        run(one_desk.database, actor, RetrySuspended(held.id or 0))
    first, second = one_desk.messages()
    assert (second.ticket_id, first.ticket_id) == (1, 1)
    with one_desk.database.reading() as session:
        assert load_blob(session, second.raw_sha256) == answer
    (copy,) = receive(one_desk, mailbox, answer)
    assert copy.verdict == "duplicate"


@pytest.mark.dovecot
def test_a_flood_comes_in_in_its_order(one_desk: Desk, dovecot: Dovecot) -> None:
    """X-A11: oldest first, and what comes meanwhile after it. The rate is ``benchmarks.first_import``'s to measure."""
    waiting, meanwhile = size(300, 20_000), 20
    one_desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(waiting)])
    with one_desk.running_worker():
        wait_until(lambda: len(one_desk.entries()) > 0, what="the beginning")
        for number in range(waiting, waiting + meanwhile):
            dovecot.deliver(SUPPORT, mail(number))
        wait_until(lambda: len(one_desk.tickets()) == waiting + meanwhile, size(600, 3_600), "the flood")
    subjects = [message.subject for message in one_desk.messages()]
    assert subjects[:waiting] == [f"Problem {number}" for number in range(waiting)]
    assert sorted(subjects) == sorted(f"Problem {number}" for number in range(waiting + meanwhile))


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(64) as made:
        yield made


@pytest.mark.dovecot
def test_a_file_system_that_is_read_only_costs_no_mail(disk: SmallDisk, dovecot: Dovecot) -> None:
    """X-A12: as a kernel leaves a disk that failed. Nothing is moved on the server, it is told in a sentence, and all comes in
    afterwards."""
    url = f"sqlite:///{disk.folder / 'desk.db'}"
    with open_desk(url) as desk:
        desk.add_mailbox(dovecot, after_import="move:Done")
        agent(desk)
        dovecot.deliver_many(SUPPORT, [mail(number) for number in range(5)])
        assert desk.sync().created == 5
    dovecot.deliver_many(SUPPORT, [mail(f"late{number}") for number in range(5)])
    remount(disk, "ro")
    try:
        command = [sys.executable, "-m", "tui_desk", "sync", "--once", "--db", url, "--as", "ben"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    finally:
        remount(disk, "rw")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stderr.strip(), "it is told"
    print(f"\n{done.stderr}")
    assert len(dovecot.messages(SUPPORT)) == 5
    with open_desk(url) as desk:
        assert desk.sync().created == 5
        assert desk.verdicts() == ["created"] * 10
        assert len(dovecot.messages(SUPPORT, "Done")) == 10


def remount(disk: SmallDisk, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk.folder)], capture_output=True, check=True)
