"""The simulated people answer people, in the thread, and never for ever."""

from __future__ import annotations

import email
import email.policy
import random
from datetime import UTC, datetime

from tui_desk.demo.requesters import MOST_ANSWERS, Requesters

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DESK = "support@desk.test"


def mail(extra: str = "") -> bytes:
    return (
        f"From: Desk <{DESK}>\r\nTo: Anna Berg <anna@customer.test>\r\nSubject: Re: Printer [#4]\r\n"
        f"Message-ID: <ours.1@desk.test>\r\nReferences: <first@customer.test>\r\n{extra}\r\nPlease turn it off and on.\r\n"
    ).encode()


def people() -> Requesters:
    return Requesters(DESK, frozenset({DESK, "agent@desk.test"}), random.Random(3))


def test_an_answer_is_in_the_thread() -> None:
    (raw,) = people().answer(mail(), ["anna@customer.test"], NOW)
    answer = email.message_from_bytes(raw, policy=email.policy.default)
    assert answer["In-Reply-To"] == "<ours.1@desk.test>"
    assert answer["References"] == "<first@customer.test> <ours.1@desk.test>"
    assert "Anna Berg" in answer["From"]
    assert DESK in answer["To"]
    assert "[#4]" in answer["Subject"]


def test_machines_agents_and_endless_talks_get_no_answer() -> None:
    everybody = people()
    assert everybody.answer(mail("Auto-Submitted: auto-replied\r\n"), ["anna@customer.test"], NOW) == []
    assert everybody.answer(mail(), ["agent@desk.test", DESK], NOW) == []
    answers = [everybody.answer(mail(), ["anna@customer.test"], NOW) for _round in range(MOST_ANSWERS + 3)]
    assert sum(len(one) for one in answers) == MOST_ANSWERS


def test_everybody_writes_once() -> None:
    everybody = people()
    subjects = set()
    while (raw := everybody.write_next(NOW)) is not None:
        subjects.add(email.message_from_bytes(raw, policy=email.policy.default)["Subject"])
    assert len(subjects) == len(everybody.texts["new"])
