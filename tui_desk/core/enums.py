"""Values that several rooms, the database and scripts share. The strings are part of the command line contract."""

from __future__ import annotations

from enum import StrEnum


class TicketStatus(StrEnum):
    """Life of a ticket: new → open → pending (requester) / on hold (third party) → resolved → closed."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"


UNRESOLVED = (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.ON_HOLD)


class TicketType(StrEnum):
    INCIDENT = "incident"
    REQUEST = "request"
    QUESTION = "question"
    COMPLAINT = "complaint"
    TASK = "task"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 (low) to 3 (critical): what the database stores, so that it sorts."""
        return _RANKS[self]

    @classmethod
    def from_rank(cls, rank: int) -> Priority:
        return _BY_RANK[rank]


_BY_RANK = tuple(Priority)
_RANKS = {priority: rank for rank, priority in enumerate(_BY_RANK)}


class Channel(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    WALKIN = "walkin"
    CHAT = "chat"
    FORM = "form"
    API = "api"


class MessageKind(StrEnum):
    EMAIL = "email"
    NOTE = "note"
    PHONE = "phone"
    CHAT = "chat"
    FORM = "form"
    SYSTEM = "system"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class MailKind(StrEnum):
    """What sort of mail a message is (`kind` of `tui-desk explain`)."""

    PERSONAL = "personal"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    REPORT = "report"
    LIST = "list"
    LOOP = "loop"


class DeliveryState(StrEnum):
    """State of an outgoing message, per recipient and as a whole."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """How an intake ledger row ended; a row without one is still to be processed."""

    CREATED = "created"
    JOINED = "joined"
    SUSPENDED = "suspended"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Authentication(StrEnum):
    """How the desk logs in to a mail account."""

    PASSWORD = "password"
    OAUTH2 = "oauth2"


class SentCopies(StrEnum):
    """Whether the desk puts a copy of what it sends into the mailbox's Sent folder."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


class OAuthProvider(StrEnum):
    """Whose authorisation server gives out the tokens."""

    MICROSOFT = "microsoft"
    GOOGLE = "google"
    CUSTOM = "custom"


class MailboxState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


class Role(StrEnum):
    READ_ONLY = "read_only"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class LinkKind(StrEnum):
    RELATED = "related"
    DUPLICATE = "duplicate"
    PARENT = "parent"
    BLOCKS = "blocks"
    FOLLOW_UP = "follow_up"
    SUGGESTED = "suggested"


class AssetState(StrEnum):
    ORDERED = "ordered"
    IN_STOCK = "in_stock"
    IN_USE = "in_use"
    REPAIR = "repair"
    RETIRED = "retired"


class AssetRelationKind(StrEnum):
    """``one`` KIND ``other``; connected to goes both ways."""

    INSTALLED_ON = "installed_on"
    CONNECTED_TO = "connected_to"
    PART_OF = "part_of"


class RecognisedBy(StrEnum):
    """What of an asset or a licence stands in the text of a ticket."""

    TAG = "tag"
    SERIAL = "serial"
    HOSTNAME = "hostname"
    LICENCE_NAME = "licence_name"


class InvoiceState(StrEnum):
    """Life of a supplier's invoice: open → accepted → paid, or refused."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    PAID = "paid"


class ExpiryState(StrEnum):
    """Where the end of a licence, a contract or a warranty stands today."""

    ENDLESS = "endless"
    RUNNING = "running"
    ENDING = "ending"
    OVER = "over"


class ContractKind(StrEnum):
    MAINTENANCE = "maintenance"
    LEASE = "lease"
    WARRANTY = "warranty"
    """An extension of a manufacturer's warranty."""
    SUBSCRIPTION = "subscription"
    OTHER = "other"


class PurchaseState(StrEnum):
    """Life of a purchase; ``rules.purchases`` says what may follow what."""

    DRAFT = "draft"
    WAITING = "waiting"
    """For a decision."""
    APPROVED = "approved"
    REFUSED = "refused"
    ORDERED = "ordered"
    PARTLY_RECEIVED = "partly_received"
    RECEIVED = "received"
    INVOICED = "invoiced"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class FieldSubject(StrEnum):
    """What a field of one's own belongs to."""

    TICKET = "ticket"
    PERSON = "person"
    ASSET = "asset"


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    """A day."""
    CHOICE = "choice"
    PERSON = "person"
    ASSET = "asset"


class FieldRequired(StrEnum):
    """When a field of one's own must have a value."""

    NEVER = "never"
    ALWAYS = "always"
    RESOLVING = "resolving"
    """Before a ticket is resolved or closed."""


class DocumentSubject(StrEnum):
    """What a document can belong to."""

    ASSET = "asset"
    LICENCE = "licence"
    CONTRACT = "contract"
    PURCHASE = "purchase"
    INVOICE = "invoice"


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    MANUAL = "manual"
    CONTRACT = "contract"
    OFFER = "offer"
    DELIVERY_NOTE = "delivery_note"
    OTHER = "other"


class ExpiryKind(StrEnum):
    """What the expiry calendar holds."""

    WARRANTY = "warranty"
    LICENCE = "licence"
    CONTRACT = "contract"
    INVOICE = "invoice"


class ExpiryMeaning(StrEnum):
    """What happens on a day of the expiry calendar."""

    ENDS = "ends"
    NOTICE = "notice"
    """The last day to give notice of a contract that goes on by itself."""
    RENEWS = "renews"
    """A contract goes on by itself, since no notice was given."""
    DUE = "due"
    """An invoice is to be paid."""


class TaskState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """A change of status that a gate can hold up."""

    START = "start"
    """new → being worked on."""
    CONTINUE = "continue"
    """pending or on hold → open."""
    RESOLVE = "resolve"
    CLOSE = "close"


class DraftKind(StrEnum):
    REPLY = "reply"
    REPLY_ALL = "reply_all"
    NOTE = "note"
    FORWARD = "forward"


class PresenceMode(StrEnum):
    VIEWING = "viewing"
    WRITING = "writing"


class SegmentKind(StrEnum):
    """Parts of a message's text; together they are the whole text."""

    BODY = "body"
    QUOTE = "quote"
    SIGNATURE = "signature"


class SuspendCause(StrEnum):
    """Why a mail was held back."""

    UNREADABLE = "unreadable"
    FAILED = "failed"
    LOOP = "loop"
    BLOCKED_SENDER = "blocked_sender"
    SPAM = "spam"
    NO_SENDER = "no_sender"
    TOO_LARGE = "too_large"
    FORGED_IDENTITY = "forged_identity"
    FOREIGN_REPORT = "foreign_report"
    """A delivery report or receipt about mail that this desk did not send."""


class AfterWork(StrEnum):
    """What follows when a ticket that one works on is resolved, closed or put off."""

    NEXT = "next"
    """The next ticket of the list."""
    STAY = "stay"
    BACK = "back"
    """The list; in the list itself, the line above."""


class Signal(StrEnum):
    """How a terminal calls when there is a notification."""

    NOTIFICATION = "notification"
    """One of the terminal's own where it has them, else the bell."""
    BELL = "bell"
    OFF = "off"
