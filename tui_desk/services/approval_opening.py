"""A new approval of a ticket: its steps, approvers and days are checked, it is written, and its first step is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlmodel import Session

from tui_desk.contracts.approvals import ApprovalView, NewApproval, StepInput
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Approval, ApprovalStep, ApprovalVote, Ticket
from tui_desk.rules import approvals as rules
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.approval_chains import steps_of_chain
from tui_desk.services.approval_content import checked_amount, digest_of
from tui_desk.services.approval_deciding import ask
from tui_desk.services.approval_people import own_wish, person_named, refuse_own_wish
from tui_desk.services.approval_view import view_of
from tui_desk.services.context import known, now, require, ticket_to_work_on
from tui_desk.services.desk_zone import desk_zone
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import add_row

TITLE_LIMIT = 200
DETAILS_LIMIT = 20_000
MOST_STEPS = 20
MOST_APPROVERS = 50


def new(session: Session, actor: Actor, request: NewApproval) -> ApprovalView:
    """Ask for a decision about a ticket. Raises UsageError, NotFound, Refused (self-approval)."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.ticket)
    steps = request.steps or (steps_of_chain(session, request.chain) if request.chain else ())
    approval = open_approval(
        session,
        actor,
        ticket,
        title=request.title,
        details=request.details,
        steps=steps,
        amount=request.amount,
        currency=request.currency,
        gates=request.gates,
        after_refusal=request.after_refusal,
    )
    return view_of(session, actor, known(approval.id))


def open_approval(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    *,
    title: str,
    steps: Sequence[StepInput],
    details: str = "",
    amount: Decimal | None = None,
    currency: str = "",
    gates: Sequence[str] = (),
    after_refusal: str = "",
    purchase_id: int | None = None,
) -> Approval:
    """Write an approval of a locked ticket, open its first step and ask. ``purchase_id``: the lines are a part of what is decided,
    and ``approval_deciding.ON_PURCHASE_DECIDED`` is called at the end. Raises UsageError, NotFound, Refused."""
    at = now(session)
    title = title_of(title)
    amount, currency = checked_amount(amount, currency)
    approval = Approval(
        ticket_id=known(ticket.id),
        purchase_id=purchase_id,
        title=title,
        details=safe_block(details, DETAILS_LIMIT).strip(),
        gates=gates_of(gates),
        amount=amount,
        currency=currency,
        after_refusal=safe_line(after_refusal, TITLE_LIMIT).strip(),
        requested_by_id=actor.agent_id,
        created_at=at,
    )
    approval.content_digest = digest_of(session, approval)
    planned = _planned(session, actor, steps, purchase_id, at)
    stream = ticket_stream(known(ticket.id))
    add_row(session, actor, stream, approval, at, name=title)
    for position, (step, votes) in enumerate(planned):
        step.approval_id, step.position = known(approval.id), position
        name = _("{title}, step {number}").format(title=title, number=position + 1)
        add_row(session, actor, stream, step, at, name=name)
        for vote in votes:
            vote.step_id = known(step.id)
            add_row(session, actor, stream, vote, at, name=f"{title}: {vote.address}")
    ask(session, actor, approval, at)
    return approval


def _planned(
    session: Session, actor: Actor, steps: Sequence[StepInput], purchase_id: int | None, at: datetime
) -> list[tuple[ApprovalStep, list[ApprovalVote]]]:
    """The rows of the steps, everything wrong told before anything is written."""
    if not steps:
        raise UsageError(_("An approval needs a step: who decides?"))
    if len(steps) > MOST_STEPS:
        raise UsageError(_("An approval has at most {count} steps.").format(count=MOST_STEPS))
    found: list[tuple[ApprovalStep, list[ApprovalVote]]] = []
    due_from = at
    for number, step in enumerate(steps):
        _refuse_wrong(step)
        votes = _votes(session, actor, step, purchase_id, at)
        due = due_at(session, step, due_from, at)
        due_from = due or due_from
        row = ApprovalStep(
            approval_id=0,
            position=0,
            mode=step.mode,
            state=rules.PLANNED if number else rules.WAITING,
            due_at=due,
            opened_at=None if number else at,
        )
        found.append((row, votes))
    return found


def _refuse_wrong(step: StepInput) -> None:
    """Raises UsageError for a step that nobody can decide."""
    if step.mode not in (rules.ANY, rules.ALL):
        raise UsageError(
            _("A step is decided by any or all of its approvers, not by “{mode}”.").format(
                mode=safe_line(step.mode, 40)
            )
        )
    if not 0 < len(step.approvers) <= MOST_APPROVERS:
        raise UsageError(_("A step needs an approver, and has at most {count}.").format(count=MOST_APPROVERS))


def _votes(
    session: Session, actor: Actor, step: StepInput, purchase_id: int | None, at: datetime
) -> list[ApprovalVote]:
    """One for each approver, who is named once. Raises NotFound, Refused (their own wish)."""
    named = {
        person.id: (person, address)
        for person, address in (person_named(session, text, at) for text in step.approvers)
    }
    own = own_wish(session, actor.agent_id, purchase_id)  # after naming, which may have made who asks
    refuse_own_wish(session, [person for person, _address in named.values()], own)
    return [
        ApprovalVote(step_id=0, person_id=known(person.id), address=address)
        for person, address in named.values()
    ]


def due_at(session: Session, step: StepInput, begin: datetime, at: datetime) -> datetime | None:
    """When a step is due: the end of its day, or so many days after the step before it. Raises UsageError for the past."""
    if step.due_days is not None:
        if not 0 < step.due_days <= 3650:
            raise UsageError(_("A step is due after 1 to 3650 days."))
        return begin + timedelta(days=step.due_days)
    return end_of_day(session, step.due_on, at) if step.due_on is not None else None


def end_of_day(session: Session, day: date, at: datetime) -> datetime:
    """The last moment of a day by the desk's clocks. Raises UsageError where it is past."""
    midnight, zone = datetime.combine(day + timedelta(days=1), time()), desk_zone(session)
    end = (midnight if zone is None else midnight.replace(tzinfo=zone)).astimezone(at.tzinfo)
    if end <= at:
        raise UsageError(_("{day} is over: an approval is due later than now.").format(day=day.isoformat()))
    return end


def title_of(text: str) -> str:
    title = safe_line(text, TITLE_LIMIT).strip()
    if not title:
        raise UsageError(_("An approval needs a title: what is to be decided?"))
    return title


def gates_of(gates: Sequence[str]) -> list[str]:
    for gate in gates:
        if gate not in rules.MOVES:
            raise UsageError(
                _("“{gate}” is no move that can wait; those are: {names}.").format(
                    gate=safe_line(gate, 40), names=", ".join(rules.MOVES)
                )
            )
    return [move for move in rules.MOVES if move in gates]
