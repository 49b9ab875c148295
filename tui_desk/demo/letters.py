"""Mail as the people of the sample desk write it: bytes from texts, with the habits of real mail programs."""

from __future__ import annotations

import email.policy
import html
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from tui_desk.demo.drawings import picture

_FILES: dict[str, tuple[str, str, Callable[[str], bytes]]] = {
    "png": ("image", "png", picture),
    "pdf": (
        "application",
        "pdf",
        lambda _name: b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    ),
    "csv": ("text", "csv", lambda _name: "部品,数量\nA-100,100\nA-200,500\n".encode()),
}
_CLIENTS = ("Mozilla Thunderbird", "Apple Mail (2.3774)", "Microsoft Outlook 16.0", "Roundcube Webmail/1.6")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The mail that an answer answers."""

    message_id: str
    references: tuple[str, ...]
    subject: str
    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody wants to say, before it is mail. ``sender`` and ``to`` as in a header; ``quote`` adds the earlier text."""

    sender: str
    to: str
    subject: str
    text: str
    at: datetime
    html: bool = False
    attachment: str = ""
    automatic: bool = False
    answers: Earlier | None = None
    quote: str = "none"
    """none, bottom (answer above the whole text), inline (answer below it), auto."""


def as_mail(letter: Letter, chance: random.Random) -> bytes:
    """The letter as a mail program would send it."""
    mail = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=200))
    mail["From"] = _address(letter.sender)
    mail["To"] = _address(letter.to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.at)
    domain = parseaddr(letter.sender)[1].rpartition("@")[2]
    mail["Message-ID"] = make_msgid(domain=domain)
    if letter.answers is not None:
        mail["In-Reply-To"] = f"<{letter.answers.message_id}>"
        known = (*letter.answers.references, letter.answers.message_id)
        mail["References"] = " ".join(f"<{one}>" for one in known)
    if letter.automatic:
        mail["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"
    else:
        mail["User-Agent"] = chance.choice(_CLIENTS)
    _set_text(mail, letter)
    if letter.attachment:
        kind, subtype, content_of = _FILES[letter.attachment.rpartition(".")[2]]
        content = content_of(letter.attachment)
        mail.add_attachment(content, maintype=kind, subtype=subtype, filename=letter.attachment)
    return mail.as_bytes()


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    user, _at, domain = address.rpartition("@")
    return Address(name, user, domain)


def _set_text(mail: EmailMessage, letter: Letter) -> None:
    text = letter.text.strip("\n") + "\n"
    quoted = _quoted(letter)
    whole = f"{quoted}\n{text}" if letter.quote == "inline" else f"{text}\n{quoted}" if quoted else text
    charset = "iso-2022-jp" if _is_japanese(whole) else "utf-8"
    mail.set_content(whole, charset=charset)
    if letter.html or letter.quote == "html":
        mail.add_alternative(_as_html(text, letter), subtype="html")


def _is_japanese(text: str) -> bool:
    if not any("぀" <= char <= "ヿ" for char in text):
        return False
    try:
        text.encode("iso-2022-jp")
    except UnicodeEncodeError:
        return False
    return True


def _quoted(letter: Letter) -> str:
    earlier = letter.answers
    if earlier is None or letter.quote in ("none", "auto", ""):
        return ""
    when = earlier.at.strftime("%a, %d %b %Y at %H:%M")
    lines = "\n".join(f"> {line}".rstrip() for line in earlier.text.strip().splitlines())
    return f"On {when}, {earlier.author} wrote:\n{lines}\n"


def _as_html(text: str, letter: Letter) -> str:
    paragraphs = "".join(
        f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in text.strip().split("\n\n")
    )
    quote = ""
    if letter.answers is not None:
        inner = html.escape(letter.answers.text.strip()).replace("\n", "<br>")
        quote = f'<div class="gmail_quote">On {letter.answers.at:%d %b %Y}, {html.escape(letter.answers.author)} wrote:<blockquote type="cite">{inner}</blockquote></div>'
    return f'<html><body style="font-family:Calibri">{paragraphs}{quote}</body></html>\n'
