"""Why a message is in its ticket, as it is stored with the message and told to people; and what is only suggested."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.core.enums import UNRESOLVED
from tui_desk.core.i18n import _, once_per_language
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.models import Organization, Person, PersonAddress, Ticket
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.rules.subjects import base_subject, is_recovery, thread_key
from tui_desk.rules.threading import STRENGTH, Claim, ClaimKind, Decision, Join, Standing
from tui_desk.services.intake_batch import Batch
from tui_desk.services.intake_values import PreparedMail
from tui_desk.services.sender_trust import sentence_of
from tui_desk.services.threading import missing_tickets, referred

Evidence = dict[str, Any]

RECENT = timedelta(days=60)
"""How long after its last change a ticket is suggested to somebody by its subject."""
MAX_CANDIDATES = 20
_ROLES = frozenset("info office support sales contact hello mail admin service post team kontakt".split())
"""Local parts that say nothing about who writes."""


def evidence_of(batch: Batch, mail: PreparedMail, decision: Decision) -> list[Evidence]:
    """The decision as it is stored with the message and shown: what, how strong, and a sentence."""
    found: list[Evidence] = []
    if decision.claim is not None:
        sentence = _("{what}, and the sender {standing}.").format(
            what=_what(decision.claim), standing=_standing(decision.standing)
        )
        found.append(_item(decision.claim, sentence))
        found += _closed(decision, decision.claim)
        if decision.claim.kind is ClaimKind.ALERT and mail.parsed and is_recovery(mail.parsed.subject):
            found.append(_note("recovery", _("It says that the alert is over.")))
    for claim in decision.rejected:
        if mail.trust.authenticated is False:
            text = _("Claims to belong to #{number} ({what}), but nothing confirms the sender.")
        else:
            text = _("Claims to belong to #{number} ({what}), but the sender takes no part in it.")
        sentence = text.format(number=claim.ticket, what=_what(claim))
        found.append({**_item(claim, sentence), "kind": "claim", "weight": 0})
    if decision.claim is None:
        found += [_gone(claim) for claim in missing_tickets(batch, mail)]
    checked = sentence_of(mail.trust)
    if checked and not (mail.imported and mail.trust.authenticated is None):
        found.append(_note("authentication", checked, mail.trust.said_by))
    return found


def passed_on_by(mail: PreparedMail, original: str) -> Evidence:
    """An agent's forward, whose requester is who wrote the original; said apart where only the agent's address tells so."""
    if mail.trust.authenticated is True:
        told = _("An agent passed it on; the requester is who wrote the original.")
        return {**_note("forward", told, original), "weight": 100}
    told = _(
        "An agent's address passed it on, which nobody confirmed: the requester is who wrote the original. "
        "If it did not come from {address}, change the requester."
    ).format(address=visible_address(mail.sender))
    return {**_note("forward", told, original), "weight": 50}


def _closed(decision: Decision, claim: Claim) -> list[Evidence]:
    """Why the mail is not in the ticket that its claim names: that one is closed."""
    if decision.action is Join.FOLLOW_UP:
        told = _("#{number} is closed; this follows it up.").format(number=claim.ticket)
    elif decision.ticket is not None and decision.ticket != claim.ticket:
        told = _("#{number} is closed; #{other} follows it up.").format(
            number=claim.ticket, other=decision.ticket
        )
    else:
        return []
    return [{**_note("follow_up", told), "ticket": claim.ticket}]


def _gone(claim: Claim) -> Evidence:
    sentence = _("{what}, which does not exist (any more).").format(what=_what(claim))
    return {**_note("missing_ticket", sentence, claim.value), "ticket": claim.ticket}


def _note(kind: str, sentence: str, value: str = "") -> Evidence:
    return {"kind": kind, "value": safe_line(value, 300), "weight": 0, "sentence": sentence}


# Suggestions


def same_subject(batch: Batch, mail: PreparedMail, requester_id: int) -> Evidence | None:
    """An open ticket about the same subject by the same requester, or by somebody who may be the same: suggested, never joined."""
    parsed = mail.parsed
    if parsed is None or not (
        base_subject(parsed.subject) != parsed.subject.strip() or referred(mail) or parsed.quoted.strip()
    ):
        return None
    key = thread_key(parsed.subject)
    if len(key) < 4:
        return None
    rows = batch.session.execute(
        select(Ticket.id, Ticket.requester_id, Ticket.requester_name)
        .where(
            Ticket.thread_subject == key,
            col(Ticket.status).in_([status.value for status in UNRESOLVED]),
            col(Ticket.updated_at) > batch.now - RECENT,
        )
        .order_by(col(Ticket.id).desc())
        .limit(MAX_CANDIDATES)
    ).all()
    number = next((int(row[0]) for row in rows if row[1] == requester_id), None)
    sentence = _("The same requester has #{number} open about the same subject.")
    if number is None and rows:
        similar = _similar_people(batch.session, mail, {int(row[1]) for row in rows})
        number = next((int(row[0]) for row in rows if row[1] in similar), None)
        sentence = _("Somebody of the same name or company has #{number} open about the same subject.")
    if number is None:
        return None
    told = sentence.format(number=number)
    return {"kind": "same_subject", "value": key, "weight": 20, "ticket": number, "sentence": told}


def _similar_people(session: Session, mail: PreparedMail, people: set[int]) -> set[int]:
    """Those of ``people`` who have the sender's name, local part or company."""
    assert mail.parsed is not None
    names = {each.name.strip().casefold() for each in mail.parsed.from_ if len(each.name.strip()) > 3}
    local, _at, domain = mail.sender.rpartition("@")
    local = local.partition("+")[0]
    found: set[int] = set()
    rows = session.execute(
        select(Person.id, Person.name, PersonAddress.address, Organization.domain)
        .outerjoin(PersonAddress, col(PersonAddress.person_id) == Person.id)
        .outerjoin(Organization, col(Organization.id) == Person.organization_id)
        .where(col(Person.id).in_(people))
    )
    for person_id, name, address, company in rows:
        their_local, _at, their_domain = (address or "").rpartition("@")
        same_local = len(local) > 3 and local not in _ROLES and their_local.partition("+")[0] == local
        same_company = domain in (their_domain, company) and bool(domain) and not is_public_domain(domain)
        if name.strip().casefold() in names or same_local or same_company:
            found.add(int(person_id))
    return found


