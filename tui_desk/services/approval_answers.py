"""Answers to approval questions that come by mail: recognised by their token, kept in the ticket as internal messages, and counted
only where everything holds. What does not count is kept and shown with its reason.

Recognising belongs to planning a mail and only gathers rows; counting is done when they are written. Both are in the transaction of
the batch. No header of a mail decides anything but From, as far as the mailbox's own server vouches for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import col

from tui_desk.core.enums import Direction, MailKind, MessageKind, Verdict
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.search import IndexedMessage
from tui_desk.mail.answer_words import answer_of
from tui_desk.mail.approval_token import Token, is_genuine, tokens_in, without_tokens
from tui_desk.mail.message import ParsedMail
from tui_desk.models import Approval, ApprovalStep, ApprovalVote, Message, Person, Ticket
from tui_desk.rules import approvals as rules
from tui_desk.services.acknowledge import may_answer
from tui_desk.services.actor import MAIL
from tui_desk.services.approval_deciding import give, tell, tell_asker
from tui_desk.services.approval_mail import ANSWER, Asked, explain, question_in
from tui_desk.services.approval_people import asked_of
from tui_desk.services.approval_text import reason_text
from tui_desk.services.approvals import content_changed, locked
from tui_desk.services.bounces import bounced_message
from tui_desk.services.context import known
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.intake_batch import Batch, TicketState
from tui_desk.services.intake_message import add_route, author_of
from tui_desk.services.intake_values import Outcome, PreparedMail
from tui_desk.services.settings_store import APPROVALS_BY_MAIL, VERIFIED, read_setting

COUNTED, NOT_COUNTED = "approval_counted", "approval_not_counted"
"""Marks of an answer's message."""

_FIELDS = frozenset(
    (
        "To",
        "Cc",
        "Delivered-To",
        "X-Original-To",
        "X-Delivered-To",
        "X-Forwarded-To",
        "Envelope-To",
        "Resent-To",
    )
)


class Pending(NamedTuple):
    """An answer whose rows are gathered: counted when they are written."""

    mail: PreparedMail
    message_id: int
    question_id: int
    genuine: bool


def answer_outcome(batch: Batch, mail: PreparedMail) -> Outcome | None:
    """Where ``mail`` answers (or returns) a question of ours: its rows are planned, and the outcome. None for every other mail."""
    parsed = mail.parsed
    if parsed is None or mail.imported or parsed.kind == MailKind.LOOP.value or not batch.facts.secret:
        return None
    tokens = tokens_in(token_places(parsed))
    if not tokens:
        return None
    person = batch.people.get(mail.sender)
    if person is not None and person.blocked:
        return None
    found = _question(batch, mail, tokens)
    if found is None:
        return None
    asked, genuine, number = found
    batch.look_up_tickets([number])
    state = batch.tickets.get(number)
    if state is None:
        return None
    if parsed.bounce is not None and genuine:
        bounced_message(batch, mail)  # the question's delivery is bounced now
    message_id = _add_message(batch, mail, parsed, state)
    state.version += 1
    state.changed = True
    add_route(batch, mail, number)
    batch.approvals.append(Pending(mail, message_id, known(asked.message.id), genuine))
    return Outcome(
        Verdict.JOINED,
        number,
        message_id,
        evidence=(_evidence(_("It answers the question of an approval.")),),
    )


def token_places(parsed: ParsedMail) -> list[str]:
    """Where a token may stand: what it answers, where it was sent to, and the text."""
    fields = [value for name, value in parsed.headers if name in _FIELDS]
    report = [parsed.bounce.original_message_id or ""] if parsed.bounce is not None else []
    return [
        "\n".join((*report, parsed.in_reply_to or "", *reversed(parsed.references), *fields)),
        parsed.text,
    ]


