"""One mail into rows: a new ticket, an entry in an old one, or the reason why neither. Plans only; nothing is written here."""

from __future__ import annotations

from typing import Any

from tui_desk.core.enums import (
    Channel,
    LinkKind,
    MailKind,
    Priority,
    SuspendCause,
    TicketStatus,
    TicketType,
    Verdict,
)
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.message import ParsedMail
from tui_desk.models import Ticket, TicketLink
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.rules.status import Ended, ended_after
from tui_desk.rules.subjects import base_subject, thread_key
from tui_desk.rules.threading import Decision, Join, status_after_mail
from tui_desk.services.approval_answers import answer_outcome
from tui_desk.services.bounces import bounced_message, guessed_message
from tui_desk.services.evidence import Evidence, evidence_of, passed_on_by, same_subject
from tui_desk.services.intake_batch import Batch, Earlier, KnownPerson, TicketState
from tui_desk.services.intake_message import (
    add_message,
    add_route,
    author_of,
    company_address,
    identity_key,
    shown_name,
    take_part,
)
from tui_desk.services.intake_values import Outcome, PreparedMail
from tui_desk.services.participants import make_person, planned_person
from tui_desk.services.probes import probe_outcome
from tui_desk.services.survey_answers import kept_quietly, survey_answer
from tui_desk.services.threading import acts_as_agent, decision_for, is_automatic, may_pass_on

SUBJECT_LIMIT = 300
_REQUEST, _NORMAL, _EMAIL = TicketType.REQUEST.value, Priority.NORMAL.rank, Channel.EMAIL.value


def plan_mail(batch: Batch, mail: PreparedMail, *, trusted: bool = False, into: int | None = None) -> Outcome:
    """Decide about one mail and plan its rows. ``trusted``: an agent lets it in whatever spoke against it; ``into`` names the
    ticket that the agent chose."""
    parsed = mail.parsed
    if parsed is None:
        return held(SuspendCause.UNREADABLE, _("It could not be read: {cause}").format(cause=mail.problem))
    earlier = _same_mail(batch, mail, trusted=trusted)
    if earlier is not None:
        return _again(batch, mail, earlier)
    answered = probe_outcome(batch.facts, mail) or (answer_outcome(batch, mail) if into is None else None)
    if answered is not None:
        return answered
    survey = survey_answer(batch, mail) if into is None and not _is_blocked(batch, mail) else None
    quiet = kept_quietly(batch, survey) if survey is not None and survey.only_rates else None
    outcome = quiet or _plan_other(batch, mail, parsed, trusted=trusted, into=into)
    if survey is not None and outcome.message_id is not None:
        batch.ratings.append((survey, outcome.message_id))
    return outcome


def _plan_other(
    batch: Batch, mail: PreparedMail, parsed: ParsedMail, *, trusted: bool, into: int | None
) -> Outcome:
    """What is neither a copy nor an answer that is only counted: held back, into its ticket, or into one of its own."""
    reported = _about_ours(batch, mail, parsed)
    if reported is not None:
        return reported
    if not trusted and not mail.imported:
        obstacle = _obstacle(batch, mail, parsed)
        if obstacle is not None:
            return obstacle
    if into is not None:
        return _join_chosen(batch, mail, parsed, into)
    decision = decision_for(batch, mail)
    evidence = evidence_of(batch, mail, decision)
    if decision.action is Join.JOIN and decision.ticket is not None:
        state = batch.tickets[decision.ticket]
        assert state is not None
        machine = parsed.kind in (MailKind.BOUNCE.value, MailKind.REPORT.value)
        return _join(batch, mail, parsed, state, evidence, marks=decision.marks, machine=machine)
    if parsed.receipt and not trusted and not mail.imported:
        return held(SuspendCause.FOREIGN_REPORT, _("A receipt for a message that this desk did not send."))
    return _create(batch, mail, parsed, decision, evidence)


