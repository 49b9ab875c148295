"""Ratings as people see them: of a ticket, of a person, of an organisation."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, col, func, select

from tui_desk.contracts.satisfaction import RatingView, SatisfactionView
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Event, Person, Satisfaction
from tui_desk.rules.ratings import rating_word
from tui_desk.services.deeds import told_value

LATEST = 5


def ratings_of(session: Session, number: int) -> tuple[RatingView, ...]:
    """The surveys of a ticket, oldest first."""
    return _views(session, col(Satisfaction.ticket_id) == number, newest_first=False)


def satisfaction_of(session: Session, whose: ColumnElement[bool]) -> SatisfactionView:
    """What the ratings that a condition names come to."""
    score = col(Satisfaction.score)
    asked, answered, good, bad = session.exec(
        select(
            func.count(),
            func.count(score),
            func.sum(case((score >= 4, 1), else_=0)),
            func.sum(case((score <= 2, 1), else_=0)),
        ).where(whose)
    ).one()
    if not asked:
        return SatisfactionView()
    latest = _views(session, whose & score.is_not(None), newest_first=True)
    return SatisfactionView(int(asked), int(answered), int(good or 0), int(bad or 0), latest)


def of_person(session: Session, person_id: int) -> SatisfactionView:
    """A person's ratings."""
    return satisfaction_of(session, col(Satisfaction.person_id) == person_id)


def of_organization(session: Session, organization_id: int) -> SatisfactionView:
    """The ratings of all people of an organisation."""
    theirs = select(Person.id).where(Person.organization_id == organization_id)
    return satisfaction_of(session, col(Satisfaction.person_id).in_(theirs))


def _views(session: Session, whose: ColumnElement[bool], *, newest_first: bool) -> tuple[RatingView, ...]:
    statement = (
        select(Satisfaction, Person.name).join(Person, col(Person.id) == Satisfaction.person_id).where(whose)
    )
    if newest_first:
        statement = statement.order_by(
            col(Satisfaction.answered_at).desc(), col(Satisfaction.id).desc()
        ).limit(LATEST)
    else:
        statement = statement.order_by(col(Satisfaction.id))
    return tuple(
        RatingView(
            ticket=row.ticket_id,
            person=safe_line(name),
            asked_at=row.asked_at,
            score=row.score,
            word=rating_word(row.score),
            comment=safe_block(row.comment),
            answered_at=row.answered_at,
        )
        for row, name in session.exec(statement).all()
    )


def guard_rating(event: Event) -> None:
    """Raises Refused: how content somebody was is nobody else's to unmake. Which record it belongs to may be taken back."""
    told = told_value(event)
    if told["table"] == Satisfaction.__tablename__ and "score" in told["values"]:
        raise Refused(
            _("Not undone: a rating is the requester's own, and the mail that asked for it has left.")
        )
