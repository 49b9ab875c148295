"""Approvals decided by mail: what counts, and every way in which somebody might try to decide what is not theirs (X-G5, X-G2)."""

from __future__ import annotations

import base64
import random
import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes
from email.message import Message as Letter
from typing import Any

import pytest
from sqlmodel import col, select

from tests.services.desk import Desk
from tests.services.test_approvals import approval, decide, mails, sentences, tick
from tests.services.test_conversation import add_mailbox, ticket
from tui_desk.contracts.approvals import (
    AddSubstitute,
    ApprovalView,
    CancelApproval,
    SaveApproval,
    ShowApproval,
    StepInput,
)
from tui_desk.contracts.conversation import MessageView, SendReply
from tui_desk.contracts.desk import SaveSettings, ShowPerson
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.people import MergePeople, SavePerson
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import ConfigurationError
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


@pytest.fixture
def world(desk: Desk) -> World:
    return world_of(desk, amount=Decimal(900), currency="EUR")


def test_an_approver_whose_records_were_merged_still_decides(world: World) -> None:
    desk = world.desk
    boss = desk.ask(ShowPerson(address=BOSS)).id
    other = desk.ask(SavePerson(None, "The Boss", "the.boss@home.test")).id
    desk.ask(MergePeople(keep=other, other=boss))
    world.answer("YES")
    assert world.now.state == "approved"
    (voted,) = world.now.steps[0].approvers
    assert (voted.decision, voted.person_id, voted.decided_by) == ("yes", other, "")


def test_yes_by_mail(world: World) -> None:
    desk, number = world.desk, world.asked.ticket
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    entry = world.answer("YES\n\nGo ahead.\n-- \nThe Boss")
    assert (entry.verdict, entry.ticket_id) == ("joined", number)
    assert world.now.state == "approved"
    (voted,) = world.now.steps[0].approvers
    assert (voted.decision, voted.comment, voted.channel) == ("yes", "Go ahead.", "email")
    shown = desk.ask(ShowTicket(number))
    assert (shown.status, shown.first_response_at, shown.requester_waiting) == (
        TicketStatus.RESOLVED,
        None,
        False,
    )
    assert world.last.marks == ("answer to an approval: counted",)
    assert (world.last.kind.value, world.last.direction.value) == ("system", "internal")
    assert "boss@corp.test said yes to “A laptop”, by mail: Go ahead." in str(sentences(desk, number))
    (note,) = [one for one in desk.ask(ListNotifications()) if one.kind == "decided"]
    assert note.sentence == "Decided: ✓ A laptop · boss@corp.test"  # not by the desk that read the mail
    assert len(shown.watchers) == 0
    # Nothing of it is ever quoted, referred to or sent to the requester.
    desk.ask(SendReply(number, "It comes."))
    with desk.database.reading() as session:
        item = session.exec(select(OutboxItem).where(~col(OutboxItem.automatic))).one()
        raw = load_blob(session, item.mime_sha256)
    letter = message_from_bytes(raw)
    assert "Go ahead" not in plain(letter)
    assert not re.search(r"tdap|answer\d", str(letter["References"]) + str(letter["In-Reply-To"]))
    assert BOSS not in str(letter["To"])


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("No, too dear.", "no"),
        ("sí", "yes"),
        ("NEIN\nzu teuer", "no"),
        ("Oui, merci", "yes"),
        ("Approved!", "yes"),
    ],
)
def test_words_of_many_languages(world: World, text: str, decision: str) -> None:
    world.answer(text)
    assert world.now.steps[0].approvers[0].decision == decision
    assert world.now.state == ("approved" if decision == "yes" else "refused")


def test_without_its_headers_the_line_in_the_text_will_do(world: World) -> None:
    world.answer("Yes", thread=False)
    assert world.now.state == "approved"


def test_without_quoting_the_headers_will_do(world: World) -> None:
    world.answer("Yes", quote=False)
    assert world.now.state == "approved"


def test_the_tag_alone_will_do(desk: Desk) -> None:
    world = world_of(desk, mailbox={"plus_addressing": True})
    address = str(world.question["Reply-To"])
    assert re.search(r"help\+tdap\.\d+\.[a-z2-7]{26}@desk.test", address)
    raw = f"From: {BOSS}\r\nTo: {address}\r\nSubject: x\r\nMessage-ID: <1@corp.test>\r\n\r\nYES\r\n"
    assert world.receive(raw.encode()).verdict == "joined"
    assert world.now.state == "approved"


