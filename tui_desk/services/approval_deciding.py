"""A decision is given: the vote, what it does to step and approval, who is asked next, and what follows from the end.

Votes and states are told as events of their own, which no undo takes back: mails have left, and a decision is not a colleague's
to unmake. The caller holds the ticket's lock.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.core.enums import TicketStatus
from tui_desk.core.i18n import _
from tui_desk.models import Agent, Approval, ApprovalStep, ApprovalVote, Message, Notification, Person, Ticket
from tui_desk.rules import approvals as rules
from tui_desk.services.actor import Actor
from tui_desk.services.approval_mail import ask_open, void_questions
from tui_desk.services.approval_people import agents_by_person, asked_of
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, touch
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.notify import notify, settle

ON_PURCHASE_DECIDED: tuple[str, ...] = ("purchase_approval:decided",)
"""``module:function`` below ``services``, called with (session, actor, approval, at) when an approval with a purchase has ended."""

_BACK_TO_OPEN = (TicketStatus.NEW.value, TicketStatus.PENDING.value, TicketStatus.ON_HOLD.value)


def steps_of(session: Session, approval: Approval) -> list[ApprovalStep]:
    """The steps in order, locked."""
    return list(
        session.exec(
            select(ApprovalStep)
            .where(ApprovalStep.approval_id == approval.id)
            .order_by(col(ApprovalStep.position))
            .with_for_update()
        )
    )


def votes_of(session: Session, steps: list[ApprovalStep]) -> dict[int, list[ApprovalVote]]:
    """The votes of some steps: step → in the order they were named."""
    found: dict[int, list[ApprovalVote]] = {known(step.id): [] for step in steps}
    rows = session.exec(
        select(ApprovalVote).where(col(ApprovalVote.step_id).in_(list(found))).order_by(col(ApprovalVote.id))
    )
    for vote in rows:
        found[vote.step_id].append(vote)
    return found


def give(
    session: Session,
    actor: Actor,
    approval: Approval,
    vote: ApprovalVote,
    *,
    yes: bool,
    comment: str,
    by_person: int,
    channel: str,
    at: datetime,
    answer: Message | None = None,
) -> None:
    """Write one decision of an open step and what follows from it. All that could speak against it was checked."""
    _settle_questions_of(session, approval, vote, by_person, at)
    vote.decision = rules.YES if yes else rules.NO
    vote.comment, vote.decided_at, vote.channel = comment, at, channel
    vote.decided_by_id = by_person if by_person != vote.person_id else None
    vote.answer_message_id = answer.id if answer is not None else None
    session.add(vote)
    session.flush()
    told: dict[str, Any] = {
        "decision": vote.decision,
        "who": _name(session, by_person),
        "comment": comment,
        "channel": channel,
    }
    if vote.decided_by_id is not None:
        told["for"] = _name(session, vote.person_id)
    if answer is not None:
        told["message_id"] = answer.id
    tell(session, actor, approval, "approval_voted", at, told)
    _proceed(session, actor, approval, str(told["who"]), at)


def _settle_questions_of(
    session: Session, approval: Approval, vote: ApprovalVote, by_person: int, at: datetime
) -> None:
    """Whoever was told to give this vote need not any more, but for those who have another one to give."""
    step = session.get_one(ApprovalStep, vote.step_id)
    open_votes = [one for one in votes_of(session, [step])[vote.step_id] if not one.decision]
    others = [one for one in open_votes if one.id != vote.id]
    done = {person for _vote, person, _address in asked_of(session, approval, [vote], at)}
    left = {person for _vote, person, _address in asked_of(session, approval, others, at)}
    agents = agents_by_person(session, (done | {by_person}) - left).values()
    settle(session, _subject(approval), ("approval",), at, set(agents))


def settle_questions(session: Session, approval: Approval, at: datetime, *, ended: bool = True) -> None:
    """Nobody need decide what they were told of; where it has ``ended``, it is overdue no more either."""
    settle(session, _subject(approval), ("approval", "overdue") if ended else ("approval",), at)


def _proceed(session: Session, actor: Actor, approval: Approval, who: str, at: datetime) -> None:
    """Bring steps and approval to what the votes come to. ``who`` decided last."""
    steps = steps_of(session, approval)
    votes = votes_of(session, steps)
    decision = rules.decide(
        [rules.StepVotes(step.mode, tuple(vote.decision for vote in votes[known(step.id)])) for step in steps]
    )
    before = [step.state for step in steps]
    for step, state in zip(steps, decision.steps, strict=True):
        if step.state != state:
            _open_or_end(session, step, state, at)
    if list(decision.steps) != before:
        settle_questions(session, approval, at, ended=decision.state != rules.WAITING)
    if decision.state != rules.WAITING:
        _end(session, actor, approval, decision.state, who, at)
        return
    touched(session, approval)
    ask(session, actor, approval, at)


def _open_or_end(session: Session, step: ApprovalStep, state: str, at: datetime) -> None:
    assert state in rules.STEP_STATES[step.state]
    step.state = state
    if state == rules.WAITING:
        step.opened_at, step.reminded_at = at, None
    session.add(step)
    session.flush()


def ask(session: Session, actor: Actor, approval: Approval, at: datetime, opening: str = "") -> None:
    """Ask everybody who can decide the open step now: by mail (``opening`` first), and agents in their terminals too."""
    steps = steps_of(session, approval)
    step = next((one for one in steps if one.state == rules.WAITING), None)
    if step is None:
        return
    votes = votes_of(session, [step])[known(step.id)]
    asked = ask_open(session, approval, step, votes, at, opening=opening)
    if asked:
        tell(session, actor, approval, "approval_asked", at, {"to": asked})
    still_open = [vote for vote in votes if not vote.decision]
    whom = asked_of(session, approval, still_open, at)
    people = {person for _vote, person, address in whom if address in asked or not asked}
    told = set() if asked else _told(session, approval, step)
    for agent in set(agents_by_person(session, people).values()) - told:
        notify(
            session,
            actor,
            agent,
            "approval",
            at,
            ticket=approval.ticket_id,
            subject=_subject(approval),
            text=approval.title,
        )


def _told(session: Session, approval: Approval, step: ApprovalStep) -> set[int]:
    """The agents who were told in their terminals that this step is open."""
    statement = select(Notification.agent_id).where(
        col(Notification.subject) == _subject(approval), col(Notification.kind) == "approval"
    )
    if step.opened_at is not None:
        statement = statement.where(col(Notification.at) >= step.opened_at)
    return set(session.exec(statement))


def ask_anew(session: Session, actor: Actor, approval: Approval, at: datetime) -> None:
    """What is decided has changed: no decision counts any more, questions are void, and the first step is asked again."""
    void_questions(session, approval)
    settle_questions(session, approval, at, ended=False)
    steps = steps_of(session, approval)
    lost = 0
    for votes in votes_of(session, steps).values():
        for vote in votes:
            lost += bool(vote.decision)
            vote.decision = vote.comment = vote.channel = ""
            vote.decided_at = vote.decided_by_id = vote.answer_message_id = vote.question_message_id = None
            session.add(vote)
    for position, step in enumerate(steps):
        step.state = rules.PLANNED if position else rules.WAITING
        step.opened_at, step.reminded_at = (None if position else at), None
        session.add(step)
    session.flush()
    tell(session, actor, approval, "approval_asked_anew", at, {"lost": lost})
    opening = _("What is to be decided has changed: an answer that was given before does not count any more.")
    ask(session, actor, approval, at, opening)


def _end(session: Session, actor: Actor, approval: Approval, state: str, who: str, at: datetime) -> None:
    assert state in rules.APPROVAL_STATES[approval.state]
    approval.state, approval.decided_at = state, at
    touched(session, approval)
    tell(
        session,
        actor,
        approval,
        f"approval_{state}",
        at,
        {"next": approval.after_refusal} if state == rules.REFUSED else {},
    )
    ticket = session.get_one(Ticket, approval.ticket_id)
    if state == rules.REFUSED and ticket.status in _BACK_TO_OPEN:
        set_fields(session, actor, ticket, {"status": TicketStatus.OPEN.value}, at)
    sign, after = ("✓", "") if state == rules.APPROVED else ("✗", approval.after_refusal)
    text = " · ".join(filter(None, (f"{sign} {approval.title}", who, after)))
    tell_asker(session, actor, approval, "decided", text, at)
    tell_purchase(session, actor, approval, at)


def tell_purchase(session: Session, actor: Actor, approval: Approval, at: datetime) -> None:
    """Let the purchase that an approval is about, if there is one, know that it has ended."""
    if approval.purchase_id is not None:
        for target in ON_PURCHASE_DECIDED:
            module, _colon, function = target.partition(":")
            getattr(import_module(f"tui_desk.services.{module}"), function)(session, actor, approval, at)


def tell_asker(
    session: Session,
    actor: Actor,
    approval: Approval,
    kind: str,
    text: str,
    at: datetime,
    message: int | None = None,
) -> None:
    """Tell who asked, where that agent is still here."""
    agent = session.get(Agent, approval.requested_by_id) if approval.requested_by_id is not None else None
    if agent is not None and agent.active:
        notify(
            session,
            actor,
            known(agent.id),
            kind,
            at,
            ticket=approval.ticket_id,
            message_id=message,
            subject=_subject(approval),
            text=text,
        )


def touched(session: Session, approval: Approval) -> None:
    """A new version: what somebody has read of it is not all any more."""
    approval.version += 1
    session.add(approval)
    session.flush()


def tell(
    session: Session, actor: Actor, approval: Approval, action: str, at: datetime, told: dict[str, Any]
) -> None:
    """One readable event in the ticket's history."""
    touch(session, session.get_one(Ticket, approval.ticket_id), at)
    after = {"approval": known(approval.id), "title": approval.title, **told}
    record(session, actor, ticket_stream(approval.ticket_id), action, at, after=after)


def _name(session: Session, person_id: int) -> str:
    from tui_desk.services.fields import requester_label

    return requester_label(session, session.get_one(Person, person_id))


def _subject(approval: Approval) -> str:
    return f"approval:{known(approval.id)}"