def _question(batch: Batch, mail: PreparedMail, tokens: tuple[Token, ...]) -> tuple[Asked, bool, int] | None:
    """The question that the mail answers, whether its token is genuine, and the ticket it belongs to now.

    A token that is not genuine is worth a look only where it names a question to this very sender: else anybody could write
    into tickets by guessing numbers.
    """
    weaker: tuple[Asked, bool, int] | None = None
    rows = {
        known(row.id): row
        for row in batch.session.execute(
            select(Message).where(
                col(Message.id).in_([one.question for one in tokens if one.question < 2**31]),
                col(Message.kind) == MessageKind.SYSTEM.value,
                col(Message.direction) == Direction.INTERNAL.value,
            )
        ).scalars()
    }
    for token in tokens:
        asked = question_in(rows[token.question]) if token.question in rows else None
        if asked is None:
            continue
        number = batch.session.execute(
            select(col(Approval.ticket_id)).where(col(Approval.id) == asked.question.approval)
        ).scalar()
        place = int(number) if number is not None else asked.message.ticket_id
        if is_genuine(token, asked.question, batch.facts.secret):
            return asked, True, place
        if weaker is None and asked.question.address == mail.sender:
            weaker = asked, False, place
    return weaker


def _add_message(batch: Batch, mail: PreparedMail, parsed: ParsedMail, state: TicketState) -> int:
    """The answer as an internal message. Its source stays in the ledger: it holds the code, which is nobody else's."""
    address, name = author_of(parsed)
    row_id = batch.next_id(Message)
    text = without_tokens(parsed.text)
    lengths = [len(without_tokens(segment.text)) for segment in parsed.segments]
    segments = [[segment.kind, length] for segment, length in zip(parsed.segments, lengths, strict=True)]
    if sum(lengths) != len(text):  # a token across two segments
        segments = []
    person = batch.people.get(mail.sender)
    batch.add(
        Message,
        {
            "id": row_id,
            "ticket_id": state.id,
            "kind": MessageKind.SYSTEM.value,
            "direction": Direction.INTERNAL.value,
            "mail_kind": parsed.kind,
            "author_agent_id": None,
            "author_person_id": person.id if person is not None else None,
            "author_name": safe_line(name, 200),
            "author_address": address,
            "at": mail.received_at,
            "sent_at": parsed.date,
            "subject": parsed.subject,
            "recipients_to": [],
            "recipients_cc": [],
            "text": text,
            "segments": segments,
            "language": parsed.language or "",
            "rfc_message_id": mail.message_id,
            "in_reply_to": "",
            "references": [],
            "raw_sha256": "",
            "content_digest": mail.digest,
            "evidence": [],
            "marks": [],
        },
    )
    batch.search.append(IndexedMessage(row_id, state.id, parsed.subject, text, f"{name} {address}"))
    return row_id


def settle(batch: Batch) -> None:
    """Count the answers of a batch whose rows are written, in the order they came."""
    for pending in batch.approvals:
        _Answer(batch, pending).settle()


