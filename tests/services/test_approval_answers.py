"""Decisions by mail: words, several steps, late and second answers."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes

import pytest
from sqlmodel import col, select

from tests.services.approval_answers import BOSS, TOKEN, World, plain, signature_of, world_of
from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tests.services.test_approvals import decide, mails, sentences, tick
from tui_desk.contracts.approvals import (
    AddSubstitute,
    CancelApproval,
    SaveApproval,
    StepInput,
)
from tui_desk.contracts.conversation import SendReply
from tui_desk.contracts.desk import ShowPerson
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.people import MergePeople, SavePerson
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import TicketStatus
from tui_desk.db.blobs import load_blob
from tui_desk.models import Delivery, OutboxItem


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
