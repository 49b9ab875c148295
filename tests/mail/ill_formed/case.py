"""What one ill-formed mail is, and the texts and header they are made with."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
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
