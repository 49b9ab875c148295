"""From a mail's identifiers to the ticket it belongs to: gathers the evidence, asks ``rules.threading``, writes down why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from tui_desk.core.enums import UNRESOLVED, TicketStatus
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.message_id import verify_message_id
from tui_desk.models import Ticket
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.rules.subjects import base_subject, thread_key, token_number
from tui_desk.rules.threading import (
    STRENGTH,
    Claim,
    ClaimKind,
    Decision,
    Sender,
    Standing,
    TicketFacts,
    decide,
)
from tui_desk.services.intake_batch import Batch, TicketState
from tui_desk.services.intake_values import PreparedMail

MAX_REFERENCES = 30
"""Identifiers of one mail that are looked up and remembered: the newest."""

Evidence = dict[str, Any]

_ORIGINS = {
    "sent": ClaimKind.SENT_ID,
    "received": ClaimKind.KNOWN_ID,
    "referenced": ClaimKind.REFERENCED_ID,
}
_RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)


def referred(mail: PreparedMail) -> tuple[str, ...]:
    """The Message-IDs a mail names as its ancestors, the nearest first."""
    parsed = mail.parsed
    if parsed is None:
        return ()
    nearest = [parsed.in_reply_to] if parsed.in_reply_to else []
    return tuple(dict.fromkeys([*nearest, *reversed(parsed.references)]))[:MAX_REFERENCES]


def look_up(batch: Batch, mails: Iterable[PreparedMail]) -> None:
    """Read at once what the claims of all these mails need."""
    mails = list(mails)
    batch.look_up_identifiers(identifier for mail in mails for identifier in referred(mail))
    batch.look_up_tickets(claim.ticket for mail in mails for claim in claims_of(batch, mail))


def claims_of(batch: Batch, mail: PreparedMail) -> tuple[Claim, ...]:
    """Every ticket the mail says it belongs to, and by what."""
    found: list[Claim] = []
    secret = batch.facts.secret
    for identifier in referred(mail):
        number = verify_message_id(identifier, secret) if secret else None
        if number is not None:
            found.append(Claim(ClaimKind.SIGNED_ID, number, identifier))
        found += [
            Claim(_ORIGINS.get(known.origin, ClaimKind.KNOWN_ID), known.ticket_id, identifier)
            for known in batch.identifiers.get(identifier, ())
        ]
    number = token_number(mail.parsed.subject) if mail.parsed is not None else None
    if number is not None:
        found.append(Claim(ClaimKind.SUBJECT, number, f"[#{number}]"))
    return tuple(found)


def decision_for(batch: Batch, mail: PreparedMail) -> Decision:
    """What ``rules.threading`` says about this mail. Tickets that are claimed were looked up."""
    claims = claims_of(batch, mail)
    batch.look_up_tickets(claim.ticket for claim in claims)
    tickets = {
        claim.ticket: _facts(state)
        for claim in claims
        if (state := batch.tickets.get(claim.ticket)) is not None
    }
    automatic = mail.imported or (mail.parsed is not None and mail.parsed.is_automatic)
    return decide(claims, tickets, sender_of(batch, mail), automatic=automatic)


def sender_of(batch: Batch, mail: PreparedMail) -> Sender:
    """The sender as the rules see one."""
    address = mail.sender
    return Sender(
        address=address,
        is_agent=address in batch.facts.agents,
        public_domain=is_public_domain(address.rpartition("@")[2]),
        authenticated=authenticated(mail),
    )


def authenticated(mail: PreparedMail) -> bool | None:
    """What the receiving server's topmost Authentication-Results says (RFC 8601): False for a failure, else None.

    A pass proves nothing here: without knowing the server's name the field may have been written by the sender.
    """
    if mail.parsed is None or not mail.parsed.authentication_results:
        return None
    results: dict[str, set[str]] = {}
    for method, result in _RESULT.findall(mail.parsed.authentication_results[0]):
        results.setdefault(method.lower(), set()).add(result.lower())
    if "dmarc" in results:
        return False if results["dmarc"] & {"fail", "permerror"} else None
    methods = [results[name] for name in ("dkim", "spf") if name in results]
    failed = bool(methods) and all(not (each & {"pass"}) for each in methods)
    return False if failed and any(each & {"fail", "softfail"} for each in methods) else None


def _facts(state: TicketState) -> TicketFacts:
    return TicketFacts(
        number=state.id,
        status=TicketStatus(state.status),
        requester=state.requester,
        participants=frozenset(state.participants),
        domains=state.domains,
    )


def evidence_of(decision: Decision) -> list[Evidence]:
    """The decision as it is stored with the message and shown: what, how strong, and a sentence."""
    found: list[Evidence] = []
    if decision.claim is not None:
        sentence = _("{what}, and the sender {standing}.").format(
            what=_what(decision.claim), standing=_standing(decision.standing)
        )
        found.append(_item(decision.claim, sentence))
    for claim in decision.rejected:
        sentence = _("Claims to belong to #{number} ({what}), but the sender takes no part in it.").format(
            number=claim.ticket, what=_what(claim)
        )
        found.append({**_item(claim, sentence), "kind": "claim", "weight": 0})
    return found


def same_subject(batch: Batch, mail: PreparedMail, requester_id: int) -> Evidence | None:
    """An open ticket of the same requester about the same subject: suggested, never joined."""
    parsed = mail.parsed
    if parsed is None or base_subject(parsed.subject) == parsed.subject.strip():
        return None
    key = thread_key(parsed.subject)
    if len(key) < 4:
        return None
    number = batch.session.execute(
        select(Ticket.id)
        .where(
            Ticket.thread_subject == key,
            Ticket.requester_id == requester_id,
            col(Ticket.status).in_([status.value for status in UNRESOLVED]),
        )
        .order_by(col(Ticket.id).desc())
        .limit(1)
    ).scalar()
    if number is None:
        return None
    sentence = _("The same requester has #{number} open about the same subject.").format(number=number)
    return {"kind": "same_subject", "value": key, "weight": 20, "ticket": number, "sentence": sentence}


def _item(claim: Claim, sentence: str) -> Evidence:
    return {
        "kind": claim.kind.value,
        "value": safe_line(claim.value, 300),
        "weight": STRENGTH[claim.kind],
        "ticket": claim.ticket,
        "sentence": sentence,
    }


def _what(claim: Claim) -> str:
    words = {
        ClaimKind.SIGNED_ID: _("It answers a message of ours in #{number}"),
        ClaimKind.SENT_ID: _("It answers a message we sent in #{number}"),
        ClaimKind.KNOWN_ID: _("It answers a message that is in #{number}"),
        ClaimKind.REFERENCED_ID: _("It refers to a message that #{number} refers to"),
        ClaimKind.SUBJECT: _("Its subject names #{number}"),
    }
    return words[claim.kind].format(number=claim.ticket)


def _standing(standing: Standing) -> str:
    words = {
        Standing.REQUESTER: _("is the requester"),
        Standing.TAKES_PART: _("takes part in it"),
        Standing.AGENT: _("is an agent"),
        Standing.COLLEAGUE: _("is a colleague of the requester"),
        Standing.STRANGER: _("is unknown"),
    }
    return words[standing]
