"""What kind of mail it is: written by a person, an automatic reply, a list, our own mail come back in a circle.

Bounces and reports are told by ``mail.bounce``. Automatic replies follow RFC 3834 first and the habits of programs second.
A person's mail taken for a machine's is the worse error: what people write too counts only with a second sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.absence import is_absence_notice, may_be_absence
from tui_desk.mail.auto_words import (
    ACKNOWLEDGED,
    ANSWER_PREFIX,
    AUTO_STEMS,
    AUTO_SUBJECT,
    AWAY_SUBJECT,
    AWAY_TEXT,
    CHALLENGE_SUBJECT,
    CHALLENGE_SUBJECT_STEMS,
    CHALLENGE_TEXT,
    CHALLENGE_TEXT_STEMS,
)
from tui_desk.mail.headers import Fields, every, first, text_of
from tui_desk.mail.message import Address, MailKind
from tui_desk.mail.prefilter import may_hold
from tui_desk.mail.reply import segments_of

_AUTO_HEADERS: Final = frozenset(
    (
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply",
        "x-auto-reply-from",
        "x-autoreply-from",
        "x-autoreply-domain",
        "x-mail-autoreply",
        "x-mailer-autoreply",
        "x-auto-respond",
        "x-autoresponse",
        "autoresponder",
        "x-vacation",
    )
)
_OFF: Final = frozenset(("no", "false", "0", "off", "never"))
# Programs whose every mail carries the marks of a machine, though agents write through them.
_DESKS: Final = re.compile(
    r"zendesk|freshdesk|freshservice|jira|atlassian|help ?scout|helpscout|intercom|zammad|otrs|znuny|request tracker|\brt\b|osticket|glpi|servicenow|service-?now|hubspot|front ?app|kayako|redmine|gitlab|github|mantis|bugzilla|gorgias|deskpro|tui-desk|desk\.com|salesforce|zoho desk|manageengine|trello|asana|basecamp",
    re.IGNORECASE,
)
_VACATION_AGENT: Final = re.compile(
    r"vacation|autorespond|auto-?reply|out of office|urlaub|abwesenheit|responder", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the kind is judged by."""

    fields: Fields
    content_type: str
    params: dict[str, str]
    subject: str
    text: str
    from_: tuple[Address, ...]


def kind_of(
    signs: Signs, *, bounce: bool, report: bool, own_addresses: frozenset[str], desk_tokens: frozenset[str]
) -> MailKind:
    """The kind of a mail; ``bounce`` and ``report`` say what ``mail.bounce`` found."""
    if report:
        return "report"
    if bounce:
        return "bounce"
    if _is_own(signs, own_addresses, desk_tokens):
        return "loop"
    if _is_auto_reply(signs):
        return "auto_reply"
    if _is_list(signs, own_addresses):
        return "list"
    return "personal"


def _is_own(signs: Signs, own_addresses: frozenset[str], desk_tokens: frozenset[str]) -> bool:
    token = text_of(signs.fields, "x-tui-desk", 200)
    if token and token in desk_tokens:
        return True
    return any(person.address.lower() in own_addresses for person in signs.from_)


def _is_auto_reply(signs: Signs) -> bool:
    fields = signs.fields
    submitted = text_of(fields, "auto-submitted", 60).lower()
    if submitted.startswith(("auto-replied", "auto replied", "auto-reply")):
        return not _by_an_agent(signs)
    if _has_auto_header(fields):
        return True
    precedence = {
        text_of(fields, name, 40).lower().replace("-", "_")
        for name in ("precedence", "x-precedence", "preference")
    }
    if precedence & {"auto_reply", "autoreply"} or _is_challenge(signs.subject) or _is_auto(signs.subject):
        return True
    answered = ANSWER_PREFIX.match(signs.subject) is not None
    answers = first(fields, "in-reply-to") is not None or first(fields, "references") is not None
    generated = submitted.startswith(("auto-generated", "auto-notified"))
    suppressed = text_of(fields, "x-auto-response-suppress", 60).lower()
    bulky = bool(precedence & {"bulk", "junk"})
    if answers and _answers_like_a_machine(generated, "junk" in precedence, suppressed):
        return not _by_an_agent(signs)
    if _null_path(fields) and (answers or answered or bulky):
        return True
    if (answers or answered) and _challenges(signs.text[:1_000]):
        return True
    machine = generated or bool(suppressed and suppressed != "none") or bulky or _null_path(fields)
    if (machine or (answers and not answered)) and AWAY_SUBJECT.match(signs.subject):
        return True
    if machine and (answers or answered) and AWAY_TEXT.match(signs.text[:600]):
        return True
    if answers and _is_absence(signs.text):
        return True
    return bool(
        _VACATION_AGENT.search(text_of(fields, "x-mailer", 100) or text_of(fields, "user-agent", 100))
    )


