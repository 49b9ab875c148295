"""Composed mail says the same to every reader, and nothing in it can be made to say more."""

from __future__ import annotations

import email
import email.policy
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.headerregistry import Address as ParsedAddress
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_desk.core.errors import UsageError
from tui_desk.mail.attribution import attribution_at
from tui_desk.mail.compose import (
    OutgoingAttachment,
    OutgoingMail,
    Quoted,
    compose,
    reply_subject,
    with_token,
)
from tui_desk.mail.markdown import escape_markdown, markdown_to_html
from tui_desk.mail.message import Address
from tui_desk.mail.message_id import make_message_id, verify_message_id
from tui_desk.mail.parse import parse

SECRET = b"0123456789abcdef0123456789abcdef"
WHEN = datetime(2026, 7, 1, 10, 30, tzinfo=timezone(timedelta(hours=2)))
BASE = OutgoingMail(
    sender=Address("Desk Support", "support@desk.test"),
    to=(Address("Anna", "anna@customer.test"),),
    subject="Printer",
    body="Hello Anna,\n\nplease **restart** it.",
    message_id=make_message_id(1042, 7, SECRET, "desk.test"),
    date=WHEN,
    desk_id="desk-4711",
)
NASTY = st.text(
    st.sampled_from("\r\n\0\t\x1b\x85\u2028 ,;:<>@\"\\()[]=?_aZ9ä日😀\u202e\ud800.-%'") | st.characters(),
    max_size=120,
)


def parsed(mail: OutgoingMail) -> EmailMessage:
    raw = compose(mail).raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert b"\0" not in raw
    return cast("EmailMessage", email.message_from_bytes(raw, policy=email.policy.default))


def addresses(message: EmailMessage, name: str) -> list[tuple[str, str]]:
    found = cast("tuple[ParsedAddress, ...]", message[name].addresses)
    return [(each.display_name, each.addr_spec) for each in found]


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_reply_reads_back_as_it_was_meant() -> None:
    message = parsed(
        replace(
            BASE,
            sender=Address("Ünïcode, Support", "support@desk.test"),
            to=(Address('Anna "The" Böse', "anna@customer.test"), Address("", "bert@customer.test")),
            cc=(Address("Müller, Zoë (IT)", "zoe@customer.test"),),
            bcc=(Address("Secret", "boss@desk.test"),),
            reply_to=Address("Desk", "support+1042@desk.test"),
            subject=reply_subject("AW: Re: Drucker kaputt – schon wieder [#1042]", 1042),
            ticket=1042,
            in_reply_to="b@customer.test",
            references=("a@customer.test", "b@customer.test"),
            signature="Your *desk*",
            quoted=Quoted(WHEN, "Anna", "It is\r\nbroken <b>"),
        )
    )
    assert addresses(message, "From") == [("Ünïcode, Support", "support@desk.test")]
    assert addresses(message, "To") == [
        ('Anna "The" Böse', "anna@customer.test"),
        ("", "bert@customer.test"),
    ]
    assert addresses(message, "Cc") == [("Müller, Zoë (IT)", "zoe@customer.test")]
    assert addresses(message, "Reply-To") == [("Desk", "support+1042@desk.test")]
    assert message["Bcc"] is None
    assert b"boss@desk.test" not in message.as_bytes()
    assert message["Subject"] == "Re: Drucker kaputt – schon wieder [#1042]"
    assert message["In-Reply-To"] == "<b@customer.test>"
    assert message["References"].split() == ["<a@customer.test>", "<b@customer.test>", message["Message-ID"]]
    assert message["Date"].datetime == WHEN
    assert message["X-Tui-Desk"] == "desk-4711"
    assert [message[name] for name in ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress")] == [
        None
    ] * 3
    plain = text_of(message, "plain")
    assert plain.startswith("Hello Anna,\n\nplease **restart** it.\n\n-- \nYour *desk*\n\n")
    assert plain.endswith("On 2026-07-01 10:30 UTC+02:00, Anna wrote:\n> It is\n> broken <b>\n")
    page = text_of(message, "html")
    assert "<strong>restart</strong>" in page
    assert "broken &lt;b&gt;" in page


