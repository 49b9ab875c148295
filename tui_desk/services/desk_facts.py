"""What intake must know of the desk itself: its own addresses, its agents, and what signs its Message-IDs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlmodel import Session, col, select

from tui_desk.core.enums import MailboxState
from tui_desk.models import Agent, Mailbox, MailboxAddress
from tui_desk.rules.addresses import address_key
from tui_desk.rules.mailbox_settings import authserv_names
from tui_desk.services.identity import known_desk_id, known_secret
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """A company address: as it is written, the mailbox that receives it, and the team its mail goes to."""

    address: str
    mailbox_id: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    id: int
    address: str
    name: str
    team_id: int | None
    acknowledge: bool
    acknowledgement: str
    imap_host: str = ""
    authserv_ids: tuple[str, ...] = ()
    plus_addressing: bool = False


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Read once per batch. Addresses are in their compared form."""

    own: dict[str, OwnAddress]
    mailboxes: dict[int, MailboxFacts]
    agents: dict[str, int]
    """Agents' addresses → agent id."""
    desk_id: str = ""
    secret: bytes = b""
    """What signs our Message-IDs; empty while nothing was ever sent."""
    other_own: frozenset[str] = frozenset()
    """Addresses that are ours but receive nothing: the fallback sender's."""
    own_addresses: frozenset[str] = field(init=False)
    desk_tokens: frozenset[str] = field(init=False)
    """What ``X-Tui-Desk`` of our own mail carries."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "own_addresses", frozenset(self.own) | self.other_own)
        object.__setattr__(self, "desk_tokens", frozenset({self.desk_id} if self.desk_id else ()))


_MAILBOXES: Final = select(  # type: ignore[call-overload] # typed for four columns at most
    Mailbox.id,
    Mailbox.address,
    Mailbox.name,
    Mailbox.team_id,
    Mailbox.acknowledge,
    Mailbox.acknowledgement,
    Mailbox.state,
    Mailbox.imap_host,
    Mailbox.authserv_id,
    Mailbox.plus_addressing,
).order_by(col(Mailbox.id).desc())
_FURTHER: Final = select(MailboxAddress.mailbox_id, MailboxAddress.address, MailboxAddress.team_id).order_by(
    col(MailboxAddress.id).desc()
)
_AGENTS: Final = select(Agent.id, Agent.email).where(col(Agent.active))


def desk_facts(session: Session) -> DeskFacts:
    """The facts as of this transaction. Addresses of removed mailboxes are not ours any more."""
    mailboxes: dict[int, MailboxFacts] = {}
    own: dict[str, OwnAddress] = {}
    removed: set[int] = set()
    rows = session.exec(_MAILBOXES)
    for mailbox_id, address, name, team_id, acknowledge, text, state, host, authserv_id, plus in rows:
        mailboxes[mailbox_id] = MailboxFacts(
            mailbox_id, address, name, team_id, acknowledge, text, host, authserv_names(authserv_id), plus
        )
        if state != MailboxState.REMOVED:
            own[address_key(address)] = OwnAddress(address, mailbox_id, team_id)
        else:
            removed.add(mailbox_id)
    for mailbox_id, address, team_id in session.exec(_FURTHER):
        mailbox = mailboxes.get(mailbox_id)
        key = address_key(address)
        if mailbox_id in removed:
            continue
        if mailbox is not None and (key not in own or own[key].mailbox_id != mailbox_id):
            own[key] = OwnAddress(address, mailbox_id, team_id or mailbox.team_id)
    agents = {
        address_key(email): int(agent_id)
        for agent_id, email in session.exec(_AGENTS)
        if email and agent_id is not None
    }
    return DeskFacts(
        own, mailboxes, agents, known_desk_id(session), known_secret(session), _fallback_address(session)
    )


def _fallback_address(session: Session) -> frozenset[str]:
    value = read_setting(session, FALLBACK_SENDER)
    address = value.get("address", "") if isinstance(value, dict) else ""
    return frozenset({address_key(address)}) if address else frozenset()
