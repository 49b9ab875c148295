"""A session of the linear mode as text: lines go in, what is said comes out."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from tests.services.desk import Desk
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.status import ShowStatus
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Channel
from tui_desk.gateway import DeskGateway
from tui_desk.linear.console import LineConsole
from tui_desk.linear.loop import run
from tui_desk.linear.session import Options, Session
from tui_desk.models import Mailbox
from tui_desk.services.actor import Actor

T = TypeVar("T")


@dataclass
class Talk:
    """Ana at the linear mode, who goes on from one call of :meth:`say` to the next. The desk goes by the clock of the real world."""

    desk: Desk
    folder: Path
    actor: Actor | None = None
    session: Session | None = None
    ahead: timedelta = timedelta()
    """How far this terminal's clock is ahead."""
    commands: list[list[str]] = field(default_factory=list)
    gateways: dict[str, DeskGateway] = field(default_factory=dict)

    def ask(self, request: Request[T], actor: Actor | None = None) -> T:
        """As somebody at another terminal (None: ana)."""
        acting = actor or self.desk.ana
        if acting.login not in self.gateways:
            self.gateways[acting.login] = DeskGateway(self.desk.database.url, acting)
        return self.gateways[acting.login].ask_now(request)

    def ticket(self, subject: str, who: str = "Otto <otto@client.test>", body: str = "It burns.") -> int:
        """A ticket that came by phone."""
        return self.ask(NewTicket(subject, who, body, Channel.PHONE))

    def close(self) -> None:
        """Let go of the desk."""
        for gateway in self.gateways.values():
            gateway.close()

    def say(self, *lines: str) -> str:
        """What is answered to these lines; the session goes on afterwards."""
        out = io.StringIO()
        console = LineConsole(io.StringIO("".join(f"{line}\n" for line in lines)), out)
        if self.session is None:
            options = Options(
                state_folder=self.folder,
                downloads=self.folder,
                session="terminal-linear",
                command=self.commands.append,
                clock=lambda: utc_now() + self.ahead,
            )
            acting = self.actor or self.desk.ana
            self.ask(ShowStatus(), acting)
            self.session = Session(self.gateways[acting.login], console, options)
        self.session.console, self.session.is_over = console, False
        run(self.session)
        return out.getvalue()


def add_mailbox(desk: Desk) -> None:
    """A mailbox whose servers nobody runs: what is sent waits in the outbox."""
    with desk.writing() as session:
        session.add(
            Mailbox(
                address="help@desk.test",
                name="Help",
                imap_host="127.0.0.1",
                smtp_host="127.0.0.1",
                smtp_user="help@desk.test",
                smtp_security="none",
                created_at=desk.now,
            )
        )
