"""Answers and forwards of many makers and languages, as ``field_replies`` and ``field_forwards`` have them."""

from __future__ import annotations

import base64
import textwrap
from email.header import Header

import pytest

from tests.mail import field_forwards, field_own_words, field_replies, field_signatures
from tui_desk.mail.message import Address, ParsedMail
from tui_desk.mail.parse import parse


def received(subject: str, text: str, subtype: str = "plain") -> ParsedMail:
    head = (
        f"From: Ann Desk <ann.desk@example.net>\nTo: desk@example.net\nSubject: {Header(subject, 'utf-8').encode()}\n"
        f"Content-Type: text/{subtype}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    )
    return parse(head.encode() + base64.encodebytes(text.encode()))


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", field_replies.PLAIN)
def test_plain_answers(name: str) -> None:
    answer = field_replies.PLAIN[name]
    found = received("Re: Printer", answer.text)
    assert folded(found.reply) == folded(answer.own)
    assert folded(found.authored) == folded(f"{answer.own} {answer.signature}")
    assert folded(answer.history) in folded(found.quoted)


@pytest.mark.parametrize("name", field_replies.PLAIN)
def test_the_same_with_two_paragraphs_and_a_name(name: str) -> None:
    answer = field_replies.PLAIN[name]
    own = f"{answer.own}\n\nRoom 7, by the way.\n\nBo"
    found = received("Re: Printer", f"{own}\n\n{answer.history}\n")
    assert folded(found.authored) == folded(own)


@pytest.mark.parametrize("name", field_replies.MARKUP)
def test_markup(name: str) -> None:
    found = received("Re: Printer", field_replies.MARKUP[name], "html")
    assert folded(found.reply) == "It prints again."
    assert "Did it help?" in found.quoted


@pytest.mark.parametrize("name", field_replies.LAYOUTS)
def test_layouts(name: str) -> None:
    text, reply = field_replies.LAYOUTS[name]
    found = received("Re: Printer", text)
    assert folded(found.reply) == folded(reply)


@pytest.mark.parametrize("name", field_forwards.FORMS)
def test_forwards(name: str) -> None:
    form = field_forwards.FORMS[name]
    found = received(form.subject, form.text)
    inner = found.forwarded
    assert inner is not None
    assert inner.from_ == Address("Bo Client", "bo@example.org")
    assert inner.subject == form.inner
    if "support@example.net" in form.head:
        assert [one.address for one in inner.to] == ["support@example.net"]
    assert folded(inner.text).startswith("My printer is dead. Bo")
    assert folded(found.reply) == field_forwards.NOTE


def test_a_forward_of_a_forward_keeps_the_inner_one_in_its_text() -> None:
    inner = received("Fwd: Fwd: Printer", field_forwards.NESTED).forwarded
    assert inner is not None
    assert inner.from_ == Address("Cleo Middle", "cleo@example.org")
    assert inner.text.startswith("For you.\n\n---------- Forwarded message ---------\nFrom: Bo Client")


@pytest.mark.parametrize("name", field_forwards.NO_FORWARDS)
def test_what_passes_nothing_on(name: str) -> None:
    assert received(*field_forwards.NO_FORWARDS[name]).forwarded is None


@pytest.mark.parametrize(
    ("field", "people"),
    [
        ('<"bo client"@example.org>', [("", '"bo client"@example.org')]),
        ('"bo client"@example.org, cleo@example.org', [("", '"bo client"@example.org'), ("", "cleo@example.org")]),
        ("Bo <bo@example.org> Cleo <cleo@example.org>", [("Bo", "bo@example.org"), ("Cleo", "cleo@example.org")]),
        ("Bo <bo@example.org> (him) <cleo@example.org>", [("Bo", "bo@example.org"), ("", "cleo@example.org")]),
        ("bo@example.org cleo@example.org", [("", "bo@example.org"), ("", "cleo@example.org")]),
        ("bo@example.org <bo@example.org>", [("bo@example.org", "bo@example.org")]),
        ("Bo Client bo@example.org", [("Bo Client", "bo@example.org")]),
        ("bo@[IPv6:2001:db8::7]", [("", "bo@[IPv6:2001:db8::7]")]),
        ("Bo <bo@[192.0.2.7]>", [("Bo", "bo@[192.0.2.7]")]),
    ],
)  # fmt: skip
def test_addresses_as_people_and_programs_type_them(field: str, people: list[tuple[str, str]]) -> None:
    found = parse(f"From: desk@example.net\nTo: {field}\n\nx".encode())
    assert [(one.name, one.address) for one in found.to] == people


def wrapped(line: str, width: int) -> str:
    return "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))


QUOTING = [
    name
    for name, answer in field_replies.PLAIN.items()
    if answer.history.partition("\n")[2].lstrip("\n").startswith("> ") and answer.history[0] not in ">_"
]


@pytest.mark.parametrize("name", QUOTING)
def test_relays_wrap_the_attribution(name: str) -> None:
    answer = field_replies.PLAIN[name]
    first, _, rest = answer.history.partition("\n")
    for width in (76, 60, 50):
        found = received("Re: Printer", f"{answer.own}\n\n{wrapped(first, width)}\n{rest}\n")
        assert folded(found.reply) == folded(answer.own), width


@pytest.mark.parametrize("name", QUOTING)
def test_the_same_below_the_history_and_between_its_lines(name: str) -> None:
    answer = field_replies.PLAIN[name]
    found = received("Re: Printer", f"{answer.history}\n\n{answer.own}\n")
    assert folded(found.authored) == folded(answer.own)
    found = received("Re: Printer", f"{answer.history}\n\n{answer.own}\n\n> Which one?\n\nThe blue one.\n")
    for kept in (answer.own.split("\n")[0], "Which one?", "The blue one."):
        assert kept in found.reply


@pytest.mark.parametrize("name", ["en Open-Xchange", "fr Orange", "fr Apple", "it Libero", "nl Apple"])
def test_below_a_quote_that_introduces_itself(name: str) -> None:
    answer = field_replies.PLAIN[name]
    found = received("Re: Printer", f"{answer.history}\n\n{answer.own}\n")
    assert folded(found.authored) == folded(answer.own)


@pytest.mark.parametrize("name", field_replies.PLAIN)
def test_line_ends_and_missing_blank_lines(name: str) -> None:
    answer = field_replies.PLAIN[name]
    for text in (
        f"{answer.own}\n\n{answer.history}\n".replace("\n", "\r\n"),
        f"{answer.own}\n{answer.history}\n",
    ):
        assert folded(received("Re: Printer", text).authored) == folded(answer.own)


OWN = "The printer is dead again. Can you come today?"
ATTRIBUTED = "On Mon, Oct 19, 2026 at 9:05 AM Ann <ann@example.net> wrote:\n\n> Did it help?\n"


@pytest.mark.parametrize("history", ["", ATTRIBUTED], ids=["alone", "with history"])
@pytest.mark.parametrize("name", field_signatures.BELOW)
def test_what_stands_below_is_no_message(name: str, history: str) -> None:
    below = field_signatures.BELOW[name]
    found = received("Re: Printer", f"{OWN}\n\n{below}\n\n{history}")
    assert folded(found.reply) == OWN
    assert folded(found.authored) == folded(f"{OWN} {below}")


@pytest.mark.parametrize("history", ["", ATTRIBUTED], ids=["alone", "with history"])
@pytest.mark.parametrize("name", field_signatures.KEPT)
def test_what_only_looks_like_a_signature_stays(name: str, history: str) -> None:
    below = field_signatures.KEPT[name]
    found = received("Re: Printer", f"{OWN}\n\n{below}\n\n{history}")
    assert folded(found.reply) == folded(f"{OWN} {below}")


BLOCK = "From: Ann <ann@example.net>\nSent: Monday, October 19, 2026 9:05 AM\nTo: Bo <bo@example.org>\nSubject: Printer\n\nDid it help?\n"


@pytest.mark.parametrize("history", ["", ATTRIBUTED, BLOCK], ids=["alone", "with a quote", "with a block"])
@pytest.mark.parametrize("name", field_own_words.KEPT)
def test_no_word_of_the_author_is_taken_for_history(name: str, history: str) -> None:
    own = field_own_words.KEPT[name]
    assert folded(received("Re: Printer", f"{own}\n\n{history}").reply) == folded(own)


def attached(kind: str, name: str, *, encoded: bool) -> ParsedMail:
    inner = (
        "From: Bo Client <bo@example.org>\nTo: support@example.net\nSubject: Printer\n\nMy printer is dead.\n"
    )
    content = base64.encodebytes(inner.encode()).decode() if encoded else inner
    encoding = "Content-Transfer-Encoding: base64\n" if encoded else ""
    part = f"Content-Type: {kind}\nContent-Disposition: attachment; filename={name}\n{encoding}\n{content}"
    body = f"--b7\nContent-Type: text/plain\n\nPlease see below.\n--b7\n{part}\n--b7--\n"
    head = "From: ann.desk@example.net\nSubject: Fwd: Printer\nContent-Type: multipart/mixed; boundary=b7\n\n"
    return parse((head + body).encode())


@pytest.mark.parametrize(
    ("kind", "encoded"),
    [("message/rfc822", False), ("message/rfc822", True), ("application/octet-stream", True)],
)
def test_a_mail_attached_as_a_file_is_passed_on(kind: str, encoded: bool) -> None:
    found = attached(kind, "Printer.eml", encoded=encoded)
    assert found.forwarded is not None
    assert found.forwarded.from_ == Address("Bo Client", "bo@example.org")
    assert found.forwarded.text.strip() == "My printer is dead."


def test_another_file_is_not() -> None:
    assert attached("application/octet-stream", "Printer.txt", encoded=True).forwarded is None
