"""Mail that was held back, history that is taken in, and the proof that nothing is missing."""

from __future__ import annotations

import mailbox as mailboxes
import os
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.contracts.desk import (
    AcceptSuspended,
    DropSuspended,
    JoinSuspended,
    ListSuspended,
    RetrySuspended,
    ShowSuspended,
)
from tui_desk.contracts.mailboxes import ReconcileMailbox
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.db.secrets import encrypt
from tui_desk.models import Agent, OutboxItem, Person, PersonAddress
from tui_desk.services.actor import IMPORT, Actor
from tui_desk.services.dispatch import run
from tui_desk.services.import_sources import MAX_FILE
from tui_desk.services.imports import import_mail


def agent(desk: Desk) -> Actor:
    with desk.database.writing() as session:
        row = Agent(login="ben", name="Ben", created_at=utc_now())
        session.add(row)
        session.flush()
        return Actor(row.id, "ben", "Ben", Role.AGENT)


@pytest.mark.dovecot
def test_what_an_agent_does_with_suspended_mail(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot)
    nobody = b"Subject: who am I\r\nMessage-ID: <n@x.test>\r\n\r\nHello\r\n"
    loop = mail("loop", sender=SUPPORT)
    dovecot.deliver_many(SUPPORT, [mail(1), nobody, loop, b"\r\n", mail("loop2", sender=SUPPORT)])
    assert desk.sync().suspended == 4
    actor, db = agent(desk), desk.database
    rows = {row.id: row for row in run(db, actor, ListSuspended())}
    assert sorted(row.cause.value for row in rows.values()) == ["loop", "loop", "no_sender", "unreadable"]
    causes: dict[str, list[int]] = {}
    for row in rows.values():
        causes.setdefault(row.cause.value, []).append(row.id)
    first, second = causes["loop"]
    assert "who am I" in run(db, actor, ShowSuspended(causes["no_sender"][0])).raw
    assert run(db, actor, AcceptSuspended(causes["no_sender"][0])) == 2
    assert run(db, actor, JoinSuspended(first, 1)) == 1
    assert "still held back" in run(db, actor, RetrySuspended(second))
    run(db, actor, DropSuspended(second, "spam"))
    assert run(db, actor, AcceptSuspended(causes["unreadable"][0])) == 3
    assert run(db, actor, ListSuspended()) == ()
    with pytest.raises(NotFound):
        run(db, actor, AcceptSuspended(second))
    assert sorted(desk.verdicts()) == ["created", "created", "created", "ignored", "joined"]
    proof = run(db, actor, ReconcileMailbox(mailbox))
    assert proof.agrees
    assert (proof.on_server, proof.in_ledger) == (5, 5)
    dovecot.deliver(SUPPORT, mail("late"))
    assert not run(db, actor, ReconcileMailbox(mailbox)).agrees


@pytest.mark.dovecot
def test_a_blocked_sender_is_held_back_until_retried(desk: Desk, dovecot: Dovecot) -> None:
    desk.add_mailbox(dovecot)
    with desk.database.writing() as session:
        person = Person(name="Eve", blocked=True, created_at=utc_now())
        session.add(person)
        session.flush()
        session.add(PersonAddress(person_id=person.id, address="eve@x.test"))
    dovecot.deliver(SUPPORT, mail(1, sender="eve@x.test"))
    assert desk.sync().suspended == 1
    with desk.database.writing() as session:
        session.exec(select(Person)).one().blocked = False
    assert "#1" in run(desk.database, agent(desk), RetrySuspended(1))
    assert len(desk.messages()) == 1


def test_history_is_taken_in_once_closed_and_silent(desk: Desk, tmp_path: Path) -> None:
    desk.add_mailbox(None, acknowledge=True)
    box = mailboxes.mbox(tmp_path / "old.mbox")
    for number in range(3):
        box.add(mail(number))
    box.add(mail("answer", extra="In-Reply-To: <m1@customer.test>\r\n", body="From here on\r\nit works."))
    box.close()
    folder = mailboxes.Maildir(tmp_path / "maildir")
    folder.add(mail("in maildir"))
    (tmp_path / "loose").mkdir()
    (tmp_path / "loose" / "one.eml").write_bytes(mail("loose"))
    (tmp_path / "loose" / "empty.eml").write_bytes(b"")
    for name, stored in (("old.mbox", 4), ("maildir", 1), ("loose", 2)):
        assert import_mail(desk.database, IMPORT, str(tmp_path / name), mailbox=SUPPORT).stored == stored
        assert import_mail(desk.database, IMPORT, str(tmp_path / name), mailbox=SUPPORT).stored == 0
    tickets = desk.tickets()
    assert len(tickets) == 5
    assert {ticket.status for ticket in tickets} == {"closed"}
    assert all(ticket.imported for ticket in tickets)
    assert len(desk.messages()) == 6
    assert any("From here on" in message.text for message in desk.messages())
    with desk.database.reading() as session:
        assert session.exec(select(OutboxItem)).all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL has no file of ours
def test_the_desks_own_files_are_not_even_opened(desk: Desk, tmp_path: Path) -> None:
    assert desk.database.url.path is not None
    folder = tmp_path / "everything"
    folder.mkdir()
    (folder / "one.eml").write_bytes(mail(1))
    for ending in ("", "-wal", "-shm"):
        own = desk.database.url.path.with_name(desk.database.url.path.name + ending)
        os.link(own, folder / f"own{ending}.mbox")
    opened: list[str] = []
    sys.addaudithook(lambda name, data: opened.append(str(data[0])) if name == "open" else None)
    assert import_mail(desk.database, IMPORT, str(folder)).read == 1
    assert not [name for name in opened if "own" in Path(name).name]
    with pytest.raises(UsageError):
        import_mail(desk.database, IMPORT, str(desk.database.url.path))


def test_an_import_tells_what_the_server_did_not_give(desk: Desk, certificates: Certificates) -> None:
    with HostileImap(certificates.good, {1: mail(1), 2: mail(2)}) as server:
        server.plan.refused_uids = frozenset({2})
        desk.add_mailbox(
            None,
            imap_host=server.host,
            imap_port=server.port,
            imap_security="none",
            imap_user="u",
            password_secret=encrypt(desk.database.url, "p"),
        )
        done = import_mail(desk.database, IMPORT, f"imap:{SUPPORT}/INBOX")
    assert (done.read, done.not_fetched) == (1, 1)


def test_a_file_too_large_for_one_mail_is_no_mail(desk: Desk, tmp_path: Path) -> None:
    huge = tmp_path / "huge.eml"
    with huge.open("wb") as file:
        file.write(b"Subject: x\r\n\r\n")
        file.truncate(MAX_FILE + 1)
    assert import_mail(desk.database, IMPORT, str(tmp_path)).read == 0
    with pytest.raises(UsageError):
        import_mail(desk.database, IMPORT, str(huge))
