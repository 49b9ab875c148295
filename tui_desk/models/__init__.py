"""Tables, one file per aggregate. Importing this package registers them all."""

from tui_desk.models.agents import Agent, Team, TeamMember
from tui_desk.models.assets import Asset
from tui_desk.models.events import Event, Lease, Presence
from tui_desk.models.intake import Blob, IntakeEntry
from tui_desk.models.mailboxes import Mailbox, MailboxAddress, Setting
from tui_desk.models.messages import Attachment, Draft, MailIdentifier, Message
from tui_desk.models.outbox import Acknowledged, Delivery, OutboxItem
from tui_desk.models.people import Organization, Person, PersonAddress
from tui_desk.models.tickets import (
    Category,
    Ticket,
    TicketAsset,
    TicketLink,
    TicketMailbox,
    TicketTag,
    Watcher,
)

__all__ = [
    "Acknowledged",
    "Agent",
    "Asset",
    "Attachment",
    "Blob",
    "Category",
    "Delivery",
    "Draft",
    "Event",
    "IntakeEntry",
    "Lease",
    "MailIdentifier",
    "Mailbox",
    "MailboxAddress",
    "Message",
    "Organization",
    "OutboxItem",
    "Person",
    "PersonAddress",
    "Presence",
    "Setting",
    "Team",
    "TeamMember",
    "Ticket",
    "TicketAsset",
    "TicketLink",
    "TicketMailbox",
    "TicketTag",
    "Watcher",
]
