"""Transfer encodings and multipart structures that are damaged."""

from __future__ import annotations

import base64
import binascii
import quopri
from collections.abc import Iterator
from typing import Any

from tests.mail.ill_formed.case import (
    Case,
    body,
)


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
