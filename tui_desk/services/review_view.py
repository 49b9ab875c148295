"""The checks of drafts as screens show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlmodel import Session, col, or_, select

from tui_desk.contracts.reviews import ChangedLine, ListReviews, ReviewView
from tui_desk.core.enums import DraftKind
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Agent, Attachment, Draft, Review, Ticket
from tui_desk.rules import reviews as rules
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, require
from tui_desk.services.drafts import draft_attachments


class _Facts(NamedTuple):
    """What the views of some checks need."""

    agents: dict[int, Agent]
    drafts: dict[int, Draft]
    subjects: dict[int, str]
    files: list[Attachment]


def list_reviews(session: Session, actor: Actor, request: ListReviews) -> tuple[ReviewView, ...]:
    """What waits for the acting agent first, then what the agent asked, each the newest first."""
    require(actor, Permission.VIEW)
    mine = or_(Review.reviewer_id == actor.agent_id, Review.asked_by_id == actor.agent_id)
    statement = select(Review).where(mine)
    if not request.everything:
        live = select(Draft.id)
        statement = statement.where(
            Review.state != rules.WITHDRAWN,
            or_(col(Review.state).in_(rules.OPEN), Review.asked_by_id == actor.agent_id),
            col(Review.draft_id).in_(live),
        )
    rows = session.exec(statement.order_by(col(Review.id).desc()).limit(request.limit)).all()
    found = _views(session, actor, rows)
    if not request.everything:
        found = [one for one in found if one.standing]
    return tuple(sorted(found, key=lambda one: (not one.for_me, -one.id)))


def reviews_of(session: Session, actor: Actor, number: int) -> tuple[ReviewView, ...]:
    """The checks of the drafts that are in a ticket now, one for each draft."""
    rows = session.exec(
        select(Review)
        .join(Draft, col(Draft.id) == Review.draft_id)
        .where(Draft.ticket_id == number, Review.state != rules.WITHDRAWN)
        .order_by(col(Review.id))
    ).all()
    newest = {review.draft_id: review for review in rows}
    return tuple(_views(session, actor, list(newest.values())))


def review_view(session: Session, actor: Actor, review: Review) -> ReviewView:
    """One check."""
    return _views(session, actor, [review])[0]


def _views(session: Session, actor: Actor, reviews: Sequence[Review]) -> list[ReviewView]:
    if not reviews:
        return []
    facts = _facts(session, reviews)
    return [_one(actor, review, facts) for review in reviews]


def _facts(session: Session, reviews: Iterable[Review]) -> _Facts:
    reviews = list(reviews)
    people = {one for review in reviews for one in (review.asked_by_id, review.reviewer_id)}
    agents = session.exec(select(Agent).where(col(Agent.id).in_(people))).all()
    ids = [review.draft_id for review in reviews]
    drafts = session.exec(select(Draft).where(col(Draft.id).in_(ids))).all()
    tickets = session.exec(
        select(Ticket.id, Ticket.subject).where(col(Ticket.id).in_({review.ticket_id for review in reviews}))
    ).all()
    return _Facts(
        {known(one.id): one for one in agents},
        {known(one.id): one for one in drafts},
        {known(number): subject for number, subject in tickets},
        draft_attachments(session, [known(one.id) for one in drafts]),
    )


def _one(actor: Actor, review: Review, facts: _Facts) -> ReviewView:
    author, reviewer = facts.agents[review.asked_by_id], facts.agents[review.reviewer_id]
    draft = facts.drafts.get(review.draft_id)
    worth = rules.standing(review.state, review.body, draft.body) if draft is not None else ""
    changed = rules.changes(draft.body, review.body) if draft is not None and worth == rules.CHANGED else ()
    return ReviewView(
        id=known(review.id),
        ticket=review.ticket_id,
        subject=safe_line(facts.subjects.get(review.ticket_id, "")),
        kind=DraftKind(draft.kind) if draft is not None else None,
        author=safe_line(author.name or author.login),
        author_login=safe_line(author.login),
        reviewer=safe_line(reviewer.name or reviewer.login),
        reviewer_login=safe_line(reviewer.login),
        by_me=review.asked_by_id == actor.agent_id,
        for_me=review.reviewer_id == actor.agent_id and worth == rules.WAITING,
        state=review.state,
        standing=worth,
        question=safe_block(review.question),
        comment=safe_block(review.comment),
        to=safe_line(draft.to) if draft is not None else "",
        text=safe_block(draft.body) if draft is not None else "",
        decided_text=safe_block(review.body),
        changes=tuple(ChangedLine(one.mark, safe_line(one.text, 2_000)) for one in changed),
        asked_at=review.asked_at,
        decided_at=review.decided_at,
        base_message_id=draft.base_message_id if draft is not None else 0,
        cc=safe_line(draft.cc) if draft is not None else "",
        bcc=safe_line(draft.bcc) if draft is not None else "",
        files=tuple(safe_line(one.filename) for one in facts.files if one.draft_id == review.draft_id),
    )
