"""Messages that were passed on, by program and language, and replies that were not."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tui_desk.mail.message import Address
from tui_desk.mail.parse import parse

SENDER = Address("Ana García", "ana@example.org")
BODY = "The printer is broken.\n\nAna"


def mail(subject: str, body: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Bo <bo@example.net>", "desk@example.net", subject
    message.set_content(body)
    return message.as_bytes()


BLOCKS = {
    "gmail": "---------- Forwarded message ---------\nFrom: {s}\nDate: Mon, Oct 19, 2026 at 9:00 AM\nSubject: {t}\nTo: <bo@example.net>\n\n\n{b}",
    "gmail de": "---------- Forwarded message ---------\nVon: {s}\nDate: Mo., 19. Okt. 2026 um 09:00 Uhr\nSubject: {t}\nTo: <bo@example.net>\n\n\n{b}",
    "thunderbird es": "-------- Mensaje reenviado --------\nAsunto: \t{t}\nFecha: \tMon, 19 Oct 2026 09:00:00 +0200\nDe: \t{s}\nPara: \tbo@example.net\n\n\n{b}",
    "thunderbird fr": "-------- Message transféré --------\nSujet : \t{t}\nDate : \tMon, 19 Oct 2026 09:00:00 +0200\nDe : \t{s}\nPour : \tbo@example.net\n\n\n{b}",
    "outlook de": "Von: {s}\nGesendet: Montag, 19. Oktober 2026 09:00\nAn: Bo <bo@example.net>\nBetreff: {t}\n\n{b}",
    "outlook es": "________________________________\nDe: {s}\nEnviado: lunes, 19 de octubre de 2026 9:00\nPara: Bo <bo@example.net>\nAsunto: {t}\n\n{b}",
    "outlook original": "-----Original Message-----\nFrom: {s}\nSent: Monday, October 19, 2026 9:00 AM\nTo: Bo <bo@example.net>\nSubject: {t}\n\n{b}",
    "unknown language": "-------- Qelqa rikch'aq willakuy --------\nSutin: {t}\nP'unchay: 19/10/2026 09:00:00\nKay: {s}\nPaq: bo@example.net\n\n{b}",
}  # fmt: skip


@pytest.mark.parametrize("program", BLOCKS)
@pytest.mark.parametrize("note", ["", "Please have a look.\n\n"])
def test_passed_on_in_the_text(program: str, note: str) -> None:
    block = BLOCKS[program].format(s="Ana García <ana@example.org>", t="Printer", b=BODY)
    parsed = parse(mail("WG: Printer", note + block))
    assert parsed.forwarded is not None
    found = parsed.forwarded
    assert (found.from_, found.subject, found.text) == (SENDER, "Printer", BODY)
    assert [one.address for one in found.to] == ["bo@example.net"]
    assert found.date
    assert parsed.authored == note.strip()
    assert "".join(segment.text for segment in parsed.segments) == parsed.text


def test_apple_mail_quotes_what_it_passes_on() -> None:
    block = "Begin forwarded message:\n\nFrom: Ana García <ana@example.org>\nSubject: Printer\nDate: 19 October 2026 at 09:00:00 CEST\nTo: bo@example.net\n\n"
    quoted = "\n".join(f"> {line}".rstrip() for line in (block + BODY).split("\n"))
    parsed = parse(mail("Fwd: Printer", f"FYI\n\n{quoted}\n"))
    assert parsed.forwarded is not None
    assert (parsed.forwarded.from_, parsed.forwarded.text, parsed.authored) == (SENDER, BODY, "FYI")


def test_passed_on_as_attachment() -> None:
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "Ana García <ana@example.org>", "bo@example.net", "Printer"
    inner.set_content(BODY + "\n")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "bo@example.net", "see attached"
    outer.set_content("Please answer her.\n")
    outer.add_attachment(inner)
    parsed = parse(outer.as_bytes())
    assert parsed.forwarded is not None
    assert (parsed.forwarded.from_, parsed.forwarded.text.strip()) == (SENDER, BODY)
    assert parsed.authored == "Please answer her."


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Printer", "Works.\n\n" + BLOCKS["outlook de"].format(s="Ana <a@example.org>", t="Printer", b=BODY)),
        ("Re: Printer", "Works.\n\n" + BLOCKS["outlook original"].format(s="Ana <a@example.org>", t="x", b=BODY)),
        ("Re: x", "Works.\n\nOn 19/10/2026 09:00, Ana wrote:\n> ---------- Forwarded message ---------\n> From: a@b.org\n> Date: x\n"),
        ("Fwd: tickets", "I booked them.\n"),
        ("Printer", "-------- Results --------\nName: a\nOther: b\nThird: c\n"),
    ],
)  # fmt: skip
def test_not_passed_on(subject: str, body: str) -> None:
    assert parse(mail(subject, body)).forwarded is None
