"""A proxy between an IMAP client and its server that cuts, delays, swallows and lies, by dice with a seed.

Quiet by default; a test switches on what it is about. One thread with an event loop serves all connections.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.support.ports import LOOPBACK, PATIENCE

CHUNK = 16_384
_COMMAND = re.compile(rb"(\w+) (?:UID )?([A-Z]+)\b", re.IGNORECASE)
_LIES_ABOUT = (b"LOGIN", b"AUTHENTICATE", b"SELECT", b"SEARCH", b"FETCH", b"STORE", b"MOVE", b"NOOP", b"IDLE")


@dataclass
class Chaos:
    """Probabilities. ``cut``, ``delay`` and ``swallow`` are per piece of data from the server, ``lie`` per command."""

    cut: float = 0.0
    """The connection ends in the middle of a piece."""
    delay: float = 0.0
    longest_delay: float = 0.3
    swallow: float = 0.0
    """From here on nothing passes on this connection, and nobody says so."""
    lie: float = 0.0
    """BYE, NO, BAD or garbage in place of the server's answer; it never sees the command."""


@dataclass(eq=False)
class _Connection:
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    dead: bool = False
    """Whatever comes is thrown away: as on a line whose router forgot it."""


@dataclass
class ChaosProxy:
    """Listens on ``port`` and passes everything on to ``target`` (a port of the loopback)."""

    target: int
    seed: int = 0
    chaos: Chaos = field(default_factory=Chaos)
    hole: bool = False
    """While true every byte disappears, and so do all later ones of the connections of this time."""
    down: bool = False
    """While true connections are closed at once."""
    port: int = 0
    host: str = LOOPBACK
    script: dict[bytes, list[bytes]] = field(default_factory=dict)
    """What is said in the server's place to the next commands of a word (``{tag}`` stands for theirs); then the connection is cut,
    unless it was a NO or BAD."""
    words: set[str] = field(default_factory=set)
    """The commands that the client has said."""
    happened: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    moments: list[float] = field(default_factory=list)
    """When each connection was opened (the event loop's clock, ``time.monotonic``)."""

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._open: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chaos-proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)

    def cut_all(self) -> None:
        """End every connection now."""

        def cut() -> None:
            for connection in list(self._open):
                self._abort(connection)

        self._loop.call_soon_threadsafe(cut)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, LOOPBACK, self.port))
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for connection in list(self._open):
                self._abort(connection)
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.moments.append(self._loop.time())
        connection = _Connection(writer)
        self._open.add(connection)
        try:
            if self.down:
                return
            if self.hole:
                connection.dead = True
                await reader.read(-1)
                return
            far, connection.server = await asyncio.open_connection(LOOPBACK, self.target)
            await asyncio.wait(
                [
                    asyncio.create_task(self._commands(connection, reader)),
                    asyncio.create_task(self._answers(connection, far)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        except OSError:
            pass
        finally:
            self._abort(connection)

    def _abort(self, connection: _Connection) -> None:
        self._open.discard(connection)
        for writer in (connection.client, connection.server):
            if writer is not None:
                with suppress(Exception):
                    writer.transport.abort()

    def _swallows(self, connection: _Connection) -> bool:
        if self.hole:
            connection.dead = True
        return connection.dead

    async def _commands(self, connection: _Connection, reader: asyncio.StreamReader) -> None:
        with suppress(OSError, ValueError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                if self._swallows(connection):
                    continue
                assert connection.server is not None
                found = _COMMAND.match(line)
                if found:
                    self.words.add(found[2].decode().upper())
                if found and (said := self.script.get(found[2].upper())):
                    answer = said.pop(0).replace(b"{tag}", found[1])
                    connection.client.write(answer)
                    await connection.client.drain()
                    if b" NO " not in answer and b" BAD " not in answer:
                        return
                    continue
                if (
                    found
                    and found[2].upper() in _LIES_ABOUT
                    and not line.rstrip().endswith(b"}")  # a literal follows
                    and self._dice.random() < self.chaos.lie
                ):
                    if not await self._lie(connection, found[1], found[2].upper()):
                        return
                    continue
                connection.server.write(line)
                await connection.server.drain()

    async def _lie(self, connection: _Connection, tag: bytes, word: bytes) -> bool:
        """Answer in the server's place; whether the connection goes on."""
        code = b"[UNAVAILABLE] " if word in (b"LOGIN", b"AUTHENTICATE") else b""
        kind = self._dice.choice(["bye", "no", "bad", "garbage"])
        if kind == "bad" and code:
            kind = "no"
        self.happened[kind] += 1
        answer = {
            "bye": b"* BYE going down\r\n",
            "no": tag + b" NO " + code + b"not now\r\n",
            "bad": tag + b" BAD what\r\n",
            "garbage": b"\x00\xff** )(\r\n",
        }[kind]
        connection.client.write(answer)
        await connection.client.drain()
        return kind in ("no", "bad")

    async def _answers(self, connection: _Connection, far: asyncio.StreamReader) -> None:
        with suppress(OSError):
            while piece := await far.read(CHUNK):
                if self._swallows(connection):
                    continue
                if self._dice.random() < self.chaos.swallow:
                    self.happened["swallow"] += 1
                    connection.dead = True
                    continue
                if self._dice.random() < self.chaos.delay:
                    self.happened["delay"] += 1
                    await asyncio.sleep(self._dice.random() * self.chaos.longest_delay)
                if self._dice.random() < self.chaos.cut:
                    self.happened["cut"] += 1
                    connection.client.write(piece[: self._dice.randrange(len(piece))])
                    await connection.client.drain()
                    return
                connection.client.write(piece)
                await connection.client.drain()
            if connection.dead:  # the server went away; the client is not told of that either
                await asyncio.sleep(3600)