def test_two_steps_by_mail(desk: Desk) -> None:
    world = world_of(desk, StepInput((BOSS, "deputy@corp.test"), "all"), StepInput(("cfo@corp.test",)))
    world.answer("yes")
    assert world.now.steps[0].state == "waiting"
    assert world.questions("cfo@corp.test") == []
    (second,) = world.questions("deputy@corp.test")
    world.answer("yes", sender="deputy@corp.test", question=second)
    (third,) = world.questions("cfo@corp.test")
    world.answer("NO - not this year", sender="cfo@corp.test", question=third)
    assert world.now.state == "refused"
    assert world.now.steps[1].approvers[0].comment == "not this year"


def test_the_question_is_automatic_mail_that_names_no_ticket(world: World) -> None:
    letter = world.question
    assert letter["Auto-Submitted"].startswith("auto-")
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert "[#" not in letter["Subject"]
    assert "900.00 EUR" in plain(letter)
    assert "Ana Díaz" in plain(letter)
    assert plain(letter).startswith("A decision is asked")
    assert TOKEN.search(str(letter["Message-ID"]))
    assert TOKEN.search(plain(letter))


# Attacks


def test_forged_from_that_fails_authentication(desk: Desk) -> None:
    world = world_of(desk, mailbox={"authserv_id": "mx.desk.test"})
    failed = "Authentication-Results: mx.desk.test; dmarc=fail header.from=corp.test\n"
    passed = "Authentication-Results: mx.desk.test; dmarc=pass header.from=corp.test\n"
    world.answer("YES", headers=failed)
    world.refused("could not confirm its sender")
    world.answer("YES")  # its server says it of every mail, and not of this one
    world.refused("does not vouch")
    assert len(world.questions(BOSS)) == 1  # and the boss hears nothing of it
    world.answer("YES", headers=passed)
    assert world.now.state == "approved"


def test_an_agents_from_with_failing_authentication(desk: Desk) -> None:
    world = world_of(desk, StepInput(("ben", BOSS), "all"))
    (question,) = world.questions("ben@desk.test")
    results = "Authentication-Results: mx.desk.test; dmarc=fail header.from=desk.test\n"
    world.answer("YES", sender="Ben Otto <ben@desk.test>", question=question, headers=results)
    world.refused("could not confirm its sender")
    assert world.now.steps[0].approvers[0].decision == ""


def test_the_setting_verified_wants_a_verdict(world: World) -> None:
    with pytest.raises(ConfigurationError):
        world.desk.ask(SaveSettings(approvals_by_mail="never"), world.desk.root)
    assert (
        world.desk.ask(SaveSettings(approvals_by_mail="verified"), world.desk.root).approvals_by_mail
        == "verified"
    )
    world.answer("YES")
    world.refused("does not vouch")


def test_a_stranger_with_the_token(world: World) -> None:
    for sender in (
        "Mallory <m@evil.test>",
        "The Boss <m@evil.test>",
        f"{BOSS} <m@evil.test>",
        f"m@evil.test, {BOSS}",
    ):
        world.answer("YES", sender=sender)
        world.refused("")
    assert len(mails(world.desk)) == 1  # nobody is answered


def test_passed_on_to_somebody_who_answers(world: World) -> None:
    world.answer("YES, I may.", sender="deputy@corp.test")
    world.refused("not come from the address that was asked")


def test_two_authors_are_none(world: World) -> None:
    world.answer("YES", sender=f"{BOSS}, m@evil.test")
    world.refused("")


def test_the_token_of_another_approver(desk: Desk) -> None:
    world = world_of(desk, StepInput((BOSS, "deputy@corp.test"), "all"))
    (other,) = world.questions("deputy@corp.test")
    world.answer("YES", question=other)
    world.refused("not come from the address that was asked")


def test_the_token_of_another_approval(world: World) -> None:
    other = approval(world.desk, StepInput((BOSS,)), title="A yacht")
    first, second = world.questions(BOSS)
    altered = TOKEN.sub(number_of(second) + signature_of(first), str(first["Message-ID"]))
    forged = Letter()
    forged["Message-ID"], forged["Subject"] = altered, "x"
    world.answer("YES", question=forged, quote=False)
    assert world.desk.ask(ShowApproval(other.id)).state == "waiting"
    assert world.now.state == "waiting"


def number_of(letter: Letter) -> str:
    found = TOKEN.search(str(letter["Message-ID"]))
    assert found
    return found[0].rpartition(".")[0] + "."


def signature_of(letter: Letter) -> str:
    found = TOKEN.search(str(letter["Message-ID"]))
    assert found
    return found[0].rpartition(".")[2]


