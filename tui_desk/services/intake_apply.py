"""One mail into rows: a new ticket, an entry in an old one, or the reason why neither. Plans only; nothing is written here."""

from __future__ import annotations

from typing import Any

from tui_desk.core.enums import (
    Channel,
    Direction,
    LinkKind,
    MailKind,
    MessageKind,
    Priority,
    SuspendCause,
    TicketStatus,
    TicketType,
    Verdict,
)
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.search import IndexedMessage
from tui_desk.mail.message import Address, ParsedMail
from tui_desk.models import Attachment, MailIdentifier, Message, Ticket, TicketLink, TicketMailbox, Watcher
from tui_desk.rules.addresses import address_key
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.rules.status import Ended, ended_after
from tui_desk.rules.subjects import base_subject, thread_key
from tui_desk.rules.threading import Decision, Join, status_after_mail
from tui_desk.services.bounces import bounced_message
from tui_desk.services.intake_batch import Batch, Earlier, KnownIdentifier, KnownPerson, TicketState
from tui_desk.services.intake_values import Outcome, PreparedMail
from tui_desk.services.participants import make_person, others_of, person_for
from tui_desk.services.threading import (
    Evidence,
    authenticated,
    decision_for,
    evidence_of,
    referred,
    same_subject,
)

SUBJECT_LIMIT = 300


def plan_mail(batch: Batch, mail: PreparedMail, *, trusted: bool = False, into: int | None = None) -> Outcome:
    """Decide about one mail and plan its rows. ``trusted``: an agent lets it in whatever spoke against it; ``into`` names the
    ticket that the agent chose."""
    parsed = mail.parsed
    if parsed is None:
        return held(SuspendCause.UNREADABLE, _("It could not be read: {cause}").format(cause=mail.problem))
    earlier = _same_mail(batch, mail, trusted=trusted)
    if earlier is not None:
        return _again(batch, mail, earlier)
    if parsed.bounce is not None:
        ours = bounced_message(batch, mail)
        if ours is not None:
            evidence = [ours.evidence]
            return _join(batch, mail, parsed, ours.ticket, evidence, machine=True)
    if not trusted and not mail.imported:
        obstacle = _obstacle(batch, mail, parsed)
        if obstacle is not None:
            return obstacle
    if into is not None:
        return _join_chosen(batch, mail, parsed, into)
    decision = decision_for(batch, mail)
    evidence = evidence_of(decision)
    if decision.action is Join.JOIN and decision.ticket is not None:
        state = batch.tickets[decision.ticket]
        assert state is not None
        machine = parsed.kind in (MailKind.BOUNCE.value, MailKind.REPORT.value)
        return _join(batch, mail, parsed, state, evidence, marks=decision.marks, machine=machine)
    return _create(batch, mail, parsed, decision, evidence)


def held(cause: SuspendCause, explanation: str) -> Outcome:
    """Suspended, for a named cause."""
    return Outcome(Verdict.SUSPENDED, cause=cause, explanation=explanation)


# What speaks against a mail


