"""Ill-formed and multilingual mails and what a person should read in them, made in code from compact rows.

Each row is a fault that real clients, gateways, lists or spammers make; the right answer is what the sender meant.
"""

from __future__ import annotations

import base64
import binascii
import quopri
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import Header
from typing import Any

HEAD = b"From: Ana <ana@example.org>\nTo: it@example.net\nSubject: Printer\nMessage-ID: <1@example.org>\n"

ZH, TW = "您好,打印机坏了,请帮忙看看。谢谢!", "您好，印表機壞了，請幫忙看看。謝謝！"
JA = "お世話になっております。プリンターが動きません。"
KO = "안녕하세요 프린터가 고장났습니다 도와주세요"
RU = "Здравствуйте, принтер не работает, помогите пожалуйста."
UK = "Добрий день, принтер не працює, допоможіть будь ласка."
EL, HE = "Καλημέρα, ο εκτυπωτής δεν λειτουργεί", "שלום, המדפסת אינה עובדת, אנא עזרו"
AR, TH = "مرحبا، الطابعة لا تعمل، ساعدونا من فضلكم", "สวัสดีครับ เครื่องพิมพ์ไม่ทำงาน ช่วยด้วยครับ"
CS, TR, DE = (
    "Příliš žluťoučký kůň úpěl",
    "Yazıcı çalışmıyor, lütfen yardım edin ğış",
    "Größe: „zwölf“ Boxkämpfer – 5 €",
)


@dataclass(frozen=True)
class Case:
    """A mail and what must be read in it; ``want`` holds only what the row is about, ``defect`` a part of one defect."""

    name: str
    raw: bytes
    want: dict[str, Any] = field(default_factory=dict)
    defect: str = ""


def body(headers: bytes | str, content: bytes | str) -> bytes:
    headers = headers.encode() if isinstance(headers, str) else headers
    content = content.encode() if isinstance(content, str) else content
    return HEAD + (headers + b"\n" if headers else b"") + b"\n" + content


def b64(data: bytes) -> bytes:
    return base64.encodebytes(data)


def nec(text: str) -> bytes:
    """ISO-2022-JP as Windows programs write it: every character by its place in code page 932."""
    out = b""
    for char in text:
        data = char.encode("cp932")
        if len(data) == 1:
            out += data
            continue
        lead, trail = data
        row = (lead - (0x70 if lead < 0xA0 else 0xB0)) * 2 - (trail < 0x9F)
        cell = trail - 0x7E if trail >= 0x9F else trail - 0x1F - (trail > 0x7F)
        out += b"\x1b$B" + bytes((row, cell)) + b"\x1b(B"
    return out


