"""One ticket, and every change to its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from tui_desk.contracts.approvals import ApprovalView
from tui_desk.contracts.assets import ExpiryWarning, LinkedLicence, Recognised
from tui_desk.contracts.conversation import DraftView, MessageView
from tui_desk.contracts.custom_fields import FieldInput, FieldValue
from tui_desk.contracts.field_changed import FieldChanged as FieldChanged
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.queue import PresenceView, SnoozeView
from tui_desk.contracts.reviews import ReviewView
from tui_desk.contracts.satisfaction import RatingView
from tui_desk.contracts.work import TaskView, TimeEntryView
from tui_desk.core.enums import (
    AssetState,
    Channel,
    LinkKind,
    PresenceMode,
    Priority,
    TicketStatus,
    TicketType,
)
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class EventView:
    id: int
    at: datetime
    actor: str
    action: str
    sentence: str
    """What happened, in the reader's language."""
    field: str
    before: str
    after: str
    reversible: bool = False
    """Whether all that was done with it can be taken back."""
    obstacle: str = ""
    """Why not, in a sentence."""
    subject: str = ""
    """What it is about, where several things are shown together: ``#12``, an asset's tag."""


@dataclass(frozen=True, slots=True)
class LinkView:
    id: int
    kind: LinkKind
    outgoing: bool
    number: int
    subject: str
    status: TicketStatus
    note: str


@dataclass(frozen=True, slots=True)
class LinkedAsset:
    id: int
    tag: str
    name: str
    type: str
    state: AssetState


@dataclass(frozen=True, slots=True)
class WatcherView:
    id: int
    name: str
    address: str
    is_agent: bool
    role: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with everything its screen shows, except the bytes of attachments."""

    number: int
    subject: str
    type: TicketType
    status: TicketStatus
    priority: Priority
    channel: Channel
    category: str
    tags: tuple[str, ...]
    team: str
    assignee: str
    assignee_login: str
    requester_id: int
    requester_name: str
    requester_address: str
    organization: str
    mailbox: str
    mailbox_id: int | None
    created_at: datetime
    updated_at: datetime
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    requester_waiting: bool
    spam: bool
    blocked: bool
    """Mail of the requester is held back as suspended mail."""
    version: int
    messages: tuple[MessageView, ...]
    events: tuple[EventView, ...]
    """The newest ones, oldest first; :class:`~tui_desk.contracts.history.ListEvents` has the others."""
    links: tuple[LinkView, ...]
    assets: tuple[LinkedAsset, ...]
    watchers: tuple[WatcherView, ...]
    drafts: tuple[DraftView, ...]
    presence: tuple[PresenceView, ...]
    next_action: str = ""
    next_action_on: date | None = None
    reviews: tuple[ReviewView, ...] = ()
    """Checks of the drafts that are here now, one for each draft."""
    ratings: tuple[RatingView, ...] = ()
    """Surveys about it, and how they were answered."""
    approvals: tuple[ApprovalView, ...] = ()
    purchases: tuple[PurchaseView, ...] = ()
    tasks: tuple[TaskView, ...] = ()
    event_count: int = 0
    """Of all events there are."""
    earlier: int = 0
    """Messages ahead of ``messages`` that were not asked for."""
    merged_into: int | None = None
    """The ticket that took everything over."""
    time_minutes: int = 0
    """Of all time entries together."""
    time_entries: tuple[TimeEntryView, ...] = ()
    """The newest ones."""
    also_came_by: tuple[str, ...] = ()
    """Further addresses of ours that its mail came by, each with its team."""
    also_teams: tuple[str, ...] = ()
    """The teams of these addresses, who have it in their lists beside its own team."""
    licences: tuple[LinkedLicence, ...] = ()
    snooze: SnoozeView | None = None
    """It is out of the views of work."""
    reminders: int = 0
    """How many the acting agent has set here."""
    expiring: tuple[ExpiryWarning, ...] = ()
    """Warranties of its assets, and licences of them and of its own, that are over or near their end; the earliest first."""
    recognised: tuple[Recognised, ...] = ()
    """Filled by who asks for it (``contracts.recognition``): the screens do when the ticket is shown."""
    seen: int | None = None
    """The newest message that the acting agent had looked at (:class:`ReportPresence`); None: never looked."""
    joined: tuple[int, ...] = ()
    """Messages older than ``seen`` that came with another ticket since, and were not looked at there either."""
    custom: tuple[FieldValue, ...] = ()
    """Fields of your own, with what they say."""
    fields: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    """The same for scripts: ``{name: value}``."""


@dataclass(frozen=True, slots=True)
class ShowTicket(Request[TicketView]):
    """With all its messages, or with so many of the ``newest``; ``TicketView.earlier`` says how many are ahead of them."""

    number: int
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class NewTicket(Request[int]):
    """A ticket entered by hand. Answers its number. ``requester`` is an address, or a name for a walk-in without one.

    ``token`` names this one ticket of the acting agent: asked again with it, no second one is made. Raises DoneBefore where it
    says something else by now.
    """

    subject: str
    requester: str
    body: str
    channel: Channel = Channel.PHONE
    requester_name: str = ""
    priority: Priority = Priority.NORMAL
    type: TicketType = TicketType.REQUEST
    team: str = ""
    assignee: str = ""
    category: str = ""
    fields: tuple[FieldInput, ...] = ()
    """Of your own; what a ticket must always have must be among them."""
    token: str = ""


@dataclass(frozen=True, slots=True)
class SetFields(Request[FieldChanged]):
    """Change some fields of one ticket; ``None`` leaves a field alone, the empty string clears it.

    ``assignee`` is a login (``me`` is the acting agent), ``team`` a team's name, ``category`` a path like ``Hardware/Printer``.
    ``despite`` is the reason for a status that is set although something is open. ``fields`` are values of fields of your own.
    """

    number: int
    status: TicketStatus | None = None
    priority: Priority | None = None
    type: TicketType | None = None
    assignee: str | None = None
    team: str | None = None
    category: str | None = None
    subject: str | None = None
    tags: tuple[str, ...] | None = None
    requester: str | None = None
    despite: str = ""
    fields: tuple[FieldInput, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeTicket(Request[FieldChanged]):
    """Assign the ticket to the acting agent and open it when new."""

    number: int


@dataclass(frozen=True, slots=True)
class UndoLast(Request[FieldChanged]):
    """Take back the acting agent's last reversible change: of that ticket, and of these events, when given."""

    number: int | None = None
    event_ids: tuple[int, ...] = ()
    """As :class:`FieldChanged` named them; another change of the agent is not touched then."""


