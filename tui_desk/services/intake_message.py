"""The rows every mail in a ticket has: message, attachments, identifiers, search index, participants, route. Planned only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tui_desk.core.enums import (
    Direction,
    MessageKind,
)
from tui_desk.core.safe_text import safe_line
from tui_desk.db.search import IndexedMessage
from tui_desk.mail.message import Address, ParsedMail
from tui_desk.mail.message_id import verify_message_id
from tui_desk.models import Attachment, MailIdentifier, Message, TicketMailbox, Watcher
from tui_desk.models.messages import REDUCED
from tui_desk.rules.addresses import address_key, untagged
from tui_desk.services.desk_facts import MailboxFacts, OwnAddress
from tui_desk.services.evidence import Evidence
from tui_desk.services.intake_batch import Batch, KnownIdentifier, KnownPerson, TicketState
from tui_desk.services.intake_values import PreparedMail
from tui_desk.services.participants import others_of, planned_person
from tui_desk.services.threading import alert_identifier, referred


def identity_key(mail: PreparedMail) -> str:
    """What a second copy is looked up by."""
    return f"id:{mail.message_id}" if mail.message_id else f"sha:{mail.sha256}"


def author_of(parsed: ParsedMail) -> tuple[str, str]:
    """Address and name of who wrote it."""
    for person in parsed.from_:
        if "@" in person.address:
            return person.address, person.name
    return (parsed.from_[0].address, parsed.from_[0].name) if parsed.from_ else ("", "")


def shown_name(parsed: ParsedMail) -> str:
    address, name = author_of(parsed)
    return safe_line(name or address, 200)


def company_address(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> tuple[str, int | None]:
    """The company address it was written to, and the team that has it.

    An alias in a delivery header, else the first of ours in To and Cc, else the mailbox's own address. That stands in
    ``Delivered-To`` whatever was written to: Postfix expands an alias before it writes this field.
    """
    mine = batch.facts.mailboxes.get(mail.mailbox_id) if mail.mailbox_id is not None else None
    delivered = _ours(batch, mine, parsed.delivered_to)
    aliases = [
        own for own in delivered if mine is None or address_key(own.address) != address_key(mine.address)
    ]
    written_to = _ours(batch, mine, (each.address for each in (*parsed.to, *parsed.cc)))
    found = next(iter((*aliases, *written_to)), mine)
    return (found.address, found.team_id) if found is not None else ("", None)


def _ours(batch: Batch, mine: MailboxFacts | None, addresses: Iterable[str]) -> list[OwnAddress]:
    """The company addresses among them that the mailbox receives."""
    keys = (untagged(address_key(address)) for address in addresses)
    found = (batch.facts.own[key] for key in keys if key in batch.facts.own)
    return [own for own in found if mine is None or own.mailbox_id == mine.id]


def take_part(batch: Batch, parsed: ParsedMail, mail: PreparedMail, state: TicketState) -> None:
    """Everybody in To and Cc takes part from now on, unless the sender is not who they say they are."""
    if mail.trust.authenticated is False:
        return
    for person in others_of(batch, (*parsed.to, *parsed.cc), mail.sender):
        key = address_key(person.address)
        if key in state.participants or key in state.requester:
            continue
        state.participants.add(key)
        agent = batch.facts.agents.get(key)
        known = None if agent is not None else planned_person(batch, person.address, person.name)
        batch.add(
            Watcher,
            {
                "ticket_id": state.id,
                "person_id": known.id if known is not None else None,
                "agent_id": agent,
                "address": person.address,
                "role": "watcher" if agent is not None else "cc",
            },
        )


def add_route(batch: Batch, mail: PreparedMail, ticket_id: int) -> None:
    """The mailbox and company address this copy came through."""
    if mail.mailbox_id is None or mail.parsed is None:
        return
    own, team_id = company_address(batch, mail, mail.parsed)
    batch.add(
        TicketMailbox,
        {"ticket_id": ticket_id, "mailbox_id": mail.mailbox_id, "company_address": own, "team_id": team_id},
    )


def add_message(
    batch: Batch,
    mail: PreparedMail,
    parsed: ParsedMail,
    state: TicketState,
    author: KnownPerson | None,
    evidence: list[Evidence],
    marks: tuple[str, ...],
) -> int:
    address, name = author_of(parsed)
    row_id = batch.next_id(Message)
    batch.add(
        Message,
        {
            "id": row_id,
            "ticket_id": state.id,
            "kind": MessageKind.EMAIL.value,
            "direction": Direction.IN.value,
            "mail_kind": parsed.kind,
            "author_agent_id": None,
            "author_person_id": author.id if author is not None else None,
            "author_name": safe_line(name, 200),
            "author_address": address,
            "at": mail.received_at,
            "sent_at": parsed.date,
            "subject": parsed.subject,
            "recipients_to": _pairs(parsed.to),
            "recipients_cc": _pairs(parsed.cc),
            "text": parsed.text,
            "segments": [[segment.kind, len(segment.text)] for segment in parsed.segments],
            "language": parsed.language or "",
            "rfc_message_id": mail.message_id,
            "in_reply_to": parsed.in_reply_to or "",
            "references": list(parsed.references),
            "raw_sha256": mail.sha256,
            "content_digest": mail.digest,
            "evidence": evidence,
            "marks": list(_marks(batch, mail, marks)),
        },
    )
    for row in attachment_rows(row_id, parsed):
        batch.add(Attachment, row)
    _add_identifiers(batch, mail, state, row_id)
    batch.search.append(indexed(parsed, row_id, state.id))
    if author is not None and mail.sender:
        state.participants.add(mail.sender)
    return row_id


def attachment_rows(message_id: int, parsed: ParsedMail) -> list[dict[str, Any]]:
    """The rows of ``attachment`` for the files of a mail, whose bytes stay in it."""
    return [
        {
            "message_id": message_id,
            "draft_id": None,
            "position": position,
            "filename": file.filename,
            "content_type": file.content_type,
            "size": file.size,
            "sha256": file.sha256,
            "content_id": file.content_id or "",
            "inline": file.inline,
            "part": position,
        }
        for position, file in enumerate(parsed.attachments)
    ]


def _marks(batch: Batch, mail: PreparedMail, marks: tuple[str, ...]) -> dict[str, None]:
    found = dict.fromkeys(marks)
    if mail.trust.authenticated is False or (
        mail.sender in batch.facts.agents and mail.trust.authenticated is not True
    ):
        found["unverified"] = None
    if mail.message_id and (batch.earlier.get(identity_key(mail)) or _is_ours(batch, mail.message_id)):
        found["same_message_id"] = None
    if mail.reduced:
        found[REDUCED] = None
    return found


def _is_ours(batch: Batch, message_id: str) -> bool:
    """Whether we have sent a mail under this id: whoever uses it again has copied it."""
    return any(known.origin == "sent" for known in batch.identifiers.get(message_id, ())) or bool(
        batch.facts.secret and verify_message_id(message_id, batch.facts.secret) is not None
    )


def _pairs(people: tuple[Address, ...]) -> list[list[str]]:
    return [[person.name, person.address] for person in people]


def _add_identifiers(batch: Batch, mail: PreparedMail, state: TicketState, row_id: int) -> None:
    """Its own Message-ID and those it refers to: what answers to this conversation will name."""
    entries = [(mail.message_id, "received", row_id)] if mail.message_id else []
    # Known here: nothing to add. Known in another ticket: a claim that was not believed must not spread.
    entries += [
        (identifier, "referenced", 0)
        for identifier in referred(mail)
        if identifier != mail.message_id and not batch.identifiers.get(identifier)
    ]
    alert = alert_identifier(mail)
    if alert and state.id not in {known.ticket_id for known in batch.identifiers.get(alert, ())}:
        entries.append((alert, "alert", row_id))
    for identifier, origin, message in entries:
        batch.identifiers[identifier].append(KnownIdentifier(state.id, origin))
        batch.add(
            MailIdentifier,
            {
                "rfc_message_id": identifier,
                "ticket_id": state.id,
                "message_id": message or None,
                "origin": origin,
            },
        )


def indexed(parsed: ParsedMail, message_id: int, ticket_id: int) -> IndexedMessage:
    """What a mail is found by: subject, text, the people in it and the names of its files."""
    people = (*parsed.from_, *parsed.to[:20], *parsed.cc[:20])
    words = [f"{person.name} {person.address}" for person in people]
    words += [file.filename for file in parsed.attachments]
    return IndexedMessage(message_id, ticket_id, parsed.subject, parsed.text, " ".join(words))