def charsets() -> Iterator[Case]:
    """Label, bytes, text, and whether the reader says that the label was wrong."""
    rows: list[tuple[str, bytes, str, bool]] = [
        ("gb2312", ZH.encode(), ZH, True),
        ("gb2312", ZH.encode("gb18030"), ZH, False),
        ("gb2312", "镕喆".encode("gbk"), "镕喆", False),
        ("gbk", "𠮷野家".encode("gb18030"), "𠮷野家", False),
        ("hz-gb-2312", ZH.encode("hz", "replace"), ZH.encode("hz", "replace").decode("hz"), False),
        ("big5", TW.encode("big5"), TW, False),
        ("big5-hkscs", "㗎嘢".encode("big5hkscs"), "㗎嘢", False),
        ("iso-8859-1", TW.encode(), TW, True),
        ("iso-2022-jp", JA.encode("iso2022_jp"), JA, False),
        ("iso-2022-jp", nec("①㈱髙橋" + JA), "①㈱髙橋" + JA, False),
        ("iso-2022-jp", b"\x1b(I6@6E\x1b(B end", "ｶﾀｶﾅ end", False),
        ("iso-2022-jp", JA.encode("iso2022_jp")[:-3], JA, False),
        ("us-ascii", JA.encode("iso2022_jp"), JA, True),
        ("", JA.encode("iso2022_jp"), JA, False),
        ("iso-2022-jp", JA.encode(), JA, True),
        ("shift_jis", ("①㈱" + JA).encode("cp932"), "①㈱" + JA, False),
        ("x-sjis", JA.encode("cp932"), JA, False),
        ("shift_jis", JA.encode(), JA, True),
        ("", JA.encode("cp932"), JA, True),
        ("", JA.encode("euc_jp"), JA, True),
        ("euc-jp", JA.encode("euc_jp") + b"\xad\xa1", JA + "①", False),
        ("ks_c_5601-1987", KO.encode("cp949"), KO, False),
        ("", KO.encode("cp949"), KO, True),
        ("iso-2022-kr", KO.encode("iso2022_kr"), KO, False),
        ("", ZH.encode("gbk"), ZH, True),
        ("", TW.encode("big5"), TW, True),
        ("iso-8859-1", RU.encode("cp1251"), RU, True),
        ("us-ascii", RU.encode("cp1251"), RU, True),
        ("utf-8", RU.encode("cp1251"), RU, True),
        ("", RU.encode("koi8-r"), RU, True),
        ("windows-1251", RU.encode("koi8-r"), RU, True),
        ("koi8-r", RU.encode("cp1251"), RU, True),
        ("koi8-u", UK.encode("koi8-u"), UK, False),
        ("", RU.encode("cp866"), RU, True),
        ("x-mac-cyrillic", RU.encode("mac_cyrillic"), RU, False),
        ("", EL.encode("cp1253"), EL, True),
        ("iso-8859-7", EL.encode("cp1253"), EL, False),
        ("", HE.encode("cp1255"), HE, True),
        ("iso-8859-8-i", HE.encode("iso8859-8"), HE, False),
        ("windows-1256", AR.encode("cp1256"), AR, False),
        ("", TH.encode("cp874"), TH, True),
        ("tis-620", TH.encode("cp874"), TH, False),
        ("iso-8859-1", DE.encode("cp1252"), DE, False),
        ("us-ascii", DE.encode("cp1252"), DE, True),
        ("", DE.encode("cp1252"), DE, True),
        ("utf-8", DE.encode("cp1252"), DE, True),
        ("iso-8859-2", "„žluťoučký“ Šest".encode("cp1250"), "„žluťoučký“ Šest", False),
        ("iso-8859-9", "“çalışmıyor” ğış".encode("cp1254"), "“çalışmıyor” ğış", False),
        ("iso-8859-15", "„10 €“ Œuvre".encode("cp1252"), "„10 €“ Œuvre", False),
        ("utf-8", ("é" * 20).encode() + b"\xe9", "é" * 21, True),
        ("utf-8", CS.encode(), CS, False),
        ("utf-16", ZH.encode("utf-16-be"), ZH, False),
        ("utf-16", ZH.encode("utf-16"), ZH, False),
        ("utf-16le", DE.encode("utf-16-le"), DE, False),
        ("", "hello there, all".encode("utf-16-le"), "hello there, all", True),
        ("", b"\xff\xfe" + RU.encode("utf-16-le"), RU, True),
        ("utf-16", b"plain ascii", "plain ascii", False),
        ("utf-16", DE.encode(), DE, True),
        ("utf-7", f"{DE}".encode("utf-7"), DE, False),
        ("unicode-1-1-utf-7", "Hi Mom ☺".encode("utf-7"), "Hi Mom ☺", False),
        ("utf8", TR.encode(), TR, False),
        ("UTF_8", TR.encode(), TR, False),
        ('"utf-8', TR.encode(), TR, False),
        ("x-unicode-2-0-utf-8", TR.encode(), TR, False),
        ("unknown-8bit", TR.encode(), TR, False),
        ("x-user-defined", TR.encode(), TR, True),
        ("nonsense", b"abc", "abc", True),
        ("cp-850", "Größe".encode("cp850"), "Größe", False),
        ("windows1252", DE.encode("cp1252"), DE, False),
        ("macintosh", "Größe".encode("mac_roman"), "Größe", False),
        ("iso-8859-1", "\ufeffcafé".encode(), "café", True),
    ]
    for number, (label, data, text, wrong) in enumerate(rows):
        charset = f'; charset={label}"' if label.startswith('"') else f"; charset={label}"
        head = f"Content-Type: text/plain{charset if label else ''}\nContent-Transfer-Encoding: base64"
        yield Case(f"charset {number} {label}", body(head, b64(data)), {"text": text}, "_" if wrong else "")
    html = "<html><head><meta charset=windows-1251></head><body>" + RU + "</body></html>"
    yield Case("charset in the HTML", body("Content-Type: text/html", html.encode("cp1251")), {"text": RU})