@dataclass(frozen=True, slots=True)
class UndoDeed(Request[FieldChanged]):
    """Take back what was done together with that event, whoever did it and however long ago. The answer's ``number`` is 0
    where no ticket is concerned."""

    event_id: int


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """What :class:`UndoLast` would take back."""

    event_ids: tuple[int, ...]
    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class LastChange(Request[ChangeMade | None]):
    """The acting agent's last reversible change of that ticket; None where there is none."""

    number: int


@dataclass(frozen=True, slots=True)
class MarkSpam(Request[FieldChanged]):
    """Mark as spam and close; or take that back."""

    number: int
    spam: bool = True


@dataclass(frozen=True, slots=True)
class BlockSender(Request[FieldChanged]):
    """Mail from the requester's address is from now on held as suspended mail; ``blocked=False`` lifts it."""

    number: int
    blocked: bool = True


@dataclass(frozen=True, slots=True)
class LinkTickets(Request[FieldChanged]):
    number: int
    other: int
    kind: LinkKind = LinkKind.RELATED


@dataclass(frozen=True, slots=True)
class UnlinkTickets(Request[FieldChanged]):
    link_id: int


@dataclass(frozen=True, slots=True)
class JoinSuggested(Request[int]):
    """The ticket was born of a mail that claims to belong to another: move its messages there. Answers that ticket's number."""

    number: int


@dataclass(frozen=True, slots=True)
class MoveOut(Request[int]):
    """A mail is not part of its ticket: it gets one of its own, with the people it brought. Answers that ticket's number."""

    message_id: int


@dataclass(frozen=True, slots=True)
class LinkAsset(Request[FieldChanged]):
    number: int
    asset_id: int
    linked: bool = True


@dataclass(frozen=True, slots=True)
class ReportPresence(Request[tuple[PresenceView, ...]]):
    """This terminal is at a ticket (``mode=None``: has left). Answers who else is there. Repeated every 20 s.

    ``seen``: the newest message that the agent has looked at; 0: none; ``events``: how many events the ticket had then. It tells by the
    way what a request of its own would wake every other terminal for.
    """

    number: int
    session: str
    mode: PresenceMode | None
    seen: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class CategoryView:
    id: int
    path: str


@dataclass(frozen=True, slots=True)
class ListCategories(Request[tuple[CategoryView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class AddCategory(Request[CategoryView]):
    """``path`` like ``Hardware/Printer``; missing parents are made."""

    path: str
