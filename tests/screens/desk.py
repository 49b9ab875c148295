"""The interface on a real desk: a SQLite database with tickets, the real gateway, the application driven by its keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from textual.pilot import Pilot

from tests.services.desk import Desk, open_desk
from tests.support.ports import PATIENCE
from tui_desk.app import DeskApp
from tui_desk.contracts.desk import SaveSettings, ShowSettings
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.enums import Channel, Priority
from tui_desk.gateway import DeskGateway
from tui_desk.models import Mailbox
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import AppOptions
from tui_desk.screens.message_line import MessageLine

T = TypeVar("T")
HOSTILE = "\x1b[c\x1b]52;c;x\x07\x9b5n [/] [@click=app.exit]press[/] \u202eexe.pdf\u202c $var \\["
"""What a stranger may write: questions to the terminal, markup, a turned-round file name."""


@dataclass
class Room:
    """A desk, the gateway of its agent ana, and where the application keeps its log."""

    desk: Desk
    gateway: DeskGateway
    state_folder: Path
    clock: Clock = utc_now

    def app(self) -> DeskApp:
        """A fresh application on this desk."""
        options = AppOptions(
            self.state_folder, downloads=self.state_folder, session="terminal-ana", clock=self.clock
        )
        return DeskApp(self.gateway, options)

    def ask(self, request: Request[T]) -> T:
        """As ana, at another terminal."""
        return self.desk.ask(request)

    def ticket(
        self, subject: str = "Printer on fire", requester: str = "Otto <otto@client.test>", **fields: Any
    ) -> int:
        """A ticket that came by phone."""
        return self.ask(
            NewTicket(**{"subject": subject, "requester": requester, "body": "It burns.", **fields})
        )

    def gateway_now(self) -> datetime:
        """The clock of the real world, which the gateway goes by (presence passes after some seconds)."""
        return utc_now()

    @asynccontextmanager
    async def running(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
        """The application on its first screen, rows read."""
        app = self.app()
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.agent is not None)
            yield pilot


@contextmanager
def open_room(folder: Path) -> Iterator[Room]:
    """A fresh desk in ``folder``."""
    with open_desk(f"sqlite:///{folder / 'desk.db'}") as desk:
        gateway = DeskGateway(desk.database.url, desk.ana)
        try:
            yield Room(desk, gateway, folder)
        finally:
            gateway.close()


def add_mailbox(room: Room, address: str = "help@desk.test") -> None:
    """A mailbox of the desk whose servers nobody runs: what is sent waits in the outbox."""
    with room.desk.writing() as session:
        session.add(
            Mailbox(
                address=address,
                name="Help",
                imap_host="127.0.0.1",
                smtp_host="127.0.0.1",
                smtp_user=address,
                smtp_security="none",
                created_at=room.desk.now,
            )
        )


def fill(room: Room, count: int = 12) -> list[int]:
    """Some tickets of every sort, the oldest first."""
    channels, priorities = (Channel.PHONE, Channel.CHAT, Channel.WALKIN), tuple(Priority)
    return [
        room.ticket(
            f"Printer {index} prints stripes",
            f"Person {index} <p{index}@client.test>",
            channel=channels[index % 3],
            priority=priorities[index % 4],
        )
        for index in range(1, count + 1)
    ]


def undo_for_long(room: Room) -> int:
    """A send can be stopped as long as the desk allows at all, however slow the machine; answers the seconds."""
    room.desk.ask(SaveSettings(undo_seconds=300), room.desk.root)
    return room.desk.ask(ShowSettings(), room.desk.root).undo_seconds


async def until(pilot: Pilot[None], condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Let the application work until ``condition`` holds; fails with what the screen shows."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not condition():
        if loop.time() > end:
            raise AssertionError(f"did not come to be; the screen shows:\n{text_of(pilot)}")
        await pilot.pause(0.01)


def text_of(pilot: Pilot[None]) -> str:
    """What is painted, line by line."""
    width, height = pilot.app.size
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text[:width] for strip in strips[:height])


def told(pilot: Pilot[None]) -> str:
    """What the message line of the nearest full screen says."""
    screen = next(s for s in reversed(pilot.app.screen_stack) if isinstance(s, BaseScreen))
    said = screen.query_one(MessageLine).told
    return f"{said.sentence} {said.hint}".strip()


async def shows(pilot: Pilot[None], *texts: str) -> None:
    """Wait until all of ``texts`` are painted."""
    await until(pilot, lambda: all(text in text_of(pilot) for text in texts))
