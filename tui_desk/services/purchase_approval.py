"""A purchase is asked for: the question opens, and a change and a decision move the purchase.

What an approval brings about (approved, refused, a draft again) is told as an event of its own and not as a change of the row: no
undo makes a purchase approved that nobody approved as it is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from tui_desk.contracts.approvals import StepInput
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.models import Approval, Purchase, Ticket
from tui_desk.rules import approvals as approval_rules
from tui_desk.rules.money import amount_text
from tui_desk.rules.purchases import ASKABLE, chain_for, may_follow, total_of
from tui_desk.services.actor import Actor
from tui_desk.services.approval_chains import steps_from
from tui_desk.services.approval_deciding import steps_of, votes_of
from tui_desk.services.approval_opening import open_approval
from tui_desk.services.approval_people import person_of_agent, substitutes_on
from tui_desk.services.approvals import content_changed, refuse_of_others, take_back
from tui_desk.services.context import known, touch
from tui_desk.services.cost_centres import locked_cost_centre
from tui_desk.services.currencies import digits_of
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.purchase_lines import present_lines
from tui_desk.services.purchase_question import _limits, _over_budget, question_of, waiting_approval
from tui_desk.services.purchase_view import purchase_name, row_name
from tui_desk.services.rows import change_row

S = PurchaseState


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking, or of a change of what was asked."""

    events: tuple[int, ...] = ()
    sentence: str = ""
    warnings: tuple[str, ...] = ()


def ask(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    purchase: Purchase,
    at: datetime,
    chain: str = "",
    named: tuple[StepInput, ...] = (),
) -> Asked:
    """Ask for the approval of a locked purchase, or approve it at once where none is needed.

    Raises Refused (state, own wish, currency without limits), UsageError (no lines, another chain), NotFound.
    """
    name = purchase_name(known(purchase.id))
    state = PurchaseState(purchase.state)
    if state not in ASKABLE:
        raise refused_now(purchase, _("{name} is {state}: it cannot be asked for."))
    lines = present_lines(session, purchase)
    if not lines:
        raise UsageError(_("{name} has no lines yet: what is to be bought?").format(name=name))
    question = question_of(session, purchase, lines, chain, named)
    warnings = (question.warning,) if question.warning else ()
    if not question.steps:
        events = set_state(session, actor, purchase, S.APPROVED, at)
        total = amount_text(question.amount, question.currency, digits_of(question.currency))
        tell(session, actor, purchase, "purchase_free", at, total=total, warning=question.warning)
        sentence = _("{name} needs no decision and is approved: no approval chain applies to {total}.")
        return Asked(events, sentence.format(name=name, total=total), warnings)
    events = set_state(session, actor, purchase, S.WAITING, at)
    approval = open_approval(
        session,
        actor,
        ticket,
        title=question.title,
        steps=question.steps,
        details=question.details,
        amount=question.amount,
        currency=question.currency,
        purchase_id=known(purchase.id),
    )
    sentence = _("{name} waits for approval ({chain}).").format(name=name, chain=safe_line(question.chain))
    return Asked(() if _mailed(session, approval) else events, sentence, warnings)


def _mailed(session: Session, approval: Approval) -> bool:
    """Whether somebody was asked by mail, which nothing takes back."""
    votes = votes_of(session, steps_of(session, approval))
    return any(vote.question_message_id is not None for group in votes.values() for vote in group)


def after_change(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    purchase: Purchase,
    at: datetime,
    named: tuple[StepInput, ...] = (),
) -> Asked:
    """What a change of what is bought does to a locked purchase: nobody has decided about it as it is now.

    One that waits is asked anew (of the chain that its total asks for now, else of who was ``named`` by hand), one that was decided
    is a draft again.
    Raises Refused, UsageError as :func:`ask`.
    """
    state = PurchaseState(purchase.state)
    if state is S.REFUSED:
        return Asked(set_state(session, actor, purchase, S.DRAFT, at))
    if state is S.APPROVED:
        fall_back(session, actor, purchase, S.DRAFT, "purchase_void", at)
        return Asked(
            warnings=(_("The approval does not count any more: ask for it anew (a, or “purchase ask”)."),)
        )
    approval = waiting_approval(session, purchase) if state is S.WAITING else None
    if approval is None:
        return Asked()
    lines = present_lines(session, purchase)
    question = question_of(session, purchase, lines, named=named)
    anew = _("It has changed, so it is asked anew; what was answered before does not count.")
    own = person_of_agent(session, actor.agent_id)
    if lines and _same_deciders(session, approval, question.steps, own, at):
        values = {
            "title": question.title,
            "details": question.details,
            "amount": question.amount,
            "currency": question.currency,
        }
        events = change_row(
            session, actor, ticket_stream(known(ticket.id)), approval, values, at, name=question.title
        )
        return Asked(events, "", (anew,) if content_changed(session, actor, approval, at) else ())
    take_back(session, actor, approval, at, _("What is bought has changed."))
    if not lines:
        return Asked(warnings=(_("Nothing is bought any more: the question was taken back."),))
    asked = ask(session, actor, ticket, purchase, at, named=named)
    return Asked(
        asked.events, "", (anew if purchase.state == S.WAITING.value else asked.sentence, *asked.warnings)
    )


