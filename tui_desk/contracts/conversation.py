"""The conversation of a ticket: messages, drafts, replies, notes, and the state of what leaves."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import (
    DeliveryState,
    Direction,
    DraftKind,
    MailKind,
    MessageKind,
    SegmentKind,
)
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Mailaddress:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a message's text. All segments of a message together are its whole text."""

    kind: SegmentKind
    text: str


@dataclass(frozen=True, slots=True)
class AttachmentView:
    id: int
    filename: str
    content_type: str
    size: int
    inline: bool
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class RecipientDelivery:
    address: str
    state: DeliveryState
    cause: str
    """What the server said or why it waits; empty when all is well."""
    attempts: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class OutgoingView:
    """The state of one outgoing message. ``state`` is the most worrying of its recipients' states."""

    outbox_id: int
    state: DeliveryState
    cause: str
    held_until: datetime | None
    next_attempt_at: datetime | None
    one_way: bool
    """Sent through the installation's fallback sender: no answer can come back."""
    recipients: tuple[RecipientDelivery, ...]
    later: bool = False
    """Held for a time that somebody named, not for the undo window."""
    stopped: bool = False
    """Its time does not count any more: something speaks against it (``cause``), and somebody must look again."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One entry of a conversation. All text is safe to show."""

    id: int
    kind: MessageKind
    direction: Direction
    mail_kind: MailKind | None
    author: str
    author_address: str
    is_agent: bool
    at: datetime
    subject: str
    to: tuple[Mailaddress, ...]
    cc: tuple[Mailaddress, ...]
    text: str
    reply: str
    segments: tuple[Segment, ...]
    attachments: tuple[AttachmentView, ...]
    rfc_message_id: str
    has_raw: bool
    why: tuple[str, ...]
    """The threading evidence, a sentence each."""
    marks: tuple[str, ...]
    """Warnings to show beside the author, such as "not verified"."""
    delivery: OutgoingView | None
    reduced: bool = False
    """Only header and text are here; :class:`FetchOriginal` gets the rest from the mail server."""


@dataclass(frozen=True, slots=True)
class DraftView:
    ticket: int
    agent: str
    mine: bool
    kind: DraftKind
    body: str
    to: str
    cc: str
    bcc: str
    attachments: tuple[AttachmentView, ...]
    base_message_id: int
    """The newest message when the draft was opened: what the send guard compares with."""
    updated_at: datetime
    token: str = ""
    """Of one's own: under which it is sent, so that it leaves once."""


@dataclass(frozen=True, slots=True)
class ComposeContext:
    """Everything the compose screen shows before the first key is pressed."""

    ticket: int
    kind: DraftKind
    sender: str
    to: str
    cc: str
    bcc: str
    subject: str
    body: str
    """The saved draft, or empty."""
    signature: str
    attachments: tuple[AttachmentView, ...]
    passed_on: tuple[AttachmentView, ...]
    """A forward's: the files that go along by themselves, with the message that is passed on."""
    base_message_id: int
    one_way_notice: str
    """Empty, or the sentence that says why no answer will come back (fallback sender) or why it will wait (no sender)."""
    undo_seconds: int
    token: str = ""
    """Of the saved draft: under which it is sent, so that it leaves once."""


@dataclass(frozen=True, slots=True)
class OpenCompose(Request[ComposeContext]):
    """Recipients, signature and saved draft for writing in a ticket."""

    number: int
    kind: DraftKind


@dataclass(frozen=True, slots=True)
class SaveDraft(Request[None]):
    """``send_token``: under which it will be sent; empty leaves the one it has. Saving itself is done anew each time."""

    number: int
    kind: DraftKind
    body: str
    to: str = ""
    cc: str = ""
    bcc: str = ""
    base_message_id: int = 0
    send_token: str = ""


@dataclass(frozen=True, slots=True)
class ListDrafts(Request[tuple[DraftView, ...]]):
    """The acting agent's own drafts in all tickets, the newest first."""


@dataclass(frozen=True, slots=True)
class DropDraft(Request[None]):
    number: int
    kind: DraftKind


@dataclass(frozen=True, slots=True)
class AttachToDraft(Request[AttachmentView]):
    """Keep a file's content with the draft. ``path`` is read at once, so that the file may go away."""

    number: int
    kind: DraftKind
    path: str


@dataclass(frozen=True, slots=True)
class DetachFromDraft(Request[None]):
    number: int
    kind: DraftKind
    attachment_id: int


@dataclass(frozen=True, slots=True)
class GuardFinding:
    """A reason to look again before sending. ``code``: newer_message, recipients_changed, attachment_missing, outsider,
    variables, empty; of a draft that is to be checked check_waiting, check_refused, check_changed, check_outdated; of a message that
    waits for its time also ticket_ended."""

    code: str
    sentence: str
    newer: tuple[MessageView, ...] = ()


