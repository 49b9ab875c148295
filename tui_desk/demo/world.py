"""The world around the sample desk, in a process of its own: an IMAP and an SMTP server on loopback, and people who write.

Reads one line of JSON on standard input (``address``, ``user``, ``password``, ``silent``, ``pace``), prints one line with the
ports, and ends when standard input does. Nothing leaves this host: what is sent is read by the simulated people.
"""

from __future__ import annotations

import asyncio
import email
import json
import os
import random
import sys
from argparse import Namespace
from contextlib import suppress
from email.utils import parseaddr
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, DictBackend, Login
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage

from tui_desk.core.clock import utc_now
from tui_desk.demo.requesters import Requesters

LOOPBACK = "127.0.0.1"
FIRST_LETTER_SECONDS = 8.0
LETTER_SECONDS = (40.0, 75.0)
ANSWER_SECONDS = (3.0, 8.0)


class World:
    """Both servers and the people. ``pace`` stretches all waiting times (tests use a small one)."""

    def __init__(self, user: str, password: str, requesters: Requesters, pace: float) -> None:
        self.user = user
        self.password = password
        self.requesters = requesters
        self.pace = pace
        self.tasks: set[asyncio.Task[None]] = set()
        arguments = Namespace(passlib_cfg=None, proxy_protocol=None)
        self.config = Config(
            arguments,
            demo_data=False,
            demo_user=user,
            demo_password=password,
            host=LOOPBACK,
            port=0,
            tls_enabled=False,
            reject_dnsbl=False,
            invalid_user_sleep=0.0,
        )
        self.login = Login(self.config)

    async def start(self) -> tuple[int, int]:
        """Listen; answers the ports of IMAP and SMTP."""
        self.config.apply_context()
        await DictBackend._add_demo_user(self.config, self.login)
        imap = IMAPServer(self.login, self.config)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, EOFError):
                await imap(reader, writer, SocketInfoLocal(writer))

        imap_server = await asyncio.start_server(connected, LOOPBACK, 0)
        loop = asyncio.get_running_loop()
        smtp_server = await loop.create_server(self._smtp, LOOPBACK, 0)
        return imap_server.sockets[0].getsockname()[1], smtp_server.sockets[0].getsockname()[1]

    def _smtp(self) -> SMTP:
        return SMTP(
            self,
            hostname="localhost",
            auth_require_tls=False,
            auth_required=True,
            authenticator=self._authenticate,
            enable_SMTPUTF8=True,
            loop=asyncio.get_running_loop(),
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        right = (
            isinstance(data, LoginPassword)
            and data.login.decode() == self.user
            and data.password.decode() == self.password
        )
        return AuthResult(success=right, handled=right)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.requesters.refuses(address):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        for answer in self.requesters.answer(raw, envelope.rcpt_tos, utc_now()):
            self._later(self._deliver_after(self._seconds(*ANSWER_SECONDS), answer))
        return "250 2.0.0 OK"

    async def write_letters(self) -> None:
        """New mail now and then, until everybody has written."""
        await asyncio.sleep(FIRST_LETTER_SECONDS * self.pace)
        while (letter := self.requesters.write_next(utc_now())) is not None:
            await self._deliver(letter)
            await asyncio.sleep(self._seconds(*LETTER_SECONDS))

    def _seconds(self, least: float, most: float) -> float:
        return self.requesters.chance.uniform(least, most) * self.pace

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _deliver_after(self, seconds: float, raw: bytes) -> None:
        await asyncio.sleep(seconds)
        await self._deliver(raw)

    async def _deliver(self, raw: bytes) -> None:
        """Into the desk's INBOX, as the last mail server of a route would."""
        written_to = parseaddr(str(email.message_from_bytes(raw)["To"]))[1]
        trace = (
            f"Delivered-To: {self.user}\r\nX-Original-To: {written_to}\r\n"
            "Received: from demo (localhost [127.0.0.1])\r\n"
        )
        routed = trace.encode() + raw
        async with self.login.demo_user_identity.new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            await inbox.append(AppendMessage(routed, utc_now(), frozenset()))


async def run() -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    wanted = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    # No look-up of this host's name anywhere: it is only for the greeting.
    os.environ["FQDN"] = "localhost"
    chance = random.Random(wanted.get("seed"))
    requesters = Requesters(wanted["address"], frozenset(wanted["silent"]), chance)
    world = World(wanted["user"], wanted["password"], requesters, float(wanted["pace"]))
    imap_port, smtp_port = await world.start()
    print(json.dumps({"imap_port": imap_port, "smtp_port": smtp_port}), flush=True)
    letters = asyncio.create_task(world.write_letters())
    await loop.run_in_executor(None, sys.stdin.read)
    letters.cancel()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(run())