def encoded_words() -> Iterator[Case]:
    split = "Ждём".encode()
    jp = Header(JA * 3, "iso-2022-jp").encode().encode()
    rows: list[tuple[bytes, str]] = [
        (
            b"=?utf-8?b?"
            + base64.b64encode(split[:3])
            + b"?= =?utf-8?b?"
            + base64.b64encode(split[3:])
            + b"?=",
            "Ждём",
        ),
        (b"=?utf-8?q?=D0?=\n =?utf-8?q?=96?=", "Ж"),
        (b"=?UTF-8?B?w6k=?==?utf-8?Q?=C3=A9?=", "éé"),
        (b"=?utf-8?b?SGVsb?= =?utf-8?b?G8gd29ybGQ=?=", "Hello world"),
        (b"=?utf-8?b?SGVsbG8?=", "Hello"),
        (b"=?utf-8?B?SGVs bG8=?=", "Hello"),
        (b"=?utf-8?b?SGVs*bG8=?=", "Hello"),
        (b"=?utf-8?Q?with blanks inside?=", "with blanks inside"),
        (b"=?utf-8?q?What_now??=", "What now?"),
        (b"=?utf-8?q?100=25_=ZZ?=", "100% =ZZ"),
        (b"=?utf-8*en?q?caf=C3=A9?=", "café"),
        (b"=?iso-8859-1?q?caf=C3=A9?=", "café"),
        (b"=?gb2312?b?" + base64.b64encode(ZH.encode()) + b"?=", ZH),
        (b"=?gb2312?b?" + base64.b64encode(ZH.encode("gbk")) + b"?=", ZH),
        (b"=?utf-8?q?" + "Grüße".encode() + b"?=", "Grüße"),
        (jp, JA * 3),
        (b"=?cp932?b?" + base64.b64encode(JA.encode("cp932")) + b"?=", JA),
        (b"=?koi8-r?b?" + base64.b64encode(RU.encode("koi8-r")) + b"?=", RU),
        (b"=?utf-7?q?Hi_Mom_+Jjo-?=", "Hi Mom ☺"),
        (b"=?unknown?q?caf=C3=A9?=", "café"),
        (b"=?x-nonsense?b?w6k=?=", "é"),
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        (b"=?utf-8?q?abc", "=?utf-8?q?abc"),
        (b"a =?utf-8?q?b?= c =?utf-8?q?d?=  =?utf-8?q?e?= f", "a b c de f"),
        (b"RE:=?utf-8?q?caf=C3=A9?=", "RE: café"),
        (b'"=?utf-8?q?caf=C3=A9?="', '"café"'),
        (b"(=?utf-8?q?caf=C3=A9?=)", "(café)"),
        (b"=?us-ascii?q?a?= =?us-ascii?q?_b?=", "a b"),
        (b"=?utf-8?q??=", ""),
        (b"=?utf-8?q?tab=09and=0D=0AInjected:_x?=", "tab and Injected: x"),
        ("Прямо в заголовке".encode(), "Прямо в заголовке"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"=?utf-8?Q?a?= b =?iso-8859-1?Q?=E9?=", "a b é"),
        (b"one\n\ttwo\n   three", "one two   three"),
    ]
    for number, (raw, subject) in enumerate(rows):
        mail = b"From: a@example.org\nSubject: " + raw + b"\n\nx"
        yield Case(f"subject {number}", mail, {"subject": " ".join(subject.split())})
    raw = b"From: \xcf\xf0\xe8\xe2\xe5\xf2 <a@example.org>\nSubject: \xcf\xf0\xe8\xe2\xe5\xf2\n"
    raw += b"Content-Type: text/plain; charset=windows-1251\n\n" + RU.encode("cp1251")
    yield Case(
        "raw header in the charset of the text",
        raw,
        {"subject": "Привет", "from": [("Привет", "a@example.org")]},
    )
    raw = (
        b"From: a@example.org\nSubject: "
        + "打印机".encode("gbk")
        + b"\nContent-Type: text/plain; charset=gb2312\n\nx"
    )
    yield Case("raw GBK header", raw, {"subject": "打印机"})


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


