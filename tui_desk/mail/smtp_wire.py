"""The wire under an SMTP talk: bytes out with flow control, answers in, one by one, in the order they were asked for.

aiosmtplib keeps one answer at a time and drops what comes besides it, so that commands sent together (RFC 2920) lose their
answers. Once it has greeted, secured and logged in, this takes its connection over. Bytes that nobody asked for are kept and
seen (:attr:`Wire.stirred`): an answer too many would else pass for the answer to the next mail.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiosmtplib

__all__ = ["Reply", "Wire", "take_over"]

MAX_LINE = 8_192
MAX_HELD = 1_024 * 1_024
"""Answers to a thousand recipients fit; a server that talks without end does not fill the memory."""
_GARBAGE = -1


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its code (RFC 5321, 4.2) and the text of its lines."""

    code: int
    message: str


class Wire(asyncio.Protocol):
    """One connection. Not for two talks at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = bytearray()
        self._error: Exception | None = None
        self._ended = False
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    # What the event loop tells

    def data_received(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > MAX_HELD:
            self._held.clear()
            self._error = aiosmtplib.SMTPResponseException(_GARBAGE, "Response too long")
            self._transport.abort()
        self._news.set()

    def eof_received(self) -> bool:
        self._ended = True
        self._news.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = self._error or exc
        self._news.set()
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # What the talk asks

    @property
    def tls(self) -> object:
        """The encryption of the connection (an SSLObject), None in clear."""
        return self._transport.get_extra_info("ssl_object")

    @property
    def connected(self) -> bool:
        """Whether more can be said here."""
        return not self._ended and not self._transport.is_closing()

    @property
    def stirred(self) -> bool:
        """Whether something came (or the other side went) that nobody has read yet."""
        return bool(self._held) or self._ended

    def write(self, data: bytes) -> None:
        """Queue bytes. Raises SMTPServerDisconnected."""
        if not self.connected:
            raise self._gone()
        self._transport.write(data)

    async def drained(self, timeout: float) -> None:
        """Wait until the other side has taken enough for more to be written. Raises TimeoutError, SMTPServerDisconnected."""
        if not self._writable.is_set():
            await asyncio.wait_for(self._writable.wait(), timeout)
        if self._ended and not self._held:
            raise self._gone()

    async def reply(self, timeout: float | None) -> Reply:
        """The next answer. Raises SMTPReadTimeoutError, SMTPServerDisconnected, SMTPResponseException (no SMTP)."""
        loop = asyncio.get_running_loop()
        end = None if timeout is None else loop.time() + timeout
        while True:
            found = self._parsed()
            if found is not None:
                return found
            if self._ended:
                raise self._gone()
            self._news.clear()
            try:
                async with asyncio.timeout_at(end):
                    await self._news.wait()
            except TimeoutError as error:
                raise aiosmtplib.SMTPReadTimeoutError("Timed out waiting for server response") from error

    def close(self) -> None:
        """At once: a TLS connection would otherwise wait half a minute for the other side to say goodbye."""
        self._transport.abort()

    def _gone(self) -> Exception:
        if isinstance(self._error, aiosmtplib.SMTPException):
            return self._error
        lost = aiosmtplib.SMTPServerDisconnected("Connection lost")
        lost.__cause__ = self._error
        return lost

    def _parsed(self) -> Reply | None:
        """A whole answer from what is held; the last of its lines has no hyphen behind the code."""
        lines: list[bytes] = []
        at = 0
        while (end := self._held.find(b"\n", at)) >= 0:
            line = bytes(self._held[at:end]).rstrip(b"\r")
            at = end + 1
            if not line[:3].isdigit() or len(line) > MAX_LINE:
                raise aiosmtplib.SMTPResponseException(
                    _GARBAGE, f"Malformed SMTP response line: {line[:200].decode('utf-8', 'ignore')}"
                )
            lines.append(line[4:].strip(b" \t"))
            if line[3:4] != b"-":
                del self._held[:at]
                return Reply(int(line[:3]), b"\n".join(lines).decode("utf-8", "surrogateescape"))
        if len(self._held) - at > MAX_LINE:
            raise aiosmtplib.SMTPResponseException(_GARBAGE, "Response too long")
        return None


def take_over(client: aiosmtplib.SMTP) -> Wire:
    """The connection of ``client``, which must have had the answers to all it asked. Raises SMTPServerDisconnected."""
    transport = client.transport
    if not isinstance(transport, asyncio.Transport) or transport.is_closing():
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    wire = Wire(transport)
    transport.set_protocol(wire)
    return wire
