"""Questions by mail: what an approver gets, and how the desk knows its question again.

A question is an internal message of kind *system* whose evidence says what it asks: approval, step, vote, address, digest. It
names nothing of the ticket but the approval's own text, and its token is in the mail alone: colleagues who read the ticket
cannot answer in the approver's place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tui_desk.core.enums import Direction, MessageKind
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.db.search import index_message
from tui_desk.mail.approval_token import Question, make_token, token_address, token_message_id
from tui_desk.mail.compose import OutgoingMail, compose
from tui_desk.mail.message import Address
from tui_desk.models import Agent, Approval, ApprovalStep, ApprovalVote, Mailbox, Message, Person, Ticket
from tui_desk.rules.addresses import address_key
from tui_desk.rules.money import amount_text
from tui_desk.services.approval_content import lines_of
from tui_desk.services.approval_people import asked_of
from tui_desk.services.context import known
from tui_desk.services.currencies import digits_of
from tui_desk.services.identity import desk_id, message_secret
from tui_desk.services.outbox import enqueue
from tui_desk.services.senders import Sender, mailbox_for, sender_for

QUESTION = "approval_question"
ANSWER = "approval_answer"
NOTICE = "approval_notice"
"""Kinds of evidence: of a question, of an answer, of a reminder or an explanation."""

Evidence = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was sent: its message, and what it asks."""

    message: Message
    question: Question
    evidence: Evidence

    @property
    def void(self) -> bool:
        """It was taken back."""
        return bool(self.evidence.get("void"))

    @property
    def explained(self) -> bool:
        """Its approver was told once why an answer did not count."""
        return bool(self.evidence.get("explained"))

    @property
    def person(self) -> int:
        """Whom it asks."""
        return int(self.evidence["person"])


def question_in(message: Message) -> Asked | None:
    """What a message asks; None where it is no question."""
    told = next((item for item in message.evidence if item.get("kind") == QUESTION), None)
    if told is None:
        return None
    question = Question(
        known(message.id),
        int(told["approval"]),
        int(told["step"]),
        int(told["vote"]),
        str(told["address"]),
        str(told["digest"]),
    )
    return Asked(message, question, told)


def questions_of(session: Session, approval: Approval) -> list[Asked]:
    """All questions of an approval, oldest first, also those that were moved to another ticket since."""
    named = (
        select(ApprovalVote.question_message_id)
        .join(ApprovalStep, col(ApprovalStep.id) == ApprovalVote.step_id)
        .where(ApprovalStep.approval_id == approval.id)
    )
    rows = session.exec(
        select(Message)
        .where(
            or_(col(Message.ticket_id) == approval.ticket_id, col(Message.id).in_(named)),
            Message.kind == MessageKind.SYSTEM.value,
            Message.direction == Direction.INTERNAL.value,
        )
        .order_by(col(Message.id))
    )
    found = [asked for row in rows if (asked := question_in(row)) is not None]
    return [asked for asked in found if asked.question.approval == approval.id]


def change_evidence(session: Session, asked: Asked, **told: Any) -> None:
    """Note something about a question: ``void``, ``explained``."""
    asked.message.evidence = [
        {**item, **told} if item.get("kind") == QUESTION else item for item in asked.message.evidence
    ]
    session.add(asked.message)
    session.flush()


def void_questions(session: Session, approval: Approval) -> None:
    """Take all questions back: what they ask is not so any more."""
    for asked in questions_of(session, approval):
        if not asked.void:
            change_evidence(session, asked, void=True)