def _about_ours(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> Outcome | None:
    """A report about a message of ours into its ticket; what may be one into a ticket of its own, with the other offered."""
    if parsed.bounce is None:
        return None
    ours = bounced_message(batch, mail)
    if ours is not None:
        return _join(batch, mail, parsed, ours.ticket, [ours.evidence], machine=True)
    # That a mail arrived or was read is worth no ticket of its own.
    guess = None if parsed.receipt or _is_blocked(batch, mail) else guessed_message(batch, mail)
    if guess is None:
        return None
    decision = Decision(Join.CREATE, marks=("unverified",))
    return _create(batch, mail, parsed, decision, [guess.evidence], suggested=guess.ticket.id)


def held(cause: SuspendCause, explanation: str) -> Outcome:
    """Suspended, for a named cause."""
    return Outcome(Verdict.SUSPENDED, cause=cause, explanation=explanation)


# What speaks against a mail


def _obstacle(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> Outcome | None:
    sender = mail.sender
    if parsed.kind == MailKind.LOOP.value or (
        is_one_of(sender, batch.facts.own_addresses) and sender not in batch.facts.agents
    ):
        return held(
            SuspendCause.LOOP,
            _("This desk sent it itself, or it carries one of our own addresses as sender."),
        )
    if parsed.kind == MailKind.BOUNCE.value:
        return held(
            SuspendCause.FOREIGN_REPORT, _("A delivery report about a message that this desk did not send.")
        )
    if not sender:
        return held(SuspendCause.NO_SENDER, _("It names no sender that could be answered."))
    if _is_blocked(batch, mail):
        return held(SuspendCause.BLOCKED_SENDER, _("{address} is blocked.").format(address=safe_line(sender)))
    return None


def _is_blocked(batch: Batch, mail: PreparedMail) -> bool:
    person = batch.people.get(mail.sender)
    return person is not None and person.blocked


def _same_mail(batch: Batch, mail: PreparedMail, *, trusted: bool) -> Earlier | None:
    """The same mail, processed before: by Message-ID and content, without a Message-ID by its very bytes.

    A mail that an agent lets in is compared only with what is in a ticket, not with other copies held back.
    """
    for earlier in batch.earlier.get(identity_key(mail), ()):
        if earlier.digest == mail.digest and not (trusted and earlier.ticket_id is None):
            return earlier
    return None


def _again(batch: Batch, mail: PreparedMail, earlier: Earlier) -> Outcome:
    """A second copy: no second entry, but the way it came is noted."""
    if earlier.ticket_id is not None:
        batch.look_up_tickets([earlier.ticket_id])
        if batch.tickets.get(earlier.ticket_id) is not None:
            add_route(batch, mail, earlier.ticket_id)
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
    author = None if machine or not mail.sender else planned_person(batch, *author_of(parsed))
    message_id = add_message(batch, mail, parsed, state, author, evidence, marks)
    automatic = machine or is_automatic(mail)
    from_agent = acts_as_agent(batch, mail)
    _wake(batch, state, mail, automatic=automatic, from_agent=from_agent)
    if not machine and author is not None:
        take_part(batch, parsed, mail, state)
    batch.record(
        state.id,
        "message_received",
        after={
            "message_id": message_id,
            "mail_kind": parsed.kind,
            "sentence": _("A message from {name} arrived").format(name=shown_name(parsed)),
        },
    )
    add_route(batch, mail, state.id)
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
    batch: Batch,
    mail: PreparedMail,
    parsed: ParsedMail,
    decision: Decision,
    evidence: list[Evidence],
    *,
    suggested: int | None = None,
) -> Outcome:
    """A ticket of its own. ``suggested``: another one that it may be about."""
    requester, address, passed_on = _requester(batch, mail, parsed)
    weak = None
    if decision.ticket is None and not decision.rejected and suggested is None and not mail.imported:
        weak = same_subject(batch, mail, requester.id)
        if weak is not None:
            evidence.append(weak)
    if passed_on:
        evidence.append(passed_on_by(mail, address))
    state = _new_ticket(batch, mail, parsed, requester, address)
    follows = decision.ticket if decision.action is Join.FOLLOW_UP else None
    author = planned_person(batch, *author_of(parsed)) if mail.sender else requester
    message_id = add_message(batch, mail, parsed, state, author, evidence, decision.marks)
    take_part(batch, parsed, mail, state)
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
    if suggested is not None:
        _link(batch, state.id, suggested, LinkKind.SUGGESTED, "bounced_recipient")
    if weak is not None:
        _link(batch, state.id, int(weak["ticket"]), LinkKind.SUGGESTED, "same_subject")
    add_route(batch, mail, state.id)
    if not passed_on and follows is None:
        batch.acknowledge.append((mail, state, address))
    return Outcome(Verdict.CREATED, state.id, message_id, evidence=tuple(evidence))


def _requester(batch: Batch, mail: PreparedMail, parsed: ParsedMail) -> tuple[KnownPerson, str, bool]:
    """Who asks, the address, and whether an agent passed it on: then it is whoever wrote the original."""
    original = parsed.forwarded.from_ if parsed.forwarded is not None else None
    if (
        may_pass_on(batch, mail)
        and original is not None
        and "@" in original.address
        and address_key(original.address) not in batch.facts.own_addresses
    ):
        return planned_person(batch, original.address, original.name), original.address, True
    address, name = author_of(parsed)
    if not mail.sender:
        return make_person(batch, name or _("unknown sender"), None), "", False
    return planned_person(batch, address, name), address, False


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
        "type": _REQUEST,
        "status": status.value,
        "priority": _NORMAL,
        "channel": _EMAIL,
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
        "requester_waiting": not is_automatic(mail),
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


def _link(batch: Batch, number: int, other: int, kind: LinkKind, note: str) -> None:
    batch.add(
        TicketLink,
        {"from_id": number, "to_id": other, "kind": kind.value, "note": note, "created_at": batch.now},
    )
    batch.record(number, "linked", after={"from": number, "to": other, "kind": kind.value})
