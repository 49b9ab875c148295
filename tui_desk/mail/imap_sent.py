"""What somebody answered in a mail program of his own: Message-IDs in a folder of sent mail, without their texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_values import range_chunks
from tui_desk.mail.message import UnreadableMail
from tui_desk.mail.parse import parse

__all__ = ["Answer", "answers_in"]

_FIELDS = b"BODY.PEEK[HEADER.FIELDS (FROM MESSAGE-ID IN-REPLY-TO REFERENCES)]"
_BLOCK = re.compile(rb"BODY\[HEADER\.FIELDS", re.IGNORECASE)
_AT_ONCE = 200
MAX_BLOCK = 64 * 1024
"""Bytes of the four fields that are read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail in the folder. ``answered`` is the Message-ID it answers: In-Reply-To, else the last of References (RFC 5322, 3.6.4).
    ``writers`` are the addresses in From, as written."""

    uid: int
    message_id: str
    answered: str
    writers: tuple[str, ...]


def answers_in(session: ImapSession, uids: Sequence[int]) -> list[Answer]:
    """Those of ``uids`` (of the selected folder) that answer something and have an id of their own. Raises MailServerError."""
    found: list[Answer] = []
    for start in range(0, len(uids), _AT_ONCE):
        for chunk in range_chunks(uids[start : start + _AT_ONCE]):
            with session.explained():
                given = session.client.fetch(chunk, [_FIELDS])
            for uid, data in given.items():
                block = next((value for name, value in data.items() if _BLOCK.match(name)), b"")
                answer = _answer(int(uid), block) if isinstance(block, bytes) else None
                if answer is not None:
                    found.append(answer)
    return sorted(found, key=lambda each: each.uid)


def _answer(uid: int, block: bytes) -> Answer | None:
    try:
        parsed = parse(block[:MAX_BLOCK].rstrip() + b"\r\n\r\n")
    except UnreadableMail:
        return None
    answered = parsed.in_reply_to or (parsed.references[-1] if parsed.references else "")
    if not parsed.message_id or not answered:
        return None
    return Answer(uid, parsed.message_id, answered, tuple(writer.address for writer in parsed.from_))