def ask_open(
    session: Session,
    approval: Approval,
    step: ApprovalStep,
    votes: list[ApprovalVote],
    at: datetime,
    *,
    remind: bool = False,
    opening: str = "",
) -> list[str]:
    """Ask everybody who can decide the open step now and was not asked yet (``remind``: the others again). ``opening`` is said first.

    Answers the addresses that got a mail; none on a desk that has no address to write from.
    """
    ticket = session.get_one(Ticket, approval.ticket_id)
    try:
        sender = sender_for(session, ticket)
    except Refused:
        return []
    live = {
        (asked.question.vote, asked.question.address): asked
        for asked in questions_of(session, approval)
        if not asked.void
    }
    found: list[str] = []
    for vote, person_id, address in asked_of(
        session, approval, [one for one in votes if not one.decision], at
    ):
        asked = live.get((known(vote.id), address_key(address)))
        if asked is not None and not remind:
            continue
        letter = _Letter(
            session, ticket, approval, step, vote, sender, session.get_one(Person, person_id), address, at
        )
        if asked is None:
            letter.ask(opening)
        else:
            letter.remind(asked)
        found.append(address)
    return found


@dataclass(frozen=True, slots=True)
class _Letter:
    """One mail to one address about one vote."""

    session: Session
    ticket: Ticket
    approval: Approval
    step: ApprovalStep
    vote: ApprovalVote
    sender: Sender
    person: Person
    address: str
    at: datetime

    def ask(self, opening: str = "") -> None:
        body = f"{opening}\n\n{self.body()}" if opening else self.body()
        message = self._row(self._subject(), body)
        question = Question(
            known(message.id),
            known(self.approval.id),
            known(self.step.id),
            known(self.vote.id),
            address_key(self.address),
            self.approval.content_digest,
        )
        message.evidence = [
            {
                "kind": QUESTION,
                "value": "",
                "weight": 0,
                "approval": question.approval,
                "step": question.step,
                "vote": question.vote,
                "person": known(self.person.id),
                "address": question.address,
                "digest": question.digest,
                "sentence": _("A decision is asked of {address}.").format(
                    address=visible_address(self.address)
                ),
            }
        ]
        self.session.add(message)
        if self.vote.person_id == self.person.id:
            self.vote.question_message_id = message.id
            self.session.add(self.vote)
        token = make_token(question, message_secret(self.session))
        self._send(message, message.text, token, None)

    def remind(self, asked: Asked) -> None:
        opening = _("This is a reminder: no answer of yours has arrived yet.")
        self.follow_up(asked, self._subject(), f"{opening}\n\n{self.body()}", None)

    def follow_up(
        self, asked: Asked, subject: str, body: str, answer: Message | None, *, answerable: bool = True
    ) -> None:
        """A further mail about a question that was asked. ``answerable``: it can be answered like the question itself."""
        message = self._row(subject, body)
        message.evidence = [
            {"kind": NOTICE, "value": "", "weight": 0, "approval": self.approval.id, "sentence": ""}
        ]
        self.session.add(message)
        token = make_token(asked.question, message_secret(self.session))
        self._send(message, body, token, answer, answerable=answerable)

    def _subject(self) -> str:
        return _("Please decide: {title}").format(title=self.approval.title)

    def body(self) -> str:
        """What is decided and how to answer. Begins with no word that could be an answer, and names nothing of the ticket."""
        approval = self.approval
        asker = self.session.get(Agent, approval.requested_by_id) if approval.requested_by_id else None
        parts = [_("A decision is asked of you.")]
        if self.vote.person_id != self.person.id:
            absent = self.session.get_one(Person, self.vote.person_id)
            parts = [
                _("A decision is asked of you in place of {name}, who is away.").format(
                    name=safe_line(absent.name) or visible_address(self.vote.address)
                )
            ]
        parts.append(f"**{safe_line(approval.title)}**")
        if approval.details.strip():
            parts.append(safe_block(approval.details).strip())
        lines = lines_of(self.session, [approval])[known(approval.id)]
        if lines:
            parts.append("\n".join(f"- {line}" for line in lines))
        facts = []
        if approval.amount is not None:
            amount = amount_text(approval.amount, approval.currency, digits_of(approval.currency))
            facts.append(_("Amount: {amount}").format(amount=amount))
        if asker is not None:
            facts.append(_("Asked by: {name}").format(name=safe_line(asker.name or asker.login)))
        if self.step.due_at is not None:
            day = self.step.due_at.astimezone().strftime("%Y-%m-%d %H:%M")
            facts.append(_("Due: {day}").format(day=day))
        if facts:
            parts.append("  \n".join(facts))
        return "\n\n".join(parts)

    def _row(self, subject: str, body: str) -> Message:
        message = Message(
            ticket_id=known(self.ticket.id),
            kind=MessageKind.SYSTEM.value,
            direction=Direction.INTERNAL.value,
            author_name=self.sender.name,
            author_address=self.sender.address,
            at=self.at,
            subject=subject,
            recipients_to=[[self.person.name, self.address]],
            text=body,
        )
        self.session.add(message)
        self.session.flush()
        index_message(self.session, known(message.id), known(self.ticket.id), subject, body, self.address)
        return message

    def _send(
        self, message: Message, body: str, token: str, answer: Message | None, *, answerable: bool = True
    ) -> None:
        """Compose and queue. The Message-ID holds the token, so it is kept with the outgoing mail only."""
        session = self.session
        if answerable:
            body = f"{body}\n\n{_how_to_answer(self.address, token, back=self._way_back())}"
        composed = compose(
            OutgoingMail(
                sender=Address(self.sender.name, self.sender.address),
                to=(Address(self.person.name, self.address),),
                subject=message.subject,
                body=body,
                message_id=token_message_id(token, self.sender.address.rpartition("@")[2]),
                date=self.at,
                desk_id=desk_id(session),
                reply_to=self._reply_to(token),
                in_reply_to=answer.rfc_message_id or None if answer is not None else None,
                references=(answer.rfc_message_id,) if answer is not None and answer.rfc_message_id else (),
                automatic=True,
            )
        )
        enqueue(
            session,
            mime=composed.raw,
            rfc_message_id=composed.message_id,
            envelope_from=self.sender.address,
            recipients=composed.recipients,
            now=self.at,
            ticket_id=known(self.ticket.id),
            message_id=known(message.id),
            mailbox_id=self.sender.mailbox_id,
            sender=self.sender.way,
            automatic=True,
        )

    def _way_back(self) -> bool:
        return mailbox_for(self.session, self.ticket) is not None

    def _reply_to(self, token: str) -> Address | None:
        """An address that is read: the mailbox's, with the token where its server knows tags."""
        mailbox: Mailbox | None = mailbox_for(self.session, self.ticket)
        if mailbox is None:
            return None
        own = self.sender.address if self.sender.way == "mailbox" else mailbox.address
        tagged = token_address(own, token) if mailbox.plus_addressing else None
        if tagged is None and own == self.sender.address:
            return None
        return Address(self.sender.name, tagged or own)


