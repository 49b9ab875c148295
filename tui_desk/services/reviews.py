"""A colleague checks a draft before it leaves: asked, decided, withdrawn, taken over. The draft itself stays its author's.

A changed text does not overwrite the draft: it is kept beside it, and the author takes it over. So nobody's words leave under a name whose
owner has not seen them, and what the author wrote meanwhile is not lost.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from tui_desk.contracts.conversation import GuardFinding, SendReply
from tui_desk.contracts.reviews import (
    AskReview,
    DecideReview,
    ReviewDecision,
    ReviewView,
    TakeOverReview,
    WithdrawReview,
)
from tui_desk.core.enums import DraftKind, Role
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, storable
from tui_desk.models import Agent, Draft, Event, Review, Ticket
from tui_desk.rules import reviews as rules
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_named
from tui_desk.services.context import known, now, require, ticket_to_change, ticket_to_work_on
from tui_desk.services.deeds import told_value
from tui_desk.services.drafts import draft_of
from tui_desk.services.events import ticket_stream
from tui_desk.services.notify import notify
from tui_desk.services.review_rows import forget_notice, open_reviews, review_name, review_of, withdraw
from tui_desk.services.review_scope import check_of_text, decided_scope, request_of, scope_of_draft
from tui_desk.services.review_view import review_view
from tui_desk.services.rows import ROW_ADDED, add_row, change_row
from tui_desk.services.settings_store import BINDING, DRAFT_CHECKS, read_setting

TEXT_LIMIT = 2_000
_STATES = {
    ReviewDecision.APPROVE: rules.APPROVED,
    ReviewDecision.CHANGE: rules.CHANGED,
    ReviewDecision.REFUSE: rules.REFUSED,
}
CHECK_CODES = {
    rules.WAITING: "check_waiting",
    rules.REFUSED: "check_refused",
    rules.CHANGED: "check_changed",
    rules.OUTDATED: "check_outdated",
}
"""Codes of the send guard, by what the check is worth."""


def ask(session: Session, actor: Actor, request: AskReview) -> ReviewView:
    """Raises UsageError (a note, oneself, nothing written), NotFound (ticket, agent), Refused (an agent who cannot, a merged ticket)."""
    require(actor, Permission.WRITE)
    if request.kind is DraftKind.NOTE:
        raise UsageError(_("A note needs no check: it never leaves the desk."))
    ticket_to_work_on(session, request.number)
    reviewer = agent_named(session, actor, request.reviewer)
    if reviewer.id == actor.agent_id:
        raise UsageError(_("Nobody checks a draft of their own."), _("Name a colleague."))
    if not _may_check(reviewer):
        raise Refused(_("{login} cannot check drafts.").format(login=safe_line(reviewer.login)))
    draft = draft_of(session, actor, request.number, request.kind)
    if draft is None or not draft.body.strip():
        raise UsageError(
            _("There is nothing of yours to check in #{number}: write the draft first.").format(
                number=request.number
            )
        )
    at = now(session)
    for waiting in open_reviews(session, known(draft.id)):
        withdraw(session, actor, waiting, at)
    review = Review(
        draft_id=known(draft.id),
        ticket_id=request.number,
        asked_by_id=draft.agent_id,
        reviewer_id=known(reviewer.id),
        state=rules.AT_ONCE if request.at_once else rules.WAITING,
        question=safe_block(request.question, TEXT_LIMIT).strip(),
        body=draft.body,
        asked_at=at,
    )
    name = review_name(draft.body, request.number)
    add_row(session, actor, ticket_stream(request.number), review, at, name=name)
    _tell(session, actor, review, review.reviewer_id, "review", review.question or name, at)
    return review_view(session, actor, review)


def _may_check(agent: Agent) -> bool:
    return agent.active and allowed(Role(agent.role), Permission.WRITE)


def _tell(
    session: Session, actor: Actor, review: Review, agent_id: int, kind: str, text: str, at: datetime
) -> None:
    subject = f"review:{review.id}"
    notify(session, actor, agent_id, kind, at, ticket=review.ticket_id, subject=subject, text=text)


def _locked(session: Session, review_id: int) -> tuple[Ticket, Review]:
    """A check, with its ticket locked. Raises NotFound."""
    while True:
        review = session.get(Review, review_id, populate_existing=True)
        if review is None:
            raise NotFound(_("There is no check {id}.").format(id=review_id))
        ticket = ticket_to_change(session, review.ticket_id)
        session.refresh(review, with_for_update=True)
        if review.ticket_id == ticket.id:
            return ticket, review  # else it was merged while this waited


def _draft(session: Session, review: Review) -> Draft | None:
    return session.exec(select(Draft).where(Draft.id == review.draft_id).with_for_update()).first()


def decide(session: Session, actor: Actor, request: DecideReview) -> ReviewView:
    """Raises NotFound, Refused (somebody else is asked, it is over), UsageError (a refusal without a word), Conflict (another text)."""
    require(actor, Permission.WRITE)
    ticket, review = _locked(session, request.id)
    if review.reviewer_id != actor.agent_id:
        raise Refused(
            _("Somebody else was asked to check this draft: {name}.").format(
                name=_agent_name(session, review.reviewer_id)
            )
        )
    draft = _draft(session, review)
    if review.state not in rules.OPEN or draft is None:
        raise Refused(_("This check is over: {state}.").format(state=_state_word(review.state)))
    if request.seen is not None and not rules.same_text(safe_block(draft.body), request.seen):
        raise Conflict(
            _("{name} has changed the draft while you looked at it.").format(
                name=_agent_name(session, review.asked_by_id)
            ),
            _("Nothing is decided: look at the text of now."),
        )
    comment = safe_block(request.comment, TEXT_LIMIT).strip()
    state, text = _decided(request, draft, comment)
    leaves = review.state == rules.AT_ONCE and state == rules.APPROVED
    at = now(session)
    name = review_name(draft.body, review.ticket_id)
    values = {"state": state, "comment": comment, "body": text, "decided_at": at}
    scope = scope_of_draft(session, ticket, draft)
    stream = ticket_stream(review.ticket_id)
    change_row(session, actor, stream, review, values, at, name=name, scope=scope)
    forget_notice(session, review, at)
    told = " · ".join(filter(None, (_state_word(state), comment)))
    if leaves:
        obstacle = _leave(session, review, draft)
        told = " · ".join((told, obstacle or _("it is on its way")))
    _tell(session, actor, review, review.asked_by_id, "reviewed", told, at)
    return review_view(session, actor, review)


def _decided(request: DecideReview, draft: Draft, comment: str) -> tuple[str, str]:
    """The state, and the text that was decided on. A text given back as it was is an approval."""
    if request.decision is ReviewDecision.REFUSE and not comment:
        raise UsageError(_("Say in a word why it should not leave so."))
    if request.decision is not ReviewDecision.CHANGE:
        return _STATES[request.decision], draft.body
    if not request.text.strip():
        raise UsageError(_("The changed text is empty: refuse it instead, with a word why."))
    text = storable(request.text).rstrip()
    if rules.same_text(safe_block(draft.body), text):
        return rules.APPROVED, draft.body
    return rules.CHANGED, text


def _leave(session: Session, review: Review, draft: Draft) -> str:
    """Send an approved draft as its author asked; answers why it does not leave, else nothing."""
    from tui_desk.services.conversation import reply  # which asks this module about checks

    author = session.get_one(Agent, review.asked_by_id)
    if not _may_check(author):
        return _("it has not left: its author does not write here any more")
    sender = Actor(author.id, author.login, author.name, Role(author.role))
    try:
        with session.begin_nested():
            result = reply(session, sender, request_of(draft))
    except DeskError as error:
        return _("it has not left: {why}").format(why=error.sentence)
    if result.findings:
        return _("it has not left: {why}").format(why=result.findings[0].sentence)
    return ""


def withdraw_review(session: Session, actor: Actor, request: WithdrawReview) -> ReviewView:
    """Raises NotFound, Refused (of somebody else, over, checks are binding)."""
    require(actor, Permission.WRITE)
    _ticket, review = _locked(session, request.id)
    supervisor = allowed(actor.role, Permission.CONFIGURE_WORK)
    if review.asked_by_id != actor.agent_id and not supervisor:
        raise Refused(
            _("{name} asked for this check, and takes it back.").format(
                name=_agent_name(session, review.asked_by_id)
            )
        )
    if review.state not in rules.OPEN:
        raise Refused(_("This check is over: {state}.").format(state=_state_word(review.state)))
    if not supervisor:
        refuse_binding(session)
    withdraw(session, actor, review, now(session))
    return review_view(session, actor, review)


def refuse_binding(session: Session) -> None:
    """Raises Refused where checks that were asked for are binding."""
    if read_setting(session, DRAFT_CHECKS) == BINDING:
        raise Refused(
            _("On this desk a check that was asked for is binding."),
            _("Ask another colleague instead (Ctrl+R), or have a supervisor take it back."),
        )


def take_over(session: Session, actor: Actor, request: TakeOverReview) -> ReviewView:
    """The colleague's text becomes the author's draft. Raises NotFound, Refused (not one's own, nothing changed, the draft has ended)."""
    require(actor, Permission.WRITE)
    _ticket, review = _locked(session, request.id)
    draft = _draft(session, review)
    if review.asked_by_id != actor.agent_id:
        raise Refused(_("It is somebody else's draft."))
    if review.state != rules.CHANGED or draft is None:
        raise Refused(_("There is no changed text to take over."))
    if request.seen is not None and not rules.same_text(safe_block(draft.body), request.seen):
        raise Conflict(
            _("The draft is another one by now."),
            _("Nothing was taken over: look at what is changed once more."),
        )
    draft.body, draft.updated_at = review.body, now(session)
    session.add(draft)
    session.flush()
    return review_view(session, actor, review)


def finding(
    session: Session, actor: Actor, draft: Draft | None, request: SendReply, scope: str
) -> GuardFinding | None:
    """What speaks against sending a text: its check waits, was refused, or is not of this text, these recipients and files
    (``scope``). Raises Refused where checks are binding; there a text is known again in any other draft, too."""
    binding = read_setting(session, DRAFT_CHECKS) == BINDING
    review = review_of(session, draft) if draft is not None else None
    if review is None and binding:
        review = check_of_text(session, actor, request)
    if review is None:
        return None
    worth = rules.standing(review.state, review.body, request.body) or rules.WAITING
    who = _agent_name(session, review.reviewer_id)
    if worth in CHECK_CODES:
        sentence = _sentence(worth, who, safe_line(review.comment, 300))
    elif worth == rules.APPROVED and decided_scope(session, review) not in ("", scope):
        worth = rules.OUTDATED
        sentence = _("Who gets it, or what is attached, was changed since {who} approved it.").format(who=who)
    else:
        return None
    if binding:
        raise Refused(sentence, _("On this desk a draft that is to be checked leaves when it is approved."))
    return GuardFinding(CHECK_CODES[worth], sentence)


def _sentence(worth: str, who: str, comment: str) -> str:
    if worth == rules.WAITING:
        return _("{who} was asked to check this draft and has not answered yet.").format(who=who)
    if worth == rules.REFUSED:
        return _("{who} does not want it to leave so: {comment}").format(who=who, comment=comment)
    if worth == rules.CHANGED:
        return _("{who} has changed the text, and this is not the changed one.").format(who=who)
    return _("The text was changed since {who} approved it.").format(who=who)


def guard_review(session: Session, actor: Actor, event: Event) -> None:
    """Raises Refused where an undo would unmake a check of a draft that has ended, or get round one that is binding."""
    told = told_value(event)
    if told["table"] != Review.__tablename__:
        return
    review = session.get(Review, int(told["id"]))
    if review is None or session.get(Draft, review.draft_id) is None:
        raise Refused(_("Not undone: that draft has left, or was thrown away."))
    asked = event.action == ROW_ADDED
    if asked and not allowed(actor.role, Permission.CONFIGURE_WORK):
        refuse_binding(session)
    if not asked and actor.agent_id not in (review.reviewer_id, review.asked_by_id):
        raise Refused(_("Not undone: it is a check of others."))


def _agent_name(session: Session, agent_id: int) -> str:
    agent = session.get(Agent, agent_id)
    return safe_line(agent.name or agent.login) if agent is not None else "–"


def _state_word(state: str) -> str:
    words = {
        rules.WAITING: _("waiting"),
        rules.AT_ONCE: _("waiting"),
        rules.APPROVED: _("approved"),
        rules.CHANGED: _("changed"),
        rules.REFUSED: _("refused"),
        rules.WITHDRAWN: _("withdrawn"),
    }
    return words.get(state, safe_line(state))
