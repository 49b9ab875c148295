"""Forwards of the usual mail programs in 24 languages: sender, recipients, subject, date, text and the note above; and
replies with their history, which are no forwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from html import escape
from typing import Final, NamedTuple

import pytest

from tests.mail.letters import LANGUAGES, Language
from tui_desk.mail.message import Address, ParsedMail
from tui_desk.mail.parse import parse

ANN: Final = Address("Ann Writer", "ann@example.org")
SUBJECT: Final = "Printer 7"
PREFIXES: Final = {
    "en": "Fwd", "de": "WG", "es": "RV", "fr": "TR", "it": "I", "pt": "ENC", "nl": "Doorst", "da": "VS", "sv": "VB", "no": "VS",
    "fi": "VL", "pl": "PD", "cs": "FW", "ru": "Fwd", "uk": "Fwd", "ja": "Fwd", "zh": "转发", "ko": "전달", "tr": "İLT",
    "hu": "Továbbítás", "ro": "Redirecționat", "el": "ΠΡΘ", "he": "הועבר", "ar": "إعادة توجيه",
}  # fmt: skip


class Form(NamedTuple):
    """How one program passes a message on: the body around ``note``, and whether it is HTML."""

    body: str
    subtype: str = "plain"


def parsed(subject: str, body: str, subtype: str = "plain") -> ParsedMail:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Bo <bo@example.net>", "desk@example.net", subject
    message.set_content(body, subtype=subtype)
    return parse(message.as_bytes())


def labels(one: Language) -> tuple[str, str, str, str, str]:
    """Sender, date, recipient and subject with their colons, and a marker in words only."""
    colon = " :" if one is LANGUAGES["fr"] else "：" if one is LANGUAGES["zh"] else ":"
    sender, sent, to, _, subject = (f"{label}{colon} " for label in one.block)
    return sender, sent, to, subject, one.forwarded[0].strip("-: ")


def text_forms(one: Language, note: str) -> Iterator[str]:
    sender, sent, to, subject, words = labels(one)
    above, text = f"{note}\n\n" if note else "", f"{one.asked}\n\nAnn"
    who = "Ann Writer <ann@example.org>"
    outlook = f"{sender}{who}\n{sent}{one.sent}\n{to}Cy <cy@example.net>\n{subject}{SUBJECT}\n\n{text}"
    yield f"{above}{outlook}\n"
    yield f"{above}________________________________\n{outlook}\n"
    yield f"{above}{one.original[0]}\n{outlook}\n"
    yield (
        f"{above}{sender}Ann Writer [mailto:ann@example.org]\n{sent}{one.sent}\n{to}cy@example.net <mailto:cy@example.net>\n"
        f"{subject}{SUBJECT}\n\n{text}\n"
    )
    inner = f"{one.forwarded[0]}\n\n{sender}{who}\n{subject}{SUBJECT}\n{sent}{one.sent}\n{to}cy@example.net\n\n{text}"
    yield above + "\n".join(f"> {line}".rstrip() for line in inner.split("\n")) + "\n"
    yield (
        f'{above}----- {words} ----- {sender}{who}{to}"cy@example.net" <cy@example.net>{sent}{one.sent}{subject}{SUBJECT}\n{text}\n'
    )


def marked_forms(one: Language, note: str) -> Iterator[str]:
    sender, sent, to, subject, _ = labels(one)
    above, text = f"{note}\n\n" if note else "", f"{one.asked}\n\nAnn"
    who = "Ann Writer <ann@example.org>"
    for marker in (*one.forwarded, "---------- Forwarded message ---------"):
        yield f"{above}{marker}\n{sender}{who}\nDate: {one.sent}\nSubject: {SUBJECT}\nTo: <cy@example.net>\n\n\n{text}\n"
        yield f"{above}{marker}\n{subject}{SUBJECT}\n{sent}{one.sent}\n{sender}{who}\n{to}cy@example.net\n\n\n{text}\n"
        yield f"{above}{marker}\n\n{sender}{who}\n{subject}{SUBJECT}\n{sent}{one.sent}\n{to}cy@example.net\n\n{text}\n"


def html_forms(one: Language, note: str) -> Iterator[str]:
    sender, sent, to, subject, words = (escape(part) for part in labels(one))
    above = f"<div>{escape(note)}</div>" if note else ""
    text = f"<div>{escape(one.asked)}</div><div><br></div><div>Ann</div>"
    link = '<a href="mailto:ann@example.org">ann@example.org</a>'
    date, marker = escape(one.sent), escape(one.forwarded[0])
    block = (
        f"<b>{sender}</b>Ann Writer &lt;{link}&gt;<br><b>{sent}</b>{date}<br><b>{to}</b>Cy &lt;cy@example.net&gt;<br>"
        f"<b>{subject}</b>{SUBJECT}"
    )
    yield f'{above}<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">{block}<div>&nbsp;</div></div>{text}'
    yield (
        f'<div class=WordSection1><p class=MsoNormal>{escape(note)}<o:p></o:p></p><div><div style="border:none">'
        f"<p class=MsoNormal>{block}</p></div></div>{text}</div>"
    )
    yield (
        f'<div dir="ltr">{escape(note)}<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'---------- Forwarded message ---------<br>{sender}<strong class="gmail_sendername">Ann Writer</strong> '
        f"<span>&lt;{link}&gt;</span><br>Date: {date}<br>Subject: {SUBJECT}<br>To:  &lt;<a href='mailto:cy@example.net'>"
        f"cy@example.net</a>&gt;<br></div><br><br>{text}</div></div>"
    )
    yield (
        f'{above}<div><br><blockquote type="cite"><div>{marker}</div><br><div><b>{sender}</b>Ann Writer &lt;{link}&gt;<br></div>'
        f"<div><b>{subject}</b>{SUBJECT}</div><div><b>{sent}</b>{date}</div><div><b>{to}</b>cy@example.net</div><br>{text}"
        "</blockquote></div>"
    )
    rows = ((subject, SUBJECT), (sent, date), (sender, f"Ann Writer {link}"), (to, "cy@example.net"))
    table = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows)
    yield (
        f'{above}<div class="moz-forward-container"><br><br>-------- {words} --------'
        f'<table class="moz-email-headers-table"><tbody>{table}</tbody></table><br><br>{text}</div>'
    )


Forms = Callable[[Language, str], Iterator[str]]
FORMS: Final[dict[str, tuple[Forms, str, bool]]] = {
    "text": (text_forms, "plain", True),
    "marked": (marked_forms, "plain", True),
    "marked, without a sign in the subject": (marked_forms, "plain", False),
    "html": (html_forms, "html", True),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_passed_on(code: str, form: str) -> None:
    one = LANGUAGES[code]
    make, subtype, told = FORMS[form]
    for note in ("", one.own):
        for body in make(one, note):
            mail = parsed(f"{PREFIXES[code]}: {SUBJECT}" if told else "a message", body, subtype)
            assert mail.forwarded is not None, body
            found = mail.forwarded
            assert (found.from_, found.subject, found.text) == (ANN, SUBJECT, f"{one.asked}\n\nAnn"), body
            assert [person.address for person in found.to] == ["cy@example.net"], body
            assert found.date, body
            assert mail.reply == note, body


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_reply_with_its_history_is_no_forward(code: str) -> None:
    one = LANGUAGES[code]
    sender, sent, to, subject, _ = labels(one)
    block = f"{sender}Ann Writer <ann@example.org>\n{sent}{one.sent}\n{to}Cy <cy@example.net>\n{subject}{SUBJECT}\n\n{one.asked}\n"
    attribution = one.attributions[0].format(n="Ann", m="ann@example.org")
    bodies = (
        f"{one.own}\n\n{block}",
        f"{one.own}\n\n{one.original[0]}\n{block}",
        f"{one.own}\n\n________________________________\n{block}",
        f"{one.own}\n\n{attribution}\n> {one.forwarded[0]}\n> {sender}ann@example.org\n> {subject}x\n> {sent}{one.sent}\n",
        f"{one.own}\n\n{block}\n---------- Forwarded message ---------\n{block}",
    )
    for title in (SUBJECT, f"Re: {SUBJECT}", f"AW: {SUBJECT}", f"SV: {SUBJECT}", f"Re: Fwd: {SUBJECT}"):
        for body in bodies:
            mail = parsed(title, body)
            assert mail.forwarded is None, (title, body)
            assert mail.reply == one.own, (title, body)


def attached(subject: str) -> ParsedMail:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Ann Writer <ann@example.org>", SUBJECT
    inner.set_content("broken\n")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "bo@example.net", subject
    outer.set_content("see attached\n")
    outer.add_attachment(inner)
    return parse(outer.as_bytes())


def test_a_message_attached_to_a_reply_is_no_forward() -> None:
    assert attached("Re: Printer").forwarded is None
    assert attached("AW: Printer").forwarded is None
    found = attached("please answer her").forwarded
    assert found is not None
    assert (found.from_, found.subject) == (ANN, SUBJECT)


def test_a_forward_of_a_forward_is_from_the_last_who_passed_it_on() -> None:
    block = "---------- Forwarded message ---------\nFrom: {who}\nDate: Mon, 19 Oct 2026 at 09:05\nSubject: {subject}\nTo: <cy@example.net>\n\n\n{text}"
    first = block.format(who="Zoe <zoe@example.org>", subject=SUBJECT, text="It burns.")
    second = block.format(
        who="Ann Writer <ann@example.org>", subject=f"Fwd: {SUBJECT}", text=f"fyi\n\n{first}"
    )
    found = parsed("Fwd: Printer", f"note\n\n{second}\n").forwarded
    assert found is not None
    assert (found.from_, found.subject) == (ANN, f"Fwd: {SUBJECT}")
    assert found.text == f"fyi\n\n{first}"


@pytest.mark.parametrize(
    ("body", "people"),
    [
        (
            "From: Doe, Ann <ann@example.org>\nSent: Monday, October 19, 2026 9:05 AM\nTo: Roe, Bo <bo@example.org>;\n"
            " Poe, Cy <cy@example.org>\nCc: Moe, Di <di@example.org>\nSubject: x\nImportance: High\n\nhi\n",
            ["ann@example.org", "bo@example.org", "cy@example.org", "di@example.org"],
        ),
        (
            "-------- Пересылаемое сообщение --------\n19.10.2026, 09:05, \"Ann\" <ann@example.org>:\n\nhi\n",
            ["ann@example.org"],
        ),
        (
            "Begin forwarded message:\n\nFrom: <ann@example.org>\nSubject: x\nDate: 19 October 2026 at 09:05:12 CEST\n"
            "To: \"Roe, Bo\" <bo@example.org>, cy@example.org\nReply-To: list@example.org\n\nhi\n",
            ["ann@example.org", "bo@example.org", "cy@example.org"],
        ),
        (
            "Qaspa: Ann <ann@example.org>\nP'unchay: 19/10/2026 9:05\nPaq: Bo <bo@example.org>\nSutin: x\n\nhi\n",
            ["ann@example.org", "bo@example.org"],
        ),
    ],
)  # fmt: skip
def test_people_of_a_passed_on_message(body: str, people: list[str]) -> None:
    found = parsed("Fwd: x", f"note\n\n{body}").forwarded
    assert found is not None
    assert found.from_ is not None
    assert [one.address for one in (found.from_, *found.to, *found.cc)] == people
    assert found.text == "hi"