def _how_to_answer(address: str, token: str, *, back: bool) -> str:
    if not back:
        return _("An answer to this mail does not come back: please decide it in the desk itself.")
    return _(
        "To decide, answer this mail. Write YES or NO as the very first word; below it there is room for a comment. "
        "The answer counts from {address} only. Please do not pass this mail on: it holds a code that is yours alone.\n\n"
        "Code: {token}"
    ).format(address=visible_address(address), token=token)


def explain(
    session: Session,
    approval: Approval,
    asked: Asked,
    reason: str,
    answer: Message,
    at: datetime,
    *,
    answerable: bool,
) -> None:
    """Tell an approver once why an answer did not count, at the address that was asked. ``answerable``: and how to answer."""
    question = asked.question
    step, vote = session.get_one(ApprovalStep, question.step), session.get_one(ApprovalVote, question.vote)
    ticket, person = session.get_one(Ticket, approval.ticket_id), session.get_one(Person, asked.person)
    address = str(asked.message.recipients_to[0][1])
    letter = _Letter(session, ticket, approval, step, vote, sender_for(session, ticket), person, address, at)
    body = _("Your answer was not counted: {reason}").format(reason=reason)
    body = f"{body}\n\n{letter.body()}" if answerable else f"{body}\n\n**{safe_line(approval.title)}**"
    subject = _("Not counted: {title}").format(title=approval.title)
    letter.follow_up(asked, subject, body, answer, answerable=answerable)
    change_evidence(session, asked, explained=True)