def test_a_second_answer(desk: Desk) -> None:
    world = world_of(desk, StepInput((BOSS, "deputy@corp.test"), "all"))
    world.answer("YES")
    world.answer("NO")
    world.kept("answered before")
    assert world.now.steps[0].approvers[0].decision == "yes"
    world.answer("NO!")
    assert [subject for to, subject, _text in mails(desk) if to == BOSS] == [
        "Please decide: A laptop",
        "Not counted: A laptop",
    ]


def test_the_same_bytes_again_are_no_second_answer(world: World) -> None:
    question = world.question
    raw = (
        f"From: {BOSS}\r\nTo: help@desk.test\r\nSubject: x\r\nMessage-ID: <one@corp.test>\r\n"
        f"In-Reply-To: {question['Message-ID']}\r\n\r\nYES\r\n"
    ).encode()
    assert world.receive(raw).verdict == "joined"
    assert world.receive(raw).verdict == "duplicate"
    assert world.now.state == "approved"


def test_late(desk: Desk) -> None:
    world = world_of(desk, StepInput((BOSS,), due_days=2))
    desk.later(days=2, minutes=1)
    world.answer("YES")
    world.refused("after the day it was due")
    assert mails(desk)[-1][1] == "Not counted: A laptop"
    assert not TOKEN.search(mails(desk)[-1][2])


def test_after_the_step_was_decided_otherwise(desk: Desk) -> None:
    world = world_of(desk, StepInput((BOSS, "ben")))
    decide(desk, world.asked, "ben", yes=False)
    world.answer("YES")
    world.refused("not open any more")
    assert world.now.state == "refused"


def test_after_it_was_taken_back(world: World) -> None:
    world.desk.ask(CancelApproval(world.asked.id))
    world.answer("YES")
    world.refused("has changed")


def test_what_was_altered_is_not_approved(world: World) -> None:
    old = world.question
    world.desk.ask(SaveApproval(world.asked.id, amount=Decimal(9000)))
    new = world.question
    assert signature_of(old) != signature_of(new)
    assert "9000.00 EUR" in plain(new)
    world.answer("YES", question=old)
    world.refused("has changed since the question was sent")
    world.desk.ask(SaveApproval(world.asked.id, amount=Decimal(900)))  # and back: the old question stays void
    world.answer("YES", question=old)
    world.refused("has changed")
    world.answer("YES")
    assert world.now.state == "approved"


@pytest.mark.parametrize(
    "text",
    [
        "Yes, but only the cheap one.",
        "Not sure",
        "",
        "Yes?",
        "No problem, go ahead",
        "Yes and no",
        "Hello,\n\nyes",
        "I say YES",
    ],
)
def test_what_is_not_sure_is_asked_back_once(world: World, text: str) -> None:
    world.answer(text)
    world.refused("plain yes or no")
    world.answer(text)
    subjects = [subject for to, subject, _text in mails(world.desk) if to == BOSS]
    assert subjects == ["Please decide: A laptop", "Not counted: A laptop"]
    world.answer("YES", question=world.question)  # the explanation can be answered
    assert world.now.state == "approved"


def test_a_yes_in_the_quote_is_none(world: World) -> None:
    raw = (
        f"From: {BOSS}\r\nTo: help@desk.test\r\nSubject: x\r\nMessage-ID: <q@corp.test>\r\n"
        f"In-Reply-To: {world.question['Message-ID']}\r\n\r\nOn Monday, Help desk wrote:\r\n> YES\r\n> YES\r\n"
    )
    world.receive(raw.encode())
    world.refused("plain yes or no")


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\n",
        "X-Autoreply: yes\n",
        "Precedence: auto_reply\n",
        "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n",
    ],
)
def test_a_machine_that_says_yes(world: World, headers: str) -> None:
    world.answer("Yes, I am on holiday until Monday", headers=headers)
    assert world.now.state == "waiting"
    assert len(mails(world.desk)) == 1


def test_headers_from_outside_decide_nothing(world: World) -> None:
    headers = f"X-Tui-Desk-Approve: {world.asked.id}\nX-Helpdesk-Approval: yes\nX-Helpdesk-Priority: critical\nX-Queue: vip\n"
    entry = world.answer("Good morning", headers=headers, thread=False, quote=False)
    assert entry.verdict == "created"
    assert world.now.state == "waiting"
    world.answer("I think", headers=headers)
    world.refused("plain yes or no")