def test_our_own_reader_takes_the_quote_and_signature_away_again() -> None:
    mail = replace(BASE, signature="Your desk", quoted=Quoted(WHEN, "Anna", "It is broken.\nAnna"))
    seen = parse(compose(mail).raw)
    assert seen.reply.strip() == "Hello Anna,\n\nplease **restart** it."


def test_envelope_names_everybody_once() -> None:
    mail = replace(BASE, cc=BASE.to, bcc=(Address("", "boss@desk.test"),))
    assert compose(mail).recipients == ("anna@customer.test", "boss@desk.test")
    only_bcc = replace(BASE, to=(), bcc=(Address("", "boss@desk.test"),))
    assert b"boss" not in compose(only_bcc).raw
    with pytest.raises(UsageError):
        compose(replace(BASE, to=()))


def test_automatic_mail_says_so() -> None:
    message = parsed(replace(BASE, automatic=True))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Precedence"] == "bulk"
    assert parse(compose(replace(BASE, automatic=True)).raw).kind == "auto_reply"


def test_files_and_images_come_back_byte_for_byte() -> None:
    forwarded = b"From: a@b.test\r\nSubject: x\r\n\r\nHello\r\n"
    files = (
        OutgoingAttachment("Rechnung Nr. 5 – äöü.pdf", "application/pdf", bytes(range(256)) * 40),
        OutgoingAttachment('we"ird\\na\r\nme; x=1.txt', "text/plain", b"\n.\n\r\n.\r\nFrom \n"),
        OutgoingAttachment("../../etc/passwd", "nonsense\r\nX: y", b""),
        OutgoingAttachment("x" * 300 + ".xlsx", "application/vnd.ms-excel", b"1"),
        OutgoingAttachment("mail.eml", "message/rfc822", forwarded),
        OutgoingAttachment("mail8.eml", "message/rfc822", forwarded + b"\xe4" * 2000),
        OutgoingAttachment("logo.png", "image/png", b"\x89PNG", content_id="logo@desk"),
    )
    message = parsed(replace(BASE, body="![logo](cid:logo@desk)", attachments=files))
    found = {part.get_filename(): part for part in message.walk() if part.get_filename()}
    assert found["Rechnung Nr. 5 – äöü.pdf"].get_content() == bytes(range(256)) * 40
    assert found["na me; x=1.txt"].get_payload(decode=True) == b"\n.\n\r\n.\r\nFrom \n"
    assert found["passwd"].get_content_type() == "application/octet-stream"
    assert found["x" * 100 + ".xlsx"].get_content() == b"1"
    assert found["mail.eml"].get_content_type() == "message/rfc822"
    assert found["mail8.eml"].get_content() == forwarded + b"\xe4" * 2000
    assert found["logo.png"]["Content-ID"] == "<logo@desk>"
    assert found["logo.png"].get_content_disposition() == "inline"
    assert 'src="cid:logo@desk"' in text_of(message, "html")
    assert message.get_content_type() == "multipart/mixed"


def test_a_long_chain_keeps_its_first_and_its_newest() -> None:
    chain = tuple(f"{number}.{'x' * 60}@customer.test" for number in range(500))
    message = parsed(replace(BASE, references=chain, in_reply_to=chain[-1]))
    ids = message["References"].split()
    assert len(ids) == 30
    assert (ids[0], *ids[-2:]) == (f"<{chain[0]}>", f"<{chain[-1]}>", message["Message-ID"])


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Printer", "Re: Printer [#7]"),
        ("Re: Printer [#7]", "Re: Printer [#7]"),
        ("RE: AW: Re[2]: SV: Printer [#7] again [#7]", "Re: Printer again [#7]"),
        ("Fwd: Printer", "Re: Fwd: Printer [#7]"),
        ("Printer [#70]", "Re: Printer [#70] [#7]"),
        ("", "Re: [#7]"),
        ("a\r\nBcc: x@y.test", "Re: a Bcc: x@y.test [#7]"),
        ("More re: work", "Re: More re: work [#7]"),
        ("Report: yearly", "Re: Report: yearly [#7]"),
    ],
)
def test_the_subject_carries_one_mark_and_one_token(subject: str, expected: str) -> None:
    assert reply_subject(subject, 7) == expected
    assert reply_subject(reply_subject(subject, 7), 7) == expected


