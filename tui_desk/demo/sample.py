"""Filling the sample desk: its people through the use cases, its mail through intake, each at its own hour in the past."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime, parseaddr
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import AddNote, SendReply
from tui_desk.contracts.desk import SaveAgent, SaveAsset, SaveTeam, ShowAsset
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.mailboxes import CompanyAddress, MailboxSettings, SaveMailbox
from tui_desk.contracts.tickets import AddCategory, LinkAsset, NewTicket, SetFields
from tui_desk.core.enums import AssetState, Channel, DeliveryState, Priority, Role, Security, TicketStatus
from tui_desk.db.blobs import blob_row
from tui_desk.db.engine import Database
from tui_desk.demo.agreements import keep_agreements
from tui_desk.demo.kept import keep_texts
from tui_desk.demo.letters import Earlier, Letter, as_mail
from tui_desk.demo.purchases import keep_purchases
from tui_desk.demo.texts import read
from tui_desk.models import Agent, Delivery, IntakeEntry, Message, OutboxItem, Setting, Ticket
from tui_desk.services import ledger
from tui_desk.services.actor import Actor
from tui_desk.services.desk_facts import desk_facts
from tui_desk.services.dispatch import handler_of, load, run
from tui_desk.services.intake import process_mails
from tui_desk.services.intake_reading import prepare, rows_of

T = TypeVar("T")

_ALL_CODES = ("newer_message", "recipients_changed", "attachment_missing", "outsider", "empty")
_SEED_UIDVALIDITY = 1


@dataclass(frozen=True, slots=True)
class Account:
    """How the sample mailbox reaches the loopback servers."""

    host: str
    imap_port: int
    smtp_port: int
    password: str


@dataclass
class _Story:
    """One ticket of the sample as it is told."""

    text: dict[str, Any]
    begins: datetime
    number: int = 0
    messages: list[Earlier] = field(default_factory=list)


def fill(database: Database, owner: Actor, account: Account, now: datetime, chance: random.Random) -> int:
    """Make the whole sample; answers how many tickets there are."""
    desk = read("desk.toml")
    with database.writing() as session:
        session.info["database"] = database
        _people(session, owner, desk)
        session.add(Setting(key="demo", value=True))
        session.add(Setting(key="desk_name", value=desk["name"]))
    mailbox = run(database, owner, SaveMailbox(None, _mailbox(desk, account)))
    with database.writing() as session:
        session.info["database"] = database
        _Past(session, mailbox.id, desk["address"], owner, now, chance).happen()
        for asset in desk["assets"]:
            _hand_over(session, owner, asset)
        keep_agreements(partial(_do, session, owner), now)
        keep_texts(partial(_do, session, owner))
        _buy(session, owner, now)
        return int(session.exec(select(func.count()).select_from(Ticket)).one())


def _buy(session: Session, owner: Actor, now: datetime) -> None:
    actors = {agent.login: _actor(agent) for agent in session.exec(select(Agent))}

    def do(login: str, request: Request[Any], at: datetime) -> Any:
        session.info["clock"] = lambda: at
        return _do(session, actors[login], request)

    def ticket_about(subject: str) -> int:
        return session.exec(select(Ticket.id).where(col(Ticket.subject).startswith(subject))).first() or 0

    keep_purchases(do, owner.login, now, ticket_about)
    session.info.pop("clock")


def _do(session: Session, actor: Actor, request: Request[T]) -> T:
    """A use case within this session."""
    answer: T = load(handler_of(request))(session, actor, request)
    return answer


def _people(session: Session, owner: Actor, desk: dict[str, Any]) -> None:
    for name in desk["teams"]:
        _do(session, owner, SaveTeam(name))
    for agent in desk["agents"]:
        _do(
            session,
            owner,
            SaveAgent(
                login=agent["login"],
                create=agent["login"] != owner.login,
                name=agent["name"],
                email=agent["email"],
                role=Role(agent["role"]),
                teams=tuple(agent["teams"]),
                signature=agent["signature"],
            ),
        )
    for path in desk["categories"]:
        _do(session, owner, AddCategory(path))
    for asset in desk["assets"]:
        _do(session, owner, _asset(asset))


def _asset(values: dict[str, Any]) -> SaveAsset:
    found = {name: value for name, value in values.items() if name != "owner"}
    found["state"] = AssetState(found["state"])
    if "cost" in found:
        found["cost"] = Decimal(found["cost"])
    for name in ("purchased_on", "warranty_until"):
        if name in found:
            found[name] = date.fromisoformat(found[name])
    return SaveAsset(id=None, **found)


def _hand_over(session: Session, owner: Actor, values: dict[str, Any]) -> None:
    """Give the asset to its owner, now that the mail has made the person known by name."""
    if "owner" in values:
        view = _do(session, owner, ShowAsset(tag=values["tag"]))
        _do(session, owner, replace(_asset(values), id=view.id, owner=values["owner"]))


def _mailbox(desk: dict[str, Any], account: Account) -> MailboxSettings:
    return MailboxSettings(
        address=desk["address"],
        name=desk["name"],
        imap_host=account.host,
        imap_port=account.imap_port,
        imap_security=Security.NONE,
        imap_user=desk["address"],
        smtp_host=account.host,
        smtp_port=account.smtp_port,
        smtp_security=Security.NONE,
        smtp_user=desk["address"],
        password=account.password,
        start="all",
        team="Service desk",
        poll_seconds=15,
        addresses=tuple(CompanyAddress(**one) for one in desk["company_addresses"]),
    )


class _Past:
    """Everything that happened before the demo was opened, in the order of time."""

    def __init__(
        self,
        session: Session,
        mailbox_id: int,
        address: str,
        owner: Actor,
        now: datetime,
        chance: random.Random,
    ) -> None:
        self.session = session
        self.place = ledger.Place(ledger.mailbox_source(mailbox_id), "INBOX", _SEED_UIDVALIDITY, mailbox_id)
        self.address = address
        self.owner = owner
        self.now = now
        self.chance = chance
        self.uid = 0
        self.agents = {agent.login: _actor(agent) for agent in session.exec(select(Agent))}

    def happen(self) -> None:
        """Write all of it."""
        events: list[tuple[datetime, int, Callable[[], None]]] = []
        for text in read("tickets.toml")["ticket"]:
            story = _Story(text, self.now - timedelta(hours=text["age"]))
            for minutes, step in self._steps(story):
                events.append((story.begins + timedelta(minutes=minutes), len(events), step))
        events.append((self.now - timedelta(hours=21), len(events), self._refused_answer))
        events.append((self.now - timedelta(hours=7), len(events), self._unreadable_mail))
        for at, _order, step in sorted(events, key=lambda event: event[:2]):
            self.at = min(at, self.now - timedelta(seconds=30))
            self.session.info["clock"] = lambda: self.at
            step()
        self.session.info.pop("clock")

    def _steps(self, story: _Story) -> list[tuple[float, Callable[[], None]]]:
        """Minutes after the beginning, and what happens then."""
        steps: list[tuple[float, Callable[[], None]]] = [(0, lambda: self._begin(story))]
        if "set" in story.text:
            steps.append((3, lambda: self._set(story, last=False)))
        last = 4.0
        for then in story.text.get("then", []):
            last = float(then["after"])
            steps.append((last, partial(self._then, story, then)))
        if "status" in story.text.get("set", {}):
            steps.append((last + 1, lambda: self._set(story, last=True)))
        return steps

    def _begin(self, story: _Story) -> None:
        text = story.text
        if "channel" in text:
            name, address = parseaddr(text["from"])
            request = NewTicket(
                subject=text["subject"],
                requester=address,
                requester_name=name,
                body=text["text"],
                channel=Channel(text["channel"]),
            )
            story.number = _do(self.session, self.owner, request)
        else:
            story.number = self._receive(self._letter(story, text, self.address))
            self._remember(story)
        if "asset" in text:
            asset = _do(self.session, self.owner, ShowAsset(tag=text["asset"]))
            _do(self.session, self.owner, LinkAsset(story.number, asset.id))

    def _letter(self, story: _Story, text: dict[str, Any], to: str) -> Letter:
        return Letter(
            sender=story.text["from"],
            to=text.get("to", to),
            subject=story.text["subject"],
            text=text["text"],
            at=self.at,
            html=text.get("html", False),
            attachment=text.get("attach", ""),
            automatic=text.get("automatic", False),
        )

    def _receive(self, letter: Letter) -> int:
        return self._take_in(as_mail(letter, self.chance))

    def _take_in(self, raw: bytes) -> int:
        """One mail through the ledger into its ticket; answers the ticket's number (0: none)."""
        self.uid += 1
        ledger.store(
            self.session, self.place, [ledger.Arrival(self.uid, blob_row(raw), self.at)], settled=True
        )
        entry = self.session.exec(
            select(IntakeEntry.id).where(
                IntakeEntry.source == self.place.source,
                IntakeEntry.uidvalidity == _SEED_UIDVALIDITY,
                IntakeEntry.uid == self.uid,
            )
        ).one()
        mails = [prepare(row, desk_facts(self.session)) for row in rows_of(self.session, [entry or 0])]
        done = process_mails(self.session, mails, self.at)
        ledger.finish(self.session, done, self.at)
        self.session.expire_all()
        return done[0][1].ticket_id or 0

    def _set(self, story: _Story, *, last: bool) -> None:
        """Triage: the fields soon after the beginning, the status at the end."""
        values: dict[str, Any] = dict(story.text["set"])
        status = values.pop("status", None)
        if last:
            wanted = TicketStatus(status)
            if self.session.get_one(Ticket, story.number).status != wanted.value:
                _do(self.session, self._worker_of(story), SetFields(story.number, status=wanted))
            return
        if not values:
            return
        if "priority" in values:
            values["priority"] = Priority(values["priority"])
        if "tags" in values:
            values["tags"] = tuple(values["tags"].split(","))
        _do(self.session, self._worker_of(story), SetFields(story.number, **values))

    def _worker_of(self, story: _Story) -> Actor:
        return self.agents[story.text.get("set", {}).get("assignee", "maya")]

    def _then(self, story: _Story, then: dict[str, Any]) -> None:
        if then["by"] == "requester":
            self._answer(story, then)
        elif then["by"] == "note":
            _do(self.session, self.agents[then["agent"]], AddNote(story.number, then["text"]))
        else:
            request = SendReply(
                story.number,
                then["text"],
                confirmed=_ALL_CODES,
                now=True,
                status_after=then.get("status", ""),
            )
            _do(self.session, self.agents[then["by"]], request)
            self._has_left(story.number)
            self._remember(story)

    def _answer(self, story: _Story, then: dict[str, Any]) -> None:
        earlier = story.messages[-1]
        letter = Letter(
            sender=story.text["from"],
            to=self.address,
            subject=f"Re: {earlier.subject}",
            text=then["text"],
            at=self.at,
            answers=earlier,
            quote="bottom" if then.get("quote") else "none",
        )
        self._receive(letter)

    def _remember(self, story: _Story) -> None:
        """The newest message, for whoever answers it."""
        message = self.session.exec(
            select(Message).where(Message.ticket_id == story.number).order_by(col(Message.id).desc()).limit(1)
        ).one()
        references = tuple(one.message_id for one in story.messages)
        story.messages.append(
            Earlier(
                message.rfc_message_id,
                references,
                message.subject.removeprefix("Re: "),
                message.text,
                message.author_name,
                message.at,
            )
        )

    def _has_left(self, number: int, state: DeliveryState = DeliveryState.SENT, cause: str = "") -> None:
        """The newest outgoing message of a ticket was handed over (or refused) at that time."""
        item = self.session.exec(
            select(OutboxItem)
            .where(OutboxItem.ticket_id == number)
            .order_by(col(OutboxItem.id).desc())
            .limit(1)
        ).one()
        item.state, item.attempts, item.finished_at, item.held_until = "done", 1, self.at, None
        self.session.add(item)
        self.session.exec(
            update(Delivery)
            .where(col(Delivery.outbox_id) == item.id)
            .values(state=state.value, attempts=1, updated_at=self.at, cause=cause)
        )
        self.session.flush()

    def _refused_answer(self) -> None:
        """An answer whose recipient is gone: it failed, visibly."""
        letter = Letter(
            sender="Old Supplier <gone@closed-company.example>",
            to=self.address,
            subject="Final statement",
            text="Please confirm.\n",
            at=self.at,
        )
        number = self._receive(letter)
        request = SendReply(number, "Confirmed, thank you.", confirmed=_ALL_CODES, now=True)
        _do(self.session, self.agents["lucia"], request)
        self._has_left(number, DeliveryState.FAILED, "550 5.1.1 No such user here")

    def _unreadable_mail(self) -> None:
        """A mail that says not from whom it is: it is held back."""
        when = format_datetime(self.at)
        self._take_in(f"Subject: (no sender)\r\nDate: {when}\r\n\r\nWho wrote this?\r\n".encode())


def _actor(agent: Agent) -> Actor:
    return Actor(agent.id, agent.login, agent.name, Role(agent.role))