def transfer() -> Iterator[Case]:
    text = "Größe — a longer text that fills more than one line of seventy-six characters, and then some more of it.\n"
    data = text.encode()
    lines = base64.encodebytes(data)
    padded = b"\n".join(base64.b64encode(data[at : at + 10]) for at in range(0, len(data), 10))
    rows: list[tuple[str, bytes, str, str]] = [
        ("base64", lines.replace(b"=", b""), text, ""),
        ("base64", b"".join(lines.split()), text, ""),
        ("base64", padded, text, "pieces"),
        ("base64", lines[:30] + b"\x00\xff!" + lines[30:], text, "foreign"),
        ("base64", lines + b"\n-- \nA list footer, added as plain text\n", text + "-- \nA list footer, added as plain text\n", "behind base64"),
        ("base64", data, text, "not in the base64"),
        ("base64", b"\n\n" + lines, text, ""),
        ("BASE-64", lines, text, ""),
        ("base64;", lines, text, ""),
        ('"base64"', lines, text, ""),
        ("x-base64 (really)", lines, text, ""),
        ("quoted-printable", quopri.encodestring(data), text, ""),
        ("quoted printable", quopri.encodestring(data), text, ""),
        ("Quoted-Printable ", quopri.encodestring(data).replace(b"=\n", b"= \t\n"), text, ""),
        ("quoted-printable", b"100 =\n% =ZZ =3d =", "100 % =ZZ = ", ""),
        ("quoted-printable", "Größe".encode(), "Größe", ""),
        ("quoted-printable", b"a=0D=0Ab=0Ac", "a\nb\nc", ""),
        ("8bit", data, text, ""),
        ("binary", data, text, ""),
        ("nonsense", data, text, ""),
        ("7bit", data, text, ""),
    ]  # fmt: skip
    for number, (encoding, content, want, defect) in enumerate(rows):
        head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}"
        yield Case(f"transfer {number} {encoding}", body(head, content), {"text": want.rstrip("\n")}, defect)
    coded = (
        b"begin 644 a.bin\n"
        + b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
        + b"`\nend\n"
    )
    head = "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: x-uuencode"
    yield Case("uuencoded part", body(head, coded), {"files": ["a.bin"], "contents": [data]})
    yield Case(
        "uuencoded in the text",
        body("", b"Look:\n\n" + coded + b"Bye\n"),
        {"files": ["a.bin"], "contents": [data], "text": "Look:\n\nBye"},
    )
    yield Case(
        "no uuencoded file",
        body("", b"begin 644 the day\nwell, and\nend it so\n"),
        {"files": [], "text": "begin 644 the day\nwell, and\nend it so"},
    )
    ydata = bytes(range(256)) * 3
    shifted = b"".join(
        b"=" + bytes([(byte + 64) % 256]) if byte in b"\0\n\r=" else bytes([byte])
        for byte in ((one + 42) % 256 for one in ydata)
    )
    yenc = (
        b"=ybegin line=128 size=768 name=y.bin\r\n"
        + shifted[:400]
        + b"\r\n"
        + shifted[400:]
        + b"\r\n=yend size=768\r\n"
    )
    yield Case(
        "yEnc in the text",
        body("", b"Look:\r\n" + yenc + b"Bye\r\n"),
        {"files": ["y.bin"], "contents": [ydata], "text": "Look:\nBye"},
    )


def part(headers: str, content: str, boundary: str = "b") -> str:
    return f"--{boundary}\n{headers}{chr(10) if headers else ''}\n{content}\n"


