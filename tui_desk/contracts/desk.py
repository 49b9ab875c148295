"""The desk itself: agents, teams, people, settings that are not mailboxes, assets, suspended mail, health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal

from tui_desk.contracts.assets import Depreciation, RelationView
from tui_desk.contracts.custom_fields import FieldInput, FieldValue
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.satisfaction import NO_RATINGS, SatisfactionView
from tui_desk.contracts.status import AgentView
from tui_desk.core.enums import AssetState, Channel, ExpiryState, Role, SuspendCause, TicketStatus
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class ListAgents(Request[tuple[AgentView, ...]]):
    include_inactive: bool = False


@dataclass(frozen=True, slots=True)
class SaveAgent(Request[AgentView]):
    """Add an agent, or change the one with that login; ``None`` leaves a field alone."""

    login: str
    create: bool = False
    name: str | None = None
    email: str | None = None
    role: Role | None = None
    active: bool | None = None
    teams: tuple[str, ...] | None = None
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class TeamView:
    id: int
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListTeams(Request[tuple[TeamView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class SaveTeam(Request[TeamView]):
    """Add a team, or rename one (``rename_from``)."""

    name: str
    rename_from: str = ""


@dataclass(frozen=True, slots=True)
class RemoveTeam(Request[None]):
    """Remove a team that no ticket, mailbox or agent uses any more."""

    name: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    name: str
    addresses: tuple[str, ...]
    organization: str
    tickets: int
    last_contact: datetime | None = None
    """When they wrote or called last."""


@dataclass(frozen=True, slots=True)
class PersonView:
    id: int
    name: str
    addresses: tuple[str, ...]
    organization: str
    phone: str
    location: str
    language: str
    vip: bool
    blocked: bool
    notes: str
    tickets: tuple[tuple[int, str, TicketStatus], ...]
    assets: tuple[tuple[int, str, str], ...]
    organization_id: int | None = None
    version: int = 0
    channels: tuple[tuple[Channel, int], ...] = ()
    """How many tickets came over each channel, the most used first."""
    satisfaction: SatisfactionView = NO_RATINGS
    phone_shown: str = ""
    """The phone number as it is dialled from here; as it was typed where it is none."""
    phone_hint: str = ""
    """Why the phone number cannot be dialled; empty where it can."""
    custom: tuple[FieldValue, ...] = ()
    """Fields of your own, with what they say."""
    fields: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    """The same for scripts: ``{name: value}``."""
    licences: tuple[tuple[int, str, ExpiryState, str], ...] = ()
    """Id, name, where its end stands, and the tag of their asset that has the seat (empty: they have it themselves)."""


@dataclass(frozen=True, slots=True)
class ListPeople(Request[tuple[PersonRow, ...]]):
    """The first people who have a word beginning with each word of ``query``, in an order of ``contracts.lists.PERSON_SORTS``."""

    query: str = ""
    limit: int = 100
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ShowPerson(Request[PersonView]):
    """By id or by any of the addresses."""

    id: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class AssetView:
    id: int
    tag: str
    name: str
    type: str
    serial: str
    owner: str
    owner_id: int | None
    location: str
    state: AssetState
    supplier: str
    cost: Decimal | None
    currency: str
    purchased_on: date | None
    warranty_until: date | None
    notes: str
    version: int
    tickets: tuple[tuple[int, str, TicketStatus], ...]
    hostname: str = ""
    depreciation_months: int | None = None
    """Of its own: over how many months its cost is written off (0: it is not); None: as its type says."""
    depreciation: Depreciation | None = None
    """None where it is not written off, or cost or day of purchase are not known."""
    relations: tuple[RelationView, ...] = ()
    """Left empty in lists, as ``warnings``."""
    warnings: tuple[str, ...] = ()
    """What looks wrong about it, in sentences."""
    custom: tuple[FieldValue, ...] = ()
    """Fields of your own, with what they say; left empty in lists."""
    fields: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    """The same for scripts: ``{name: value}``."""


@dataclass(frozen=True, slots=True)
class ListAssets(Request[tuple[AssetView, ...]]):
    """Assets whose tag, name, serial, owner, type or location hold the words of ``query`` (``tickets`` is left empty)."""

    query: str = ""
    include_retired: bool = False
    limit: int = 500
    sort: str = "tag"
    """One of ``contracts.lists.ASSET_SORTS``."""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ShowAsset(Request[AssetView]):
    """By id, or by tag."""

    id: int | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class SaveAsset(Request[AssetView]):
    """Create an asset (``id`` None) or change one. ``version`` guards against overwriting a colleague (0: don't check)."""

    id: int | None
    tag: str
    name: str
    type: str = ""
    serial: str = ""
    owner: str = ""
    """A person's address or exact name; an unknown address makes the person."""
    location: str = ""
    state: AssetState = AssetState.IN_STOCK
    supplier: str = ""
    cost: Decimal | None = None
    currency: str = "EUR"
    purchased_on: date | None = None
    warranty_until: date | None = None
    notes: str = ""
    version: int = 0
    hostname: str = ""
    depreciation_months: int | None = None
    anyway: bool = False
    """Retire it although something hangs on it."""
    fields: tuple[FieldInput, ...] = ()
    """Values of fields of your own; those not named stay."""


@dataclass(frozen=True, slots=True)
class SetAssetState(Request[AssetView]):
    """Move an asset along its life. ``owner``: who has it from now on (empty: nobody), None leaves that as it is.

    ``anyway``: retire it although something hangs on it (:class:`~tui_desk.contracts.assets.ShowAssetTies`).
    """

    id: int
    state: AssetState
    owner: str | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class RetireAsset(Request[AssetView]):
    """Retire it, or bring it back into stock. ``anyway`` as above."""

    id: int
    retired: bool = True
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class SuspendedRow:
    """One mail held back. Text is safe to show."""

    id: int
    mailbox: str
    sender: str
    subject: str
    received_at: datetime
    size: int
    cause: SuspendCause
    explanation: str


@dataclass(frozen=True, slots=True)
class ListSuspended(Request[tuple[SuspendedRow, ...]]):
    limit: int = 500


@dataclass(frozen=True, slots=True)
class SuspendedView:
    row: SuspendedRow
    raw: str
    """The source, safe to show, at most 200,000 characters."""


@dataclass(frozen=True, slots=True)
class ShowSuspended(Request[SuspendedView]):
    id: int


@dataclass(frozen=True, slots=True)
class AcceptSuspended(Request[int]):
    """Make a new ticket of it, as well as it can be read. Answers the ticket's number."""

    id: int


@dataclass(frozen=True, slots=True)
class JoinSuspended(Request[int]):
    """Put it into the conversation of ``number``. Answers that number."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class RetrySuspended(Request[str]):
    """Process it again as if it had just arrived (after a repair). Answers a sentence."""

    id: int


@dataclass(frozen=True, slots=True)
class DropSuspended(Request[None]):
    """Set it aside for good; the raw mail stays in the ledger with the verdict *ignored*."""

    id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Settings of the installation that are not a mailbox."""

    desk_name: str
    undo_seconds: int
    reopen_days: int
    """A reply to a closed ticket always opens a follow-up; a resolved ticket is closed by the clock after this many days."""
    largest_mail_mb: int = 100
    """Of a larger mail only header and text are fetched; it stays on its server."""
    draft_checks: str = "advise"
    """A draft whose check waits or was refused: ``advise`` asks before it leaves, ``binding`` does not let it leave."""
    phone_region: str = ""
    """The country of phone numbers that name none, two letters such as ES; empty: none."""
    survey: str = "off"
    """Whether requesters are asked for a rating by mail: ``off``, or after the ticket was ``resolved`` or ``closed``."""
    survey_hours: int = 24
    """So long after that."""
    survey_pause_days: int = 30
    """Nobody is asked twice within so many days."""
    handover_note_required: bool = False
    """Giving a ticket to another team needs a note."""
    approvals_by_mail: str = "token"
    """Which answers to approvals count: ``verified`` (the mailbox's server vouches for the sender) or ``token`` (also where
    it says nothing about the sender)."""
    expiry_team: str = ""
    """The team whose members are told of what ends soon; empty: supervisors and admins."""
    time_zone: str = ""
    """The zone by whose clocks tickets come round: an IANA name such as Europe/Madrid; empty: that of the machine a worker runs on."""
    pipe_commands: str = ""
    """Programs that agents may give content to (``rules.pipes``): command lines parted by commas, ``*`` for any; empty: none."""


@dataclass(frozen=True, slots=True)
class ShowSettings(Request[DeskSettings]):
    pass


@dataclass(frozen=True, slots=True)
class SaveSettings(Request[DeskSettings]):
    desk_name: str | None = None
    undo_seconds: int | None = None
    reopen_days: int | None = None
    largest_mail_mb: int | None = None
    handover_note_required: bool | None = None
    approvals_by_mail: str | None = None
    draft_checks: str | None = None
    survey: str | None = None
    survey_hours: int | None = None
    survey_pause_days: int | None = None
    phone_region: str | None = None
    """Empty: none."""
    expiry_team: str | None = None
    """Empty: none."""
    time_zone: str | None = None
    """Empty: that of the machine."""
    pipe_commands: str | None = None
    """Empty: none."""
