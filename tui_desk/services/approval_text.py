"""Sentences of what happens to approvals, for the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line

_LIMIT = 200


def _line(told: dict[str, Any], name: str) -> str:
    return safe_line(str(told.get(name, "") or ""), _LIMIT)


def _voted(actor: str, told: dict[str, Any]) -> str:
    who, title = _line(told, "who"), _line(told, "title")
    if told.get("for"):
        who = _("{who} (for {absent})").format(who=who, absent=_line(told, "for"))
    if told.get("decision") == "yes":
        sentence = _("{who} said yes to “{title}”").format(who=who, title=title)
    else:
        sentence = _("{who} said no to “{title}”").format(who=who, title=title)
    if told.get("channel") == "email":
        sentence = _("{sentence}, by mail").format(sentence=sentence)
    comment = _line(told, "comment")
    return _("{sentence}: {comment}").format(sentence=sentence, comment=comment) if comment else sentence


def _asked(actor: str, told: dict[str, Any]) -> str:
    to = told.get("to")
    names = safe_line(", ".join(map(str, to)), _LIMIT) if isinstance(to, list) else ""
    return _("“{title}” was asked of {to} by mail").format(title=_line(told, "title"), to=names)


def _reminded(actor: str, told: dict[str, Any]) -> str:
    to = told.get("to")
    names = safe_line(", ".join(map(str, to)), _LIMIT) if isinstance(to, list) else ""
    return _("{actor} reminded {to} of “{title}”").format(actor=actor, title=_line(told, "title"), to=names)


def _anew(actor: str, told: dict[str, Any]) -> str:
    sentence = _("What “{title}” asks has changed: it is asked anew").format(title=_line(told, "title"))
    lost = told.get("lost")
    if not isinstance(lost, int) or not lost:
        return sentence
    count = ngettext("{count} answer does not count any more", "{count} answers do not count any more", lost)
    return f"{sentence}; {count.format(count=lost)}"


def _refused(actor: str, told: dict[str, Any]) -> str:
    sentence = _("“{title}” is refused").format(title=_line(told, "title"))
    following = _line(told, "next")
    return (
        _("{sentence}. What happens next: {next}").format(sentence=sentence, next=following)
        if following
        else sentence
    )


def _cancelled(actor: str, told: dict[str, Any]) -> str:
    sentence = _("{actor} took “{title}” back").format(actor=actor, title=_line(told, "title"))
    comment = _line(told, "comment")
    return _("{sentence}: {comment}").format(sentence=sentence, comment=comment) if comment else sentence


def _not_counted(actor: str, told: dict[str, Any]) -> str:
    return _("An answer of {who} to “{title}” was not counted: {reason}").format(
        who=_line(told, "who"), title=_line(told, "title"), reason=reason_text(str(told.get("reason", "")))
    )


def reason_text(reason: str) -> str:
    """Why an answer by mail does not count, for people."""
    texts = {
        "machine": _("no person wrote it."),
        "token": _("its code is not the one of the question."),
        "address": _("it does not come from the address that was asked."),
        "unverified": _("the mailbox's server could not confirm its sender."),
        "unproven": _("the mailbox's server does not vouch for its sender."),
        "gone": _("the approval does not exist any more."),
        "altered": _("what is to be decided has changed since the question was sent; it is asked anew."),
        "again": _("this question was answered before, and the first answer counts."),
        "closed": _("this step is not open any more."),
        "barred": _("the one who answers may not decide this any more."),
        "late": _("it came after the day it was due."),
        "unsure": _("it does not begin with a plain yes or no, or takes half of it back."),
    }
    return texts.get(reason, safe_line(reason))


SENTENCES: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "approval_voted": _voted,
    "approval_asked": _asked,
    "approval_reminded": _reminded,
    "approval_overdue": lambda _actor, told: _("“{title}” is overdue").format(title=_line(told, "title")),
    "approval_asked_anew": _anew,
    "approval_approved": lambda _actor, told: _("“{title}” is approved").format(title=_line(told, "title")),
    "approval_refused": _refused,
    "approval_cancelled": _cancelled,
    "approval_answer_refused": _not_counted,
}
"""By the action of the event."""
