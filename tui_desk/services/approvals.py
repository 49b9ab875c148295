"""Approvals that were asked: changed, taken back, reminded of, decided in the terminal. By mail: ``services.approval_answers``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from tui_desk.contracts.approvals import (
    ApprovalView,
    CancelApproval,
    DecideApproval,
    Decided,
    RemindApproval,
    SaveApproval,
)
from tui_desk.core.enums import Role
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Approval, ApprovalVote, Ticket
from tui_desk.rules import approvals as rules
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.approval_content import checked_amount, digest_of
from tui_desk.services.approval_deciding import (
    ask_anew,
    give,
    settle_questions,
    steps_of,
    tell,
    tell_purchase,
    touched,
    votes_of,
)
from tui_desk.services.approval_mail import ask_open, void_questions
from tui_desk.services.approval_opening import DETAILS_LIMIT, TITLE_LIMIT, end_of_day, gates_of, title_of
from tui_desk.services.approval_people import may_decide, own_wish, person_of_agent
from tui_desk.services.approval_view import not_found, sentence_of_waiting, view_of
from tui_desk.services.context import known, now, require, ticket_to_change
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import change_row


def locked(session: Session, approval_id: int) -> tuple[Ticket, Approval]:
    """An approval and its ticket, locked in the order everybody locks them. Raises NotFound."""
    number = session.exec(select(Approval.ticket_id).where(Approval.id == approval_id)).first()
    if number is None:
        raise not_found(approval_id)
    ticket = ticket_to_change(session, number)
    approval = session.exec(
        select(Approval)
        .where(Approval.id == approval_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return ticket, approval


def refuse_ended(approval: Approval) -> None:
    """Raises Refused for an approval that is decided or taken back."""
    if approval.state != rules.WAITING:
        raise Refused(
            _("“{title}” is decided already: {state}.").format(
                title=safe_line(approval.title), state=state_name(approval.state)
            )
        )


def state_name(state: str) -> str:
    """The state of an approval or a step as people call it."""
    names = {
        rules.WAITING: _("waiting"),
        rules.PLANNED: _("planned"),
        rules.APPROVED: _("approved"),
        rules.REFUSED: _("refused"),
        rules.CANCELLED: _("taken back"),
    }
    return names.get(state, safe_line(state))


def _unchanged(approval: Approval, version: int) -> None:
    if version and version != approval.version:
        raise Conflict(
            _("“{title}” has changed since you read it; nothing was written.").format(
                title=safe_line(approval.title)
            ),
            _("Open it again and look at what is to be decided now."),
        )


def save(session: Session, actor: Actor, request: SaveApproval) -> ApprovalView:
    """Change what is asked. Raises NotFound, Refused (decided already), Conflict, UsageError."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket, approval = locked(session, request.id)
    refuse_ended(approval)
    _unchanged(approval, request.version)
    refuse_of_others(actor, approval)
    values: dict[str, Any] = {}
    if request.title is not None:
        values["title"] = title_of(request.title)
    if request.details is not None:
        values["details"] = safe_block(request.details, DETAILS_LIMIT).strip()
    if request.clear_amount:
        values["amount"], values["currency"] = None, ""
    elif request.amount is not None or request.currency is not None:
        amount = approval.amount if request.amount is None else request.amount
        currency = approval.currency if request.currency is None else request.currency
        values["amount"], values["currency"] = checked_amount(amount, currency)
    _refuse_of_purchase(approval, values)
    if request.gates is not None:
        values["gates"] = gates_of(request.gates)
    if request.after_refusal is not None:
        values["after_refusal"] = safe_line(request.after_refusal, TITLE_LIMIT).strip()
    at = now(session)
    change_row(session, actor, ticket_stream(known(ticket.id)), approval, values, at, name=approval.title)
    content_changed(session, actor, approval, at)
    return view_of(session, actor, request.id)


def _refuse_of_purchase(approval: Approval, values: dict[str, Any]) -> None:
    """Raises Refused where the question would say something else than the purchase that it is about."""
    differ = any(getattr(approval, column) != value for column, value in values.items())
    if approval.purchase_id is not None and differ:
        raise Refused(
            _("P{id} itself is changed, not the question about it; it is asked anew then.").format(
                id=approval.purchase_id
            )
        )


def content_changed(session: Session, actor: Actor, approval: Approval, at: datetime) -> bool:
    """Where what is decided is not what was asked any more: no decision counts, and everybody is asked anew. Answers whether.

    For a waiting approval whose ticket is locked; purchases call it after a change of their lines.
    """
    digest = digest_of(session, approval)
    if approval.state != rules.WAITING or digest == approval.content_digest:
        return False
    approval.content_digest = digest
    touched(session, approval)
    ask_anew(session, actor, approval, at)
    return True


def cancel(session: Session, actor: Actor, request: CancelApproval) -> ApprovalView:
    """Take the question back. Raises NotFound, Refused (decided already; somebody else's)."""
    require(actor, Permission.CHANGE_TICKETS)
    _ticket, approval = locked(session, request.id)
    refuse_ended(approval)
    refuse_of_others(actor, approval)
    take_back(session, actor, approval, now(session), safe_line(request.comment, TITLE_LIMIT))
    return view_of(session, actor, request.id)


