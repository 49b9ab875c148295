"""From a mail's identifiers to the ticket it belongs to: gathers the evidence, asks ``rules.threading``, writes down why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tui_desk.core.enums import UNRESOLVED, TicketStatus
from tui_desk.mail.message import ParsedMail
from tui_desk.mail.message_id import verify_message_id, verify_reply_address
from tui_desk.rules.addresses import address_key, untagged
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.rules.subjects import is_recovery, token_number
from tui_desk.rules.threading import (
    ALREADY_IN,
    Claim,
    ClaimKind,
    Decision,
    Join,
    Sender,
    TicketFacts,
    decide,
    may_join,
    names_one_mail,
    standing_of,
)
from tui_desk.services.follow_ups import still_open_follow_ups
from tui_desk.services.intake_batch import Batch, TicketState
from tui_desk.services.intake_values import PreparedMail
from tui_desk.services.sent_answers import ANSWERED

MAX_REFERENCES = 30
"""Identifiers of one mail that are looked up and remembered: the newest."""

_ORIGINS = {
    "sent": ClaimKind.SENT_ID,
    ANSWERED: ClaimKind.SENT_ID,
    "received": ClaimKind.KNOWN_ID,
    "referenced": ClaimKind.REFERENCED_ID,
    "alert": ClaimKind.ALERT,
}
_DELIVERY_FIELDS = frozenset(
    (
        "To",
        "Cc",
        "Delivered-To",
        "X-Original-To",
        "X-Delivered-To",
        "X-Forwarded-To",
        "Envelope-To",
        "X-Envelope-To",
        "Resent-To",
        "Received",
    )
)
_TAGGED = re.compile(
    r"[^\s<>,;:\"()]{1,40}\+t\.[0-9]{1,18}\.[a-z2-7]{20}@[^\s<>,;:\"()]{1,255}", re.IGNORECASE
)
_MAX_TAGGED = 20
_STILL_OPEN = frozenset(status.value for status in UNRESOLVED)


def referred(mail: PreparedMail) -> tuple[str, ...]:
    """The Message-IDs a mail names as its ancestors, the nearest first."""
    parsed = mail.parsed
    if parsed is None:
        return ()
    nearest = [parsed.in_reply_to] if parsed.in_reply_to else []
    return tuple(dict.fromkeys([*nearest, *reversed(parsed.references)]))[:MAX_REFERENCES]


def alert_identifier(mail: PreparedMail) -> str:
    """What mails about one alert from one sender in one mailbox have in common; "" for other mail.

    It holds a blank, so no Message-ID can be the same.
    """
    key = mail.parsed.monitoring_key if mail.parsed is not None else None
    if not key or not mail.sender:
        return ""
    told = "\0".join((str(mail.mailbox_id or 0), mail.sender, key))
    return f"alert {hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:40]}"


def look_up(batch: Batch, mails: Iterable[PreparedMail]) -> None:
    """Read at once what the claims of all these mails need."""
    mails = list(mails)
    named = {identifier for mail in mails for identifier in (*referred(mail), mail.message_id)}
    batch.look_up_identifiers(named | {alert_identifier(mail) for mail in mails})
    batch.look_up_tickets(claim.ticket for mail in mails for claim in claims_of(batch, mail))


def claims_of(batch: Batch, mail: PreparedMail) -> tuple[Claim, ...]:
    """Every ticket the mail says it belongs to, and by what."""
    if mail.parsed is None:
        return ()
    named = batch.named.get(mail.entry_id)
    if named is None:
        named = batch.named[mail.entry_id] = _named(batch, mail, mail.parsed)
    found: list[Claim] = []
    for identifier, signed in named.ancestors:
        if signed is not None:
            found.append(signed)
        found += _known(batch, identifier)
    found += named.by_address
    found += _known(batch, named.alert)
    if named.by_subject is not None:
        found.append(named.by_subject)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Named:
    """What a mail itself says, whatever the desk knows: asked for several times, looked through once."""

    ancestors: tuple[tuple[str, Claim | None], ...]
    """Each with the claim that our own signature in it makes."""
    by_address: tuple[Claim, ...]
    alert: str
    by_subject: Claim | None


def _named(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> Named:
    number = token_number(parsed.subject)
    return Named(
        tuple((identifier, _signed(identifier, batch.facts.secret)) for identifier in referred(mail)),
        tuple(_by_address(batch, parsed)),
        alert_identifier(mail),
        Claim(ClaimKind.SUBJECT, number, f"[#{number}]") if number is not None else None,
    )


def _signed(identifier: str, secret: bytes) -> Claim | None:
    number = verify_message_id(identifier, secret) if secret else None
    return Claim(ClaimKind.SIGNED_ID, number, identifier) if number is not None else None


def _known(batch: Batch, identifier: str) -> list[Claim]:
    if not names_one_mail(identifier):
        return []
    return [
        Claim(_ORIGINS.get(known.origin, ClaimKind.KNOWN_ID), known.ticket_id, identifier)
        for known in batch.identifiers.get(identifier, ())
    ]


def _by_address(batch: Batch, parsed: ParsedMail) -> list[Claim]:
    """Our own addresses with a signed tag, wherever the mail says it was sent to."""
    secret = batch.facts.secret
    if not secret:
        return []
    values = [value for name, value in parsed.headers if name in _DELIVERY_FIELDS and "+t." in value.lower()]
    tagged = dict.fromkeys(address for value in values for address in _TAGGED.findall(value))
    found = []
    for address in list(tagged)[:_MAX_TAGGED]:
        number = verify_reply_address(address, secret)
        if number is not None and untagged(address_key(address)) in batch.facts.own_addresses:
            found.append(Claim(ClaimKind.REPLY_ADDRESS, number, address))
    return found


def decision_for(batch: Batch, mail: PreparedMail) -> Decision:
    """What ``rules.threading`` says about this mail. Tickets that are claimed were looked up."""
    claims = claims_of(batch, mail)
    batch.look_up_tickets(claim.ticket for claim in claims)
    claims = tuple(_followed(batch, claim) for claim in claims)
    tickets: dict[int, TicketFacts] = {}
    believable: list[Claim] = []
    for claim in claims:
        state = batch.tickets.get(claim.ticket)
        if state is None or (claim.kind is ClaimKind.ALERT and not _same_alert(mail, state)):
            continue
        tickets[claim.ticket] = _facts(state)
        believable.append(claim)
    sender = sending_party(batch, mail)
    decision = decide(tuple(believable), tickets, sender, automatic=is_automatic(mail))
    return _in_its_follow_up(batch, decision, sender) if decision.action is Join.FOLLOW_UP else decision


def _in_its_follow_up(batch: Batch, decision: Decision, sender: Sender) -> Decision:
    """A further answer to a closed ticket joins the open one that follows it up, where the sender takes part in that, too."""
    if decision.ticket is None or decision.claim is None:
        return decision
    for number in still_open_follow_ups(batch, decision.ticket):
        state = batch.tickets[number]
        assert state is not None
        standing = standing_of(sender, _facts(state))
        if standing in ALREADY_IN and may_join(standing, decision.claim.kind, sender.authenticated):
            return replace(decision, action=Join.JOIN, ticket=number, standing=standing)
    return decision


def missing_tickets(batch: Batch, mail: PreparedMail) -> tuple[Claim, ...]:
    """Claims to belong to tickets that do not exist (any more), one of each ticket."""
    gone = {
        claim.ticket: claim
        for claim in reversed(claims_of(batch, mail))
        if claim.ticket in batch.tickets and batch.tickets[claim.ticket] is None
    }
    return tuple(gone.values())


def _followed(batch: Batch, claim: Claim) -> Claim:
    """The claim as one to the ticket that the named one was joined to."""
    seen: set[int] = set()
    number = claim.ticket
    while (state := batch.tickets.get(number)) is not None and state.moved_to is not None:
        if number in seen:
            return claim
        seen.add(number)
        number = state.moved_to
    return (
        claim
        if number == claim.ticket or batch.tickets.get(number) is None
        else replace(claim, ticket=number)
    )


def _same_alert(mail: PreparedMail, state: TicketState) -> bool:
    """An alert joins what is still open; word that it is over also what was resolved meanwhile."""
    if state.status in _STILL_OPEN:
        return True
    return mail.parsed is not None and is_recovery(mail.parsed.subject)


def is_automatic(mail: PreparedMail) -> bool:
    """Whether it changes no status: imported, or written by a machine (RFC 3834)."""
    if mail.parsed is None:
        return mail.imported
    return mail.imported or mail.parsed.is_automatic or mail.parsed.monitoring_key is not None


def sending_party(batch: Batch, mail: PreparedMail) -> Sender:
    """The sender as the rules see one."""
    address = mail.sender
    return Sender(
        address=address,
        is_agent=address in batch.facts.agents,
        public_domain=is_public_domain(address.rpartition("@")[2]),
        authenticated=mail.trust.authenticated,
    )


def acts_as_agent(batch: Batch, mail: PreparedMail) -> bool:
    """Whether it comes from an agent and the mailbox's server vouches for that."""
    return mail.sender in batch.facts.agents and mail.trust.authenticated is True


def may_pass_on(batch: Batch, mail: PreparedMail) -> bool:
    """Whether a forward by this sender is an agent's. Where no server says who writes, the address has to do (marked)."""
    mailbox = batch.facts.mailboxes.get(mail.mailbox_id) if mail.mailbox_id is not None else None
    unchecked = mail.trust.authenticated is None and not (mailbox and mailbox.authserv_ids)
    return mail.sender in batch.facts.agents and (unchecked or mail.trust.authenticated is True)


def _facts(state: TicketState) -> TicketFacts:
    return TicketFacts(
        number=state.id,
        status=TicketStatus(state.status),
        requester=state.requester,
        participants=frozenset(state.participants),
        domains=state.domains,
        other_addresses=frozenset(state.other_addresses),
    )