def test_the_question_that_comes_back(world: World) -> None:
    question = world.question
    report = (
        "From: MAILER-DAEMON@mx.corp.test\nTo: help@desk.test\nSubject: Undelivered Mail Returned to Sender\n"
        'Message-ID: <b1@mx.corp.test>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYES this did not work\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.corp.test\n\nFinal-Recipient: rfc822; {BOSS}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nFrom: help@desk.test\nTo: {BOSS}\nMessage-ID: {question['Message-ID']}\nSubject: x\n\nYES\n--b--\n"
    )
    with world.desk.database.writing() as session:
        for delivery in session.exec(select(Delivery)):
            delivery.state = "sent"
            session.add(delivery)
    world.receive(report.replace("\n", "\r\n").encode())
    world.refused("no person wrote it")
    assert str(world.now.steps[0].approvers[0].asked) == "bounced"


def test_a_hundred_thousand_guesses(world: World) -> None:
    """Every guess is a token of the right form for the right question, from the right address."""
    from tui_desk.mail.approval_token import Token, is_genuine, tokens_in
    from tui_desk.models import Message
    from tui_desk.services.approval_mail import question_in
    from tui_desk.services.identity import known_secret

    with world.desk.database.reading() as session:
        secret = known_secret(session)
        (asked,) = [one for row in session.exec(select(Message)) if (one := question_in(row)) is not None]
    (right,) = tokens_in([str(world.question["Message-ID"])])
    assert is_genuine(right, asked.question, secret)
    source = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    guesses = [
        Token(right.question, "".join(source.choices(letters, k=26))) for _each in range(100_000 - 26 * 31)
    ]
    guesses += [
        Token(right.question, right.signature[:place] + letter + right.signature[place + 1 :])
        for place in range(26)
        for letter in letters
        if letter != right.signature[place]
    ]
    assert len(guesses) == 100_000
    assert sum(is_genuine(guess, asked.question, secret) for guess in guesses) == 0
    assert len(base64.b32decode(right.signature.upper() + "======")) * 8 >= 80
    guess = f"tdap.{right.question}.{guesses[0].signature}"
    world.answer("YES", thread=False, token=guess)
    world.refused("its code is not the one")
    # A stranger who guesses does not even get into the ticket.
    entry = world.answer("YES", thread=False, token=guess, sender="m@evil.test")
    assert entry.verdict == "created"
    assert entry.ticket_id != world.asked.ticket
    assert len(mails(world.desk)) == 1


def test_a_substitute_answers_the_own_question_only(desk: Desk) -> None:
    today = desk.now.date()
    desk.ask(AddSubstitute("ben", "deputy@corp.test", today, today + timedelta(days=3)), desk.root)
    world = world_of(desk, StepInput(("ben",)))
    (own,), (theirs,) = world.questions("ben@desk.test"), world.questions("deputy@corp.test")
    world.answer("YES", sender="deputy@corp.test", question=own)
    world.kept("not come from the address that was asked")
    desk.later(days=5)
    world.answer("YES", sender="deputy@corp.test", question=theirs)
    world.kept("may not decide this any more")
    assert world.now.state == "waiting"
    desk.now -= timedelta(days=5)
    world.answer("YES", sender="deputy@corp.test", question=theirs)
    assert world.now.state == "approved"
    assert world.now.steps[0].approvers[0].decided_by == "deputy@corp.test"


def test_who_asked_is_not_asked_in_anybodys_place(desk: Desk) -> None:
    world = world_of(desk)
    today = desk.now.date()
    desk.ask(AddSubstitute(BOSS, "ana", today, today), desk.root)
    tick(desk)
    assert world.questions("ana@desk.test") == []
    world.answer("YES", sender="ana@desk.test")
    world.refused("not come from the address that was asked")


def test_a_wish_whose_ticket_is_gone_from_the_desk_is_kept(world: World) -> None:
    """The approval was undone by hand in the database: its answers are kept in the ticket of the question."""
    from sqlalchemy import delete

    from tui_desk.models import Approval, ApprovalStep, ApprovalVote

    with world.desk.database.writing() as session:
        for table in (ApprovalVote, ApprovalStep, Approval):
            session.execute(delete(table))
    entry = world.answer("YES")
    assert (entry.verdict, entry.ticket_id) == ("joined", world.asked.ticket)
    assert "does not exist any more" in world.last.why[0]


def test_the_requester_gets_no_word_of_it(world: World) -> None:
    world.answer("hm")
    world.answer("YES")
    with world.desk.database.reading() as session:
        assert set(session.exec(select(Delivery.address))) == {BOSS}
    assert ticket(world.desk) > world.asked.ticket
