"""Header blocks, addresses and file names that are not as the standards write them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from tests.mail.ill_formed.case import (
    HEAD,
    ZH,
    Case,
    body,
)


def addresses() -> Iterator[Case]:
    rows: list[tuple[str, list[tuple[str, str]]]] = [
        ('"Doe, Jane" <j@x.org>, b@x.org', [("Doe, Jane", "j@x.org"), ("", "b@x.org")]),
        ("Doe, Jane <j@x.org>", [("", "Doe"), ("Jane", "j@x.org")]),
        ("a@x.org; b@x.org;", [("", "a@x.org"), ("", "b@x.org")]),
        ("a@x.org,,, ,b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ("A Group:a@x.org,b@x.org;,c@x.org", [("", "a@x.org"), ("", "b@x.org"), ("", "c@x.org")]),
        ("undisclosed-recipients:;", []),
        ("Undisclosed recipients:;;", []),
        ("=?utf-8?q?J=C3=B6rg?= =?utf-8?q?_M=C3=BC?= <j@x.org>", [("Jörg Mü", "j@x.org")]),
        ('"=?utf-8?q?J=C3=B6rg?=" <j@x.org>', [("Jörg", "j@x.org")]),
        ("=?utf-8?q?M=C3=BCller=2C_Jan?= <j@x.org>", [("Müller, Jan", "j@x.org")]),
        ("=?utf-8?b?" + base64.b64encode("Jörg <j@x.org>".encode()).decode() + "?=", [("Jörg", "j@x.org")]),
        ("=?utf-8?q?boss=40good.org?= <evil@bad.org>", [("boss@good.org", "evil@bad.org")]),
        ("Jörg Müller <jörg@münchen.example>", [("Jörg Müller", "jörg@münchen.example")]),
        ("j@x.org (Jane)", [("Jane", "j@x.org")]),
        ("Jane (the (best) one) <j@x.org>", [("Jane", "j@x.org")]),
        ("<@a.org,@b.org:j@x.org>", [("", "j@x.org")]),
        ("Jane < j@x.org >", [("Jane", "j@x.org")]),
        ("Jane <<j@x.org>>", [("Jane", "j@x.org")]),
        ("<j@x.org", [("", "j@x.org")]),
        ("Jane <j@x.org", [("Jane", "j@x.org")]),
        ("'j@x.org'", [("", "j@x.org")]),
        ("'Jane' <j@x.org>", [("Jane", "j@x.org")]),
        ("j@x.org <j@x.org>", [("j@x.org", "j@x.org")]),
        ('"a b"@x.org', [("", '"a b"@x.org')]),
        ("j@[192.0.2.1]", [("", "j@[192.0.2.1]")]),
        ("j @ x . org", [("", "j@x.org")]),
        ("Jane\n <j@x.org>,\n\tb@x.org", [("Jane", "j@x.org"), ("", "b@x.org")]),
        ('"Unclosed <j@x.org>', [("Unclosed", "j@x.org")]),
        ('J. R. "Bob" Dobbs <j@x.org>', [("J. R. Bob Dobbs", "j@x.org")]),
        ('"a\\"b" <j@x.org>', [('a"b', "j@x.org")]),
        ("", []),
        (",", []),
        ("<>", []),
    ]
    for number, (value, people) in enumerate(rows):
        raw = b"From: a@example.org\nTo: " + value.encode() + b"\n\nx"
        yield Case(f"addresses {number}", raw, {"to": people})
    raw = b"From: Caf\xe9 <a@example.org>\nTo: b@example.net\n\nx"
    yield Case("raw 8-bit name", raw, {"from": [("Café", "a@example.org")]})


def file_names() -> Iterator[Case]:
    rows: list[tuple[str, str]] = [
        ("attachment; filename*=utf-8''na%C3%AFve.pdf", "naïve.pdf"),
        ("attachment; filename*0*=utf-8''na%C3;\n filename*1*=%AFve;\n filename*2=.pdf", "naïve.pdf"),
        ("attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ("attachment; filename=fallback.pdf; filename*=utf-8''r%C3%A9al.pdf", "réal.pdf"),
        ("attachment; filename*=''a%20b.pdf", "a b.pdf"),
        ("attachment; filename*=utf-8''", ""),
        ("attachment; filename*=iso-8859-1'de'Gr%F6%DFe.txt", "Größe.txt"),
        ("attachment; filename*=\"utf-8''quoted%20one.txt\"", "quoted one.txt"),
        ('attachment; filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe.txt?="', "Größe.txt"),
        ("attachment; filename==?utf-8?Q?Gr=C3=B6=C3=9Fe.txt?=", "Größe.txt"),
        ('attachment; filename="=?utf-8?B?R3LDtg==?=\n =?utf-8?B?w59lLnR4dA==?="', "Größe.txt"),
        (
            'attachment; filename="=?iso-2022-jp?B?'
            + base64.b64encode("見積書.pdf".encode("iso2022_jp")).decode()
            + '?="',
            "見積書.pdf",
        ),
        ('attachment; filename="plain"s.pdf"', 'plain"s.pdf'),
        ('attachment; filename="unclosed.pdf', "unclosed.pdf"),
        ("attachment; filename=two words.pdf", "two words.pdf"),
        ('attachment; filename="C:\\Users\\ana\\bill.pdf"', "bill.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="a\\"b.txt"', 'a"b.txt'),
        ("attachment filename=nosemicolon.pdf", "nosemicolon.pdf"),
        ("filename=novalue.pdf", "novalue.pdf"),
        (';\n filename="novalue2.pdf"', "novalue2.pdf"),
        ("attachment; FILENAME=upper.pdf", "upper.pdf"),
        ("attachment; filename = spaced.pdf ; size = 12", "spaced.pdf"),
        ("attachment; filename=one.pdf; filename=two.pdf", "one.pdf"),
        ('attachment; filename="Größe.txt"', "Größe.txt"),
        ('attachment; filename="folded\n name.txt"', "folded name.txt"),
        ('attachment; size=12;; filename="semi;colon.txt";', "semi;colon.txt"),
        ('attachment; filename*0="=?utf-8?B?R3LDtg"; filename*1="==?=.txt"', "Grö.txt"),
    ]
    for number, (value, name) in enumerate(rows):
        part = (
            f"--b\n\ntext\n--b\nContent-Type: application/pdf\nContent-Disposition: {value}\n\ndata\n--b--\n"
        )
        yield Case(
            f"name {number}",
            body("Content-Type: multipart/mixed; boundary=b", part),
            {"files": [name], "text": "text"},
        )
    part = "--b\n\ntext\n--b\nContent-Type: application/pdf; name*=utf-8''%E2%82%AC.pdf\n\ndata\n--b--\n"
    yield Case(
        "name of the content type",
        body("Content-Type: multipart/mixed; boundary=b", part),
        {"files": ["€.pdf"]},
    )
    raw = body("Content-Type: multipart/mixed; boundary=b", b"--b\nContent-Type: text/plain; charset=gbk\n\n" + ZH.encode("gbk") + b"\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"" + "报价.pdf".encode("gbk") + b"\"\n\nx\n--b--")  # fmt: skip
    yield Case("raw GBK name", raw, {"files": ["报价.pdf"], "text": ZH})


def headers() -> Iterator[Case]:
    usual = {"subject": "Printer", "from": [("Ana", "ana@example.org")], "text": "one"}
    plain = HEAD + b"\none\n"
    rows: list[tuple[str, bytes, dict[str, Any], str]] = [
        ("CR LF", plain.replace(b"\n", b"\r\n"), usual, ""),
        ("CR only", plain.replace(b"\n", b"\r"), usual, ""),
        ("CR CR LF", plain.replace(b"\n", b"\r\r\n"), usual, ""),
        ("LF then CR LF", plain.replace(b"\n", b"\r\n", 2), usual, ""),
        ("mbox line", b"From ana@example.org Thu Nov 19 10:00:00 2026\n" + plain, usual, ""),
        ("quoted mbox line", b">From ana@example.org Thu Nov 19 10:00:00 2026\n" + plain, usual, ""),
        ("empty lines first", b"\n\n" + plain, usual, "before the headers"),
        ("byte order mark first", b"\xef\xbb\xbf" + plain, usual, "before the headers"),
        ("blank in the empty line", HEAD + b" \none\n", usual, "blanks in the empty line"),
        ("no empty line", HEAD + b"one two three\n", {**usual, "text": "one two three"}, "no empty line"),
        ("line without colon", HEAD.replace(b"Subject", b"nonsense here\nSubject") + b"\none", usual, "no field"),
        ("blank before the colon", HEAD.replace(b"Subject:", b"Subject :") + b"\none", usual, ""),
        ("lower case", HEAD.lower().replace(b"ana <", b"Ana <").replace(b"printer", b"Printer") + b"\none", usual, ""),
        ("address list folded without indentation", b"To: a@x.org,\nb@x.org\n" + HEAD.replace(b"To: it@example.net\n", b"") + b"\none", {**usual, "to": [("", "a@x.org"), ("", "b@x.org")]}, "indentation"),
        ("subject broken in two", HEAD.replace(b"Printer", b"Printer\nis broken") + b"\none", {"subject": "Printer is broken", "text": "one"}, "no field"),
        ("two subjects", b"Subject: [SPAM] other\n" + plain, usual, "more than one Subject"),
        ("two senders", b"From: boss@good.example\n" + plain, usual, "more than one From"),
        ("two recipients fields", b"To: x@example.net\n" + plain, {"to": [("", "x@example.net"), ("", "it@example.net")]}, "more than one To"),
        ("empty second subject", HEAD + b"Subject:\n\none", usual, "more than one Subject"),
        ("no subject", b"From: a@x.org\n\none", {"subject": "", "text": "one"}, ""),
        ("headers only", HEAD, {"subject": "Printer", "text": ""}, ""),
        ("no headers", b"\none", {"text": "one"}, ""),
        ("NUL bytes", HEAD.replace(b"Printer", b"Prin\0ter") + b"\no\0ne", {"subject": "Prin\u2400ter", "text": "o\u2400ne"}, ""),
        ("UTF-8 header (RFC 6532)", HEAD.replace(b"Printer", "Tiskárna 🖨".encode()) + b"\none", {"subject": "Tiskárna 🖨"}, ""),
        ("long folded subject", HEAD.replace(b"Printer", b"\n ".join([b"word"] * 300)) + b"\none", {"subject": " ".join(["word"] * 300)[:1000].rstrip()}, ""),
        ("delimiter instead of the empty line", HEAD + b"Content-Type: multipart/mixed; boundary=b\n--b\nContent-Type: text/plain\n\none\n--b--\n", usual, "no empty line"),
    ]  # fmt: skip
    for name, raw, want, defect in rows:
        yield Case(name, raw, want, defect)
