"""The simulated requesters: who answers what, and who writes next. Values in, values out; the chance is passed in."""

from __future__ import annotations

import email
import email.policy
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from tui_desk.demo.letters import Earlier, Letter, as_mail
from tui_desk.demo.texts import read

MOST_ANSWERS = 2
"""Of one person in one conversation, what they have to say and a thanks: a demo that answers for ever would be a mail loop."""
_IDENTIFIER = re.compile(r"<([^<>\s]+)>")
_BEFORE, _TAG = re.compile(r"^(?:(?:re|fwd?|aw|sv|rv) ?: *)+", re.IGNORECASE), re.compile(r" *\[#\d+\]")
_MARK = re.compile(r"^>|^On .* wrote:$|^-- $")


@dataclass
class Requesters:
    """All of them. ``desk`` is the mailbox they write to, ``silent`` the addresses nobody answers from (agents, ourselves)."""

    desk: str
    silent: frozenset[str]
    chance: random.Random
    names: dict[str, str] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    texts: dict[str, Any] = field(default_factory=lambda: read("letters.toml"))
    next_letter: int = 0

    def refuses(self, address: str) -> bool:
        """Whether the mail server of that address says that nobody has it."""
        return address.lower().startswith("gone@")

    def answer(self, raw: bytes, recipients: list[str], now: datetime) -> list[bytes]:
        """What the people among ``recipients`` write back to the mail ``raw``: nothing to machines and loops."""
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        if mail.get("Auto-Submitted", "no").lower() != "no":
            return []
        earlier = _earlier(mail, now)
        answers = []
        for address in recipients:
            key = f"{address.lower()} {_topic(earlier.subject)}"
            if address.lower() in self.silent or self.answered[key] >= MOST_ANSWERS:
                continue
            style, text = self._words(address.lower(), earlier.subject, first=not self.answered[key])
            # Thanks are the last that somebody says.
            self.answered[key] = self.answered[key] + 1 if style else MOST_ANSWERS
            answers.append(self._one_answer(mail, address, earlier, now, style or "full", text))
        return answers

    def _words(self, address: str, subject: str, *, first: bool) -> tuple[str, str]:
        """The style and text of an answer; no style where it is thanks, for want of anything to say."""
        found = (
            one
            for one in self.texts["answers"]
            if first and one["from"] == address and one["subject"] == _topic(subject)
        )
        thanks = self.texts["thanks"][self.texts["languages"].get(address, "en")]
        return next(((one["style"], one["text"]) for one in found), ("", thanks))

    def _one_answer(
        self, mail: EmailMessage, address: str, earlier: Earlier, now: datetime, style: str, text: str
    ) -> bytes:
        name = self._name(mail, address)
        subject = earlier.subject if earlier.subject.lower().startswith("re:") else f"Re: {earlier.subject}"
        letter = Letter(
            sender=f'"{name}" <{address}>',
            to=str(mail.get("Reply-To") or mail["From"]),
            subject=f"Automatic reply: {earlier.subject}" if style == "auto" else subject,
            text=text.format(name=name.partition(" ")[0]),
            at=now,
            answers=earlier,
            automatic=style == "auto",
            quote="bottom" if style == "full" else style,
        )
        return as_mail(letter, self.chance)

    def _name(self, mail: EmailMessage, address: str) -> str:
        for name, found in getaddresses([str(mail.get("To", "")), str(mail.get("Cc", ""))]):
            if found.lower() == address.lower() and name:
                return name
        return self.names.get(address.lower()) or address.partition("@")[0].replace(".", " ").title()

    def write_next(self, now: datetime) -> bytes | None:
        """The next new mail; None when everybody has written."""
        letters = self.texts["new"]
        if self.next_letter >= len(letters):
            return None
        text = letters[self.next_letter]
        self.next_letter += 1
        letter = Letter(
            sender=text["from"],
            to=text.get("to", self.desk),
            subject=text["subject"],
            text=text["text"],
            at=now,
            html=text.get("html", False),
            automatic=text.get("automatic", False),
        )
        return as_mail(letter, self.chance)


def _topic(subject: str) -> str:
    """What a subject is about, without what a reply and the desk add to it."""
    return _BEFORE.sub("", _TAG.sub("", subject)).strip()


def _earlier(mail: EmailMessage, now: datetime) -> Earlier:
    body = mail.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    own_lines = [line for line in text.splitlines() if not _MARK.match(line)]
    identifiers = _IDENTIFIER.findall(str(mail.get("References", "")))
    own = _IDENTIFIER.findall(str(mail.get("Message-ID", "")))
    author = getaddresses([str(mail.get("From", ""))])[0]
    return Earlier(
        message_id=own[0] if own else "",
        references=tuple(identifiers),
        subject=str(mail.get("Subject", "")),
        text="\n".join(own_lines),
        author=author[0] or author[1],
        at=now,
    )
