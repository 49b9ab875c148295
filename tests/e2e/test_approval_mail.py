"""An approval decided by mail alone: the questions in real mailboxes, real answers, two steps, and forgeries that decide nothing."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

import pytest

from tests.e2e.test_round_trip import ANNA, SUPPORT, _desk, _mail, _received, _write, configured, environment
from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.support.postfix import Postfix

__all__ = ["configured", "environment"]

BOSS, CFO = "billing@desk.test", ANNA

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix]


def _question(dovecot: Dovecot, user: str, count: int) -> EmailMessage:
    """The newest question in somebody's mailbox, once there are so many."""

    def asked() -> list[EmailMessage]:
        return [one for one in _received(dovecot, user) if str(one["Subject"]).startswith("Please decide")]

    wait_until(lambda: len(asked()) == count, what=f"the question for {user}")
    return asked()[-1]


def _answer(question: EmailMessage, sender: str, text: str) -> EmailMessage:
    body = question.get_body(("plain",))
    assert body is not None
    quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
    reply = _mail(f"Re: {question['Subject']}", f"{text}\n\nOn Monday Acme Support wrote:\n{quoted}\n")
    del reply["From"]
    reply["From"] = sender
    reply["In-Reply-To"] = reply["References"] = str(question["Message-ID"])
    return reply


def test_two_steps_by_mail(configured: dict[str, str], dovecot: Dovecot, postfix: Postfix) -> None:
    def sync() -> Any:
        return _desk(configured, "sync", "--once")

    def send(message: EmailMessage) -> Any:
        before = len(dovecot.messages(SUPPORT))
        _write(postfix, message)
        wait_until(lambda: len(dovecot.messages(SUPPORT)) == before + 1, what="delivery")
        return sync()

    def state() -> list[str]:
        view = _desk(configured, "approval", "show", "1")
        return [view["state"], *(step["state"] for step in view["steps"])]

    assert send(_mail("A laptop, please", "My old one is broken."))["created"] == 1
    words = [
        "approval",
        "new",
        "1",
        "A laptop",
        "--amount",
        "1299.90",
        "--currency",
        "EUR",
        "--gate",
        "resolve",
    ]
    _desk(configured, *words, "--step", BOSS, "--step", CFO)
    assert sync()["sent"] == 1
    question = _question(dovecot, BOSS, 1)
    assert "1299.90 EUR" in str(question.get_body(("plain",)))
    assert "broken" not in question.as_string()

    assert send(_answer(question, "mallory@customer.test", "YES"))["joined"] == 1  # passed on
    assert send(_answer(question, BOSS, "Yes, but not now."))["joined"] == 1  # not sure
    assert state() == ["waiting", "waiting", "planned"]
    wait_until(lambda: len(_received(dovecot, BOSS)) == 2, what="the explanation")

    assert send(_answer(question, BOSS, "YES\n\nGood idea."))["joined"] == 1
    assert state() == ["waiting", "approved", "waiting"]
    second = _question(dovecot, CFO, 1)
    assert send(_answer(question, BOSS, "NO"))["joined"] == 1  # a second answer
    assert send(_answer(second, CFO, "Sí, adelante."))["joined"] == 1
    assert state() == ["approved", "approved", "approved"]

    ticket = _desk(configured, "ticket", "show", "1")
    assert [one["decision"] for step in ticket["approvals"][0]["steps"] for one in step["approvers"]] == [
        "yes",
        "yes",
    ]
    inside = [one for one in ticket["messages"] if one["direction"] == "internal"]
    marks = [mark for one in inside for mark in one["marks"]]
    assert marks.count("answer to an approval: counted") == 2
    assert marks.count("answer to an approval: not counted") == 3
    assert not re.search(r"tdap\.\d+\.[a-z2-7]{26}", str(ticket))
    assert _desk(configured, "ticket", "list", "--query", "")[0]["number"] == 1
    assert len(_desk(configured, "ticket", "list", "--query", "")) == 1
    assert _desk(configured, "mailbox", "reconcile", SUPPORT)["agrees"] is True
    assert _desk(configured, "audit", "verify") is not None
