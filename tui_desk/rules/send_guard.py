"""Reasons to look again before a mail leaves. Pure; the codes are those of ``contracts.conversation.GuardFinding``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_desk.rules.addresses import address_key
from tui_desk.rules.text_variables import unresolved

NEWER_MESSAGE = "newer_message"
RECIPIENTS_CHANGED = "recipients_changed"
ATTACHMENT_MISSING = "attachment_missing"
OUTSIDER = "outsider"
VARIABLES = "variables"
"""Something in braces that looks like a variable nobody filled in."""
EMPTY = "empty"

# "attached", "attachment", "enclosed" in the languages of the interface and of common correspondents. Whole words: an
# "attaché" is no attachment.
_ATTACHMENT = re.compile(
    r"\b(?:attach(?:ed|ment|ments|ing)|enclosed|adjunt[oa]s?|adjuntamos|anexo|anexad[oa]s?|em anexo|"
    r"ci-joint(?:e|s|es)?|en pièces? jointes?|pièces? jointes?|(?:im |als )anhang|angehängt|anbei|beigefügt(?:e[nrsm]?)?|"
    r"(?:in )?allegat[oaie]|in bijlage|bijlagen?|bijgevoegd|bifogad[ea]?|bifogar|vedlagt|vedhæftet|liitteenä|"
    r"w załączniku|załącznik(?:i|u)?|v příloze|příloh[auy]|во вложении|прилагаю|прикрепл\w+|ekte|添付|附件|첨부)",
    re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^\s{0,3}>.*$", re.MULTILINE)
_CODE = re.compile(r"```.*?```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guard looks at. All addresses in the form they are compared by."""

    body: str
    attachments: int
    newer: int
    """Messages written by others since the draft was opened."""
    recipients: tuple[str, ...]
    expected: tuple[str, ...]
    """Whom this kind of answer goes to by itself."""
    participants: frozenset[str]
    """Requester, watchers, agents, and everybody we have written to in this ticket."""


def mentions_attachment(body: str) -> bool:
    """Whether the author's own words (no quoted line, no code block) speak of an attachment."""
    own = _QUOTED_LINE.sub("", _CODE.sub("", body))
    return bool(_ATTACHMENT.search(own))


def findings(facts: Facts) -> tuple[str, ...]:
    """The codes of what should be looked at again, most serious first."""
    codes = []
    if not facts.body.strip():
        codes.append(EMPTY)
    if facts.newer:
        codes.append(NEWER_MESSAGE)
    if outsiders(facts):
        codes.append(OUTSIDER)
    if added(facts):
        codes.append(RECIPIENTS_CHANGED)
    if not facts.attachments and mentions_attachment(facts.body):
        codes.append(ATTACHMENT_MISSING)
    if unresolved(facts.body):
        codes.append(VARIABLES)
    return tuple(codes)


def outsiders(facts: Facts) -> tuple[str, ...]:
    """Recipients that came along by themselves (a stranger's Cc), without being part of the conversation."""
    expected = set(facts.expected)
    return tuple(
        address for address in facts.recipients if address in expected and address not in facts.participants
    )


def added(facts: Facts) -> tuple[str, ...]:
    """Recipients that neither this kind of answer nor the conversation so far would have had."""
    known = facts.participants | set(facts.expected)
    return tuple(address for address in facts.recipients if address not in known)


def keys(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses in the form they are compared by."""
    return tuple(address_key(address) for address in addresses)
