"""Text whose charset or encoding is not what it says: bodies and encoded words."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email.header import Header

from tests.mail.ill_formed.case import (
    AR,
    CS,
    DE,
    EL,
    HE,
    JA,
    KO,
    RU,
    TH,
    TR,
    TW,
    UK,
    ZH,
    Case,
    b64,
    body,
)

PL = "Drukarka nie działa, proszę o pomoc, już trzeci dzień. Są źle ustawione."
CS_LONG = "Dobrý den, tiskárna nefunguje, děkuji za opravu. Přišel jsem ve čtvrtek."
SK = "Vážený zákazník, ďakujem za správu. Tlačiareň je v kancelárii číslo päť."
HU = "Tisztelt Ügyfélszolgálat, a nyomtató nem működik, kérem segítsenek. Üdvözlettel"
HR = "Pisač ne radi već tri dana, molim Vas pošaljite nekoga. Đuro Čačić"
WESTERN = (
    "L’imprimante ne marche pas, c’était hier à midi, où êtes-vous ? œuvre, très mûr",
    "La impresora no funciona, señor ¿puede venir mañana? ¡Gracias! 5 m³ y 3¹",
    "A impressora não funciona, é urgente, atenção às opções; milhões",
    "Skriveren virker ikke, vær så snill å hjelpe, øl på båten, kafè",
    "La stampante è rotta, perché così, più di là",
    "Ðetta er á íslensku, þú ættir að koma, ég ýti á það",
    "Õhtul töötab printer, õnneks, äike",
    "10 m³ and x³y, £100, ½ cup, ±5 °C, a¹ and b³",
)


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
        ("", PL.encode("cp1250"), PL, True),
        ("", PL.encode("iso8859-2"), PL, True),
        ("", CS_LONG.encode("cp1250"), CS_LONG, True),
        ("", CS_LONG.encode("iso8859-2"), CS_LONG, True),
        ("", SK.encode("cp1250"), SK, True),
        ("", HU.encode("cp1250"), HU, True),
        ("", HR.encode("cp1250"), HR, True),
        *(("", text.encode("cp1252"), text, True) for text in WESTERN),
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