def test_a_subject_of_ten_megabytes_is_answered_at_once() -> None:
    begun = time.process_time()
    subject = reply_subject("Re: " * 2_500_000, 7)
    message = parsed(replace(BASE, subject="ä" * 10_000_000, ticket=7))
    assert time.process_time() - begun < 1
    assert len(subject) < 300
    assert str(message["Subject"]).endswith("[#7]")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "schrieb Anna:"),
        ("en", "Anna wrote:"),
        ("es", "Anna escribió:"),
        ("fr", "Anna a écrit :"),
        ("it", "Anna ha scritto:"),
        ("nl", "schreef Anna:"),
        ("pt", "Anna escreveu:"),
        ("", "Anna wrote:"),
        ("fi", "Anna wrote:"),
    ],
)
def test_quoted_text_is_introduced_in_its_language_and_found_again(language: str, words: str) -> None:
    mail = replace(BASE, quoted=Quoted(WHEN, "Anna", "Broken.", language))
    body = parsed(mail).get_body(("plain",))
    assert body is not None
    lines = body.get_content().splitlines()
    at = next(index for index, one in enumerate(lines) if "Anna" in one and "2026" in one)
    assert words in lines[at]
    assert lines[at + 1] == "> Broken."
    assert attribution_at(lines, at) is not None


@settings(max_examples=150, deadline=None)
@given(
    subject=NASTY,
    name=NASTY,
    ids=st.lists(NASTY, max_size=4),
    filename=NASTY,
    kind=NASTY,
    body=NASTY,
    desk=NASTY,
)
def test_no_value_adds_a_header(
    subject: str, name: str, ids: list[str], filename: str, kind: str, body: str, desk: str
) -> None:
    injection = f"{subject}\r\nBcc: evil@x.test\r\n\r\nforged"
    mail = replace(
        BASE,
        sender=Address(name, "support@desk.test"),
        to=(Address(name + injection, "anna@customer.test"),),
        reply_to=Address(injection, "support@desk.test"),
        subject=injection,
        ticket=1042,
        in_reply_to=(ids or [injection])[0],
        references=(*ids, injection),
        body=body,
        signature=name,
        quoted=Quoted(WHEN, name, body),
        desk_id=desk,
        attachments=(
            OutgoingAttachment(filename + injection, kind, b"x", None),
            OutgoingAttachment("", kind, b"", desk),
        ),
    )
    message = parsed(mail)
    allowed = {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "X-Tui-Desk",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert set(message.keys()) <= allowed
    assert len(message.keys()) == len(set(message.keys()))
    assert [address for _name, address in addresses(message, "To")] == ["anna@customer.test"]
    assert [address for _name, address in addresses(message, "From")] == ["support@desk.test"]
    assert str(message["Subject"]).endswith("[#1042]")
    for part in message.walk():
        assert set(part.keys()) <= allowed | {
            "Content-Transfer-Encoding",
            "Content-Disposition",
            "Content-ID",
        }
    assert len([part for part in message.walk() if not part.is_multipart()]) == 4


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=60))
def test_names_and_subjects_come_back_letter_for_letter(text: str) -> None:
    clean = " ".join(text.split())
    message = parsed(replace(BASE, subject=clean, to=(Address(clean, "anna@customer.test"),)))
    assert message["Subject"] == clean
    seen = parse(compose(replace(BASE, subject=clean)).raw)
    assert seen.subject == clean


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300), max_size=8)
)
def test_the_text_comes_back_line_for_line(lines: list[str]) -> None:
    body = "\n".join(lines)
    assert text_of(parsed(replace(BASE, body=body)), "plain") == body.rstrip() + "\n"


def test_lines_of_any_length_and_script_pass() -> None:
    for body in (
        "x" * 100_000,
        "ä" * 5_000,
        "日本語" * 3_000,
        ".\n..\n.\n",
        "From here\n>From there",
        "=\n= \n\t\n",
    ):
        assert text_of(parsed(replace(BASE, body=body)), "plain") == body.rstrip() + "\n"


@pytest.mark.parametrize("address", ["", "x", "a@b.test>\r\nBcc: x@y.test", "a b@c.test", "a@b\n.test"])
def test_malformed_addresses_are_refused(address: str) -> None:
    for where in ("to", "cc", "bcc"):
        with pytest.raises(UsageError):
            compose(replace(BASE, **{where: (Address("x", address),)}))
    with pytest.raises(UsageError):
        compose(replace(BASE, sender=Address("x", address)))


