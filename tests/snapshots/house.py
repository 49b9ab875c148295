"""The desk that the pictures are taken of: the sample desk at a set hour, with some of everything else there is to see."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from PIL import Image, ImageDraw
from sqlmodel import col, select

from tests.services.document_files import pdf
from tests.support.new_desk import open_new_desk
from tui_desk.app import DeskApp
from tui_desk.contracts.approvals import AddSubstitute
from tui_desk.contracts.assets import SaveAssetType
from tui_desk.contracts.conversation import AddNote, OpenCompose, SaveDraft
from tui_desk.contracts.custom_fields import SaveField
from tui_desk.contracts.desk import ListAssets
from tui_desk.contracts.documents import AddDocument
from tui_desk.contracts.flow import SnoozeTicket
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.invoices import InvoiceLineInput, SaveInvoice
from tui_desk.contracts.purchases import ListPurchases
from tui_desk.contracts.reviews import AskReview
from tui_desk.contracts.tasks import AddTask, ChecklistItemView, DueBy, SaveChecklist
from tui_desk.contracts.ticket_work import SetNextAction
from tui_desk.contracts.timekeeping import AddTime, SaveActivity
from tui_desk.contracts.views import SaveView
from tui_desk.core.enums import (
    DocumentKind,
    DocumentSubject,
    DraftKind,
    FieldKind,
    FieldRequired,
    FieldSubject,
    PurchaseState,
    Role,
)
from tui_desk.db.engine import Database
from tui_desk.db.url import parse_database_url
from tui_desk.demo import letters
from tui_desk.demo.sample import Account, fill
from tui_desk.gateway import DeskGateway
from tui_desk.models import Agent
from tui_desk.screens.host import AppOptions
from tui_desk.services.actor import Actor
from tui_desk.services.dispatch import run

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""A Monday; the clock of the process stands there while pictures are taken."""
VPN, BATTERY, ORDER, LIFT, NOTES = 39, 42, 44, 40, 7
"""Tickets of the sample that pictures are taken of."""


@dataclass
class House:
    """A desk of its own for one picture, and the person at its keys."""

    folder: Path
    gateway: CountingGateway
    actors: dict[str, Actor]

    def ask(self, request: Request[T], login: str = "you") -> T:
        """As somebody else, at another terminal."""
        return run(self.gateway.database(), self.actors[login], request)

    def app(self, look: str = "dark", **options: Any) -> DeskApp:
        """The application of whom the desk belongs to."""
        given = {"session": "here", "clock": lambda: NOW, "login": "you", "theme": look, **options}
        return DeskApp(self.gateway, AppOptions(self.folder, downloads=Path("Downloads"), **given))


class CountingGateway(DeskGateway):
    """A desk that knows how much is being asked of it."""

    asked = 0

    async def ask(self, request: Request[T]) -> T:
        self.asked += 1
        try:
            return await super().ask(request)
        finally:
            self.asked -= 1


@dataclass(frozen=True)
class Plan:
    """The database file of a house, made once, and who works there."""

    database: bytes
    key: bytes
    actors: dict[str, Actor] = field(default_factory=dict)


@contextmanager
def open_house(folder: Path, plan: Plan) -> Iterator[House]:
    """A house of its own after ``plan`` in ``folder``."""
    for name, content in (("desk.db", plan.database), ("desk.db.key", plan.key)):
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    gateway = CountingGateway(parse_database_url(f"sqlite:///{folder / 'desk.db'}"), plan.actors["you"])
    try:
        yield House(folder, gateway, plan.actors)
    finally:
        gateway.close()


def make_plan(folder: Path) -> Plan:
    """Fill the desk in ``folder``; the clock of the process stands at ``NOW`` meanwhile."""
    database = open_new_desk(f"sqlite:///{folder / 'desk.db'}")
    with database.writing() as session:
        owner = Agent(login="you", name="Robin Hale", email="you@desk.test", role="admin", created_at=NOW)
        session.add(owner)
        session.flush()
        you = Actor(owner.id, "you", owner.name, Role.ADMIN, session="elsewhere")
    numbers = count(1)
    with patch.object(letters, "make_msgid", lambda domain: f"<mail-{next(numbers)}@{domain}>"):
        fill(database, you, Account("127.0.0.1", 1143, 1025, "secret"), NOW, random.Random(1))
    with database.reading() as session:
        agents = session.exec(select(Agent).order_by(col(Agent.id))).all()
        actors = {
            a.login: Actor(a.id, a.login, a.name, Role(a.role), session=f"at-{a.login}") for a in agents
        }
    _furnish(database, actors, folder)
    database.close()
    return Plan((folder / "desk.db").read_bytes(), (folder / "desk.db.key").read_bytes(), actors)


def _furnish(database: Database, actors: dict[str, Actor], folder: Path) -> None:
    """What the sample has none of."""

    def do(request: Request[T], login: str = "you") -> T:
        return run(database, actors[login], request)

    do(SaveView(None, "VPN, urgent", "vpn priority>=high"))
    _work(do)
    _own_fields(do)
    _files(do, folder)
    _delivery(do)
    do(OpenCompose(NOTES, DraftKind.REPLY), "maya")
    do(SaveDraft(NOTES, DraftKind.REPLY, "Dear Kenji,\n\nthe certificate costs **1,300 euros**."), "maya")
    do(AskReview(NOTES, DraftKind.REPLY, "you", "Is the price right?", at_once=True), "maya")
    do(SnoozeTicket(36, datetime(2026, 3, 3, 9, tzinfo=UTC)))
    do(SnoozeTicket(31))
    do(
        AddSubstitute(
            "maya.okafor@halden-finch.example", "you", date(2026, 3, 9), date(2026, 3, 13), "Skiing"
        )
    )