def guard_change(session: Session, actor: Actor, purchase: Purchase) -> None:
    """Raises Refused where somebody else waits for the decision about this purchase: only they, or a supervisor, change it then."""
    if purchase.state == S.WAITING.value:
        approval = waiting_approval(session, purchase)
        if approval is not None:
            refuse_of_others(actor, approval)


def _same_deciders(
    session: Session, approval: Approval, steps: Sequence[StepInput], own: int | None, at: datetime
) -> bool:
    """Whether those decide who were asked. Not where one of them gets it now, or (``own``) changed it, which makes it their own wish
    and has to be refused by asking anew."""
    if not steps:
        return False
    votes = votes_of(session, steps_of(session, approval))
    purchase = session.get_one(Purchase, approval.purchase_id)
    deciders = {vote.person_id for group in votes.values() for vote in group}
    places = substitutes_on(session, deciders, desk_day(session, at)).values()
    changed_by_decider = own in deciders | {row.substitute_id for rows in places for row in rows}
    same = _asked_of(session, approval) == _wanted(steps)
    return same and purchase.requester_id not in deciders and not changed_by_decider


def decided(session: Session, actor: Actor, approval: Approval, at: datetime) -> None:
    """The end of an approval (``approval_deciding.ON_PURCHASE_DECIDED``): approved, refused, or taken back."""
    purchase = session.exec(
        select(Purchase).where(Purchase.id == approval.purchase_id).with_for_update()
    ).first()
    if purchase is None or purchase.state != S.WAITING.value:
        return
    if approval.state == approval_rules.APPROVED:
        warning = _not_theirs_any_more(session, purchase, approval)
        if warning:
            fall_back(session, actor, purchase, S.DRAFT, "purchase_over_budget", at, warning=warning)
            return
    after, action = {
        approval_rules.APPROVED: (S.APPROVED, "purchase_approved"),
        approval_rules.REFUSED: (S.REFUSED, "purchase_refused"),
    }.get(approval.state, (S.DRAFT, "purchase_returned"))
    fall_back(session, actor, purchase, after, action, at)


def _not_theirs_any_more(session: Session, purchase: Purchase, approval: Approval) -> str:
    """That the budget was used up while an approved purchase waited, where others decide about what goes over it; else empty."""
    if purchase.cost_centre_id is None:
        return ""
    total = total_of((line.quantity, line.unit_cost) for line in present_lines(session, purchase))
    warning = _over_budget(session, purchase, locked_cost_centre(session, purchase.cost_centre_id), total)
    rows, limits = _limits(session)
    limit = chain_for(limits, total, purchase.currency, purchase.cost_centre_id, over_budget=True)
    if not warning or limit is None:
        return ""
    return "" if _asked_of(session, approval) == _wanted(steps_from(rows[limit.id].steps)) else warning


def _asked_of(session: Session, approval: Approval) -> list[tuple[str, set[str]]]:
    """Step by step, whose decision was asked for."""
    steps = steps_of(session, approval)
    votes = votes_of(session, steps)
    return [(row.mode, {vote.address.lower() for vote in votes[known(row.id)]}) for row in steps]


def _wanted(steps: Sequence[StepInput]) -> list[tuple[str, set[str]]]:
    """The same of a question that is not asked yet."""
    return [(step.mode, {address.lower() for address in step.approvers}) for step in steps]


def fall_back(
    session: Session,
    actor: Actor,
    purchase: Purchase,
    after: PurchaseState,
    action: str,
    at: datetime,
    **told: object,
) -> None:
    """Bring a locked purchase into a state that no undo takes back, and tell it."""
    assert may_follow(PurchaseState(purchase.state), after)
    purchase.state = after.value
    purchase.version += 1
    purchase.updated_at = at
    session.add(purchase)
    session.flush()
    tell(session, actor, purchase, action, at, **told)


def set_state(
    session: Session, actor: Actor, purchase: Purchase, after: PurchaseState, at: datetime, **values: object
) -> tuple[int, ...]:
    """Bring a locked purchase into its next state, with what else changes; answers the event."""
    assert may_follow(PurchaseState(purchase.state), after)
    stream = ticket_stream(purchase.ticket_id)
    return change_row(
        session, actor, stream, purchase, {"state": after.value, **values}, at, name=row_name(purchase)
    )


def tell(
    session: Session, actor: Actor, purchase: Purchase, action: str, at: datetime, **told: object
) -> int:
    """One readable event in the ticket's history."""
    touch(session, session.get_one(Ticket, purchase.ticket_id), at)
    after = {
        "purchase": known(purchase.id),
        "name": purchase_name(known(purchase.id)),
        "title": purchase.title,
        **told,
    }
    return record(session, actor, ticket_stream(purchase.ticket_id), action, at, after=after)


def refused_now(purchase: Purchase, sentence: str) -> Refused:
    """What cannot be done with a purchase in its state; ``sentence`` has its name and the state."""
    name, state = purchase_name(known(purchase.id)), word(PurchaseState(purchase.state))
    return Refused(sentence.format(name=name, state=state))