@dataclass(frozen=True, slots=True)
class _Answer:
    batch: Batch
    pending: Pending

    def settle(self) -> None:
        session, now = self.batch.session, self.batch.now
        asked = question_in(session.get_one(Message, self.pending.question_id))
        answer = session.get_one(Message, self.pending.message_id, populate_existing=True)
        assert asked is not None
        session.refresh(session.get_one(Ticket, answer.ticket_id))
        if session.get(Approval, asked.question.approval) is None:
            self._keep(answer, None, "gone", "")
            return
        _ticket, approval = locked(session, asked.question.approval)
        if content_changed(session, MAIL, approval, now):
            asked = question_in(session.get_one(Message, self.pending.question_id, populate_existing=True))
            assert asked is not None
        step, vote = self._place(asked)
        said, comment = self._said()
        reason = rules.refusal(self._facts(approval, step, vote, asked, said))
        self._keep(answer, approval, reason, said)
        if not reason:
            assert vote is not None
            yes = said == rules.YES
            give(
                session,
                MAIL,
                approval,
                vote,
                yes=yes,
                comment=safe_comment(comment),
                by_person=self._person(asked),
                channel="email",
                at=now,
                answer=answer,
            )
        elif reason in rules.EXPLAINED and not asked.explained and vote is not None:
            self._explain(approval, asked, answer, reason)

    def _place(self, asked: Asked) -> tuple[ApprovalStep | None, ApprovalVote | None]:
        session = self.batch.session
        return session.get(ApprovalStep, asked.question.step), session.get(ApprovalVote, asked.question.vote)

    def _person(self, asked: Asked) -> int:
        """Whom the question asks: by now a part of another record, perhaps."""
        person = self.batch.session.get_one(Person, asked.person)
        while person.merged_into_id is not None:
            person = self.batch.session.get_one(Person, person.merged_into_id)
        return known(person.id)

    def _said(self) -> tuple[str, str]:
        parsed = self.pending.mail.parsed
        assert parsed is not None
        return answer_of(parsed)

    def _facts(
        self,
        approval: Approval,
        step: ApprovalStep | None,
        vote: ApprovalVote | None,
        asked: Asked,
        said: str,
    ) -> rules.AnswerFacts:
        mail, session, now = self.pending.mail, self.batch.session, self.batch.now
        parsed = mail.parsed
        assert parsed is not None
        may = vote is not None and any(
            person == self._person(asked)
            for _vote, person, _where in asked_of(session, approval, [vote], now)
        )
        return rules.AnswerFacts(
            genuine=self.pending.genuine,
            exists=step is not None and vote is not None,
            machine=parsed.bounce is not None or parsed.is_automatic,
            from_asked=mail.sender == asked.question.address and len(parsed.from_) == 1,
            authenticated=mail.trust.authenticated,
            proof_needed=self._proof_needed(),
            void=asked.void or asked.question.digest != approval.content_digest,
            waiting=approval.state == rules.WAITING and step is not None and step.state == rules.WAITING,
            answered=vote is not None and bool(vote.decision),
            overdue=step is not None and step.due_at is not None and step.due_at <= mail.received_at,
            may_decide=may,
            said=said,
        )

    def _proof_needed(self) -> bool:
        """As for an agent's forward (``threading.may_pass_on``): a mailbox whose server is named vouches for every mail or it
        does not count; of others the setting decides."""
        mail = self.pending.mail
        mailbox = self.batch.facts.mailboxes.get(mail.mailbox_id) if mail.mailbox_id is not None else None
        named = mailbox is not None and bool(mailbox.authserv_ids)
        return named or read_setting(self.batch.session, APPROVALS_BY_MAIL) == VERIFIED

    def _keep(self, answer: Message, approval: Approval | None, reason: str, said: str) -> None:
        """Write down in the ticket what became of the answer; a refused one is told to who asked."""
        session, now = self.batch.session, self.batch.now
        title = safe_line(approval.title) if approval is not None else ""
        who = visible_address(answer.author_address)
        if not reason:
            words = _("yes") if said == rules.YES else _("no")
            sentence = _("Counted as “{word}”: {title}").format(word=words, title=title)
        else:
            sentence = _("Not counted: {reason}").format(reason=reason_text(reason))
        answer.evidence = [_evidence(sentence)]
        answer.marks = [NOT_COUNTED if reason else COUNTED]
        session.add(answer)
        session.flush()
        if not reason:
            return
        told: dict[str, Any] = {"who": who, "reason": reason, "message_id": answer.id}
        if approval is None:
            record(
                session,
                MAIL,
                ticket_stream(answer.ticket_id),
                "approval_answer_refused",
                now,
                after={"title": "", **told},
            )
            return
        tell(session, MAIL, approval, "approval_answer_refused", now, told)
        text = f"{title} · {who}: {reason_text(reason)}"
        tell_asker(session, MAIL, approval, "answer_refused", text, now, answer.id)

    def _explain(self, approval: Approval, asked: Asked, answer: Message, reason: str) -> None:
        """Once for each question, and never to a machine."""
        if not may_answer(self.batch, self.pending.mail, asked.question.address):
            return
        try:
            explain(
                self.batch.session,
                approval,
                asked,
                reason_text(reason),
                answer,
                self.batch.now,
                answerable=reason == "unsure",
            )
        except DeskError:
            return  # no address to write from any more: the ticket tells it


def safe_comment(text: str) -> str:
    """A comment as it is kept: no token, no control characters."""
    from tui_desk.core.safe_text import safe_block

    return safe_block(without_tokens(text), 2_000).strip()


def _evidence(sentence: str) -> dict[str, Any]:
    return {"kind": ANSWER, "value": "", "weight": 100, "sentence": sentence}
