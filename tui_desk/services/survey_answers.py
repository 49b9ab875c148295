"""Answers to surveys that come by mail: recognised by their code, kept in the conversation whatever they say, counted where everything
holds. What does not count is shown with its reason.

An answer that only rates changes nothing about its ticket; one that asks something, or says why it is a bad one, is a mail like any other:
it wakes the ticket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from tui_desk.core.enums import MailKind, Verdict
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, visible_address
from tui_desk.mail.rating_words import Rating, rating_of
from tui_desk.mail.survey_token import is_genuine, tokens_in
from tui_desk.models import Message, Satisfaction, Ticket
from tui_desk.rules import ratings as rules
from tui_desk.rules.addresses import address_key
from tui_desk.services.actor import MAIL
from tui_desk.services.approval_answers import token_places
from tui_desk.services.context import known, ticket_to_change
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.intake_batch import Batch
from tui_desk.services.intake_message import add_message, add_route, author_of, shown_name
from tui_desk.services.intake_values import Outcome, PreparedMail
from tui_desk.services.notify import notify
from tui_desk.services.participants import planned_person
from tui_desk.services.rows import change_row

COUNTED, NOT_COUNTED = "rating_counted", "rating_not_counted"
"""Marks of an answer's message."""
EVIDENCE = "survey_answer"
_COMMENT_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """A mail that holds the code of a survey. ``number``: the ticket where the survey stands now."""

    mail: PreparedMail
    survey_id: int
    number: int
    genuine: bool
    from_asked: bool
    rating: Rating

    @property
    def only_rates(self) -> bool:
        """It comes from who was asked, by the code of the survey, and nobody need look at it."""
        parsed = self.mail.parsed
        assert parsed is not None
        machine = parsed.bounce is not None or parsed.is_automatic
        return (
            self.genuine
            and self.from_asked
            and not machine
            and self.mail.trust.authenticated is not False
            and not self.rating.wants_an_answer
        )


def survey_answer(batch: Batch, mail: PreparedMail) -> SurveyAnswer | None:
    """The survey that ``mail`` answers; None for every other mail. Nothing is written."""
    parsed = mail.parsed
    if parsed is None or mail.imported or parsed.kind == MailKind.LOOP.value or not batch.facts.secret:
        return None
    tokens = tokens_in(token_places(parsed))
    if not tokens:
        return None
    surveys = {
        int(survey): (int(number), str(recipients[0][1]) if recipients else "")
        for survey, number, recipients in batch.session.execute(
            select(col(Satisfaction.id), col(Message.ticket_id), col(Message.recipients_to))
            .join(Message, col(Message.id) == col(Satisfaction.question_message_id))
            .where(col(Satisfaction.id).in_([one.survey for one in tokens if one.survey < 2**31]))
        )
    }
    weaker: SurveyAnswer | None = None
    for token in tokens:
        if token.survey not in surveys:
            continue
        number, address = surveys[token.survey]
        asked = address_key(address)
        from_asked = mail.sender == asked and len(parsed.from_) == 1
        genuine = is_genuine(token, token.survey, asked, batch.facts.secret)
        answer = SurveyAnswer(mail, token.survey, number, genuine, from_asked, rating_of(parsed))
        if genuine:
            return answer
        if weaker is None and from_asked:
            weaker = answer
    return weaker


def kept_quietly(batch: Batch, answer: SurveyAnswer) -> Outcome | None:
    """Plan the rows of an answer that only rates: a message of its ticket that moves nothing. None where the ticket is gone."""
    mail, parsed = answer.mail, answer.mail.parsed
    assert parsed is not None
    batch.look_up_tickets([answer.number])
    state = batch.tickets.get(answer.number)
    if state is None:
        return None
    evidence = [_evidence(_("It answers the survey of this ticket."))]
    author = planned_person(batch, *author_of(parsed))
    message_id = add_message(batch, mail, parsed, state, author, evidence, ())
    state.version += 1
    state.changed = True
    told = {
        "message_id": message_id,
        "mail_kind": parsed.kind,
        "sentence": _("A message from {name} arrived").format(name=shown_name(parsed)),
    }
    batch.record(state.id, "message_received", after=told)
    add_route(batch, mail, state.id)
    return Outcome(Verdict.JOINED, state.id, message_id, evidence=tuple(evidence))


