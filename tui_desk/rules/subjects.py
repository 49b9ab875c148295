"""Subjects: prefixes of replies and forwards in the languages of common mail programs, and the ticket's token ``[#1042]``."""

from __future__ import annotations

import re
from functools import lru_cache

_PREFIX = re.compile(
    r"\A\s*(?:re|aw|antw|antwort|sv|vs|vá|odp|res|rif|r|ynt|bls|ref|fwd?|wg|tr|rv|enc|i|doorst|vl|továbbítás|"
    r"回复|回覆|答复|转发|轉寄|返信|転送|отв|ответ|пересл)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\*\d{1,3})?\s*[:：]\s*",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\[\s?#(\d{1,12})\s?\]")
_BLANKS = re.compile(r"\s+")
MAX_PREFIXES = 20


@lru_cache(maxsize=16)
def base_subject(subject: str) -> str:
    """``subject`` on one line without tokens and without the prefixes of replies and forwards."""
    text = _BLANKS.sub(" ", _TOKEN.sub(" ", subject[:4_000])).strip()
    for _round in range(MAX_PREFIXES):
        shorter = _PREFIX.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter.strip()
    return text


def thread_key(subject: str) -> str:
    """What two subjects of one thread have in common, for suggestions: the base subject in lower case."""
    return base_subject(subject).casefold()[:200]


def token_number(subject: str) -> int | None:
    """The ticket number that the first ``[#N]`` in ``subject`` names."""
    found = _TOKEN.search(subject[:4_000])
    return int(found[1]) if found else None


_RECOVERY = re.compile(
    r"\b(?:recover(?:y|ed)|resolved|cleared|(?:is|:|-|->|→)\s*(?:ok|up)|back to normal|entwarnung|recuperad[oa]|rétabli)\b|\A\W*ok\b",
    re.IGNORECASE,
)


def is_recovery(subject: str) -> bool:
    """Whether the subject of a monitoring mail says that its alert is over."""
    return _RECOVERY.search(subject[:500]) is not None


def forward_subject(subject: str) -> str:
    """The subject of a mail that passes the conversation on."""
    return f"Fwd: {base_subject(subject)}"
