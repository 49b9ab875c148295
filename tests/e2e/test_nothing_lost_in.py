"""Nothing lost, nothing doubled on the way in: fetchers are killed at every fault point while a thousand mails wait."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from tests.e2e.killing import Killing, run_until_killed_at
from tests.support.dovecot import Dovecot
from tests.support.history import first_broken
from tests.support.ports import PATIENCE
from tests.workers.desk import BILLING, SUPPORT, Desk, mail, open_desk
from tui_desk.core.faults import POINTS
from tui_desk.db.blobs import load_blob
from tui_desk.models import IntakeEntry

pytestmark = [pytest.mark.dovecot, pytest.mark.slow, pytest.mark.timeout(1200)]

MAILS = 1_000


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_DESK_KEY_FILE", str(tmp_path / "secret.key"))


def settled(desk: Desk, expected: int) -> bool:
    """Every mail is in the ledger, has its verdict, and its server knows."""
    with desk.database.reading() as session:
        rows = session.exec(select(IntakeEntry.verdict, IntakeEntry.settled_on_server)).all()
    return len(rows) >= expected and all(verdict and told for verdict, told in rows)


def check(desk: Desk, mails: list[bytes]) -> None:
    """0 lost, 0 doubled, every byte as it was sent, every chain of events whole."""
    wanted = Counter(hashlib.sha256(raw).hexdigest() for raw in mails)
    with desk.database.reading() as session:
        entries = session.exec(select(IntakeEntry)).all()
        assert Counter(entry.sha256 for entry in entries) == wanted
        assert {entry.verdict for entry in entries} <= {"created", "joined"}
        for entry in entries[::25]:
            assert hashlib.sha256(load_blob(session, entry.sha256)).hexdigest() == entry.sha256
        shown = Counter(message.raw_sha256 for message in desk.messages())
        assert shown == wanted
        from tui_desk.models import Event

        chains: dict[str, list[Event]] = {}
        for event in session.exec(select(Event).order_by(Event.stream, Event.position)):
            chains.setdefault(event.stream, []).append(event)
        assert all(first_broken(chain) is None for chain in chains.values())


def test_a_thousand_mails_and_fetchers_that_die(database_url: str, dovecot: Dovecot, tmp_path: Path) -> None:
    mails = [
        mail(
            number,
            to=SUPPORT if number % 2 else BILLING,
            sender=f"p{number % 90}@customer.test",
            extra=f"In-Reply-To: <m{number - 90}@customer.test>\r\n"
            if number % 3 == 0 and number > 90
            else "",
        )
        for number in range(MAILS)
    ]
    with open_desk(database_url) as desk:
        desk.add_mailbox(dovecot, SUPPORT)
        desk.add_mailbox(dovecot, BILLING, after_import="move:Done")
        dovecot.deliver_many(SUPPORT, [raw for number, raw in enumerate(mails) if number % 2])
        dovecot.deliver_many(BILLING, [raw for number, raw in enumerate(mails) if not number % 2])
        killing = Killing(database_url, tmp_path / "deaths", probability=0.12)
        killing.until(lambda: settled(desk, MAILS), seconds=900)
        print(f"\n{killing.deaths} kills: {dict(killing.hits())}")
        assert killing.deaths >= 15
        check(desk, mails)
    assert dovecot.messages(BILLING) == []
    assert len(dovecot.messages(BILLING, "Done")) == MAILS // 2


@pytest.mark.parametrize("point", [point for point in POINTS if point.startswith("intake.")])
def test_a_death_at_each_place(point: str, dovecot: Dovecot, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    mails = [mail(number) for number in range(5)]
    with open_desk(url) as desk:
        desk.add_mailbox(dovecot)
        dovecot.deliver_many(SUPPORT, mails)
        log = tmp_path / "deaths"
        assert run_until_killed_at(url, point, log, PATIENCE)
        assert log.read_text().split() == [point]
        desk.sync()
        assert settled(desk, len(mails))
        check(desk, mails)
