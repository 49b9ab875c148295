"""What time brings about for open approvals: reminders before a step is due, word that it is overdue, and questions to the
substitutes of people whose absence has begun meanwhile."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, col, select

from tui_desk.models import ApprovalStep, ApprovalVote, Substitute
from tui_desk.rules import approvals as rules
from tui_desk.services.actor import CLOCK
from tui_desk.services.approval_deciding import tell, tell_asker
from tui_desk.services.approval_mail import ask_open
from tui_desk.services.approvals import locked
from tui_desk.services.context import known
from tui_desk.services.desk_zone import desk_day

AT_ONCE = 100


def due(session: Session, now: datetime) -> list[int]:
    """The approvals that something is to be done about now; never writes."""
    steps = session.exec(
        select(ApprovalStep).where(ApprovalStep.state == rules.WAITING).order_by(col(ApprovalStep.id))
    )
    found = {step.approval_id for step in steps if _reminder(step, now)}
    found |= set(_away(session, desk_day(session, now)))
    return sorted(found)[:AT_ONCE]


def _reminder(step: ApprovalStep, now: datetime) -> str:
    return rules.reminder(now, step.opened_at or now, step.due_at, step.reminded_at)


def _away(session: Session, today: date) -> list[int]:
    """Approvals with an open vote of somebody who is away today: the substitute may not have been asked yet."""
    rows = session.exec(
        select(ApprovalStep.approval_id)
        .join(ApprovalVote, col(ApprovalVote.step_id) == ApprovalStep.id)
        .join(Substitute, col(Substitute.person_id) == ApprovalVote.person_id)
        .where(
            ApprovalStep.state == rules.WAITING,
            ApprovalVote.decision == "",
            Substitute.from_on <= today,
            Substitute.until_on >= today,
        )
    )
    return list(rows)


def attend(session: Session, approval_id: int, now: datetime) -> bool:
    """Do what is due about one approval. Answers whether anything was."""
    _ticket, approval = locked(session, approval_id)
    step = session.exec(
        select(ApprovalStep).where(
            ApprovalStep.approval_id == approval_id, ApprovalStep.state == rules.WAITING
        )
    ).first()
    if step is None or approval.state != rules.WAITING:
        return False
    votes = list(
        session.exec(
            select(ApprovalVote).where(ApprovalVote.step_id == known(step.id)).order_by(col(ApprovalVote.id))
        )
    )
    what = _reminder(step, now)
    if what:
        step.reminded_at = now
        session.add(step)
        session.flush()
    if what == "overdue":
        tell(session, CLOCK, approval, "approval_overdue", now, {})
        tell_asker(session, CLOCK, approval, "overdue", approval.title, now)
        return True
    asked = ask_open(session, approval, step, votes, now, remind=what == "remind")
    if asked:
        tell(session, CLOCK, approval, "approval_reminded" if what else "approval_asked", now, {"to": asked})
    return bool(asked or what)
