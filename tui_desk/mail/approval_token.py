"""The code of a question that is answered by mail: unguessable, and bound to everything that the answer is about.

``tdap.<question>.<signature>``: 128 bits of HMAC-SHA256 under the desk's secret over the number of the question (its message),
approval, step, vote, the approver's address and the digest of what is decided. It stands in the Message-ID, in the reply
address where the server knows tags (RFC 5233), and in a line of the text for programs that lose headers. Whoever holds it has
read the question; who may answer is for ``rules.approvals`` to say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from tui_desk.mail.message_id import host_of

_PURPOSE = b"tui-desk approval 1\0"
_SECRET_BYTES = 16
_SIGNATURE_BYTES = 16
_MARK = "tdap."
_UPPER = _MARK.upper()
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9.])tdap\.([1-9][0-9]{0,17})\.([a-z2-7]{26})(?![A-Za-z0-9])", re.IGNORECASE
)
_MAX_LOCAL = 64
"""RFC 5321, 4.5.3.1.1."""
_MAX_FOUND = 20
_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Question:
    """What a token is bound to. ``address`` in its compared form, ``digest`` as text."""

    number: int
    approval: int
    step: int
    vote: int
    address: str
    digest: str


@dataclass(frozen=True, slots=True)
class Token:
    """One that was found, unchecked: the number of the question it names, and its signature."""

    question: int
    signature: str


def make_token(question: Question, secret: bytes) -> str:
    """The token of a question; the same each time. ``secret``: at least 16 bytes (ValueError otherwise)."""
    return f"{_MARK}{question.number}.{_signature(question, secret)}"


def is_genuine(token: Token, question: Question, secret: bytes) -> bool:
    """Whether ``token`` is the one of ``question``. Takes as long for a wrong one as for a right one."""
    if len(secret) < _SECRET_BYTES:
        return False
    right = _signature(question, secret)
    return hmac.compare_digest(right, token.signature) and token.question == question.number


def tokens_in(texts: Iterable[str]) -> tuple[Token, ...]:
    """The tokens that stand in some texts, each once, in their order. Of a long text the first 200,000 characters are read."""
    found: dict[Token, None] = {}
    for text in texts:
        part = text[:_MAX_TEXT]
        if _MARK not in part and _UPPER not in part:
            continue
        for match in _TOKEN.finditer(part):
            found.setdefault(Token(int(match[1]), match[2].lower()))
    return tuple(found)[:_MAX_FOUND]


def without_tokens(text: str) -> str:
    """``text`` with the signatures of tokens taken out: what colleagues read must let nobody answer."""
    return _TOKEN.sub(lambda match: f"{_MARK}{match[1]}.…", text)


def token_message_id(token: str, domain: str) -> str:
    """A Message-ID (without brackets) that holds ``token``; another one each time, for reminders ask the same question."""
    return f"{token}.{secrets.token_hex(6)}@{host_of(domain)}"


def token_address(address: str, token: str) -> str | None:
    """``address`` with ``token`` as its tag; None where its local part is too long for one, or has a tag already."""
    local, at, domain = address.rpartition("@")
    tagged = f"{local}+{token}"
    if not at or not local or "+" in local or local.startswith('"') or len(tagged) > _MAX_LOCAL:
        return None
    return f"{tagged}@{domain}"


def _signature(question: Question, secret: bytes) -> str:
    if len(secret) < _SECRET_BYTES:
        raise ValueError("the secret of a desk has at least 16 bytes")
    said = "\0".join(
        (
            str(question.number),
            str(question.approval),
            str(question.step),
            str(question.vote),
            question.address,
            question.digest,
        )
    )
    digest = hmac.new(secret, _PURPOSE + said.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode("ascii").rstrip("=").lower()
