"""What the engine sees in one mail: frozen values without behaviour beyond what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

SegmentKind = Literal["body", "quote", "signature"]
MailKind = Literal["personal", "auto_reply", "bounce", "report", "list", "loop"]
KINDS: Final[tuple[MailKind, ...]] = ("personal", "auto_reply", "bounce", "report", "list", "loop")


class UnreadableMail(Exception):
    """The bytes are no mail at all (empty). ``cause`` says why, in English, for the record."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address field: the decoded display name (may be empty) and the bare address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the text. All segments of a mail, joined, are exactly its ``text``."""

    kind: SegmentKind
    text: str


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """One part that is not the readable text, decoded.

    ``filename`` has no path and may be empty; ``size`` is in bytes; ``part`` is the number of the MIME part, counted
    depth first from 0; ``inline`` means shown inside the text (an image of the HTML part).
    """

    filename: str
    content_type: str
    size: int
    sha256: str
    content_id: str | None
    inline: bool
    content: bytes
    part: int


@dataclass(frozen=True, slots=True)
class BounceRecipient:
    """One recipient a delivery report speaks of (RFC 3464, 2.3).

    ``action``: failed, delayed, delivered, relayed or expanded. ``status``: the enhanced status code (``5.1.1``) or "".
    """

    address: str
    action: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report: whom it speaks of, and the Message-ID of the mail that came back (no brackets)."""

    recipients: tuple[BounceRecipient, ...]
    original_message_id: str | None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The message that was passed on. ``from_`` is None where it cannot be told; ``date`` is as written there."""

    from_: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail, read. Absent parts are None or empty; text is Unicode with ``\\n`` and no control character but ``\\t``.

    ``message_id``, ``in_reply_to`` and ``references`` carry no brackets, white space or control characters.
    ``date`` is aware. ``auto_submitted`` is the keyword of RFC 3834 ("" where the field is absent).
    ``part_digests`` are sha256 of the decoded parts.
    ``authentication_results`` are the raw fields, newest first. ``defects`` says what was wrong with the bytes.
    ``trace`` are the Received and Authentication-Results fields as written, for ``mail.authentication``.
    ``monitoring_key`` names the alert a monitoring system writes about (``nagios:web1/http``), the same for a problem and
    its recovery; it is a claim, so only mails of one sender may be taken together by it.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    date: datetime | None
    subject: str
    from_: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    sender: Address | None
    return_path: str | None
    delivered_to: tuple[str, ...]
    text: str
    segments: tuple[Segment, ...]
    html: str | None
    attachments: tuple[ParsedAttachment, ...]
    kind: MailKind
    bounce: Bounce | None
    forwarded: Forwarded | None
    language: str | None
    defects: tuple[str, ...]
    auto_submitted: str
    precedence: str
    list_id: str | None
    headers: tuple[tuple[str, str], ...]
    authentication_results: tuple[str, ...]
    part_digests: tuple[str, ...]
    trace: tuple[tuple[str, str], ...] = ()
    monitoring_key: str | None = None
    receipt: bool = False
    """A report that says no more than that a mail arrived or was read."""

    @property
    def authored(self) -> str:
        """What the author wrote now: quoted history taken away, signature kept."""
        return _joined(self.segments, ("body", "signature"))

    @property
    def reply(self) -> str:
        """What the author wrote now, without quoted history and signature."""
        return _joined(self.segments, ("body",))

    @property
    def quoted(self) -> str:
        """The quoted history that was taken away."""
        return _joined(self.segments, ("quote",))

    @property
    def signature(self) -> str:
        """The signature that was taken away."""
        return _joined(self.segments, ("signature",))

    @property
    def is_automatic(self) -> bool:
        """Whether no person wrote this mail; automatic mail is never answered automatically (RFC 3834)."""
        return self.kind != "personal" or self.auto_submitted not in ("", "no")


def _joined(segments: tuple[Segment, ...], kinds: tuple[SegmentKind, ...]) -> str:
    text = "".join(segment.text for segment in segments if segment.kind in kinds)
    return text.strip("\n").rstrip()
