"""Texts in kinds that few programs write any more, and what is said where a mail holds no text of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.mail.marked_text import enriched_text
from tui_desk.mail.parse import parse

HEAD = "From: Ann <ann@customer.test>\nSubject: Printer\nMessage-ID: <1@customer.test>\nMIME-Version: 1.0\n"


def told(content_type: str, body: str = "") -> str:
    return parse(f"{HEAD}Content-Type: {content_type}\n\n{body}".encode()).text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "<bold>Now</bold> is the time for\n<italic>all</italic> good men",
            "Now is the time for all good men",
        ),
        ("One\n\nTwo\n\n\nThree", "One\nTwo\n\nThree"),
        ("<color><param>red</param>Hot</color> and <<cold>", "Hot and <cold>"),
        ("<nofill>a\n  b\n</nofill>c", "a\n  b\nc"),
        ("<excerpt>You asked\n\nthis</excerpt>\n\nYes.", "> You asked\n> this\n\nYes."),
        ("5 < 6 <unknown-command>x</unknown-command> <no tag>", "5 < 6 x <no tag>"),
    ],
)
def test_enriched(source: str, text: str) -> None:
    assert told("text/enriched", source).strip() == text
    mixed = f"--b\nContent-Type: text/enriched\n\n{source}\n--b\nContent-Type: image/png; name=a.png\n\nx\n--b--\n"
    parsed = parse(f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{mixed}".encode())
    assert parsed.text.strip() == text
    assert [one.filename for one in parsed.attachments] == ["a.png"]


def test_richtext() -> None:
    source = (
        "<bold>Hello</bold>,<nl>\nit <lt>beeps>.<comment>not this</comment><nl>Ann<paragraph>x</paragraph>y"
    )
    assert told("text/richtext", source).strip() == "Hello,\n it <beeps>.\nAnnx\ny"


@given(st.text(alphabet="<>/abexcrptnofil \n", max_size=200), st.booleans())
def test_any_text_can_be_read(source: str, richtext: bool) -> None:
    found = enriched_text(source, richtext=richtext)
    assert len(found) <= len(source) * 41 + 2  # twenty marks of a quote at most before each line


RTF = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 It beeps.\par Please come.\par}"


@pytest.mark.parametrize("kind", ["application/rtf", "text/rtf", 'application/rtf; name="letter.rtf"'])
def test_a_letter_in_rtf_is_read(kind: str) -> None:
    parsed = parse(f"{HEAD}Content-Type: {kind}\n\n{RTF}".encode())
    assert parsed.reply == "It beeps.\nPlease come."


def test_a_document_beside_a_text_stays_an_attachment() -> None:
    mixed = f"--b\n\nSee there.\n--b\nContent-Type: application/rtf\n\n{RTF}\n--b--\n"
    parsed = parse(f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{mixed}".encode())
    assert parsed.text.strip() == "See there."
    assert len(parsed.attachments) == 1


@pytest.mark.parametrize(
    ("content_type", "sentence"),
    [
        ("message/partial; id=x@y; number=2; total=3", "piece 2 of 3 of a larger message"),
        ("message/partial; id=x@y", "a piece of a larger message"),
        (
            'message/external-body; access-type=URL; url="https://files.test/a b.pdf"',
            "not fetched: https://files.test/ab.pdf",
        ),
        (
            "message/external-body; access-type=anon-ftp; site=ftp.test; directory=pub; name=a.ps",
            "not fetched: ftp.test/pub/a.ps",
        ),
        ("message/external-body; access-type=x", "was not fetched."),
    ],
)
def test_a_mail_without_a_text_of_its_own_says_why(content_type: str, sentence: str) -> None:
    parsed = parse(f"{HEAD}Content-Type: {content_type}\n\nContent-Type: image/png\n\n".encode())
    assert sentence in parsed.reply
    assert parsed.reply.count("\n") == 0
