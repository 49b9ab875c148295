"""A desk that asked for an approval by mail, and the letters that come back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Letter
from typing import Any

from sqlmodel import col, select

from tests.services.correspondence import add_mailbox
from tests.services.desk import Desk
from tests.services.test_approvals import approval, sentences
from tui_desk.contracts.approvals import (
    ApprovalView,
    ShowApproval,
    StepInput,
)
from tui_desk.contracts.conversation import MessageView
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.db.blobs import blob_row, load_blob
from tui_desk.models import Delivery, IntakeEntry, OutboxItem
from tui_desk.services import audit, ledger
from tui_desk.services.intake import process_unfinished

BOSS = "boss@corp.test"
TOKEN = re.compile(r"tdap\.\d+\.[a-z2-7]{26}")


@dataclass
class World:
    """A desk with a mailbox, and one approval that waits for the boss."""

    desk: Desk
    mailbox: int
    asked: ApprovalView
    count: int = 0

    @property
    def question(self) -> Letter:
        """The last mail to the boss."""
        return self.questions(BOSS)[-1]

    def questions(self, address: str) -> list[Letter]:
        with self.desk.database.reading() as session:
            rows = session.exec(
                select(OutboxItem.mime_sha256)
                .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
                .where(Delivery.address == address)
                .order_by(col(OutboxItem.id))
            )
            return [message_from_bytes(load_blob(session, sha)) for sha in rows]

    def answer(
        self,
        text: str,
        *,
        sender: str = f"The Boss <{BOSS}>",
        question: Letter | None = None,
        headers: str = "",
        thread: bool = True,
        quote: bool = True,
        token: str = "",
    ) -> IntakeEntry:
        """An answer as a mail program makes it, received and processed."""
        question = question or self.question
        self.count += 1
        body = text
        if quote:
            shown = plain(question)
            if token:
                shown = TOKEN.sub(token, shown)
            body += "\n\nOn Mon, 2 Mar 2026, Help desk wrote:\n" + "\n".join(
                f"> {line}" for line in shown.splitlines()
            )
        identifier = str(question["Message-ID"])
        reply = f"In-Reply-To: {identifier}\nReferences: {identifier}\n" if thread else ""
        raw = (
            f"{headers}From: {sender}\nTo: help@desk.test\nSubject: Re: {question['Subject']}\n{reply}"
            f"Message-ID: <answer{self.count}@corp.test>\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n"
            f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n"
        )
        return self.receive(raw.replace("\n", "\r\n").encode())

    def receive(self, raw: bytes) -> IntakeEntry:
        desk = self.desk
        desk.later(seconds=10)
        place = ledger.Place(ledger.mailbox_source(self.mailbox), "INBOX", 1, self.mailbox)
        with desk.database.writing() as session:
            uid = max(ledger.known_uids(session, place), default=0) + 1
            ledger.store(session, place, [ledger.Arrival(uid, blob_row(raw), desk.now, len(raw))])
        while process_unfinished(desk.database, lambda: desk.now).total:
            pass
        with desk.database.reading() as session:
            return session.exec(select(IntakeEntry).order_by(col(IntakeEntry.id).desc())).first()

    @property
    def now(self) -> ApprovalView:
        return self.desk.ask(ShowApproval(self.asked.id))

    @property
    def last(self) -> MessageView:
        """The last answer in the ticket."""
        messages = self.desk.ask(ShowTicket(self.asked.ticket)).messages
        return [one for one in messages if any("answer to an approval" in mark for mark in one.marks)][-1]

    def refused(self, reason: str) -> None:
        """The last answer did not count: kept inside, shown with its reason, told to who asked; nothing is decided."""
        assert [one.decision for step in self.now.steps for one in step.approvers if one.address == BOSS] == [
            ""
        ]
        self.kept(reason)

    def kept(self, reason: str) -> None:
        shown = self.last
        assert shown.marks == ("answer to an approval: not counted",)
        assert reason in shown.why[0]
        assert (shown.kind.value, shown.direction.value) == ("system", "internal")
        assert reason in sentences(self.desk, self.asked.ticket)[-1] or any(
            reason in one for one in sentences(self.desk, self.asked.ticket)
        )
        assert any(
            note.kind == "answer_refused" and reason in note.sentence
            for note in self.desk.ask(ListNotifications())
        )
        assert not TOKEN.search(shown.text)
        with self.desk.database.reading() as session:
            assert audit.verify(session).broken == ()


def plain(letter: Letter) -> str:
    part = next(one for one in letter.walk() if one.get_content_type() == "text/plain")
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw.decode().replace("\r\n", "\n")


def world_of(desk: Desk, *steps: StepInput, mailbox: dict[str, Any] | None = None, **values: Any) -> World:
    number = add_mailbox(desk, **(mailbox or {}))
    return World(desk, number, approval(desk, *(steps or (StepInput((BOSS,)),)), **values))


def signature_of(letter: Letter) -> str:
    found = TOKEN.search(str(letter["Message-ID"]))
    assert found
    return found[0].rpartition(".")[2]
