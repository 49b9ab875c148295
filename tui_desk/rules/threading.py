"""Which ticket a mail belongs to: evidence in, a decision out. Pure.

Identifiers say which ticket a mail *claims* to belong to; only the sender decides whether it may join. A stranger who names
a ticket gets one of their own, with the link offered (RFC 5322, 3.6.4 lets anybody write any References).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tui_desk.core.enums import TicketStatus

__all__ = [
    "ALREADY_IN",
    "Claim",
    "ClaimKind",
    "Decision",
    "Join",
    "Sender",
    "Standing",
    "TicketFacts",
    "decide",
    "may_join",
    "names_one_mail",
    "standing_of",
]

MAX_SUGGESTIONS = 3
SHORTEST_WITHOUT_HOST = 16
"""Characters of a Message-ID without an @ that can still be one mail's own."""


class ClaimKind(StrEnum):
    """What names the ticket, the strongest first."""

    SIGNED_ID = "signed_message_id"
    """One of our own Message-IDs, its signature checked."""
    REPLY_ADDRESS = "reply_address"
    """It was sent to one of our addresses with the ticket's signed tag."""
    SENT_ID = "sent_message_id"
    """The Message-ID of something we sent."""
    KNOWN_ID = "known_message_id"
    """The Message-ID of a mail that is in the ticket."""
    REFERENCED_ID = "referenced_message_id"
    """A Message-ID that a mail in the ticket refers to."""
    ALERT = "alert"
    """A monitoring system writes about what the ticket is about."""
    SUBJECT = "subject_token"
    """``[#1042]`` in the subject."""


STRENGTH = {
    ClaimKind.SIGNED_ID: 100,
    ClaimKind.REPLY_ADDRESS: 95,
    ClaimKind.SENT_ID: 90,
    ClaimKind.KNOWN_ID: 80,
    ClaimKind.REFERENCED_ID: 60,
    ClaimKind.ALERT: 55,
    ClaimKind.SUBJECT: 50,
}
UNGUESSABLE = frozenset({ClaimKind.SIGNED_ID, ClaimKind.REPLY_ADDRESS, ClaimKind.SENT_ID})
"""Only who got a mail of ours can name these."""
IDENTIFIERS = UNGUESSABLE | {ClaimKind.KNOWN_ID}
"""The Message-IDs of single mails of the ticket: who names one has seen it, at least on a public list."""


