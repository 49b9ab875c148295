"""The words of the shared values in the reader's language: the same on every screen and on the command line.

Signs and colours are the screens' own (``screens.words``, ``screens.desk_words``); scripts get the values themselves.
"""

from __future__ import annotations

from enum import StrEnum

from tui_desk.core.enums import (
    AssetState,
    Authentication,
    Channel,
    ContractKind,
    DeliveryState,
    DocumentKind,
    DocumentSubject,
    DraftKind,
    ExpiryKind,
    ExpiryMeaning,
    ExpiryState,
    InvoiceState,
    LinkKind,
    MailboxState,
    MailKind,
    OAuthProvider,
    Priority,
    PurchaseState,
    Role,
    Security,
    SentCopies,
    SuspendCause,
    TaskState,
    TicketStatus,
    TicketType,
    Verdict,
)
from tui_desk.core.i18n import _, once_per_language


def word(value: StrEnum) -> str:
    """What people call ``value``; the value itself where it has no word of its own."""
    return _words().get((type(value), value.value), value.value)


@once_per_language
def _words() -> dict[tuple[type[StrEnum], str], str]:
    tables = (_of_tickets(), _of_messages(), _of_the_desk(), _of_documents())
    return {(type(value), value.value): text for table in tables for value, text in table}


def _of_tickets() -> tuple[tuple[StrEnum, str], ...]:
    return (
        (TicketStatus.NEW, _("new")),
        (TicketStatus.OPEN, _("open")),
        (TicketStatus.PENDING, _("pending")),
        (TicketStatus.ON_HOLD, _("on hold")),
        (TicketStatus.RESOLVED, _("resolved")),
        (TicketStatus.CLOSED, _("closed")),
        (Priority.LOW, _("low")),
        (Priority.NORMAL, _("normal")),
        (Priority.HIGH, _("high")),
        (Priority.CRITICAL, _("critical")),
        (Channel.EMAIL, _("email")),
        (Channel.PHONE, _("phone")),
        (Channel.WALKIN, _("walk-in")),
        (Channel.CHAT, _("chat")),
        (Channel.FORM, _("form")),
        (Channel.API, _("api")),
        (TicketType.INCIDENT, _("incident")),
        (TicketType.REQUEST, _("request")),
        (TicketType.QUESTION, _("question")),
        (TicketType.COMPLAINT, _("complaint")),
        (TicketType.TASK, _("task")),
        (TaskState.OPEN, _("open")),
        (TaskState.IN_PROGRESS, _("in progress")),
        (TaskState.DONE, _("done")),
        (TaskState.CANCELLED, _("cancelled")),
        (PurchaseState.DRAFT, _("draft")),
        (PurchaseState.WAITING, _("waiting")),
        (PurchaseState.APPROVED, _("approved")),
        (PurchaseState.REFUSED, _("refused")),
        (PurchaseState.ORDERED, _("ordered")),
        (PurchaseState.PARTLY_RECEIVED, _("partly received")),
        (PurchaseState.RECEIVED, _("received")),
        (PurchaseState.INVOICED, _("invoiced")),
        (PurchaseState.CLOSED, _("closed")),
        (PurchaseState.CANCELLED, _("cancelled")),
        (InvoiceState.OPEN, _("open")),
        (InvoiceState.ACCEPTED, _("accepted")),
        (InvoiceState.REFUSED, _("refused")),
        (InvoiceState.PAID, _("paid")),
    )


def _of_messages() -> tuple[tuple[StrEnum, str], ...]:
    return (
        (MailKind.PERSONAL, _("Written by a person.")),
        (MailKind.AUTO_REPLY, _("An automatic answer, not written by a person.")),
        (MailKind.BOUNCE, _("A notice that a mail could not be delivered.")),
        (MailKind.REPORT, _("A report of a mail server.")),
        (MailKind.LIST, _("Came through a mailing list.")),
        (MailKind.LOOP, _("Our own mail came back.")),
        (DeliveryState.HELD, _("held")),
        (DeliveryState.QUEUED, _("queued")),
        (DeliveryState.SENDING, _("sending")),
        (DeliveryState.SENT, _("sent")),
        (DeliveryState.FAILED, _("failed")),
        (DeliveryState.BOUNCED, _("bounced")),
        (DeliveryState.UNKNOWN, _("unknown")),
        (DeliveryState.CANCELLED, _("cancelled")),
        (DraftKind.REPLY, _("Reply")),
        (DraftKind.REPLY_ALL, _("Reply to all")),
        (DraftKind.NOTE, _("Internal note")),
        (DraftKind.FORWARD, _("Forward")),
    )


def _of_documents() -> tuple[tuple[StrEnum, str], ...]:
    return (
        (DocumentSubject.ASSET, _("asset")),
        (DocumentSubject.LICENCE, _("licence")),
        (DocumentSubject.CONTRACT, _("contract")),
        (DocumentSubject.PURCHASE, _("purchase")),
        (DocumentSubject.INVOICE, _("invoice")),
        (DocumentKind.INVOICE, _("invoice")),
        (DocumentKind.MANUAL, _("manual")),
        (DocumentKind.CONTRACT, _("contract")),
        (DocumentKind.OFFER, _("offer")),
        (DocumentKind.DELIVERY_NOTE, _("delivery note")),
        (DocumentKind.OTHER, _("other")),
        (ExpiryKind.WARRANTY, _("warranty")),
        (ExpiryKind.LICENCE, _("licence")),
        (ExpiryKind.CONTRACT, _("contract")),
        (ExpiryKind.INVOICE, _("invoice")),
        (ExpiryMeaning.ENDS, _("ends")),
        (ExpiryMeaning.NOTICE, _("last day for notice")),
        (ExpiryMeaning.RENEWS, _("renews by itself")),
        (ExpiryMeaning.DUE, _("to be paid")),
    )


