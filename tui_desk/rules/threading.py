"""Which ticket a mail belongs to: evidence in, a decision out. Pure.

Identifiers say which ticket a mail *claims* to belong to; only the sender decides whether it may join. A stranger who names
a ticket gets one of their own, with the link offered (RFC 5322, 3.6.4 lets anybody write any References).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tui_desk.core.enums import TicketStatus

__all__ = ["Claim", "ClaimKind", "Decision", "Join", "Sender", "Standing", "TicketFacts", "decide"]

MAX_SUGGESTIONS = 3


class ClaimKind(StrEnum):
    """What names the ticket, the strongest first."""

    SIGNED_ID = "signed_message_id"
    """One of our own Message-IDs, its signature checked."""
    SENT_ID = "sent_message_id"
    """The Message-ID of something we sent."""
    KNOWN_ID = "known_message_id"
    """The Message-ID of a mail that is in the ticket."""
    REFERENCED_ID = "referenced_message_id"
    """A Message-ID that a mail in the ticket refers to."""
    SUBJECT = "subject_token"
    """``[#1042]`` in the subject."""


STRENGTH = {
    ClaimKind.SIGNED_ID: 100,
    ClaimKind.SENT_ID: 90,
    ClaimKind.KNOWN_ID: 80,
    ClaimKind.REFERENCED_ID: 60,
    ClaimKind.SUBJECT: 50,
}


class Standing(StrEnum):
    """What the sender is to a ticket."""

    REQUESTER = "requester"
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

    ``authenticated``: True or False as the receiving server judged, None where it said nothing.
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
        return Standing.REQUESTER
    if sender.address in ticket.participants:
        return Standing.TAKES_PART
    if sender.is_agent:
        return Standing.AGENT
    if sender.domain in ticket.domains and not sender.public_domain and sender.authenticated is not False:
        return Standing.COLLEAGUE
    return Standing.STRANGER


def decide(
    claims: tuple[Claim, ...], tickets: Mapping[int, TicketFacts], sender: Sender, *, automatic: bool = False
) -> Decision:
    """Join, follow up or create. ``tickets`` holds the facts of every ticket that is claimed and exists.

    ``automatic`` mail joins a closed ticket silently: an absence notice is no reason for a new one.
    """
    ranked = sorted(
        (claim for claim in claims if claim.ticket in tickets), key=lambda claim: -STRENGTH[claim.kind]
    )
    rejected: list[Claim] = []
    for claim in ranked:
        facts = tickets[claim.ticket]
        standing = standing_of(sender, facts)
        if standing is Standing.STRANGER:
            rejected.append(claim)
            continue
        closed = facts.status is TicketStatus.CLOSED
        return Decision(
            action=Join.FOLLOW_UP if closed and not automatic else Join.JOIN,
            ticket=claim.ticket,
            standing=standing,
            claim=claim,
            rejected=tuple(rejected),
            marks=("colleague",) if standing is Standing.COLLEAGUE else (),
        )
    return Decision(Join.CREATE, rejected=_first_of_each(rejected))


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