def _obstacle(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> Outcome | None:
    sender = mail.sender
    if parsed.kind == MailKind.LOOP.value or (
        sender in batch.facts.own_addresses and sender not in batch.facts.agents
    ):
        return held(
            SuspendCause.LOOP,
            _("This desk sent it itself, or it carries one of our own addresses as sender."),
        )
    if parsed.kind == MailKind.BOUNCE.value:
        return held(SuspendCause.SPAM, _("A delivery report about a message that this desk did not send."))
    if not sender:
        return held(SuspendCause.NO_SENDER, _("It names no sender that could be answered."))
    person = batch.people.get(sender)
    if person is not None and person.blocked:
        return held(SuspendCause.BLOCKED_SENDER, _("{address} is blocked.").format(address=safe_line(sender)))
    return None


def _same_mail(batch: Batch, mail: PreparedMail, *, trusted: bool) -> Earlier | None:
    """The same mail, processed before: by Message-ID and content, without a Message-ID by its very bytes.

    A mail that an agent lets in is compared only with what is in a ticket, not with other copies held back.
    """
    for earlier in batch.earlier.get(identity_key(mail), ()):
        if earlier.digest == mail.digest and not (trusted and earlier.ticket_id is None):
            return earlier
    return None


def identity_key(mail: PreparedMail) -> str:
    """What a second copy is looked up by."""
    return f"id:{mail.message_id}" if mail.message_id else f"sha:{mail.sha256}"


def _again(batch: Batch, mail: PreparedMail, earlier: Earlier) -> Outcome:
    """A second copy: no second entry, but the way it came is noted."""
    if earlier.ticket_id is not None:
        batch.look_up_tickets([earlier.ticket_id])
        if batch.tickets.get(earlier.ticket_id) is not None:
            _route(batch, mail, earlier.ticket_id)
    explanation = (
        _("The same mail is in #{number}.").format(number=earlier.ticket_id)
        if earlier.ticket_id is not None
        else _("The same mail was received before.")
    )
    return Outcome(Verdict.DUPLICATE, earlier.ticket_id, earlier.message_id, explanation=explanation)


# Joining


def _join_chosen(batch: Batch, mail: PreparedMail, parsed: ParsedMail, number: int) -> Outcome:
    batch.look_up_tickets([number])
    state = batch.tickets.get(number)
    assert state is not None  # the caller has checked that the ticket exists
    evidence = [
        {
            "kind": "agent",
            "value": batch.actor.login,
            "weight": 100,
            "sentence": _("An agent put it into this ticket."),
        }
    ]
    return _join(batch, mail, parsed, state, evidence)


def _join(
    batch: Batch,
    mail: PreparedMail,
    parsed: ParsedMail,
    state: TicketState,
    evidence: list[Evidence],
    *,
    marks: tuple[str, ...] = (),
    machine: bool = False,
) -> Outcome:
    author = None if machine or not mail.sender else person_for(batch, *_author(parsed))
    message_id = _add_message(batch, mail, parsed, state, author, evidence, marks)
    automatic = machine or parsed.is_automatic or mail.imported
    from_agent = mail.sender in batch.facts.agents
    _wake(batch, state, mail, automatic=automatic, from_agent=from_agent)
    if not machine and author is not None:
        _take_part(batch, parsed, mail, state)
    batch.record(
        state.id,
        "message_received",
        after={
            "message_id": message_id,
            "mail_kind": parsed.kind,
            "sentence": _("A message from {name} arrived").format(name=_shown_name(parsed)),
        },
    )
    _route(batch, mail, state.id)
    return Outcome(Verdict.JOINED, state.id, message_id, evidence=tuple(evidence))


def _wake(batch: Batch, state: TicketState, mail: PreparedMail, *, automatic: bool, from_agent: bool) -> None:
    """Status, clock and version of a ticket that got a mail."""
    before = TicketStatus(state.status)
    after = status_after_mail(before, automatic=automatic, from_agent=from_agent)
    if after is not before:
        ended = ended_after(batch.now, after, Ended(state.resolved_at, state.closed_at))
        state.status, state.resolved_at, state.closed_at = after.value, ended.resolved_at, ended.closed_at
        batch.record(state.id, "changed", at_field="status", before=before.value, after=after.value)
    if not automatic and not from_agent:
        state.requester_waiting = True
    state.updated_at = max(state.updated_at, mail.received_at)
    state.version += 1
    state.changed = True
    if state.row is not None:
        state.row.update(
            status=state.status,
            version=state.version,
            resolved_at=state.resolved_at,
            closed_at=state.closed_at,
            updated_at=state.updated_at,
            requester_waiting=state.requester_waiting,
        )


# Creating


def _create(
    batch: Batch, mail: PreparedMail, parsed: ParsedMail, decision: Decision, evidence: list[Evidence]
) -> Outcome:
    requester, address, passed_on = _requester(batch, mail, parsed)
    weak = None
    if decision.ticket is None and not decision.rejected and not mail.imported:
        weak = same_subject(batch, mail, requester.id)
        if weak is not None:
            evidence.append(weak)
    if passed_on:
        evidence.append(
            {
                "kind": "forward",
                "value": address,
                "weight": 100,
                "sentence": _("An agent passed it on; the requester is who wrote the original."),
            }
        )
    state = _new_ticket(batch, mail, parsed, requester, address)
    follows = decision.ticket if decision.action is Join.FOLLOW_UP else None
    author = person_for(batch, *_author(parsed)) if mail.sender else requester
    message_id = _add_message(batch, mail, parsed, state, author, evidence, decision.marks)
    _take_part(batch, parsed, mail, state)
    batch.record(
        state.id,
        "created",
        after={
            "channel": Channel.EMAIL.value,
            "subject": state.subject,
            "message_id": message_id,
            "status": state.status,
        },
    )
    if follows is not None:
        _link(batch, state.id, follows, LinkKind.FOLLOW_UP, "")
    for claim in decision.rejected:
        _link(batch, state.id, claim.ticket, LinkKind.SUGGESTED, claim.kind.value)
    if weak is not None:
        _link(batch, state.id, int(weak["ticket"]), LinkKind.SUGGESTED, "same_subject")
    _route(batch, mail, state.id)
    if not passed_on and follows is None:
        batch.acknowledge.append((mail, state, address))
    return Outcome(Verdict.CREATED, state.id, message_id, evidence=tuple(evidence))


def _requester(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> tuple[KnownPerson, str, bool]:
    """Who asks, the address, and whether an agent passed it on: then it is whoever wrote the original."""
    original = parsed.forwarded.from_ if parsed.forwarded is not None else None
    if (
        mail.sender in batch.facts.agents
        and original is not None
        and "@" in original.address
        and address_key(original.address) not in batch.facts.own_addresses
    ):
        return person_for(batch, original.address, original.name), original.address, True
    address, name = _author(parsed)
    if not mail.sender:
        return make_person(batch, name or _("unknown sender"), None), "", False
    return person_for(batch, address, name), address, False


def _author(parsed: ParsedMail) -> tuple[str, str]:
    """Address and name of who wrote it."""
    for person in parsed.from_:
        if "@" in person.address:
            return person.address, person.name
    return (parsed.from_[0].address, parsed.from_[0].name) if parsed.from_ else ("", "")


def _shown_name(parsed: ParsedMail) -> str:
    address, name = _author(parsed)
    return safe_line(name or address, 200)


def _new_ticket(
    batch: Batch, mail: PreparedMail, parsed: ParsedMail, requester: KnownPerson, address: str
) -> TicketState:
    subject = safe_line(base_subject(parsed.subject) or parsed.subject, SUBJECT_LIMIT).strip() or _(
        "(no subject)"
    )
    own, team_id = company_address(batch, mail, parsed)
    number = batch.next_id(Ticket)
    status = TicketStatus.CLOSED if mail.imported else TicketStatus.NEW
    ended = mail.received_at if mail.imported else None
    row: dict[str, Any] = {
        "id": number,
        "subject": subject,
        "thread_subject": thread_key(parsed.subject),
        "type": TicketType.REQUEST.value,
        "status": status.value,
        "priority": Priority.NORMAL.rank,
        "channel": Channel.EMAIL.value,
        "category_id": None,
        "team_id": team_id,
        "assignee_id": None,
        "requester_id": requester.id,
        "requester_name": requester.name or safe_line(address, 200),
        "mailbox_id": mail.mailbox_id,
        "company_address": own,
        "created_at": mail.received_at,
        "updated_at": mail.received_at,
        "first_response_at": None,
        "resolved_at": ended,
        "closed_at": ended,
        "requester_waiting": not mail.imported and not parsed.is_automatic,
        "spam": False,
        "imported": mail.imported,
        "version": 1,
    }
    batch.add(Ticket, row)
    key = address_key(address) if address else ""
    domain = key.rpartition("@")[2]
    state = TicketState(
        id=number,
        subject=subject,
        status=status.value,
        version=1,
        requester_id=requester.id,
        resolved_at=ended,
        closed_at=ended,
        created_at=mail.received_at,
        updated_at=mail.received_at,
        requester_waiting=row["requester_waiting"],
        row=row,
        requester=frozenset({key} if key else ()),
        participants={mail.sender} if mail.sender else set(),
        domains=frozenset({domain} if domain and not is_public_domain(domain) else ()),
    )
    batch.tickets[number] = state
    return state


def company_address(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> tuple[str, int | None]:
    """The company address it was written to, and the team that has it: delivery headers, To, Cc, else the mailbox's own."""
    named = [*parsed.delivered_to, *(each.address for each in (*parsed.to, *parsed.cc))]
    mine = batch.facts.mailboxes.get(mail.mailbox_id) if mail.mailbox_id is not None else None
    found = [batch.facts.own[key] for name in named if (key := _plain(name)) in batch.facts.own]
    for own in found:
        if mine is None or own.mailbox_id == mine.id:
            return own.address, own.team_id
    if mine is not None:
        return mine.address, mine.team_id
    return "", None


def _plain(address: str) -> str:
    local, _at, domain = address_key(address).rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain}"


def _link(batch: Batch, number: int, other: int, kind: LinkKind, note: str) -> None:
    batch.add(
        TicketLink,
        {"from_id": number, "to_id": other, "kind": kind.value, "note": note, "created_at": batch.now},
    )
    batch.record(number, "linked", after={"from": number, "to": other, "kind": kind.value})


# What both have in common


def _take_part(batch: Batch, parsed: ParsedMail, mail: PreparedMail, state: TicketState) -> None:
    """Everybody in To and Cc takes part from now on."""
    for person in others_of(batch, (*parsed.to, *parsed.cc), mail.sender):
        key = address_key(person.address)
        if key in state.participants or key in state.requester:
            continue
        state.participants.add(key)
        agent = batch.facts.agents.get(key)
        known = None if agent is not None else person_for(batch, person.address, person.name)
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


def _route(batch: Batch, mail: PreparedMail, ticket_id: int) -> None:
    """The mailbox and company address this copy came through."""
    if mail.mailbox_id is None or mail.parsed is None:
        return
    own, team_id = company_address(batch, mail, mail.parsed)
    batch.add(
        TicketMailbox,
        {"ticket_id": ticket_id, "mailbox_id": mail.mailbox_id, "company_address": own, "team_id": team_id},
    )


def _add_message(
    batch: Batch,
    mail: PreparedMail,
    parsed: ParsedMail,
    state: TicketState,
    author: KnownPerson | None,
    evidence: list[Evidence],
    marks: tuple[str, ...],
) -> int:
    address, name = _author(parsed)
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
    for position, file in enumerate(parsed.attachments):
        batch.add(
            Attachment,
            {
                "message_id": row_id,
                "draft_id": None,
                "position": position,
                "filename": file.filename,
                "content_type": file.content_type,
                "size": file.size,
                "sha256": file.sha256,
                "content_id": file.content_id or "",
                "inline": file.inline,
                "part": position,
            },
        )
    _add_identifiers(batch, mail, state, row_id)
    _add_to_search(batch, parsed, state, row_id)
    if author is not None and mail.sender:
        state.participants.add(mail.sender)
    return row_id


def _marks(batch: Batch, mail: PreparedMail, marks: tuple[str, ...]) -> dict[str, None]:
    found = dict.fromkeys(marks)
    if mail.sender in batch.facts.agents or authenticated(mail) is False:
        found["unverified"] = None
    if mail.message_id and batch.earlier.get(identity_key(mail)):
        found["same_message_id"] = None
    return found


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


def _add_to_search(batch: Batch, parsed: ParsedMail, state: TicketState, row_id: int) -> None:
    people = (*parsed.from_, *parsed.to[:20], *parsed.cc[:20])
    words = [f"{person.name} {person.address}" for person in people]
    words += [file.filename for file in parsed.attachments]
    batch.search.append(IndexedMessage(row_id, state.id, parsed.subject, parsed.text, " ".join(words)))
