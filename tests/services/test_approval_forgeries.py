"""Answers to approvals that must decide nothing: forged, strange, automatic, unsure, guessed."""

from __future__ import annotations

import base64
import random
from decimal import Decimal
from email.message import Message as Letter

import pytest
from sqlmodel import select

from tests.services.approval_answers import BOSS, TOKEN, World, plain, signature_of, world_of
from tests.services.desk import Desk
from tests.services.test_approvals import approval, mails
from tui_desk.contracts.approvals import (
    ShowApproval,
    StepInput,
)
from tui_desk.contracts.desk import SaveSettings
from tui_desk.core.errors import ConfigurationError
from tui_desk.models import Delivery


@pytest.fixture
def world(desk: Desk) -> World:
    return world_of(desk, amount=Decimal(900), currency="EUR")


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