def test_international_domains_are_written_in_ascii() -> None:
    message = parsed(replace(BASE, to=(Address("Jürgen", "info@münchen.test"),)))
    assert addresses(message, "To") == [("Jürgen", "info@xn--mnchen-3ya.test")]


# Message-IDs


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_our_ids_prove_their_ticket(ticket: int, message: int) -> None:
    made = make_message_id(ticket, message, SECRET, "desk.test")
    assert verify_message_id(f"<{made}>", SECRET) == ticket
    assert verify_message_id(made.upper(), SECRET) == ticket
    assert verify_message_id(made, SECRET[::-1]) is None
    other = make_message_id(ticket + 1, message, SECRET, "desk.test")
    forged = re.sub(r"^td\.\d+", f"td.{ticket + 1}", made)
    assert forged != other
    assert verify_message_id(forged, SECRET) is None


def test_altered_and_foreign_ids_prove_nothing() -> None:
    made = make_message_id(1042, 7, SECRET, "desk.test")
    local, _at, domain = made.partition("@")
    for position in range(len(local)):
        for letter in "a2.x":
            changed = local[:position] + letter + local[position + 1 :]
            if changed != local:
                assert verify_message_id(f"{changed}@{domain}", SECRET) is None
    for foreign in (
        "",
        "<>",
        "x@y.test",
        f"{made}\n",
        "td.01042.7." + local[-26:] + "@desk.test",
        "td.1042.7.@desk.test",
    ):
        assert verify_message_id(foreign.replace("\n", "x y"), SECRET) is None
    with pytest.raises(ValueError, match="16 bytes"):
        make_message_id(1, 1, b"short", "desk.test")
    assert make_message_id(1, 1, SECRET, "bücher.test").endswith("@xn--bcher-kva.test")
    assert make_message_id(1, 1, SECRET, "a\r\nb").endswith("@ab")


# Markdown


def test_markdown_is_formatted_and_harmless() -> None:
    page = markdown_to_html(
        "a\nb\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n~~old~~ www.example.org https://example.org/a_b"
    )
    assert "a<br />\nb" in page
    assert "<table>" in page
    assert "<s>old</s>" in page
    assert 'href="https://example.org/a_b"' in page
    for evil in (
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<b>)",
        "![x](https://tracker.test/pixel.gif)",
        "[x](vbscript:1)",
        '<img src=x onerror="1">',
        "[x](file:///etc/passwd)",
    ):
        shown = markdown_to_html(evil)
        assert "<script" not in shown
        assert 'href="javascript' not in shown
        assert "onerror=" not in re.sub(r"&quot;|&lt;.*?&gt;", "", shown)
        assert "<img" not in shown or "cid:" in shown
        assert "file:///" not in re.findall(r'href="([^"]*)"', shown)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_a_strangers_text_in_a_template_stays_text(text: str) -> None:
    shown = markdown_to_html(f"Your request {escape_markdown(text)} was received.")
    assert not re.search(r"<(?!/?p>|br />)", shown)


def test_huge_texts_are_shown_as_they_are() -> None:
    begun = time.process_time()
    assert markdown_to_html("[" * 300_000).startswith("<pre>")
    assert time.process_time() - begun < 1
    assert with_token("x", None) == "x"
    assert datetime.now(UTC).tzinfo is UTC


def test_an_attached_picture_that_the_text_shows_goes_inside_it() -> None:
    picture = OutgoingAttachment("shot.png", "image/png", b"\x89PNG picture")
    other = OutgoingAttachment("log.txt", "text/plain", b"lines")
    body = "See ![the error](shot.png) and ![x](http://tracker.test/a.png)"
    back = parsed(replace(BASE, body=body, attachments=(picture, other)))
    shown = back.get_body(("html",))
    assert shown is not None
    (image,) = [part for part in back.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in shown.get_content()
    assert image.get_content_disposition() == "inline"
    assert 'tracker.test/a.png"' not in shown.get_content().replace('href="http://tracker.test/a.png"', "")
    plain = back.get_body(("plain",))
    assert plain is not None
    assert "![the error](shot.png)" in plain.get_content()
