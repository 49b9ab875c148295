"""Approvals as screens, scripts and the ticket show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from tui_desk.contracts.approvals import (
    ApprovalStepView,
    ApprovalView,
    ApproverView,
    ListApprovals,
    ShowApproval,
)
from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.models import (
    Agent,
    Approval,
    ApprovalStep,
    ApprovalVote,
    Delivery,
    OutboxItem,
    Person,
    Substitute,
    Ticket,
)
from tui_desk.rules import approvals as rules
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.approval_content import lines_of
from tui_desk.services.approval_people import own_wishes, person_of_agent, substitutes_on
from tui_desk.services.context import known, now, require
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.people import addresses_of, like_words

WHICH = ("mine", "open", "all")


def list_approvals(session: Session, actor: Actor, request: ListApprovals) -> tuple[ApprovalView, ...]:
    """Those that wait for the acting agent first, then the others that wait by what is due, or all, newest first."""
    require(actor, Permission.VIEW)
    if request.which not in WHICH:
        raise UsageError(
            _("“{which}” is not one of: {names}.").format(
                which=safe_line(request.which), names=", ".join(WHICH)
            )
        )
    statement = select(Approval).join(Ticket, col(Ticket.id) == Approval.ticket_id)
    if request.which != "all":
        statement = statement.where(Approval.state == rules.WAITING)
    if request.ticket is not None:
        statement = statement.where(Approval.ticket_id == request.ticket)
    if request.which == "mine":
        statement = statement.where(col(Approval.id).in_(_waiting_for(session, actor)))
    if request.query.strip():
        voters = (
            select(func.coalesce(func.max(Person.name), ""))
            .join(ApprovalVote, col(ApprovalVote.person_id) == Person.id)
            .join(ApprovalStep, col(ApprovalStep.id) == ApprovalVote.step_id)
            .where(ApprovalStep.approval_id == Approval.id)
            .scalar_subquery()
        )
        statement = statement.where(*like_words(request.query, Approval.title, Ticket.subject, voters))
    rows = session.exec(statement.order_by(col(Approval.id).desc()).limit(request.limit)).all()
    views = views_of(session, actor, rows)
    if request.which == "all":
        return views
    if request.which == "mine":
        views = tuple(view for view in views if view.for_me)
    return tuple(
        sorted(views, key=lambda view: (not view.for_me, view.due_at is None, view.due_at, -view.id))
    )


def _waiting_for(session: Session, actor: Actor) -> list[int]:
    """Approvals of which an open vote is the acting agent's, or somebody's whose substitute the agent is."""
    person = person_of_agent(session, actor.agent_id)
    if person is None:
        return []
    people = [person, *session.exec(select(Substitute.person_id).where(Substitute.substitute_id == person))]
    rows = session.exec(
        select(ApprovalStep.approval_id)
        .join(ApprovalVote, col(ApprovalVote.step_id) == ApprovalStep.id)
        .where(
            ApprovalStep.state == rules.WAITING,
            ApprovalVote.decision == "",
            col(ApprovalVote.person_id).in_(people),
        )
    )
    return sorted(set(rows))


def show_approval(session: Session, actor: Actor, request: ShowApproval) -> ApprovalView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    return view_of(session, actor, request.id)


def view_of(session: Session, actor: Actor, approval_id: int) -> ApprovalView:
    """One approval. Raises NotFound."""
    approval = session.get(Approval, approval_id)
    if approval is None:
        raise not_found(approval_id)
    return views_of(session, actor, [approval])[0]


def not_found(approval_id: int) -> NotFound:
    """There is no such approval."""
    return NotFound(
        _("There is no approval {id}.").format(id=approval_id),
        _("tui-desk approval list --all shows those there are."),
    )


def approvals_of(session: Session, actor: Actor, ticket: int) -> tuple[ApprovalView, ...]:
    """The approvals of a ticket, oldest first."""
    rows = session.exec(select(Approval).where(Approval.ticket_id == ticket).order_by(col(Approval.id))).all()
    return views_of(session, actor, rows)


class _Known:
    """What several approvals share, read in a handful of queries."""

    def __init__(self, session: Session, actor: Actor, approvals: Sequence[Approval], at: datetime) -> None:
        self.session, self.at = session, at
        self.steps: dict[int, list[ApprovalStep]] = defaultdict(list)
        for step in session.exec(
            select(ApprovalStep)
            .where(col(ApprovalStep.approval_id).in_([known(one.id) for one in approvals]))
            .order_by(col(ApprovalStep.position))
        ):
            self.steps[step.approval_id].append(step)
        ids = [known(step.id) for steps in self.steps.values() for step in steps]
        self.votes: dict[int, list[ApprovalVote]] = defaultdict(list)
        for vote in session.exec(
            select(ApprovalVote).where(col(ApprovalVote.step_id).in_(ids)).order_by(col(ApprovalVote.id))
        ):
            self.votes[vote.step_id].append(vote)
        votes = [vote for group in self.votes.values() for vote in group]
        self.substitutes = substitutes_on(session, [vote.person_id for vote in votes], desk_day(session, at))
        people = {vote.person_id for vote in votes} | {
            vote.decided_by_id for vote in votes if vote.decided_by_id
        }
        people |= {row.substitute_id for rows in self.substitutes.values() for row in rows}
        self.names = {
            known(person_id): name
            for person_id, name in session.exec(
                select(Person.id, Person.name).where(col(Person.id).in_(people))
            )
        }
        self.addresses = addresses_of(session, people)
        self.asked = _deliveries(session, votes)
        self.agents = dict(
            session.exec(
                select(Agent.id, func.coalesce(func.nullif(Agent.name, ""), Agent.login)).where(
                    col(Agent.id).in_({one.requested_by_id for one in approvals})
                )
            ).all()
        )
        self.subjects = dict(
            session.exec(
                select(Ticket.id, Ticket.subject).where(
                    col(Ticket.id).in_({one.ticket_id for one in approvals})
                )
            ).all()
        )
        self.me = person_of_agent(session, actor.agent_id)
        wishes = own_wishes(session, [(one.requested_by_id, one.purchase_id) for one in approvals])
        self.barred = {known(one.id): own for one, own in zip(approvals, wishes, strict=True)}
        self.lines = lines_of(session, approvals)

    def name(self, person_id: int) -> str:
        return safe_line(self.names.get(person_id, "")) or visible_address(
            next(iter(self.addresses[person_id]), "")
        )


def _deliveries(session: Session, votes: Sequence[ApprovalVote]) -> dict[int, DeliveryState]:
    """What became of the questions: by the question's message."""
    rows = session.exec(
        select(OutboxItem.message_id, Delivery.state)
        .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
        .where(
            col(OutboxItem.message_id).in_(
                [one.question_message_id for one in votes if one.question_message_id]
            )
        )
    )
    return {known(message): DeliveryState(state) for message, state in rows}


