"""Tables, one file per aggregate. Importing this package registers them all."""

from tui_desk.models.agents import Agent, Team, TeamMember
from tui_desk.models.approvals import Approval, ApprovalChain, ApprovalStep, ApprovalVote, Substitute
from tui_desk.models.assets import (
    Asset,
    AssetRelation,
    AssetType,
    Contract,
    ContractAsset,
    Document,
    ExpiryAlert,
    Licence,
    LicenceSeat,
)
from tui_desk.models.custom_fields import CustomField, CustomValue
from tui_desk.models.events import Event, Lease, Presence
from tui_desk.models.flow import Reminder, Snooze
from tui_desk.models.intake import Blob, IntakeEntry
from tui_desk.models.macros import CannedReply, Macro, RecurringTicket, TicketTemplate
from tui_desk.models.mailboxes import Mailbox, MailboxAddress, Setting
from tui_desk.models.messages import Attachment, Draft, MailIdentifier, Message
from tui_desk.models.notifications import Notification, Review
from tui_desk.models.outbox import Acknowledged, Delivery, OutboxItem
from tui_desk.models.people import Organization, Person, PersonAddress, Satisfaction
from tui_desk.models.purchases import (
    CostCentre,
    Invoice,
    InvoiceLine,
    Purchase,
    PurchaseLine,
    Receipt,
    ReceiptLine,
    Supplier,
)
from tui_desk.models.tasks import Activity, Checklist, ChecklistItem, Task, TimeEntry, Timer
from tui_desk.models.tickets import (
    Category,
    Ticket,
    TicketAsset,
    TicketLink,
    TicketMailbox,
    TicketTag,
    Watcher,
)
from tui_desk.models.views import AskedQuery, SavedView

__all__ = [
    "Acknowledged",
    "Activity",
    "Agent",
    "Approval",
    "ApprovalChain",
    "ApprovalStep",
    "ApprovalVote",
    "AskedQuery",
    "Asset",
    "AssetRelation",
    "AssetType",
    "Attachment",
    "Blob",
    "CannedReply",
    "Category",
    "Checklist",
    "ChecklistItem",
    "Contract",
    "ContractAsset",
    "CostCentre",
    "CustomField",
    "CustomValue",
    "Delivery",
    "Document",
    "Draft",
    "Event",
    "ExpiryAlert",
    "IntakeEntry",
    "Invoice",
    "InvoiceLine",
    "Lease",
    "Licence",
    "LicenceSeat",
    "Macro",
    "MailIdentifier",
    "Mailbox",
    "MailboxAddress",
    "Message",
    "Notification",
    "Organization",
    "OutboxItem",
    "Person",
    "PersonAddress",
    "Presence",
    "Purchase",
    "PurchaseLine",
    "Receipt",
    "ReceiptLine",
    "RecurringTicket",
    "Reminder",
    "Review",
    "Satisfaction",
    "SavedView",
    "Setting",
    "Snooze",
    "Substitute",
    "Supplier",
    "Task",
    "Team",
    "TeamMember",
    "Ticket",
    "TicketAsset",
    "TicketLink",
    "TicketMailbox",
    "TicketTag",
    "TicketTemplate",
    "TimeEntry",
    "Timer",
    "Watcher",
]