def _work(do: Any) -> None:
    task = ChecklistItemView
    do(SaveActivity("Travel", billable=True))
    do(SaveActivity("Research"))
    do(
        SaveChecklist(
            None,
            "New laptop",
            items=(
                task("Order it", due_after_days=2),
                task("Set it up"),
                task("Hand it over", blocking=False),
            ),
        )
    )
    do(AddTask(VPN, "Renew the gateway's certificate", assignee="you", due=DueBy(on=date(2026, 2, 27))))
    do(AddTask(VPN, "Tell the field team", assignee="jonas", due=DueBy(on=date(2026, 3, 2))))
    do(
        AddTask(
            LIFT,
            "Call the maintenance company",
            team="Facilities",
            due=DueBy(at=datetime(2026, 3, 2, 16, tzinfo=UTC)),
        )
    )
    do(AddTime(VPN, 45, date(2026, 3, 2), activity="Research", note="Gateway logs"))
    do(AddTime(LIFT, 90, date(2026, 2, 27), activity="Travel"))
    do(AddNote(VPN, "@you the gateway was restarted at nine; **no** change. See #40."), "jonas")
    do(SetNextAction(VPN, "Call Greta about the certificate", date(2026, 3, 3)))


def _own_fields(do: Any) -> None:
    ticket = FieldSubject.TICKET
    do(
        SaveField(
            None,
            ticket,
            "cost_group",
            "Cost group",
            kind=FieldKind.CHOICE,
            choices=("Oslo", "Leeds", "日本 [/]"),
            required=FieldRequired.RESOLVING,
        )
    )
    do(SaveField(None, ticket, "amount", kind=FieldKind.NUMBER))
    do(SaveField(None, ticket, "delivery", kind=FieldKind.DATE))
    do(SaveField(None, FieldSubject.PERSON, "badge"))
    do(SaveField(None, FieldSubject.ASSET, "ram", "Memory (GB)", kind=FieldKind.NUMBER, applies_to="laptop"))
    do(SaveAssetType("Laptop", 36))


def _files(do: Any, folder: Path) -> None:
    """On an asset and, as a mail's, on a note."""
    asset = next(one for one in do(ListAssets()) if one.tag == "LT-0231").id
    for name, content, kind in (
        ("manual [red].txt", b"Read me.", DocumentKind.MANUAL),
        ("prices.csv", CSV, DocumentKind.OFFER),
        ("invoice-77.pdf", pdf("Invoice 77: total 1299.90 EUR"), DocumentKind.INVOICE),
    ):
        (folder / name).write_bytes(content)
        do(AddDocument(DocumentSubject.ASSET, str(folder / name), asset, kind=kind))
    for name, content in ATTACHED.items():
        (folder / name).write_bytes(content)
    do(AddNote(ORDER, "What the carrier sent.", attach_paths=tuple(str(folder / name) for name in ATTACHED)))


def _delivery(do: Any) -> None:
    ordered = do(ListPurchases(states=(PurchaseState.ORDERED,)))[0]
    line = ordered.lines[0]
    do(
        SaveInvoice(
            None,
            ordered.id,
            "ON-2026-17",
            date(2026, 3, 1),
            (InvoiceLineInput(line.id, 1, Decimal("549.00")),),
            date(2026, 3, 15),
        )
    )


def _picture() -> bytes:
    image = Image.new("RGB", (96, 60), "#20406a")
    pen = ImageDraw.Draw(image)
    pen.rectangle((18, 14, 78, 46), fill="#c8a050")
    pen.line((18, 14, 78, 46), fill="#802020", width=4)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Carrier <dispatch@carrier.example>", "support@halden-finch.example"
    mail["Subject"], mail["Date"] = "Two boxes in Hamburg", "Mon, 2 Mar 2026 10:15:00 +0000"
    mail.set_content("Two boxes of 88120 stand in Hamburg.\n\nThey leave on Tuesday.\n")
    return mail.as_bytes()


CSV = "Article,Price,Text\nLäptop,1299.90,日本 in stock\nDock,89.00\n".encode()
ATTACHED = {
    "list.csv": b"Box,Pieces,Weight\n1,12,8.4 kg\n2,10,7.9 kg\n3,12,8.4 kg\n",
    "photo.png": _picture(),
    "slip.pdf": pdf("Delivery slip 88120: 8 of 10 boxes"),
    "words.txt": b"Two boxes are missing.\nThe driver signed for eight.\n",
    "carrier.eml": _mail(),
    "visit.ics": (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Second delivery\r\n"
        b"DTSTART:20260303T083000Z\r\nDTEND:20260303T093000Z\r\nLOCATION:Gate 4\r\n"
        b"ORGANIZER;CN=Carrier:mailto:dispatch@carrier.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ),
}
"""Files of every kind that is shown in place, by name."""