def views_of(session: Session, actor: Actor, approvals: Sequence[Approval]) -> tuple[ApprovalView, ...]:
    """Some approvals, in a number of queries that does not grow with theirs."""
    if not approvals:
        return ()
    facts = _Known(session, actor, approvals, now(session))
    return tuple(_view(facts, approval) for approval in approvals)


def _view(facts: _Known, approval: Approval) -> ApprovalView:
    steps = facts.steps[known(approval.id)]
    current = next((step for step in steps if step.state == rules.WAITING), None)
    due = current.due_at if current is not None and approval.state == rules.WAITING else None
    return ApprovalView(
        id=known(approval.id),
        ticket=approval.ticket_id,
        ticket_subject=safe_line(facts.subjects.get(approval.ticket_id, "")),
        purchase_id=approval.purchase_id,
        title=safe_line(approval.title),
        details=safe_block(approval.details),
        amount=approval.amount,
        currency=safe_line(approval.currency),
        lines=facts.lines[known(approval.id)],
        gates=tuple(map(str, approval.gates)),
        state=approval.state,
        after_refusal=safe_line(approval.after_refusal),
        requested_by=safe_line(facts.agents.get(approval.requested_by_id, "")),
        requested_by_id=approval.requested_by_id,
        created_at=approval.created_at,
        decided_at=approval.decided_at,
        due_at=due,
        overdue=due is not None and due < facts.at,
        for_me=_for_me(facts, approval, current),
        version=approval.version,
        steps=tuple(_step(facts, step) for step in steps),
    )


def _for_me(facts: _Known, approval: Approval, step: ApprovalStep | None) -> bool:
    if step is None or facts.me is None or approval.state != rules.WAITING:
        return False
    mine = any(
        not vote.decision
        and (
            vote.person_id == facts.me
            or any(row.substitute_id == facts.me for row in facts.substitutes.get(vote.person_id, ()))
        )
        for vote in facts.votes[known(step.id)]
    )
    return mine and facts.me not in facts.barred[known(approval.id)]


def _step(facts: _Known, step: ApprovalStep) -> ApprovalStepView:
    return ApprovalStepView(
        id=known(step.id),
        position=step.position,
        mode=step.mode,
        state=step.state,
        due_at=step.due_at,
        approvers=tuple(_approver(facts, vote) for vote in facts.votes[known(step.id)]),
    )


def _approver(facts: _Known, vote: ApprovalVote) -> ApproverView:
    substitutes = facts.substitutes.get(vote.person_id, ()) if not vote.decision else ()
    return ApproverView(
        vote_id=known(vote.id),
        person_id=vote.person_id,
        name=facts.name(vote.person_id),
        address=visible_address(vote.address),
        decision=vote.decision,
        comment=safe_block(vote.comment),
        decided_at=vote.decided_at,
        decided_by=facts.name(vote.decided_by_id) if vote.decided_by_id is not None else "",
        channel=vote.channel,
        asked=facts.asked.get(vote.question_message_id) if vote.question_message_id is not None else None,
        substitute=", ".join(facts.name(row.substitute_id) for row in substitutes),
    )


def sentence_of_waiting(session: Session, actor: Actor, approval: Approval) -> str:
    """For whoever wants to make a move that waits: what is asked, and of whom."""
    view = view_of(session, actor, known(approval.id))
    names = [
        one.name
        for step in view.steps
        if step.state == rules.WAITING
        for one in step.approvers
        if not one.decision
    ]
    return _("It waits for an approval: {title} ({names}).").format(title=view.title, names=", ".join(names))


__all__ = [
    "WHICH",
    "approvals_of",
    "list_approvals",
    "not_found",
    "sentence_of_waiting",
    "show_approval",
    "view_of",
    "views_of",
]