@dataclass(frozen=True, slots=True)
class SentResult:
    """What came of a reply or note. With ``findings`` nothing was sent: show them, and ask again with ``confirmed``."""

    message_id: int | None
    outbox_id: int | None
    held_until: datetime | None
    notice: str
    findings: tuple[GuardFinding, ...]


@dataclass(frozen=True, slots=True)
class SendReply(Request[SentResult]):
    """Send what was written to the requester. Empty ``to`` means: as for ``kind`` (reply, reply to all).

    ``confirmed`` names the codes of findings the agent has seen. ``now`` skips the undo window; ``leave_at`` (aware) is when it
    leaves instead of at its end. ``status_after`` also sets the ticket's status in the same transaction. ``attach_paths`` are
    files to attach (command line); the draft's attachments go along in any case. The draft of that kind is consumed.
    ``despite`` is the reason for a status that is set although something is open. ``hold_seconds``: it can be stopped for so long, where
    that is longer than the desk's own window and there is one. ``token`` names this one answer of the acting agent: asked again with
    it, it is not sent twice but answered as before. Raises DoneBefore where it says something else by now.
    """

    number: int
    body: str
    kind: DraftKind = DraftKind.REPLY
    to: str = ""
    cc: str = ""
    bcc: str = ""
    base_message_id: int = 0
    confirmed: tuple[str, ...] = ()
    now: bool = False
    status_after: str = ""
    attach_paths: tuple[str, ...] = ()
    leave_at: datetime | None = None
    despite: str = ""
    hold_seconds: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class MailPreview:
    """How a mail will leave. ``notice`` says what stands in its way; then fields may be empty."""

    sender: str
    to: str
    cc: str
    bcc: str
    subject: str
    plain: str
    html: str
    attachments: tuple[AttachmentView, ...]
    size: int
    """Bytes of the whole mail, about."""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class PreviewReply(Request[MailPreview]):
    """The mail that would leave if this were sent now. Nothing is changed. Raises NotFound, UsageError (addresses)."""

    number: int
    body: str
    kind: DraftKind = DraftKind.REPLY
    to: str = ""
    cc: str = ""
    bcc: str = ""


@dataclass(frozen=True, slots=True)
class AddNote(Request[SentResult]):
    """Write an internal note; never leaves the desk. ``channel_kind`` logs a phone call or chat instead. The draft of a note is consumed.
    ``token`` as in :class:`SendReply`."""

    number: int
    body: str
    channel_kind: MessageKind = MessageKind.NOTE
    attach_paths: tuple[str, ...] = ()
    token: str = ""


@dataclass(frozen=True, slots=True)
class CancelSend(Request[str]):
    """Undo a send that is held, or cancel one that waits. The text returns to a draft of the same kind. Answers a sentence."""

    outbox_id: int


@dataclass(frozen=True, slots=True)
class RetrySend(Request[str]):
    """Send again to the recipients that failed, are unknown or wait for another attempt, with the same bytes. Answers a sentence."""

    outbox_id: int


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """What came of it. With ``findings`` nothing was changed: show them, and ask again with ``confirmed``."""

    outbox_id: int
    leave_at: datetime | None
    """None: it leaves now."""
    findings: tuple[GuardFinding, ...]


@dataclass(frozen=True, slots=True)
class Reschedule(Request[Rescheduled]):
    """Let a held message leave at ``leave_at`` (aware), or now (None), whatever its time was."""

    outbox_id: int
    leave_at: datetime | None = None
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveAttachment(Request[str]):
    """Write an attachment into ``folder`` (never over an existing file). Answers the path."""

    attachment_id: int
    folder: str


@dataclass(frozen=True, slots=True)
class RawMessage(Request[str]):
    """The original source of a message as text, safe to show, at most ``limit`` characters."""

    message_id: int
    limit: int = 200_000


@dataclass(frozen=True, slots=True)
class FetchOriginal(Request[str]):
    """Get the whole of a message that was too large to be fetched, whatever its size. Answers a sentence."""

    message_id: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    outbox_id: int
    ticket: int
    subject: str
    to: str
    sender: str
    created_at: datetime
    delivery: OutgoingView


@dataclass(frozen=True, slots=True)
class ListOutbox(Request[tuple[OutboxRow, ...]]):
    """Outgoing messages, newest first; ``states`` narrows (empty: everything that is not yet sent)."""

    states: tuple[DeliveryState, ...] = ()
    everything: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ShowOutbox(Request[OutboxRow]):
    outbox_id: int