def take_back(session: Session, actor: Actor, approval: Approval, at: datetime, comment: str = "") -> None:
    """End a waiting approval without a decision; answers that still come do not count."""
    for step in steps_of(session, approval):
        if rules.CANCELLED in rules.STEP_STATES[step.state]:
            step.state = rules.CANCELLED
            session.add(step)
    approval.state, approval.decided_at = rules.CANCELLED, at
    touched(session, approval)
    void_questions(session, approval)
    settle_questions(session, approval, at)
    tell(session, actor, approval, "approval_cancelled", at, {"comment": comment})
    tell_purchase(session, actor, approval, at)


def refuse_of_others(actor: Actor, approval: Approval) -> None:
    """Raises Refused for one that somebody else asked for, to all but supervisors and admins."""
    if (
        actor.agent_id is not None
        and approval.requested_by_id != actor.agent_id
        and actor.role not in (Role.ADMIN, Role.SUPERVISOR)
    ):
        raise Refused(
            _("Somebody else asked for “{title}”.").format(title=safe_line(approval.title)),
            _("Who asked, a supervisor or an admin may change it or take it back."),
        )


def decide(session: Session, actor: Actor, request: DecideApproval) -> Decided:
    """The acting agent decides, for himself or for somebody who is away.

    Raises NotFound, Refused (decided already, not asked, own wish), Conflict (changed since it was read).
    """
    require(actor, Permission.VIEW)
    _ticket, approval = locked(session, request.id)
    refuse_ended(approval)
    _unchanged(approval, request.version)
    at = now(session)
    if content_changed(session, actor, approval, at):
        sentence = _("“{title}” has changed since you read it: nothing was decided, and it is asked anew.")
        return Decided(
            view_of(session, actor, request.id), False, sentence.format(title=safe_line(approval.title))
        )
    step = next(one for one in steps_of(session, approval) if one.state == rules.WAITING)
    votes = votes_of(session, [step])[known(step.id)]
    vote = may_decide(session, actor, approval, votes, at)
    if vote is None:
        raise _not_asked(session, actor, approval, votes)
    give(
        session,
        actor,
        approval,
        vote,
        yes=request.yes,
        comment=safe_block(request.comment, DETAILS_LIMIT).strip(),
        by_person=known(person_of_agent(session, actor.agent_id)),
        channel="terminal",
        at=at,
    )
    view = view_of(session, actor, request.id)
    sentences = {
        rules.APPROVED: _("“{title}” is approved."),
        rules.REFUSED: _("“{title}” is refused."),
        rules.WAITING: _("Your answer to “{title}” is kept; it waits for others."),
    }
    return Decided(view, True, sentences[view.state].format(title=view.title))


def _not_asked(session: Session, actor: Actor, approval: Approval, votes: list[ApprovalVote]) -> Refused:
    person = person_of_agent(session, actor.agent_id)
    own = own_wish(session, approval.requested_by_id, approval.purchase_id)
    if person in own or actor.agent_id == approval.requested_by_id:
        return Refused(
            _("You asked for this yourself: somebody else has to decide it."),
            sentence_of_waiting(session, actor, approval),
        )
    if any(vote.person_id == person and vote.decision for vote in votes):
        return Refused(_("You have decided this already."), sentence_of_waiting(session, actor, approval))
    return Refused(_("This step is not for you to decide."), sentence_of_waiting(session, actor, approval))


def remind(session: Session, actor: Actor, request: RemindApproval) -> str:
    """Ask those again who have not answered. Raises NotFound, Refused."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket, approval = locked(session, request.id)
    refuse_ended(approval)
    at = now(session)
    step = next(one for one in steps_of(session, approval) if one.state == rules.WAITING)
    if request.due_on is not None:
        due = end_of_day(session, request.due_on, at)
        change_row(
            session, actor, ticket_stream(known(ticket.id)), step, {"due_at": due}, at, name=approval.title
        )
    elif step.due_at is not None and step.due_at <= at:
        raise Refused(
            _("This step was due on {day}, and an answer by mail does not count any more.").format(
                day=desk_day(session, step.due_at).isoformat()
            ),
            _("Name a new day: tui-desk approval remind {id} --due DAY").format(id=request.id),
        )
    asked = ask_open(session, approval, step, votes_of(session, [step])[known(step.id)], at, remind=True)
    if not asked:
        raise Refused(_("Nobody could be asked by mail: this desk has no address to write from."))
    tell(session, actor, approval, "approval_reminded", at, {"to": asked})
    return ngettext(
        "{count} approver is asked again.", "{count} approvers are asked again.", len(asked)
    ).format(count=len(asked))


def obstacles(session: Session, ticket: Ticket, move: str) -> list[str]:
    """Why a move of the ticket has to wait: its open approvals that gate it."""
    from tui_desk.services.actor import CLOCK

    rows = session.exec(
        select(Approval)
        .where(Approval.ticket_id == ticket.id, Approval.state == rules.WAITING)
        .order_by("id")
    )
    return [sentence_of_waiting(session, CLOCK, approval) for approval in rows if move in approval.gates]