# Words


def _item(claim: Claim, sentence: str) -> Evidence:
    return {
        "kind": claim.kind.value,
        "value": safe_line(claim.value, 300),
        "weight": STRENGTH[claim.kind],
        "ticket": claim.ticket,
        "sentence": sentence,
    }


def _what(claim: Claim) -> str:
    return _claim_words()[claim.kind].format(number=claim.ticket)


def _standing(standing: Standing) -> str:
    return _standing_words()[standing]


@once_per_language
def _claim_words() -> dict[ClaimKind, str]:
    return {
        ClaimKind.SIGNED_ID: _("It answers a message of ours in #{number}"),
        ClaimKind.REPLY_ADDRESS: _("It was sent to the reply address of #{number}"),
        ClaimKind.SENT_ID: _("It answers a message we sent in #{number}"),
        ClaimKind.KNOWN_ID: _("It answers a message that is in #{number}"),
        ClaimKind.REFERENCED_ID: _("It refers to a message that #{number} refers to"),
        ClaimKind.ALERT: _("It is about the same alert as #{number}"),
        ClaimKind.SUBJECT: _("Its subject names #{number}"),
    }


@once_per_language
def _standing_words() -> dict[Standing, str]:
    return {
        Standing.REQUESTER: _("is the requester"),
        Standing.OTHER_ADDRESS: _("takes part in it by another address"),
        Standing.TAKES_PART: _("takes part in it"),
        Standing.AGENT: _("is an agent"),
        Standing.COLLEAGUE: _("is a colleague of the requester"),
        Standing.STRANGER: _("is unknown"),
    }