def _of_the_desk() -> tuple[tuple[StrEnum, str], ...]:
    return (
        (ExpiryState.ENDLESS, _("no end")),
        (ExpiryState.RUNNING, _("runs")),
        (ExpiryState.ENDING, _("ends soon")),
        (ExpiryState.OVER, _("over")),
        (ContractKind.MAINTENANCE, _("maintenance")),
        (ContractKind.LEASE, _("lease")),
        (ContractKind.WARRANTY, _("warranty extension")),
        (ContractKind.SUBSCRIPTION, _("subscription")),
        (ContractKind.OTHER, _("other")),
        (AssetState.ORDERED, _("ordered")),
        (AssetState.IN_STOCK, _("in stock")),
        (AssetState.IN_USE, _("in use")),
        (AssetState.REPAIR, _("in repair")),
        (AssetState.RETIRED, _("retired")),
        (MailboxState.ACTIVE, _("working")),
        (MailboxState.PAUSED, _("paused")),
        (MailboxState.REMOVED, _("removed")),
        (Role.READ_ONLY, _("read only")),
        (Role.AGENT, _("agent")),
        (Role.SUPERVISOR, _("supervisor")),
        (Role.ADMIN, _("admin")),
        (Security.TLS, "TLS"),
        (Security.STARTTLS, "STARTTLS"),
        (Security.NONE, _("no encryption")),
        (Authentication.PASSWORD, _("password")),
        (Authentication.OAUTH2, "OAuth2"),
        (SentCopies.AUTO, _("where the provider keeps none")),
        (SentCopies.YES, _("always")),
        (SentCopies.NO, _("never")),
        (OAuthProvider.MICROSOFT, "Microsoft 365"),
        (OAuthProvider.GOOGLE, "Google"),
        (OAuthProvider.CUSTOM, _("another provider")),
        (SuspendCause.UNREADABLE, _("unreadable")),
        (SuspendCause.FAILED, _("failed")),
        (SuspendCause.LOOP, _("mail loop")),
        (SuspendCause.BLOCKED_SENDER, _("blocked sender")),
        (SuspendCause.SPAM, _("spam")),
        (SuspendCause.NO_SENDER, _("no sender")),
        (SuspendCause.TOO_LARGE, _("too large")),
        (SuspendCause.FORGED_IDENTITY, _("forged identity")),
        (SuspendCause.FOREIGN_REPORT, _("report about other mail")),
        (Verdict.CREATED, _("new ticket")),
        (Verdict.JOINED, _("joined")),
        (Verdict.SUSPENDED, _("held back")),
        (Verdict.IGNORED, _("ignored")),
        (Verdict.DUPLICATE, _("known already")),
    )


def link_word(kind: LinkKind, outgoing: bool) -> str:
    """How a linked ticket relates to this one."""
    words = {
        LinkKind.RELATED: (_("related to"), _("related to")),
        LinkKind.DUPLICATE: (_("duplicate of"), _("has the duplicate")),
        LinkKind.PARENT: (_("parent of"), _("part of")),
        LinkKind.BLOCKS: (_("blocks"), _("blocked by")),
        LinkKind.FOLLOW_UP: (_("follow-up of"), _("has the follow-up")),
        LinkKind.SUGGESTED: (_("may belong to"), _("may have a part in")),
    }
    return words[kind][0 if outgoing else 1]


def group_word(group: str, key: str) -> str:
    """What a group of a list is called, its ``key`` among the groups by ``group``."""
    if group == "status":
        return word(TicketStatus(key))
    if group == "priority":
        return word(Priority(key))
    if group == "due":
        return _due_groups()[key]
    return key or (_("nobody's") if group == "assignee" else _("no team"))


@once_per_language
def _due_groups() -> dict[str, str]:
    return {
        "overdue": _("! overdue"),
        "today": _("due today"),
        "tomorrow": _("due tomorrow"),
        "week": _("due within a week"),
        "later": _("due later"),
        "none": _("nothing due"),
    }


def link_note(note: str) -> str:
    """Why a ticket was suggested, or what an agent noted at a link."""
    return _suggested_by().get(note, note)


@once_per_language
def _suggested_by() -> dict[str, str]:
    return {
        "signed_message_id": _("it answers a message of ours"),
        "sent_message_id": _("it answers a message of ours"),
        "reply_address": _("it was sent to the reply address"),
        "known_message_id": _("it answers a message that is there"),
        "referenced_message_id": _("it refers to the same message"),
        "alert": _("the same alert"),
        "subject_token": _("its subject names the number"),
        "same_subject": _("the same subject"),
        "bounced_recipient": _("it names an address that was written to"),
    }
