"""The author's own words in replies of the usual mail programs, in 24 languages, as text and as HTML.

Metamorphic: wrapped attributions, other marks, line ends, footers and disclaimers must not change the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Final

import pytest

from tests.mail.html_letters import REPLIES, html_reply
from tests.mail.letters import LANGUAGES, MAIL, WHO, Language
from tui_desk.mail.html_text import html_to_text
from tui_desk.mail.parse import parse
from tui_desk.mail.reply import segments_of

FOOTER: Final = (
    "_______________________________________________\nhelp mailing list\nhelp@lists.example.org\n"
    "https://lists.example.org/mailman/listinfo/help\n"
)
DISCLAIMER: Final = (
    "This e-mail and any attachments are confidential and may be privileged. If you are not the intended recipient, "
    "please notify the sender and delete it.\n"
)


def words(text: str) -> str:
    """The body, folded."""
    segments = segments_of(text)
    assert "".join(segment.text for segment in segments) == text
    return " ".join("".join(segment.text for segment in segments if segment.kind == "body").split())


def marked(text: str, mark: str = "> ") -> str:
    return "\n".join((mark + line).rstrip() for line in text.split("\n"))


def attributions(language: Language) -> Iterator[str]:
    return (attribution.format(n=WHO, m=MAIL) for attribution in language.attributions)


def wrapped(attribution: str) -> str:
    at = attribution.rfind(" ", 0, len(attribution) * 2 // 3)
    return f"{attribution[:at]}\n{attribution[at + 1 :]}" if at > 0 and len(attribution) > 45 else attribution


LAYOUTS: Final[dict[str, Callable[[Language, str], str]]] = {
    "above the quote": lambda one, line: f"{one.own}\n\n{line}\n\n{marked(one.asked)}\n",
    "without a blank line": lambda one, line: f"{one.own}\n{line}\n{marked(one.asked)}\n",
    "above an unmarked quote": lambda one, line: f"{one.own}\n\n{line}\n\n{one.asked}\n{WHO}\n",
    "below the quote": lambda one, line: f"{line}\n{marked(one.asked)}\n\n{one.own}\n",
    "wrapped inside the brackets": lambda one, line: (
        f"{one.own}\n\n{line.replace(f'<{MAIL}', f'<{chr(10)}{MAIL}')}\n\n{marked(one.asked)}\n"
    ),
    "wrapped before the address": lambda one, line: (
        f"{one.own}\n\n{line.replace(f' <{MAIL}', f'{chr(10)}<{MAIL}')}\n\n{one.asked}\n"
    ),
    "wrapped between words": lambda one, line: f"{one.own}\n\n{wrapped(line)}\n\n{marked(one.asked)}\n",
    "linked address": lambda one, line: (
        f"{one.own}\n\n{line.replace(MAIL, f'{MAIL}<mailto:{MAIL}>')}\n\n{marked(one.asked)}\n"
    ),
    "from a device": lambda one, line: f"{one.own}\n\n{one.device[0]}\n\n{line}\n\n{marked(one.asked)}\n",
    "other marks": lambda one, line: (
        f"{one.own}\n\n{line}\n{marked(one.asked, 'AD> ')}\n{marked(WHO, 'AD> ')}\n"
    ),
    "two levels": lambda one, line: (
        f"{one.own}\n\n{line}\n\n{marked(one.asked)}\n{marked(marked(line))}\n{marked(marked(one.asked))}\n"
    ),
    "quoted attribution": lambda one, line: f"{one.own}\n\n{marked(line)}\n>\n{marked(one.asked)}\n",
    "a list's footer": lambda one, line: f"{one.own}\n\n{line}\n\n{marked(one.asked)}\n\n{FOOTER}",
    "a disclaimer": lambda one, line: f"{one.own}\n\n{line}\n\n{marked(one.asked)}\n\n{DISCLAIMER}",
    "a disclaimer above": lambda one, line: f"{one.own}\n\n{DISCLAIMER}\n{line}\n\n{marked(one.asked)}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_attributions(code: str, layout: str) -> None:
    language = LANGUAGES[code]
    wrong = {
        line: found
        for line in attributions(language)
        if (found := words(LAYOUTS[layout](language, line))) != language.own
    }
    assert not wrong


@pytest.mark.parametrize("code", LANGUAGES)
def test_answers_between_the_lines_keep_their_questions(code: str) -> None:
    one = LANGUAGES[code]
    for line in attributions(one):
        text = f"{line}\n> {one.asked}\n\n{one.own}\n\n> {WHO}\n"
        assert words(text) == f"> {one.asked} {one.own}"


def blocks(one: Language) -> Iterator[str]:
    sender, sent, to, copy, subject = one.block
    space = " " if one is LANGUAGES["fr"] else ""
    colon = "：" if one is LANGUAGES["zh"] else f"{space}: "
    who, bo = f"{WHO} <{MAIL}>", "Bo <bo@example.org>"
    yield f"{sender}{colon}{who}\n{sent}{colon}{one.sent}\n{to}{colon}{bo}\n{subject}{colon}RE: x"
    yield f"*{sender}:* {who}\n*{sent}:* {one.sent}\n*{to}:* {bo}\n*{copy}:* Cy\n*{subject}:* RE: x"
    yield f"**{sender}:** {who}\n**{sent}:** {one.sent}\n**{to}:** {bo}\n**{subject}:** RE: x"
    yield f"{sender}{colon}{WHO}\n{sent}{colon}{one.sent}\n{to}{colon}Bo\n{subject}{colon}RE: x"
    yield f"{sent}{colon}{one.sent}\n{sender}{colon}{who}\n{to}{colon}{bo}\n{subject}{colon}RE: x"
    yield f"{sender}{colon}{WHO} [mailto:{MAIL}]\n\n{sent}{colon}{one.sent}\n\n{to}{colon}Bo\n\n{subject}{colon}RE: x"
    yield f"{subject}{colon}RE: x\n{sent}{colon}{one.sent}\n{sender}{colon}{who}\n{to}{colon}{bo}"
    yield f"{sender}{colon}{who} {sent}{colon}{one.sent} {to}{colon}{bo} {subject}{colon}RE: x"
    yield f"{sender}{colon}{who}{sent}{colon}{one.sent}{to}{colon}{bo}{subject}{colon}RE: x"
    yield f"{sender}:\t{WHO}/Example\n{to}:\tBo/Example@EX\n{sent}:\t{one.sent}\n{subject}:\tRE: x"


@pytest.mark.parametrize("code", LANGUAGES)
def test_header_blocks(code: str) -> None:
    one = LANGUAGES[code]
    rules = [
        "",
        "________________________________\n",
        " \n---\n",
        "=================\n\n",
        *(f"{line}\n" for line in one.original),
    ]
    wrong = [
        rule + block
        for block in blocks(one)
        for rule in rules
        if words(f"{one.own}\n\n{rule}{block}\n\n{one.asked}\n") != one.own
    ]
    assert not wrong


@pytest.mark.parametrize("code", LANGUAGES)
def test_separators(code: str) -> None:
    one = LANGUAGES[code]
    sender, to = one.block[0], one.block[2]
    for line in one.original:
        assert words(f"{one.own}\n\n{line}\n{one.asked}\n") == one.own
        assert words(f"{one.own}\n\n{marked(line)}\n{marked(one.asked)}\n") == one.own
        goes_on = f"{line} {sender}: {WHO} <{MAIL}>\n{to}: Bo\n{one.asked}"
        assert words(f"{one.own}\n\n{goes_on}\n") == one.own
    for line in one.forwarded:
        assert words(f"{one.own}\n\n{line}\n\n{sender}: {WHO} <{MAIL}>\n{one.asked}\n") == one.own


@pytest.mark.parametrize("code", LANGUAGES)
def test_signatures(code: str) -> None:
    one = LANGUAGES[code]
    for device in one.device:
        assert words(f"{one.own}\n\n{device}\n") == one.own, device
    assert words(f"{one.own}\n\n{one.closing}\nBo Bold\nTel. +34 600 000 000\n") == one.own
    assert words(f"{one.own}\n\n-- \nBo Bold\n{one.closing}\n") == one.own
    assert words(f"{one.own}\n\n{DISCLAIMER}") == one.own


@pytest.mark.parametrize("client", REPLIES)
@pytest.mark.parametrize("code", LANGUAGES)
def test_html(code: str, client: str) -> None:
    one = LANGUAGES[code]
    found = html_to_text(html_reply(client, one))
    segments = segments_of(found.text, found.history, found.history_from)
    assert "".join(segment.text for segment in segments) == found.text
    assert "".join(segment.text for segment in segments if segment.kind == "body").strip() == one.own


CHANGES: Final[dict[str, Callable[[str], str]]] = {
    "no final line end": lambda text: text.rstrip("\n"),
    "blanks at the ends": lambda text: re.sub(r"(?m)(?<=\S)$", "  ", text),
    "blank lines around": lambda text: f"\n\n{text}\n\n\n",
    "hard blanks": lambda text: text.replace(" ", "\u00a0"),
    "marks of direction": lambda text: re.sub(r"(?m)^(?=[^>\s])", "\u200e", text),
    "closer marks": lambda text: re.sub(r"(?m)^> ?", ">", text),
    "indented marks": lambda text: re.sub(r"(?m)^> ?", " > ", text),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("code", LANGUAGES)
def test_what_relays_change_does_not_change_the_answer(code: str, change: str) -> None:
    one = LANGUAGES[code]
    for line in attributions(one):
        text = CHANGES[change](f"{one.own}\n\n{line}\n\n{marked(one.asked)}\n")
        assert words(text).replace("\u200e", "").replace("\u00a0", " ") == one.own, line


@pytest.mark.parametrize("code", LANGUAGES)
def test_text_nested_as_html_has_the_same_answer(code: str) -> None:
    one = LANGUAGES[code]
    for line in attributions(one):
        text = f"{one.own}\n\n{line}\n\n{marked(one.asked)}\n{marked(WHO)}\n"
        for markup in (escape(text).replace("\n", "<br>\n"), f"<div><pre>{escape(text)}</pre></div>"):
            found = html_to_text(f"<html><body>{markup}</body></html>")
            segments = segments_of(found.text, found.history, found.history_from)
            assert "".join(part.text for part in segments if part.kind == "body").strip() == one.own, line


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_encoding_of_a_mail_does_not_change_the_answer(code: str, encoding: str) -> None:
    one = LANGUAGES[code]
    line = next(attributions(one))
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "bo@example.org", MAIL, "Re: x"
    message.set_content(f"{one.own}\n\n{line}\n\n{marked(one.asked)}\n", cte=encoding)
    found = parse(message.as_bytes(policy=SMTP))
    assert (found.reply, found.authored, found.signature, found.forwarded) == (one.own, one.own, "", None)
    assert one.asked in found.quoted
