"""Metamorphic tests: what a mail says does not change when it is encoded, folded, labelled or packed another way."""

from __future__ import annotations

import base64
import quopri
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tui_desk.mail.encode import parameter
from tui_desk.mail.message import ParsedMail
from tui_desk.mail.parse import content_digest, parse

TEXTS = {
    "German": "Guten Tag,\n\nder Drucker im zweiten Stock druckt größere Aufträge nicht mehr.\nBitte prüfen Sie das.\n",
    "Russian": "Здравствуйте,\n\nпринтер на втором этаже больше не печатает.\nПожалуйста, проверьте его.\n",
    "Japanese": "お世話になっております。\n\n二階のプリンターが動かなくなりました。\nご確認をお願いいたします。\n",
    "Chinese": "您好：\n\n二楼的打印机不能打印了，请帮忙检查一下。\n非常感谢您的帮助。\n",
    "Korean": "안녕하세요,\n\n이층 프린터가 더 이상 인쇄되지 않습니다.\n확인해 주시기 바랍니다.\n",
    "Greek": "Καλημέρα σας,\n\nο εκτυπωτής στον δεύτερο όροφο δεν λειτουργεί πια.\n",
    "English": "Good morning,\n\nthe printer on the second floor does not print any more.\nPlease check it.\n",
}
CHARSETS = {
    "German": ["iso-8859-1", "windows-1252", "iso-8859-15", "macintosh", "cp850"],
    "Russian": ["windows-1251", "koi8-r", "iso-8859-5", "cp866"],
    "Japanese": ["iso-2022-jp", "shift_jis", "euc-jp"],
    "Chinese": ["gb2312", "gbk", "gb18030", "hz-gb-2312"],
    "Korean": ["euc-kr", "ks_c_5601-1987", "iso-2022-kr"],
    "Greek": ["iso-8859-7", "windows-1253"],
    "English": ["us-ascii", "iso-8859-1"],
}
FILE = bytes(range(256)) * 3
NAME = "Übersicht 見積.pdf"


@dataclass(frozen=True)
class Way:
    """How a mail is written."""

    charset: str = "utf-8"
    encoding: str = "base64"
    line_end: bytes = b"\n"
    fold: bytes = b"\n "
    shape: str = "mixed"
    label: str | None = ""
    """The charset it is said to be in; "" for the true one, None for no label."""


def encoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data)
    return quopri.encodestring(data) if encoding == "quoted-printable" else data


def written(language: str, way: Way) -> bytes:
    """A mail with a text and a file, in a certain way."""
    text = TEXTS[language].encode(way.charset, "replace")
    label = way.charset if way.label == "" else way.label
    word = base64.b64encode(TEXTS[language].split("\n")[2].encode(way.charset)).decode()
    subject = f"=?{way.charset}?B?{word}?="
    kind = f'text/plain; charset="{label}"' if label else "text/plain"
    body = f"Content-Type: {kind}\nContent-Transfer-Encoding: {way.encoding}\n\n".encode() + encoded(
        text, way.encoding
    )
    if not body.endswith(b"\n"):
        body += b"\n"
    file = f"Content-Type: application/pdf\nContent-Disposition: attachment{parameter('filename', NAME)}\n".encode().replace(
        b"\r", b""
    )
    file += b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(FILE)
    parts = b"--x\n" + body + b"--x\n" + file + b"--x--\n"
    if way.shape == "nested":
        inner = b"Content-Type: multipart/alternative; boundary=y\n\n--y\n" + body + b"--y--\n"
        parts = b"--x\n" + inner + b"--x\n" + file + b"--x--\n"
    elif way.shape == "signed":
        inner = b"Content-Type: multipart/mixed; boundary=z\n\n" + parts.replace(b"--x", b"--z")
        parts = b"--x\n" + inner + b"--x\nContent-Type: application/pgp-signature\n\nsig\n--x--\n"
    elif way.shape == "open":
        parts = parts.replace(b"--x--\n", b"")
    head = (
        way.fold.join([b"From: Ana <ana@example.org>,", b"Bo <bo@example.org>"]) + b"\nTo: it@example.net\n"
    )
    head += (
        b"Subject:"
        + way.fold
        + subject.encode()
        + b"\nDate: Wed, 21 Oct 2026 10:00:00 +0200\nMessage-ID: <1@example.org>\n"
    )
    head += b"Content-Type: multipart/mixed;" + way.fold + b"boundary=x\n\n"
    return (head + parts).replace(b"\n", way.line_end)


