"""The code of a survey that is answered by mail: unguessable, and bound to who was asked about what.

``tdsv.<survey>.<signature>``: 128 bits of HMAC-SHA256 under the desk's secret over the number of the survey and the address it went
to, as ``mail.approval_token`` does it for approvals. It stands in the Message-ID, and in a line of the text for programs that lose
headers. Whoever holds it has read the survey; who may answer is for ``rules.ratings`` to say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

_PURPOSE = b"tui-desk survey 1\0"
_SECRET_BYTES = 16
_SIGNATURE_BYTES = 16
_MARK = "tdsv."
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9.])tdsv\.([1-9][0-9]{0,17})\.([a-z2-7]{26})(?![A-Za-z0-9])", re.IGNORECASE
)
_MAX_FOUND = 20
_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class SurveyToken:
    """One that was found, unchecked: the number of the survey it names, and its signature."""

    survey: int
    signature: str


def make_token(survey: int, address: str, secret: bytes) -> str:
    """The token of a survey that went to ``address`` (compared form). ``secret``: at least 16 bytes (ValueError otherwise)."""
    return f"{_MARK}{survey}.{_signature(survey, address, secret)}"


def is_genuine(token: SurveyToken, survey: int, address: str, secret: bytes) -> bool:
    """Whether ``token`` is the one of that survey. Takes as long for a wrong one as for a right one."""
    if len(secret) < _SECRET_BYTES:
        return False
    right = _signature(survey, address, secret)
    return hmac.compare_digest(right, token.signature) and token.survey == survey


def tokens_in(texts: Iterable[str]) -> tuple[SurveyToken, ...]:
    """The tokens that stand in some texts, each once, in their order. Of a long text the first 200,000 characters are read."""
    found: dict[SurveyToken, None] = {}
    for text in texts:
        part = text[:_MAX_TEXT]
        if _MARK not in part and _MARK.upper() not in part:
            continue
        for match in _TOKEN.finditer(part):
            found.setdefault(SurveyToken(int(match[1]), match[2].lower()))
    return tuple(found)[:_MAX_FOUND]


def _signature(survey: int, address: str, secret: bytes) -> str:
    if len(secret) < _SECRET_BYTES:
        raise ValueError("the secret of a desk has at least 16 bytes")
    said = f"{survey}\0{address}".encode("utf-8", "surrogatepass")
    digest = hmac.new(secret, _PURPOSE + said, hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode("ascii").rstrip("=").lower()
