"""A desk for worker tests: a current database, mailboxes of the test servers, mails to deliver."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from tests.support.dovecot import Dovecot
from tests.support.new_desk import open_new_desk
from tests.support.ports import PATIENCE
from tui_desk.contracts.status import DeskStatus, ShowStatus
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.db.engine import Database
from tui_desk.db.fast import open_reader
from tui_desk.db.secrets import encrypt
from tui_desk.models import Agent, IntakeEntry, Mailbox, Message, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.desk_status import show_status
from tui_desk.workers.context import SyncResult
from tui_desk.workers.supervisor import run_worker

SUPPORT = "support@desk.test"
BILLING = "billing@desk.test"


@dataclass(frozen=True)
class Desk:
    """An open database and short ways to look into it."""

    database: Database

    def add_mailbox(self, dovecot: Dovecot | None, user: str = SUPPORT, **settings: Any) -> int:
        """A mailbox of a test user; everything in its folder becomes tickets unless ``start`` says otherwise."""
        if dovecot is not None:
            settings = {
                "imap_host": dovecot.host,
                "imap_port": dovecot.imap_port,
                "imap_security": "none",
                "imap_user": user,
                "password_secret": encrypt(self.database.url, dovecot.users[user]),
                "start": "all",
                **settings,
            }
        with self.database.writing() as session:
            mailbox = Mailbox(address=user, created_at=utc_now(), **settings)
            session.add(mailbox)
            session.flush()
            assert mailbox.id is not None
            return mailbox.id

    def change_mailbox(self, mailbox_id: int, **settings: Any) -> None:
        """What saving the settings does to the row."""
        with self.database.writing() as session:
            mailbox = session.get_one(Mailbox, mailbox_id)
            for name, value in settings.items():
                setattr(mailbox, name, value)
            mailbox.version += 1
            session.add(mailbox)

    def mailbox(self, mailbox_id: int) -> Mailbox:
        with self.database.reading() as session:
            return session.get_one(Mailbox, mailbox_id)

    def sync(self) -> SyncResult:
        """``tui-desk sync --once``."""
        return run_worker(self.database, threading.Event(), once=True)

    def status(self) -> DeskStatus:
        """What every terminal is told in its banners."""
        agent = self._watcher()
        reader = open_reader(self.database.url)
        try:
            return show_status(reader, Actor(agent.id, agent.login, agent.name, Role.READ_ONLY), ShowStatus())
        finally:
            reader.close()

    def _watcher(self) -> Agent:
        """An agent who only looks; made at the first look."""
        with self.database.reading() as session:
            found = session.exec(select(Agent).where(Agent.login == "watcher")).first()
        if found is not None:
            return found
        with self.database.writing() as session:
            made = Agent(login="watcher", name="Watcher", role=Role.READ_ONLY.value, created_at=utc_now())
            session.add(made)
            session.flush()
            return made

    def entries(self) -> list[IntakeEntry]:
        with self.database.reading() as session:
            return list(session.exec(select(IntakeEntry).order_by(IntakeEntry.id)))

    def verdicts(self) -> list[str]:
        return [entry.verdict for entry in self.entries()]

    def tickets(self) -> list[Ticket]:
        with self.database.reading() as session:
            return list(session.exec(select(Ticket).order_by(Ticket.id)))

    def messages(self) -> list[Message]:
        with self.database.reading() as session:
            return list(session.exec(select(Message).order_by(Message.id)))

    @contextmanager
    def running_worker(self, **options: Any) -> Iterator[threading.Event]:
        """A worker beside the test; it must end cleanly."""
        stop = threading.Event()
        thread = threading.Thread(target=run_worker, args=(self.database, stop), kwargs=options)
        thread.start()
        try:
            yield stop
        finally:
            stop.set()
            thread.join(PATIENCE)
            assert not thread.is_alive(), "the worker did not end"


@contextmanager
def open_desk(url: str) -> Iterator[Desk]:
    database = open_new_desk(url)
    try:
        yield Desk(database)
    finally:
        database.close()


def mail(
    number: int | str,
    *,
    sender: str = "Anna Abel <anna@customer.test>",
    to: str = SUPPORT,
    subject: str | None = None,
    extra: str = "",
    body: str = "It is broken.",
) -> bytes:
    """A plain mail; ``number`` makes Message-ID and subject its own."""
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject if subject is not None else f'Problem {number}'}\r\n"
        f"Message-ID: <m{number}@customer.test>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n{extra}"
    )
    return f"{head}\r\n{body}\r\n".encode()
