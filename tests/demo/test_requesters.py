"""The simulated people answer people, in the thread, and never for ever."""

from __future__ import annotations

import email
import email.policy
import random
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr

from tui_desk.demo.requesters import Requesters
from tui_desk.demo.texts import read

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
    assert len(everybody.answer(mail(), ["anna@customer.test"], NOW)) == 1
    for _round in range(3):
        assert everybody.answer(mail(), ["anna@customer.test"], NOW) == []


def about(person: str, subject: str) -> bytes:
    """What the desk writes to somebody about their mail."""
    letter = EmailMessage(policy=email.policy.SMTP)
    letter["From"], letter["To"], letter["Subject"] = f"Desk <{DESK}>", person, f"Re: {subject} [#4]"
    letter["Message-ID"] = "<ours.1@desk.test>"
    letter.set_content("Which of them is it?")
    return letter.as_bytes()


def said(raw: bytes) -> str:
    body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_an_answer_is_about_the_ticket_and_in_the_language_of_who_wrote_it() -> None:
    karsten, subject = "k.vogel@vogel-metallbau.example", "Lieferung Auftrag 7731: falsche Beschläge"
    everybody = people()
    first, second, *more = [
        answer
        for _round in range(4)
        for answer in everybody.answer(about(f"Karsten Vogel <{karsten}>", subject), [karsten], NOW)
    ]
    assert "Pos. 3" in said(first)
    assert "Karsten Vogel" in said(first)
    assert said(second).startswith("Vielen Dank für Ihre Antwort.")
    assert more == []


def test_who_is_only_copied_says_thanks() -> None:
    letter = about("Peter Lang <peter.lang@langbau.example>", "Order 88120 arrived two boxes short")
    (answer,) = people().answer(letter, ["peter.lang@langbau.example"], NOW)
    assert said(answer).startswith("Vielen Dank für Ihre Antwort.")


def test_every_answer_is_somebodys_to_something() -> None:
    written = [*read("tickets.toml")["ticket"], *read("letters.toml")["new"]]
    subjects = {
        (parseaddr(one["from"])[1], one["subject"].removeprefix("Re: ").removeprefix("Fwd: "))
        for one in written
    }
    answered = [(one["from"], one["subject"]) for one in read("letters.toml")["answers"]]
    assert set(answered) <= subjects
    assert len(set(answered)) == len(answered)


def test_everybody_writes_once() -> None:
    everybody = people()
    subjects = set()
    while (raw := everybody.write_next(NOW)) is not None:
        subjects.add(email.message_from_bytes(raw, policy=email.policy.default)["Subject"])
    assert len(subjects) == len(everybody.texts["new"])