def settle_ratings(batch: Batch) -> None:
    """Count the answers of a batch whose rows are written, in the order they came."""
    for answer, message_id in batch.ratings:
        _settle(batch, answer, message_id)


def _settle(batch: Batch, answer: SurveyAnswer, message_id: int) -> None:
    session = batch.session
    survey = session.get(Satisfaction, answer.survey_id, populate_existing=True)
    if survey is None:
        return
    ticket = ticket_to_change(session, survey.ticket_id)
    session.refresh(ticket)
    reason = rules.refusal(_facts(batch, answer, survey))
    if reason == "unsure":
        return  # an ordinary mail
    message = session.get_one(Message, message_id, populate_existing=True)
    if reason:
        sentence = _("The rating does not count: {reason}").format(reason=reason_text(reason))
    else:
        _count(batch, answer, survey, ticket, message)
        sentence = _("Counted as a rating: {score} of 5").format(score=answer.rating.score)
    message.evidence = [*message.evidence, _evidence(sentence)]
    message.marks = [*message.marks, NOT_COUNTED if reason else COUNTED]
    session.add(message)
    session.flush()
    if reason:
        told = {"who": visible_address(message.author_address), "reason": reason, "message_id": message_id}
        record(session, MAIL, ticket_stream(known(ticket.id)), "rating_refused", batch.now, after=told)


def _facts(batch: Batch, answer: SurveyAnswer, survey: Satisfaction) -> rules.RatingFacts:
    parsed, mail = answer.mail.parsed, answer.mail
    assert parsed is not None
    mailbox = batch.facts.mailboxes.get(mail.mailbox_id) if mail.mailbox_id is not None else None
    return rules.RatingFacts(
        machine=parsed.bounce is not None or parsed.is_automatic,
        genuine=answer.genuine,
        from_asked=answer.from_asked,
        authenticated=mail.trust.authenticated,
        proof_needed=mailbox is not None and bool(mailbox.authserv_ids),
        rated=answer.rating.score is not None,
        answered=survey.answered_at is not None,
        late=mail.received_at > survey.asked_at + rules.LATE_AFTER,
    )


def _count(
    batch: Batch, answer: SurveyAnswer, survey: Satisfaction, ticket: Ticket, message: Message
) -> None:
    session, now = batch.session, batch.now
    comment = safe_block(answer.rating.comment, _COMMENT_LIMIT).strip()
    values = {
        "score": answer.rating.score,
        "comment": comment,
        "answered_at": now,
        "answer_message_id": message.id,
    }
    number = known(ticket.id)
    change_row(session, MAIL, ticket_stream(number), survey, values, now, name=f"#{number}")
    if ticket.assignee_id is not None:
        words = {rules.GOOD: _("good"), rules.FAIR: _("fair"), rules.BAD: _("bad")}
        text = " · ".join(filter(None, (words[rules.rating_word(answer.rating.score)], comment)))
        notify(
            session, MAIL, ticket.assignee_id, "rated", now, ticket=number, message_id=message.id, text=text
        )


def reason_text(reason: str) -> str:
    """Why an answer to a survey is not counted."""
    texts: dict[str, str] = {
        "machine": _("no person wrote it."),
        "token": _("its code is not the one of the survey."),
        "address": _("it does not come from the address that was asked."),
        "unverified": _("the sender could not be confirmed."),
        "unproven": _("the mailbox's server does not vouch for the sender."),
        "again": _("this survey was answered before; the first answer counts."),
        "late": _("it came too late."),
    }
    return texts.get(reason, reason)


def _evidence(sentence: str) -> dict[str, Any]:
    return {"kind": EVIDENCE, "value": "", "weight": 100, "sentence": sentence}
