"""Delivery reports, absence notices and challenges of many makers and languages; people who write about the same stay people."""

from __future__ import annotations

import base64
from email.header import Header

import pytest

from tests.mail import field_automatic, field_bounces
from tui_desk.mail.message import ParsedMail
from tui_desk.mail.parse import parse


def received(sender: str, subject: str, text: str, *, answers: bool = False) -> ParsedMail:
    head = [f"From: {sender}", "To: support@example.net", f"Subject: {Header(subject, 'utf-8').encode()}"]
    head += ["In-Reply-To: <td.7@example.net>"] if answers else []
    head += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"]
    return parse("\n".join(head).encode() + b"\n\n" + base64.encodebytes(text.encode()))


@pytest.mark.parametrize(
    ("table", "name"),
    [("FAILURES", name) for name in field_bounces.FAILURES]
    + [("DELAYS", name) for name in field_bounces.DELAYS],
)
def test_reports(table: str, name: str) -> None:
    sender, subject, text, expected = getattr(field_bounces, table)[name]
    found = received(sender, subject, text)
    assert found.kind == "bounce"
    assert found.bounce is not None
    told = {one.address: (one.action, one.status) for one in found.bounce.recipients}
    assert told.keys() == expected.keys()
    for address, (action, status) in expected.items():
        assert told[address][0] == action
        assert told[address][1].startswith(status)


@pytest.mark.parametrize("name", field_bounces.PEOPLE)
def test_people_who_write_about_delivery(name: str) -> None:
    sender, subject, text = field_bounces.PEOPLE[name]
    assert received(sender, subject, text, answers=subject.startswith("Re:")).kind == "personal"


@pytest.mark.parametrize("name", field_automatic.AWAY)
def test_absence_notices_without_a_header(name: str) -> None:
    assert received("Bo <bo@example.org>", *field_automatic.AWAY[name], answers=True).kind == "auto_reply"


@pytest.mark.parametrize("name", field_automatic.CHALLENGES)
def test_challenges(name: str) -> None:
    found = received("Bo <bo@example.org>", *field_automatic.CHALLENGES[name], answers=True)
    assert found.kind == "auto_reply"


@pytest.mark.parametrize("name", field_automatic.PEOPLE)
def test_people_who_write_about_absence(name: str) -> None:
    subject, text = field_automatic.PEOPLE[name]
    answers = 0 < subject.find(": ") < 5
    assert received("Bo <bo@example.org>", subject, text, answers=answers).kind == "personal"


@pytest.mark.parametrize("name", [name for name in field_automatic.AWAY if name.endswith("only words")])
def test_an_absence_notice_that_starts_a_conversation_is_a_persons(name: str) -> None:
    subject, text = field_automatic.AWAY[name]
    subject = subject.partition(": ")[2]
    assert received("Bo <bo@example.org>", subject, text).kind == "personal"
