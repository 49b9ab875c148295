"""An answer of its own to each of many tickets: one text with variables, whole for each, or the ticket is left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session

from tui_desk.contracts.bulk import BulkLine, ReplyToEach
from tui_desk.contracts.conversation import SendReply
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.models import Ticket
from tui_desk.rules import send_guard
from tui_desk.rules.text_variables import EMPTY, NAMES, problems, render
from tui_desk.services import reviews
from tui_desk.services.actor import Actor
from tui_desk.services.compose import newest_message
from tui_desk.services.context import known, now, refuse_merged
from tui_desk.services.conversation import reply
from tui_desk.services.drafts import refuse_begun
from tui_desk.services.gates import let_through
from tui_desk.services.guard import check, recipients_of
from tui_desk.services.review_scope import scope_of
from tui_desk.services.senders import sender_for
from tui_desk.services.text_values import values_for
from tui_desk.services.tickets import check_status

_PROBLEMS_TOLD = 3
_TWICE_TOLD = 3


def check_reply(wanted: ReplyToEach) -> None:
    """Raises UsageError for an empty text, for a status that is none, and for variables that nothing knows, with their places."""
    if not wanted.body.strip():
        raise UsageError(_("The message is empty."))
    wrong = problems(wanted.body, NAMES)
    if wrong:
        names = ", ".join("{" + name + "}" for name in NAMES)
        raise UsageError(
            " ".join(problem.placed() for problem in wrong[:_PROBLEMS_TOLD]),
            _("There are: {names}. {{name|text}} says what stands there when a ticket has none.").format(
                names=names
            ),
        )
    if wanted.status_after and wanted.status_after not in {status.value for status in TicketStatus}:
        raise UsageError(_("“{status}” is not a status.").format(status=safe_line(wanted.status_after)))


def look_at_reply(
    session: Session, actor: Actor, ticket: Ticket, wanted: ReplyToEach, found: set[str]
) -> BulkLine:
    """What would leave, without composing it. Findings that are a matter of the text are added to ``found``. Raises DeskError."""
    subject, version = safe_line(ticket.subject), ticket.version
    request = _request(session, actor, ticket, wanted, 0)
    if wanted.status_after:
        status = TicketStatus(wanted.status_after)
        check_status(ticket, status)
        let_through(session, actor, ticket, status, wanted.despite, now(session))
    recipients, expected = recipients_of(session, ticket, request)
    sender = sender_for(session, ticket)
    for finding in check(session, actor, ticket, request, recipients, expected, 0):
        if finding.code != send_guard.ATTACHMENT_MISSING:
            raise Refused(_alone(finding.sentence))
        found.add(finding.code)
    checked = reviews.finding(session, actor, None, request, scope_of(recipients, ()))
    if checked is not None:
        raise Refused(_alone(checked.sentence))
    to = ", ".join(visible_address(address) for address in recipients.everybody)
    return BulkLine(
        known(ticket.id),
        subject,
        "changed",
        safe_line(sender.notice) or " ".join(safe_line(request.body, 200).split()),
        version,
        to=to,
        text=safe_block(request.body),
    )


def send_reply(session: Session, actor: Actor, ticket: Ticket, wanted: ReplyToEach, hold: int) -> BulkLine:
    """Answer one ticket, as its own window would. Raises DeskError."""
    number, subject, version = known(ticket.id), safe_line(ticket.subject), ticket.version
    request = _request(session, actor, ticket, wanted, hold)
    sent = reply(session, actor, request)
    if sent.findings:
        raise Refused(_alone(sent.findings[0].sentence))
    return BulkLine(number, subject, "changed", _("answered"), version)


def reply_warnings(lines: Sequence[BulkLine], found: set[str], undo_seconds: int) -> tuple[str, ...]:
    """What should be known about the whole before it leaves."""
    told = []
    if undo_seconds:
        seconds = ngettext("{count} second", "{count} seconds", undo_seconds).format(count=undo_seconds)
        told.append(
            _("All of them can be stopped for {seconds}; a mail that has left is never called back.").format(
                seconds=seconds
            )
        )
    else:
        told.append(_("They leave at once, and a mail that has left is never called back."))
    if send_guard.ATTACHMENT_MISSING in found:
        told.append(_("The text speaks of an attachment, and nothing is attached."))
    several = [
        (to, count) for to, count in Counter(line.to for line in lines if line.to).items() if count > 1
    ]
    for to, count in several[:_TWICE_TOLD]:
        told.append(_("{who} gets {count} of them.").format(who=to, count=count))
    if len(several) > _TWICE_TOLD:
        told.append(_("So do {count} more.").format(count=len(several) - _TWICE_TOLD))
    return tuple(told)


def _alone(sentence: str) -> str:
    return _("{why} Answer it by itself.").format(why=sentence)


def _request(session: Session, actor: Actor, ticket: Ticket, wanted: ReplyToEach, hold: int) -> SendReply:
    """The answer to one ticket. Raises MergedAway, Refused (a draft of one's own is there, a variable has no value)."""
    refuse_merged(ticket)
    number = known(ticket.id)
    refuse_begun(session, actor, number)
    rendered = render(wanted.body, values_for(session, actor, ticket))
    if rendered.problems:
        problem = rendered.problems[0]
        if problem.kind == EMPTY:
            raise Refused(_("{word} has no value here.").format(word=problem.word))
        raise Refused(problem.placed())
    return SendReply(
        number,
        rendered.text,
        base_message_id=newest_message(session, ticket),
        confirmed=wanted.confirmed,
        now=wanted.now,
        status_after=wanted.status_after,
        despite=wanted.despite,
        hold_seconds=hold,
    )
