"""The send guard: whom a reply goes to, and what an agent should look at again before it leaves."""

from __future__ import annotations

from sqlmodel import Session, col, or_, select

from tui_desk.contracts.conversation import GuardFinding, SendReply
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.models import Message, Ticket
from tui_desk.rules import send_guard
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.rules.recipients import Recipients, unique
from tui_desk.rules.text_variables import unresolved
from tui_desk.services.actor import Actor
from tui_desk.services.address_input import address_field
from tui_desk.services.context import known
from tui_desk.services.exchange import default_recipients, participants
from tui_desk.services.message_view import views
from tui_desk.services.senders import own_addresses


def recipients_of(session: Session, ticket: Ticket, request: SendReply) -> tuple[Recipients, Recipients]:
    """Whom the reply goes to, and whom it would go to by itself. Raises UsageError, Refused (nobody, ourselves)."""
    expected = Recipients()
    if request.kind is not DraftKind.FORWARD:
        to_all = request.kind is DraftKind.REPLY_ALL
        expected = default_recipients(session, ticket, to_all=to_all)
    to = address_field(request.to) if request.to.strip() else expected.to
    cc = address_field(request.cc)
    if not request.to.strip() and not request.cc.strip():
        cc = expected.cc
    bcc = address_field(request.bcc)
    cc = unique(cc, [address_key(address) for _name, address in to])
    bcc = unique(bcc, [address_key(address) for _name, address in (*to, *cc)])
    recipients = Recipients(to, cc, bcc)
    if not recipients.to:
        if request.kind is DraftKind.FORWARD:
            raise UsageError(_("Say to whom the conversation is forwarded."))
        raise Refused(
            _("The requester of #{number} has no mail address.").format(number=ticket.id),
            _("Name one in To, or log a phone call instead."),
        )
    own = own_addresses(session)
    ours = [address for address in recipients.everybody if is_one_of(address_key(address), own)]
    if ours:
        raise Refused(
            _("{address} is an address of this desk: the mail would come straight back.").format(
                address=visible_address(ours[0])
            )
        )
    return recipients, expected


def check(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    request: SendReply,
    recipients: Recipients,
    expected: Recipients,
    attachments: int,
) -> tuple[GuardFinding, ...]:
    """What was found and not yet confirmed."""
    newer = _newer(session, actor, ticket, request.base_message_id)
    facts = send_guard.Facts(
        body=request.body,
        attachments=attachments,
        newer=len(newer),
        recipients=send_guard.keys(recipients.everybody),
        expected=send_guard.keys(expected.everybody),
        participants=participants(session, ticket),
    )
    codes = [code for code in send_guard.findings(facts) if code not in request.confirmed]
    if request.kind is DraftKind.FORWARD:
        codes = [code for code in codes if code not in (send_guard.EMPTY, send_guard.RECIPIENTS_CHANGED)]
    return tuple(
        GuardFinding(
            code,
            _sentence(code, facts),
            views(session, newer, known(ticket.id)) if code == send_guard.NEWER_MESSAGE else (),
        )
        for code in codes
    )


def _newer(session: Session, actor: Actor, ticket: Ticket, base: int) -> list[Message]:
    """What others wrote since the draft was opened; nothing where that is not known (0)."""
    if not base:
        return []
    return list(
        session.exec(
            select(Message)
            .where(
                Message.ticket_id == ticket.id,
                col(Message.id) > base,
                or_(col(Message.author_agent_id).is_(None), Message.author_agent_id != actor.agent_id),
            )
            .order_by(col(Message.id))
        )
    )


def _sentence(code: str, facts: send_guard.Facts) -> str:
    if code == send_guard.NEWER_MESSAGE:
        return ngettext(
            "{count} newer message arrived since you began to write.",
            "{count} newer messages arrived since you began to write.",
            facts.newer,
        ).format(count=facts.newer)
    if code == send_guard.OUTSIDER:
        return _("{who} did not take part so far and came in by a copy of somebody else's mail.").format(
            who=_listed(send_guard.outsiders(facts))
        )
    if code == send_guard.RECIPIENTS_CHANGED:
        return _("{who} was not part of the last exchange.").format(who=_listed(send_guard.added(facts)))
    if code == send_guard.ATTACHMENT_MISSING:
        return _("The text speaks of an attachment, and nothing is attached.")
    if code == send_guard.VARIABLES:
        words = tuple(dict.fromkeys(problem.word for problem in unresolved(facts.body)))
        return _("Not filled in: {words}").format(words=safe_line(", ".join(words[:5]), 200))
    return _("The message is empty.")


def _listed(addresses: tuple[str, ...]) -> str:
    shown = ", ".join(map(visible_address, addresses[:5]))
    return f"{shown} …" if len(addresses) > 5 else shown