def structure() -> Iterator[Case]:
    plain, html = part("Content-Type: text/plain", "one"), part("Content-Type: text/html", "<p>one</p>")
    pdf = part("Content-Type: application/pdf; name=a.pdf", "data")
    mixed, alternative = (
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: multipart/alternative; boundary=b",
    )
    nested = "--o\n" + mixed + "\n\n" + plain + pdf
    rows: list[tuple[str, str, str, dict[str, Any], str]] = [
        ("no closing delimiter", mixed, plain + pdf, {"text": "one", "files": ["a.pdf"]}, "not closed"),
        ("no boundary", "Content-Type: multipart/mixed", plain + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, "without a boundary"),
        ("another boundary", "Content-Type: multipart/mixed; boundary=zzz", plain + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, "another boundary"),
        ("boundary with dashes", 'Content-Type: multipart/mixed; boundary="--=_b"', (plain + pdf + "--b--").replace("--b", "----=_b"), {"text": "one", "files": ["a.pdf"]}, ""),
        ("boundary of another case", "Content-Type: multipart/mixed; boundary=B", plain + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, "another boundary"),
        ("blanks behind delimiters", mixed, (plain + pdf + "--b--").replace("--b\n", "--b \t\n"), {"text": "one", "files": ["a.pdf"]}, ""),
        ("ruler in a text without parts", "Content-Type: multipart/mixed", "above\n----------\n\nbelow", {"text": "above\n----------\n\nbelow", "files": []}, "without"),
        ("no parts", mixed, "just text", {"text": "just text"}, "without parts"),
        ("empty multipart", mixed, "", {"text": ""}, "without parts"),
        ("inner not closed", "Content-Type: multipart/mixed; boundary=o", nested + "--o\n\ntwo\n--o--", {"text": "one\ntwo", "files": ["a.pdf"]}, "not closed"),
        ("same boundary inside", mixed, "--b\n" + mixed + "\n\n" + plain + "--b--\n" + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, ""),
        ("boundary is a prefix", "Content-Type: multipart/mixed; boundary=bo", "--bo\nContent-Type: multipart/mixed; boundary=boo\n\n" + part("", "one", "boo") + "--boo--\n" + pdf.replace("--b", "--bo") + "--bo--", {"text": "one", "files": ["a.pdf"]}, ""),
        ("parts behind the end", mixed, plain + "--b--\n" + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, "behind the end"),
        ("preamble and epilogue", mixed, "This is a multi-part message in MIME format.\n\n" + plain + "--b--\nepilogue", {"text": "one"}, ""),
        ("first delimiter lost", mixed, plain[4:] + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, "first part"),
        ("delimiter in the headers", mixed.replace("Content", "X: y\nContent"), "", {"text": ""}, ""),
        ("alternative", alternative, plain + html + "--b--", {"text": "one", "files": []}, ""),
        ("empty plain part", alternative, part("Content-Type: text/plain", "  ") + html + "--b--", {"text": "one"}, ""),
        ("HTML only", "Content-Type: text/html", "<p>one", {"text": "one"}, ""),
        ("related, root last", "Content-Type: multipart/related; boundary=b", part("Content-Type: image/png\nContent-ID: <i>", "x") + html + "--b--", {"text": "one", "files": [""]}, ""),
        ("two texts", mixed, plain + part("", "two") + "--b--", {"text": "one\ntwo"}, ""),
        ("attached text", mixed, plain + part("Content-Type: text/plain; name=a.txt\nContent-Disposition: attachment", "two") + "--b--", {"text": "one", "files": ["a.txt"]}, ""),
        ("attached mail with a name", mixed, plain + part('Content-Type: message/rfc822; name="old.eml"', "Subject: x\n\ny") + "--b--", {"text": "one", "files": ["old.eml"]}, ""),
        ("digest", "Content-Type: multipart/digest; boundary=b", part("", "Subject: x\n\ny") + part("", "Subject: z\n\ny") + "--b--", {"text": "", "files": ["", ""]}, ""),
        ("encoded multipart", mixed + "\nContent-Transfer-Encoding: base64", base64.encodebytes((plain + pdf + "--b--").encode()).decode(), {"text": "one", "files": ["a.pdf"]}, "encoded multipart"),
        ("unknown multipart", "Content-Type: multipart/x-odd; boundary=b", plain + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, ""),
        ("unknown text", "Content-Type: text/x-odd", "one", {"text": "one", "files": []}, ""),
        ("type without subtype", "Content-Type: text", "one", {"text": "one"}, ""),
        ("nonsense type", "Content-Type: ;;;", "one", {"text": "one"}, ""),
        ("type in an encoded word", "Content-Type: =?utf-8?q?text/html=3B_charset=3Dutf-8?=", "<p>one", {"text": "one"}, ""),
        ("type in quotes", 'Content-Type: "text/html"; charset="utf-8"', "<p>one", {"text": "one"}, ""),
        ("type with commas", "Content-Type: text/html, charset=utf-8", "<p>one", {"text": "one"}, ""),
        ("type without semicolon", "Content-Type: multipart/mixed boundary=b", plain + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, ""),
        ("boundary line without fold", "Content-Type: multipart/mixed;\nboundary=b", plain + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, "indentation"),
        ("only a boundary", "Content-Type: ; boundary=b", plain + pdf + "--b--", {"text": "one", "files": ["a.pdf"]}, ""),
        ("comment in the type", "Content-Type: text/html (really) ; charset=utf-8", "<p>one", {"text": "one"}, ""),
        ("flowed", "Content-Type: text/plain; format=flowed", "one \ntwo\n\n  three\n-- \nsig", {"text": "one two\n\n three\n-- \nsig"}, ""),
        ("flowed, delsp", "Content-Type: text/plain; format=flowed; delsp=yes", "プリ \nンター", {"text": "プリンター"}, ""),
        ("flowed quotes", "Content-Type: text/plain; format=flowed", "> a \n> b\n>> c \n> d", {"text": "> a b\n>> c\n> d"}, ""),
    ]  # fmt: skip
    for name, head, content, want, defect in rows:
        yield Case(name, body(head, content), want, defect)
    deep = "".join(
        f"--b{level}\nContent-Type: multipart/mixed; boundary=b{level + 1}\n\n" for level in range(30)
    )
    yield Case(
        "30 levels",
        body("Content-Type: multipart/mixed; boundary=b0", deep + "--b30\n\none\n--b30--\n"),
        {"text": "one"},
        "not closed",
    )


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


def every_case() -> list[Case]:
    makers = (charsets, encoded_words, addresses, file_names, transfer, structure, headers)
    return [case for maker in makers for case in maker()]
