"""The checks of drafts as rows: what belongs to a draft, and what becomes of a check whose draft, author or reviewer is gone.

See ``services.reviews`` for what people ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from tui_desk.core.safe_text import safe_line
from tui_desk.models import Draft, Review
from tui_desk.rules import reviews as rules
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, ticket_to_change
from tui_desk.services.events import ticket_stream
from tui_desk.services.notify import notify, settle
from tui_desk.services.rows import change_row

NAME_LIMIT = 60


def review_name(text: str, number: int) -> str:
    """What people call a check: the first line of the draft."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return safe_line(first.strip(), NAME_LIMIT) or f"#{number}"


def fresh_draft_id(session: Session) -> int | None:
    """The id of a new draft, where the database would give one again that a check still names (SQLite); None elsewhere."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    last = session.exec(select(func.max(col(Draft.id)))).one() or 0
    named = session.exec(select(func.max(col(Review.draft_id)))).one() or 0
    return max(last, named) + 1


def review_of(session: Session, draft: Draft) -> Review | None:
    """The check that counts for a draft: the newest that was not withdrawn."""
    return session.exec(
        select(Review)
        .where(Review.draft_id == known(draft.id), Review.state != rules.WITHDRAWN)
        .order_by(col(Review.id).desc())
        .limit(1)
    ).first()


def open_reviews(session: Session, draft_id: int) -> Sequence[Review]:
    """The checks of a draft that wait to be decided."""
    return session.exec(
        select(Review).where(Review.draft_id == draft_id, col(Review.state).in_(rules.OPEN))
    ).all()


def lock_for_checks(session: Session, number: int) -> None:
    """Lock a ticket in which checks wait: whoever ends a draft there writes into its history."""
    waiting = select(Review.id).where(Review.ticket_id == number, col(Review.state).in_(rules.OPEN)).limit(1)
    if session.exec(waiting).first() is not None:
        ticket_to_change(session, number)


def withdraw(session: Session, actor: Actor, review: Review, at: datetime) -> None:
    """The question is taken back; its ticket is locked by the caller. Whoever was asked has it in the list no more."""
    name = review_name(review.body, review.ticket_id)
    values = {"state": rules.WITHDRAWN, "decided_at": at}
    change_row(session, actor, ticket_stream(review.ticket_id), review, values, at, name=name)
    forget_notice(session, review, at)


def forget_notice(session: Session, review: Review, at: datetime) -> None:
    """Who was asked need not look any more: what told them counts as read."""
    settle(session, f"review:{review.id}", ("review",), at, (review.reviewer_id,))


def end_of_draft(session: Session, actor: Actor, draft: Draft, at: datetime) -> None:
    """The draft leaves or is thrown away: nobody need check it any more."""
    for review in open_reviews(session, known(draft.id)):
        withdraw(session, actor, review, at)


def agent_left(session: Session, actor: Actor, agent_id: int, at: datetime) -> None:
    """An agent works here no more, or may only read: checks that wait for that agent are withdrawn and their authors told, so that they
    ask somebody else; the agent's own questions are withdrawn, the drafts stay where they are."""
    reviews = session.exec(
        select(Review)
        .where(
            or_(Review.reviewer_id == agent_id, Review.asked_by_id == agent_id),
            col(Review.state).in_(rules.OPEN),
        )
        .order_by(col(Review.ticket_id), col(Review.id))
    ).all()
    for review in reviews:
        ticket_to_change(session, review.ticket_id)
        session.refresh(review)
        if review.state not in rules.OPEN:
            continue
        withdraw(session, actor, review, at)
        if review.asked_by_id != agent_id:
            notify(
                session,
                actor,
                review.asked_by_id,
                "review_lost",
                at,
                ticket=review.ticket_id,
                subject=f"review:{review.id}",
                text=review_name(review.body, review.ticket_id),
            )
