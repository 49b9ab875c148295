"""A desk on which everything that strangers, servers and colleagues wrote is hostile: each payload in each kind of field.

Mail comes through the intake, what agents type through the services. Rows are written directly only where the product takes
the text from a server that is not here (what SMTP and IMAP said) or has no way in yet (a person's telephone).
"""

from __future__ import annotations

import base64
import html
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, col, select

from tests.support.new_desk import open_new_desk
from tests.support.payloads import ALL_TEXT, PAYLOADS, Payload
from tui_desk.contracts.conversation import AddNote, SaveDraft, SendReply
from tui_desk.contracts.desk import SaveAgent, SaveAsset, SaveTeam
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import (
    AddCategory,
    LinkAsset,
    LinkTickets,
    ReportPresence,
    SetFields,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import AssetState, DraftKind, PresenceMode, Role
from tui_desk.core.errors import DeskError
from tui_desk.db.blobs import blob_row
from tui_desk.db.engine import Database
from tui_desk.models import (
    Agent,
    Asset,
    Delivery,
    Lease,
    Mailbox,
    Organization,
    Person,
    PersonAddress,
    Setting,
    Team,
    Ticket,
)
from tui_desk.services import ledger
from tui_desk.services.actor import Actor
from tui_desk.services.dispatch import handler_of, load
from tui_desk.services.intake import process_unfinished

T = TypeVar("T")
HELP = "help@desk.test"
GATHERED = "Everything in one ticket"
"""Subject of the ticket whose texts, files and history hold every payload."""


def stored(text: str) -> str:
    """``text`` as a database can hold it: no half of a character."""
    return text.encode("utf-8", "replace").decode()


def _word(text: str) -> bytes:
    """An encoded word (RFC 2047), whatever is in it."""
    return b"=?utf-8?B?" + base64.b64encode(text.encode("utf-8", "surrogatepass")) + b"?="


def _part(content_type: str, text: str, *headers: bytes) -> bytes:
    body = base64.encodebytes(text.encode("utf-8", "surrogatepass")).replace(b"\n", b"\r\n")
    head = (
        f"Content-Type: {content_type}; charset=utf-8".encode(),
        b"Content-Transfer-Encoding: base64",
        *headers,
    )
    return b"\r\n".join([*head, b"", body])


def _file(payload: Payload) -> bytes:
    name = "".join(f"%{byte:02X}" for byte in f"{payload.text}.txt".encode("utf-8", "surrogatepass"))
    return _part(
        "text/plain", payload.text, f"Content-Disposition: attachment; filename*=utf-8''{name}".encode()
    )


def _multipart(*parts: bytes) -> bytes:
    bound = b"=_boundary_7777"
    body = b"".join(b"--" + bound + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + bound + b"--\r\n"
    return b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="' + bound + b'"\r\n\r\n' + body


def _html(text: str) -> str:
    """HTML that says ``text``, its controls as references."""
    shown = "".join(
        f"&#{ord(char)};" if ord(char) < 32 and char != "\n" else char for char in html.escape(text)
    )
    return f"<html><body><p title='{shown}'>{shown}</p><a href='http://evil7777.example/{shown}'>{shown}</a></body></html>"


def _mail(number: int, payload: Payload) -> bytes:
    """A customer's mail with the payload in names, subject, text and file name; every second one in HTML."""
    body = _part("text/html", _html(payload.text)) if number % 2 else _part("text/plain", payload.text)
    raw = payload.text.encode("utf-8", "surrogatepass").replace(b"\n", b" ").replace(b"\r", b" ")
    return b"\r\n".join(
        [
            b"From: " + _word(payload.text) + f" <{payload.mark}@client.test>".encode(),
            b"To: " + _word(payload.text) + f" <{HELP}>".encode(),
            b"Cc: " + _word(payload.text) + f" <cc{payload.mark}@client.test>".encode(),
            b"Subject: " + _word(payload.text),
            f"Message-ID: <{payload.mark}@client.test>".encode(),
            b"X-Raw: " + raw,
            _multipart(body, _file(payload)),
        ]
    )


def _senderless(payload: Payload) -> bytes:
    """A mail nobody can answer, its headers raw 8-bit: it is held."""
    raw = payload.text.encode("utf-8", "surrogatepass").replace(b"\n", b" ").replace(b"\r", b" ")
    return (
        b"From: " + raw + b"\r\nSubject: " + raw + b"\r\n\r\n" + payload.text.encode("utf-8", "surrogatepass")
    )


def _gathered() -> bytes:
    plain = f"From: Gatherer <gather@client.test>\r\nTo: {HELP}\r\nSubject: {GATHERED}\r\nMessage-ID: <all@client.test>\r\n"
    return plain.encode() + _multipart(_part("text/plain", ALL_TEXT), *map(_file, PAYLOADS))


def _gathered_html() -> bytes:
    head = f"From: Gatherer <gather@client.test>\r\nTo: {HELP}\r\nSubject: Re: {GATHERED}\r\nIn-Reply-To: <all@client.test>\r\n"
    return head.encode() + _multipart(
        _part("text/html", "".join(_html(payload.text) for payload in PAYLOADS))
    )


def _groups() -> list[tuple[Payload, ...]]:
    """Four payloads at a time, for texts that take several."""
    return [PAYLOADS[start : start + 4] for start in range(0, len(PAYLOADS), 4)]


def _joined(group: tuple[Payload, ...]) -> str:
    return stored(" ".join(payload.text for payload in group))


class Builder:
    """Fills a desk. Each request runs in a savepoint; what a service refuses is counted, not stored."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.refused: list[str] = []
        self.ana = Actor(1, "ana", "Ana Díaz", Role.ADMIN, session="terminal-ana")
        self.ben = Actor(2, "ben", "Ben Otto", Role.AGENT, session="terminal-ben")

    def ask(self, session: Session, request: Request[T], actor: Actor | None = None) -> T | None:
        try:
            with session.begin_nested():
                found: T = load(handler_of(request))(session, actor or self.ana, request)
                return found
        except DeskError as error:
            self.refused.append(f"{type(request).__name__}: {error.sentence}")
            return None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.writing() as session:
            session.info["database"] = self.database
            yield session

    def people_and_mailboxes(self) -> None:
        now = utc_now()
        with self.writing() as session:
            for login, name, role in (("ana", "Ana Díaz", Role.ADMIN), ("ben", "Ben Otto", Role.AGENT)):
                session.add(
                    Agent(login=login, name=name, email=f"{login}@desk.test", role=role.value, created_at=now)
                )
            # A worker is said to be alive, so that none starts and asks the servers of these mailboxes.
            session.add(Lease(name="worker", holder="test", expires_at=now + timedelta(hours=2)))
            session.add(
                Mailbox(address=HELP, name="Help", smtp_host="localhost", created_at=now, last_success_at=now)
            )
            for payload in PAYLOADS:
                text = stored(payload.text)
                session.add(
                    Mailbox(
                        address=f"{text}@desk.test", name=text, imap_host=text, imap_user=text, smtp_host=text, folder=text,
                        after_import=f"move:{text}", signature=text, acknowledgement=text, created_at=now,
                        last_problem=text, last_problem_at=now,
                    )
                )  # fmt: skip
            session.add(Setting(key="desk_name", value=stored(PAYLOADS[0].text)))

    def mail(self) -> None:
        raws = [_mail(number, payload) for number, payload in enumerate(PAYLOADS)]
        raws += [_senderless(payload) for payload in PAYLOADS]
        raws += [_gathered(), _gathered_html()]
        now = utc_now()
        place = ledger.Place("mailbox:1", "INBOX", 7777, 1)
        with self.writing() as session:
            arrivals = [
                ledger.Arrival(uid, blob_row(raw), now + timedelta(milliseconds=uid))
                for uid, raw in enumerate(raws, start=1)
            ]
            ledger.store(session, place, arrivals)
        while process_unfinished(self.database, utc_now).total:
            pass

    def work(self) -> dict[str, int]:
        """What agents do with it. Answers the ticket of each payload's mark."""
        with self.writing() as session:
            tickets = self._tickets(session)
            for payload in PAYLOADS:
                self._names(session, payload)
            gathered = tickets[GATHERED]
            for group in _groups():
                self._work_on(session, group, tickets[group[0].mark])
                self.ask(session, SetFields(gathered, subject=_joined(group)))
            self.ask(session, SetFields(gathered, subject=GATHERED))
            self.ask(session, AddNote(gathered, ALL_TEXT))
            self.ask(session, SaveDraft(gathered, DraftKind.REPLY, ALL_TEXT, stored(ALL_TEXT)[:300]))
        with self.writing() as session:
            self._what_servers_said(session)
        return tickets

    def _tickets(self, session: Session) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, subject in session.exec(select(Ticket.id, Ticket.subject).order_by(col(Ticket.id))):
            found.setdefault(GATHERED if GATHERED in subject else subject[:5], int(number or 0))
        return found

    def _names(self, session: Session, payload: Payload) -> None:
        """A team, a category, an agent and an asset that are called so."""
        text, mark = stored(payload.text), payload.mark
        self.ask(session, SaveTeam(text))
        self.ask(session, AddCategory(text))
        new = SaveAgent(
            mark, create=True, name=text, email=f"{mark}@desk.test", role=Role.AGENT, signature=text
        )
        self.ask(session, new)
        self.ask(
            session,
            SaveAsset(
                None, text, text, text, text, f"{mark}@client.test", text, AssetState.IN_USE, text, Decimal("7777.10"), "EUR",
                date(2026, 1, 2), date(2031, 1, 2), ALL_TEXT if mark == PAYLOADS[0].mark else text,
            ),
        )  # fmt: skip

    def _work_on(self, session: Session, group: tuple[Payload, ...], number: int) -> None:
        """What agents write, set and send in one ticket, and who is there."""
        text, first = _joined(group), group[0]
        asset = session.exec(select(Asset.id).where(col(Asset.tag).startswith(first.mark))).one()
        team = session.exec(select(Team.name).where(col(Team.name).startswith(first.mark))).one()
        agent = session.exec(select(Agent.id).where(Agent.login == first.mark)).one()
        self.ask(
            session,
            SetFields(
                number, tags=(first.mark,), team=team, category=stored(first.text), assignee=first.mark
            ),
        )
        self.ask(session, AddNote(number, text))
        self.ask(session, SaveDraft(number, DraftKind.NOTE, text), self.ben)
        self.ask(session, LinkAsset(number, int(asset or 0)))
        self.ask(session, LinkTickets(number, number + 1))
        there = Actor(agent, first.mark, first.text, Role.AGENT, session=f"terminal-{first.mark}")
        self.ask(session, ReportPresence(number, there.session, PresenceMode.WRITING), there)
        confirmed = ("newer_message", "empty", "attachment_missing", "variables")
        self.ask(session, SendReply(number, f"Answer {text}", confirmed=confirmed))

    def _what_servers_said(self, session: Session) -> None:
        """SMTP replies, and what is known of people: no way in for an agent."""
        by_address = {payload.mark: stored(payload.text) for payload in PAYLOADS}
        for group, delivery in zip(
            _groups(), session.exec(select(Delivery).order_by(col(Delivery.id))), strict=True
        ):
            delivery.state, delivery.cause, delivery.code = "failed", _joined(group), 550
            delivery.address = f"{stored(group[0].text)}@client.test"
        for person, address in session.exec(
            select(Person, PersonAddress.address).join(
                PersonAddress, col(PersonAddress.person_id) == Person.id
            )
        ):
            text = by_address.get(address.removesuffix("@client.test"))
            if text is not None:
                organization = Organization(name=text, domain=text)
                session.add(organization)
                session.flush()
                person.phone = person.location = person.language = person.notes = text
                person.organization_id = organization.id


@dataclass(frozen=True)
class HostileDesk:
    """The desk that every program gets a copy of."""

    folder: Path
    tickets: dict[str, int]

    def copy(self, folder: Path) -> dict[str, str]:
        """A copy of the desk in ``folder``, as environment of a program."""
        shutil.copy(self.folder / "desk.db", folder / "desk.db")
        return {"TUI_DESK_DATABASE": str(folder / "desk.db"), "EDITOR": "true"}


def build_hostile_desk(path: Path) -> tuple[dict[str, int], list[str]]:
    """Make the desk at ``path``. Answers the tickets by mark (and :data:`GATHERED`), and what services refused."""
    database = open_new_desk(f"sqlite:///{path}")
    try:
        builder = Builder(database)
        builder.people_and_mailboxes()
        builder.mail()
        tickets = builder.work()
        return tickets, builder.refused
    finally:
        database.close()


__all__ = ["GATHERED", "HostileDesk", "build_hostile_desk", "stored"]