def meaning(parsed: ParsedMail) -> tuple[object, ...]:
    files = [
        (one.filename, one.content) for one in parsed.attachments if one.content_type == "application/pdf"
    ]
    text = parsed.text.rstrip("\n")
    return (
        parsed.subject,
        parsed.from_,
        parsed.to,
        parsed.date,
        text,
        files,
        parsed.reply,
        parsed.kind,
        parsed.language,
    )


def ways(language: str) -> list[Way]:
    chance = random.Random(language)
    found = [Way(charset=charset) for charset in CHARSETS[language]]
    found += [
        Way(encoding="quoted-printable"),
        Way(encoding="8bit"),
        Way(line_end=b"\r\n"),
        Way(line_end=b"\r"),
        Way(fold=b"\n\t"),
        Way(fold=b" "),
    ]
    found += [Way(shape=shape) for shape in ("nested", "signed", "open")]
    found += [
        Way(label=None),
        Way(label=CHARSETS[language][0]),
        Way(label="x-unknown-charset"),
        Way(label="utf8"),
    ]
    for _ in range(12):
        charset = chance.choice(["utf-8", *CHARSETS[language]])
        encoding = chance.choice(["base64", "quoted-printable"])
        ends, folds = [b"\n", b"\r\n", b"\r"], [b"\n ", b"\n\t", b" ", b"\n  \t "]
        found.append(
            Way(
                charset,
                encoding,
                chance.choice(ends),
                chance.choice(folds),
                chance.choice(["mixed", "nested", "signed", "open"]),
            )
        )
    return found  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
def test_written_another_way(language: str) -> None:
    usual = meaning(parse(written(language, Way())))
    assert usual[4] == TEXTS[language].rstrip("\n")
    assert usual[5] == [(NAME, FILE)]
    for way in ways(language):
        assert meaning(parse(written(language, way))) == usual, way


@pytest.mark.parametrize("language", ["German", "Russian", "Japanese", "Chinese", "Korean", "Greek"])
def test_a_missing_label(language: str) -> None:
    """Without any label the charset is found by what the bytes look like."""
    usual = parse(written(language, Way())).text.rstrip()
    for charset in CHARSETS[language]:
        if charset not in ("macintosh", "cp850", "hz-gb-2312"):
            assert parse(written(language, Way(charset=charset, label=None))).text.rstrip() == usual, charset


ADDED: dict[str, Callable[[bytes], bytes]] = {
    "trace": lambda raw: b"Received: from a by b; Wed, 21 Oct 2026 10:00:02 +0200\nDelivered-To: it@example.net\n" + raw,
    "mbox": lambda raw: b"From ana@example.org Wed Oct 21 10:00:00 2026\n" + raw,
    "preamble": lambda raw: raw.replace(b"\n\n--x", b"\n\nThis is a multi-part message in MIME format.\n\n--x", 1),
    "epilogue": lambda raw: raw + b"\nepilogue\n",
    "upper case names": lambda raw: re.sub(rb"(?m)^(From|To|Subject|Date|Content-[A-Za-z-]+):", lambda m: m[0].upper(), raw),
    "no blank behind colons": lambda raw: re.sub(rb"(?m)^([A-Z][A-Za-z-]+): ", rb"\1:", raw),
    "blanks behind lines": lambda raw: re.sub(rb"(?m)^(Content-Type:.*)$", rb"\1  ", raw),
    "headers turned round": lambda raw: b"\n".join(reversed(raw.split(b"\n\n", 1)[0].replace(b"\n ", b" ").split(b"\n"))) + b"\n\n" + raw.split(b"\n\n", 1)[1],
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_what_servers_add_or_change(name: str) -> None:
    raw = written("German", Way())
    assert meaning(parse(ADDED[name](raw))) == meaning(parse(raw))
    assert content_digest(parse(ADDED[name](raw))) == content_digest(parse(raw))