def _is_auto(subject: str) -> bool:
    return may_hold(subject, AUTO_STEMS) and AUTO_SUBJECT.match(subject) is not None


def _is_challenge(subject: str) -> bool:
    return may_hold(subject, CHALLENGE_SUBJECT_STEMS) and CHALLENGE_SUBJECT.search(subject) is not None


def _challenges(text: str) -> bool:
    return may_hold(text, CHALLENGE_TEXT_STEMS) and CHALLENGE_TEXT.search(text) is not None


def _is_absence(text: str) -> bool:
    """Whether what the author wrote (not what is quoted below) is a notice of absence."""
    if not may_be_absence(text):
        return False
    return is_absence_notice("".join(one.text for one in segments_of(text) if one.kind != "quote").strip())


def _has_auto_header(fields: Fields) -> bool:
    """Whether a field says that a program answers; its value may deny it."""
    for name, _ in fields:
        if name in _AUTO_HEADERS and text_of(fields, name, 20).lower() not in _OFF:
            return True
    if text_of(fields, "x-autogenerated", 20).lower() == "reply":
        return True
    if text_of(fields, "x-fc-machinegenerated", 20).lower() == "true":  # FirstClass
        return True
    if any(value.strip().lower() == b"autoresponder" for value in every(fields, "delivered-to")):
        return True
    source = text_of(fields, "x-ms-exchange-generated-message-source", 60).lower()
    return source in ("mailbox rules agent", "oof agent", "out of office agent")


def _answers_like_a_machine(generated: bool, junk: bool, suppressed: str) -> bool:
    return generated or junk or ("oof" in suppressed and "rn" in suppressed) or suppressed == "all"


def _by_an_agent(signs: Signs) -> bool:
    """Whether a person writes through a helpdesk: its own receipts say that a request was received, agents do not."""
    made_by = " ".join(
        text_of(signs.fields, name, 120)
        for name in ("x-mailer", "user-agent", "x-generated-by", "x-mailer-info", "x-rt-originator")
    )
    known = bool(_DESKS.search(made_by)) or any(
        first(signs.fields, name) is not None
        for name in (
            "x-jira-fingerprint",
            "x-zendesk-from-account-id",
            "x-github-reason",
            "x-gitlab-project",
            "rt-ticket",
        )
    )
    return known and not ACKNOWLEDGED.search(signs.text[:1_500]) and not _is_auto(signs.subject)


def _null_path(fields: Fields) -> bool:
    return (first(fields, "return-path") or b"x").strip() == b"<>"


def _is_list(signs: Signs, own_addresses: frozenset[str]) -> bool:
    """Mail of a list or a mass mailing; a group address of our own that passes customers' mail on does not count."""
    fields = signs.fields
    list_id = text_of(fields, "list-id", 300).lower()
    posts = " ".join(
        text_of(fields, name, 300).lower()
        for name in ("list-post", "x-beenthere", "mailing-list", "x-mailing-list")
    )
    for own in own_addresses:
        if own in posts or own in list_id or own.replace("@", ".") in list_id:
            return False
    precedence = text_of(fields, "precedence", 40).lower()
    if list_id or "@" in posts or precedence == "list":
        return True
    if first(fields, "x-mailman-version") is not None or first(fields, "x-listserver") is not None:
        return True
    if precedence == "bulk" and re.search(
        r"\bowner-[\w.+-]+@|[\w.+-]+-(?:owner|bounces?|admin|request)@",
        text_of(fields, "sender", 320),
        re.IGNORECASE,
    ):
        return True
    return first(fields, "list-unsubscribe") is not None and (
        precedence == "bulk"
        or any(
            first(fields, name) is not None
            for name in (
                "list-unsubscribe-post",
                "feedback-id",
                "x-mc-user",
                "x-campaign",
                "x-campaignid",
                "x-csa-complaints",
            )
        )
    )