class Standing(StrEnum):
    """What the sender is to a ticket."""

    REQUESTER = "requester"
    OTHER_ADDRESS = "other_address"
    """The requester or somebody who takes part, by another address of theirs than the one used here."""
    TAKES_PART = "takes_part"
    AGENT = "agent"
    COLLEAGUE = "colleague"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail says that it belongs to ``ticket``; ``value`` is the identifier that says so."""

    kind: ClaimKind
    ticket: int
    value: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the address in its compared form. ``public_domain``: a mail provider's, shared by strangers.

    ``authenticated``: True or False as the mailbox's own server judged, None where it said nothing that can be believed.
    """

    address: str
    is_agent: bool = False
    public_domain: bool = False
    authenticated: bool | None = None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What of a ticket the decision needs. Addresses and domains in their compared form."""

    number: int
    status: TicketStatus
    requester: frozenset[str]
    participants: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    """Domains of the requester's organisation; never a public mail provider's."""
    other_addresses: frozenset[str] = frozenset()
    """Further addresses of the people who take part."""


class Join(StrEnum):
    """What becomes of the mail."""

    JOIN = "join"
    FOLLOW_UP = "follow_up"
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class Decision:
    """``ticket`` is the one to join or to follow up. ``claim`` is the evidence that decided; ``rejected`` what was not believed."""

    action: Join
    ticket: int | None = None
    standing: Standing = Standing.STRANGER
    claim: Claim | None = None
    rejected: tuple[Claim, ...] = ()
    marks: tuple[str, ...] = field(default=())


def standing_of(sender: Sender, ticket: TicketFacts) -> Standing:
    """What the sender is to the ticket. Empty addresses are strangers everywhere."""
    if not sender.address:
        return Standing.STRANGER
    if sender.address in ticket.requester:
        elsewhere = sender.address not in ticket.participants and bool(ticket.requester & ticket.participants)
        return Standing.OTHER_ADDRESS if elsewhere else Standing.REQUESTER
    if sender.address in ticket.participants:
        return Standing.TAKES_PART
    if sender.address in ticket.other_addresses:
        return Standing.OTHER_ADDRESS
    if sender.is_agent:
        return Standing.AGENT
    if sender.domain in ticket.domains and not sender.public_domain:
        return Standing.COLLEAGUE
    return Standing.STRANGER


def names_one_mail(identifier: str) -> bool:
    """Whether a Message-ID can tell one mail from all others: something on both sides of an @ (RFC 5322, 3.6.4), or long.

    Broken programs put the same ``<@>`` or ``<1>`` into every mail, and so would bring colleagues into each other's tickets.
    """
    left, at, right = identifier.rpartition("@")
    return bool(left and right) if at else len(identifier) >= SHORTEST_WITHOUT_HOST


ALREADY_IN = frozenset({Standing.REQUESTER, Standing.OTHER_ADDRESS, Standing.TAKES_PART})
"""Who takes part in a ticket."""
_ORDER = list(Standing)


def may_join(standing: Standing, kind: ClaimKind, authenticated: bool | None) -> bool:
    """Whether somebody of this standing joins by this evidence.

    ===================== =============== ======================== ==================
    sender                verified        nothing known            failed
    ===================== =============== ======================== ==================
    takes part            anything        anything                 unguessable only
    agent                 anything        unguessable only         never
    colleague             anything        a mail of the ticket     never
    stranger              never           never                    never
    ===================== =============== ======================== ==================

    Anybody can write any From (RFC 5322 proves nothing). What only a recipient of ours can name makes up for a failure, for
    lists and forwarders break DMARC of honest mail (RFC 7960).
    """
    if standing in ALREADY_IN:
        return authenticated is not False or kind in UNGUESSABLE
    if standing is Standing.AGENT:
        return authenticated is True or (authenticated is None and kind in UNGUESSABLE)
    if standing is Standing.COLLEAGUE:
        return authenticated is True or (authenticated is None and kind in IDENTIFIERS)
    return False


def decide(
    claims: tuple[Claim, ...], tickets: Mapping[int, TicketFacts], sender: Sender, *, automatic: bool = False
) -> Decision:
    """Join, follow up or create. ``tickets`` holds the facts of every ticket that is claimed and exists.

    ``automatic`` mail joins a closed ticket silently: an absence notice is no reason for a new one.
    """
    ranked = sorted(
        ((claim, standing_of(sender, tickets[claim.ticket])) for claim in claims if claim.ticket in tickets),
        # Two tickets that know the same id: where one asked comes before where one was only named by somebody else.
        key=lambda pair: (-STRENGTH[pair[0].kind], _ORDER.index(pair[1])),
    )
    rejected: list[Claim] = []
    for claim, standing in ranked:
        if not may_join(standing, claim.kind, sender.authenticated):
            rejected.append(claim)
            continue
        closed = tickets[claim.ticket].status is TicketStatus.CLOSED
        return Decision(
            action=Join.FOLLOW_UP if closed and not automatic else Join.JOIN,
            ticket=claim.ticket,
            standing=standing,
            claim=claim,
            rejected=tuple(each for each in rejected if each.ticket != claim.ticket),
            marks=_MARKS.get(standing, ()),
        )
    return Decision(Join.CREATE, rejected=_first_of_each(rejected))


_MARKS: dict[Standing, tuple[str, ...]] = {
    Standing.COLLEAGUE: ("colleague",),
    Standing.OTHER_ADDRESS: ("other_address",),
}
"""What an agent should see at the message."""


def _first_of_each(claims: list[Claim]) -> tuple[Claim, ...]:
    kept: dict[int, Claim] = {}
    for claim in claims:
        kept.setdefault(claim.ticket, claim)
    return tuple(kept.values())[:MAX_SUGGESTIONS]


def status_after_mail(status: TicketStatus, *, automatic: bool, from_agent: bool) -> TicketStatus:
    """The status of a ticket that a mail joins: an answer opens what waited or was resolved; machines change nothing."""
    if automatic or from_agent:
        return status
    if status in (TicketStatus.PENDING, TicketStatus.ON_HOLD, TicketStatus.RESOLVED):
        return TicketStatus.OPEN
    return status
