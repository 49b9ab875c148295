"""Under which identity an answer leaves, by which way, and what the agent must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.mail.message import Address
from tui_desk.models import Agent, Mailbox, MailboxAddress, Ticket
from tui_desk.rules.addresses import address_key
from tui_desk.rules.signatures import expanded
from tui_desk.services.actor import Actor
from tui_desk.services.desk_facts import desk_facts
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting

MAILBOX = "mailbox"
FALLBACK = "fallback"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Sender:
    """``way``: mailbox, fallback or none (the message waits). ``notice``: empty, or the sentence the compose screen shows."""

    name: str
    address: str
    mailbox_id: int | None
    way: str
    notice: str


def own_addresses(session: Session) -> frozenset[str]:
    """Every address that is ours (compared form): mailboxes, their company addresses, the fallback sender."""
    return desk_facts(session).own_addresses


def _fallback(session: Session) -> dict[str, Any] | None:
    value = read_setting(session, FALLBACK_SENDER)
    return value if isinstance(value, dict) and value.get("address") and value.get("smtp_host") else None


def mailbox_for(session: Session, ticket: Ticket) -> Mailbox | None:
    """The mailbox that speaks for a ticket: its own, else its team's, else the desk's first one."""
    usable = select(Mailbox).where(Mailbox.state != MailboxState.REMOVED.value).order_by(col(Mailbox.id))
    if ticket.mailbox_id is not None:
        own = session.exec(usable.where(Mailbox.id == ticket.mailbox_id)).first()
        if own is not None:
            return own
    if ticket.team_id is not None:
        of_team = session.exec(usable.where(Mailbox.team_id == ticket.team_id)).first()
        if of_team is not None:
            return of_team
    return session.exec(usable).first()


def sender_for(session: Session, ticket: Ticket) -> Sender:
    """Who answers in ``ticket``. Raises Refused on a desk that has no address at all."""
    mailbox = mailbox_for(session, ticket)
    fallback = _fallback(session)
    if mailbox is None and fallback is None:
        raise Refused(
            _("This desk has no mailbox yet, so there is no address to write from."),
            _("The text is kept as a draft. An admin adds a mailbox in Settings → Mail."),
        )
    if mailbox is not None and mailbox.smtp_host:
        name, address = _identity(session, ticket, mailbox)
        return Sender(name, address, mailbox.id, MAILBOX, "")
    if fallback is not None:
        address = str(fallback["address"])
        notice = _(
            "One-way: this leaves from {address}, and an answer to it does not come back here."
        ).format(address=visible_address(address))
        return Sender(
            str(fallback.get("name") or ""), address, mailbox.id if mailbox else None, FALLBACK, notice
        )
    assert mailbox is not None
    name, address = _identity(session, ticket, mailbox)
    notice = _(
        "This will wait in the outbox: {mailbox} has no SMTP server, and there is no fallback sender."
    ).format(mailbox=visible_address(mailbox.address))
    return Sender(name, address, mailbox.id, NONE, notice)


def _identity(session: Session, ticket: Ticket, mailbox: Mailbox) -> tuple[str, str]:
    """The company address the requester wrote to, where it is one of the mailbox; else the mailbox's own."""
    wanted = address_key(ticket.company_address)
    if wanted and wanted != address_key(mailbox.address):
        for extra in session.exec(select(MailboxAddress).where(MailboxAddress.mailbox_id == mailbox.id)):
            if address_key(extra.address) == wanted:
                return extra.name or mailbox.name, extra.address
    return mailbox.name, mailbox.address


def identity_of(session: Session, ticket: Ticket | None, mailbox: Mailbox) -> Address:
    """The sender of what leaves by ``mailbox``."""
    if ticket is None:
        return Address(mailbox.name, mailbox.address)
    return Address(*_identity(session, ticket, mailbox))


def fallback_identity(session: Session) -> Address | None:
    """The no-reply sender, where there is one."""
    value = _fallback(session)
    return Address(str(value.get("name") or ""), str(value["address"])) if value else None


def signature_for(session: Session, actor: Actor, ticket: Ticket) -> str:
    """The acting agent's signature, then the mailbox's, with their variables filled in."""
    agent = session.get(Agent, actor.agent_id) if actor.agent_id is not None else None
    mailbox = mailbox_for(session, ticket)
    values = {
        "agent.name": actor.name or actor.login,
        "agent.email": agent.email if agent else "",
        "mailbox.name": mailbox.name if mailbox else "",
        "mailbox.address": mailbox.address if mailbox else "",
        "ticket.number": str(ticket.id),
    }
    templates = (agent.signature if agent else "", mailbox.signature if mailbox else "")
    return "\n".join(filter(None, (expanded(template, values) for template in templates)))
