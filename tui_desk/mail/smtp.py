"""SMTP submission: say exactly what became of a mail for each recipient, and how far the talk came.

On aiosmtplib's commands, not on its ``send``: that one loses refused recipients in a dictionary, cannot tell a connection
cut before the final dot from one cut after it, and with ``start_tls=None`` logs in in clear when STARTTLS was stripped.

    with open_smtp(address, credentials) as sender:
        result = sender.send(raw, "support@desk.example", ["anna@example.org"], before_data=commit_sending)
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NoReturn

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from tui_desk.core.i18n import _
from tui_desk.mail.connection import Credentials, Security, ServerAddress, tls_context
from tui_desk.mail.failure import Cause, failure, failure_from, said
from tui_desk.mail.smtp_values import (
    Outcome,
    Phase,
    RecipientResult,
    SendResult,
    envelope_address,
    wire_bytes,
)

__all__ = [
    "MailSender",
    "Outcome",
    "Phase",
    "RecipientResult",
    "SendResult",
    "SmtpConnection",
    "connect",
    "open_smtp",
]

COMMAND_TIMEOUT = 60.0
BODY_TIMEOUT = 180.0
"""Seconds for the server to take the next piece of a mail (RFC 5321, 4.5.3.2.5)."""
DOT_TIMEOUT = 600.0
"""Seconds to wait for the answer to the final dot (RFC 5321, 4.5.3.2.6): giving up early doubles mail."""

_PIECE = 64 * 1024
_LOOK_SECONDS = 1.0
"""How often ``while_waiting`` is called."""
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_HELLO = "[127.0.0.1]"  # what a client behind an address translation says; the computer's name is nobody's business

BeforeData = Callable[[Sequence[str]], None]
WhileSending = Callable[[], None]
WhileWaiting = Callable[[], None]


async def connect(
    address: ServerAddress,
    credentials: Credentials | None,
    *,
    timeout: float = COMMAND_TIMEOUT,
    dot_timeout: float = DOT_TIMEOUT,
) -> SmtpConnection:
    """A connection ready for mail: secured as ``address`` says, greeted, logged in where there are ``credentials``.

    Raises MailServerError. Nothing but EHLO and STARTTLS is said before TLS is verified.
    """
    client = aiosmtplib.SMTP(
        hostname=address.host,
        port=address.port,
        use_tls=address.security is Security.TLS,
        start_tls=False,  # done below: None would go on in clear
        tls_context=tls_context(address.ca_file),
        local_hostname=_HELLO,
        timeout=timeout,
    )
    try:
        await client.connect()
        await client.ehlo()
        if address.security is Security.STARTTLS:
            await _start_tls(client, address)
        if credentials is not None:
            await _log_in(client, address, credentials)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        await _abort(client, client.transport)
        raise failure_from(error, address, credentials) from error
    except BaseException:
        await _abort(client, client.transport)
        raise
    return SmtpConnection(client, address, credentials, dot_timeout)


async def _abort(client: aiosmtplib.SMTP, transport: asyncio.BaseTransport | None) -> None:
    """Close at once: a TLS connection would otherwise wait half a minute for the other side to say goodbye."""
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
    client.close()
    for _tick in range(3):  # the event loop closes sockets in its next rounds, and there may be none later
        await asyncio.sleep(0)


async def _start_tls(client: aiosmtplib.SMTP, address: ServerAddress) -> None:
    if not client.supports_extension("starttls"):
        raise failure(Cause.STARTTLS_MISSING, address)
    try:
        await client.starttls()
    except aiosmtplib.SMTPResponseException as error:
        raise failure(Cause.STARTTLS_REFUSED, address, said(f"{error.code} {error.message}")) from error
    await client.ehlo()


async def _log_in(client: aiosmtplib.SMTP, address: ServerAddress, credentials: Credentials) -> None:
    """One attempt with one mechanism: trying all of them would count as several wrong passwords."""
    offered = client.server_auth_methods
    if "plain" in offered:
        await client.auth_plain(credentials.user, credentials.password)
    elif "login" in offered:
        await client.auth_login(credentials.user, credentials.password)
    elif "cram-md5" in offered:
        await client.auth_crammd5(credentials.user, credentials.password)
    else:
        raise failure(Cause.AUTH_MISSING, address)


class _Ended(Exception):
    """The transaction ends here; carries what is true for the recipients still waiting."""

    def __init__(self, outcome: Outcome, code: int | None, text: str) -> None:
        super().__init__(text)
        self.outcome = outcome
        self.code = code
        self.text = text


class SmtpConnection:
    """A connection that carries one mail after the other. Not for two at once."""

    def __init__(
        self,
        client: aiosmtplib.SMTP,
        address: ServerAddress,
        credentials: Credentials | None,
        dot_timeout: float = DOT_TIMEOUT,
    ) -> None:
        self.client = client
        self.address = address
        self._credentials = credentials
        self._dot_timeout = dot_timeout
        self._transport = client.transport
        self._used = False

    @property
    def usable(self) -> bool:
        """Whether another mail can be sent here."""
        return self.client.is_connected

    def offers(self, extension: str) -> bool:
        """Whether the server announced an extension (``smtputf8``, ``size``…)."""
        return self.client.supports_extension(extension)

    async def ready(self) -> bool:
        """Whether the next mail can begin, asked of the server (RSET) where the connection was used before."""
        if self.usable and self._used:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self.client.rset()
                self._used = False
        return self.usable and not self._used

    async def close(self) -> None:
        """Say QUIT and close; never raises for a connection that is gone."""
        with suppress(aiosmtplib.SMTPException, OSError):
            if self.client.is_connected:
                await self.client.quit(timeout=5)
        await _abort(self.client, self._transport)

    async def send(
        self,
        raw: bytes,
        envelope_from: str,
        recipients: Sequence[str],
        before_data: BeforeData | None = None,
        while_sending: WhileSending | None = None,
        while_waiting: WhileWaiting | None = None,
    ) -> SendResult:
        """Send one mail and say for each recipient what is known.

        ``before_data`` is called with the accepted recipients right before DATA: what it commits is on record before the server
        can have the mail. ``while_sending`` is called after every piece of the body, the last time right before the final dot. If
        one of them raises, nothing is sent and its error goes on. ``while_waiting`` is called about once a second until the answer to
        the dot is there; it must not raise, for the server may have the mail. Raises UsageError for a malformed address (nothing
        was sent); everything a server does is in the result, never an exception.
        """
        sender = envelope_address(envelope_from) if envelope_from else ""
        targets = [(address, envelope_address(address)) for address in recipients]
        done: dict[str, RecipientResult] = {}
        attempt = _Attempt(Phase.MAIL)
        body = wire_bytes(raw)
        try:
            await self._begin(sender, targets, body, raw)
            attempt.phase = Phase.RCPT
            accepted = await self._name_recipients(targets, done)
            if accepted:
                if before_data is not None:
                    before_data(tuple(accepted))
                response = await self._transmit(body, attempt, while_sending, while_waiting)
                self._judge(response.code, response.message, Outcome.UNKNOWN)
                attempt.phase = Phase.DONE
                done.update(
                    {address: self._result(address, Outcome.ACCEPTED, response) for address in accepted}
                )
            else:
                attempt.phase = Phase.DONE
                self._used = True
        except _Ended as end:
            if attempt.phase is Phase.DOT and end.outcome is not Outcome.UNKNOWN:
                attempt.phase = Phase.DONE
            for address in recipients:
                done.setdefault(address, self._ended(address, end))
        except BaseException:
            self.client.close()  # the talk stands in the middle of a mail
            raise
        return SendResult(attempt.phase, tuple(done[address] for address in recipients), self.usable)

    async def _begin(self, sender: str, targets: Sequence[tuple[str, str]], body: bytes, raw: bytes) -> None:
        """MAIL FROM, after RSET where the connection was used before."""
        if self._used:
            await self._command(b"RSET")
        self._used = True
        options: list[bytes] = []
        if self.offers("size"):
            options.append(b"SIZE=%d" % len(body))
        if not raw.isascii() and self.offers("8bitmime"):
            options.append(b"BODY=8BITMIME")
        if not all(each.isascii() for each in (sender, *(wire for _name, wire in targets))) and self.offers(
            "smtputf8"
        ):
            options.append(b"SMTPUTF8")
        elif not sender.isascii():
            raise _Ended(Outcome.REFUSED, None, _("the server takes no addresses outside ASCII (SMTPUTF8)"))
        await self._command(b"MAIL", b"FROM:<%s>" % sender.encode(), *options)

    async def _name_recipients(
        self, targets: Sequence[tuple[str, str]], done: dict[str, RecipientResult]
    ) -> list[str]:
        accepted: list[str] = []
        for address, wire in targets:
            if address in done or address in accepted:
                continue
            if not wire.isascii() and not self.offers("smtputf8"):
                text = _("the server takes no addresses outside ASCII (SMTPUTF8)")
                done[address] = RecipientResult(address, Outcome.REFUSED, None, None, text)
                continue
            try:
                await self._command(b"RCPT", b"TO:<%s>" % wire.encode())
                accepted.append(address)
            except _Ended as end:
                if not self.usable:
                    raise
                done[address] = self._ended(address, end)
        return accepted

    async def _command(self, *words: bytes) -> aiosmtplib.SMTPResponse:
        """One command whose answer must be 2xx; before DATA a lost connection means that nothing was sent."""
        try:
            response = await self.client.execute_command(*words)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self._lost(error, Outcome.DEFERRED)
        self._judge(response.code, response.message)
        return response

    async def _transmit(
        self,
        body: bytes,
        attempt: _Attempt,
        while_sending: WhileSending | None,
        while_waiting: WhileWaiting | None,
    ) -> aiosmtplib.SMTPResponse:
        """DATA, the mail, the dot, and the answer."""
        attempt.phase = Phase.DATA
        try:
            start = await self.client.execute_command(b"DATA")
        except (aiosmtplib.SMTPException, OSError) as error:
            self._lost(error, Outcome.DEFERRED)
        if start.code != aiosmtplib.SMTPStatus.start_input:
            self._judge(start.code, start.message)
            self.client.close()
            raise _Ended(Outcome.DEFERRED, start.code, said(start.message, self._credentials))
        protocol = self.client.protocol
        if protocol is None:
            raise _Ended(Outcome.DEFERRED, None, _("the connection was closed"))
        answer = asyncio.ensure_future(protocol.read_response())
        try:
            attempt.phase = Phase.BODY
            await self._send_body(protocol, body, answer, while_sending)
            attempt.phase = Phase.DOT
            return await self._final_answer(protocol, answer, while_waiting)
        finally:
            if not answer.done():
                answer.cancel()
                with suppress(asyncio.CancelledError, aiosmtplib.SMTPException):
                    await answer

    async def _send_body(
        self,
        protocol: SMTPProtocol,
        body: bytes,
        answer: asyncio.Future[aiosmtplib.SMTPResponse],
        while_sending: WhileSending | None,
    ) -> None:
        """Everything but the dot. While the dot is unsent the server cannot have accepted, whatever happens."""
        view = memoryview(body)
        try:
            for start in range(0, len(view), _PIECE):
                if answer.done():
                    break
                protocol.write(bytes(view[start : start + _PIECE]))
                # The protocol's own flow control, made for StreamWriter.drain().
                await asyncio.wait_for(protocol._drain_helper(), BODY_TIMEOUT)
                if while_sending is not None:
                    while_sending()
            if answer.done():
                self.client.close()
                response = answer.result()
                self._judge(max(response.code, 400), response.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._lost(error, Outcome.DEFERRED)

    async def _final_answer(
        self,
        protocol: SMTPProtocol,
        answer: asyncio.Future[aiosmtplib.SMTPResponse],
        while_waiting: WhileWaiting | None,
    ) -> aiosmtplib.SMTPResponse:
        now = asyncio.get_running_loop().time
        end = now() + self._dot_timeout
        try:
            protocol.write(b".\r\n")
            while True:
                # Never no time at all: what came while ``while_waiting`` kept the loop busy is an answer in time.
                await asyncio.wait({answer}, timeout=max(0.1, min(_LOOK_SECONDS, end - now())))
                if answer.done():
                    return answer.result()
                if now() >= end:
                    raise TimeoutError
                if while_waiting is not None:
                    while_waiting()
        except (aiosmtplib.SMTPException, OSError) as error:
            self._lost(error, Outcome.UNKNOWN)

    def _judge(self, code: int, message: str, senseless: Outcome = Outcome.DEFERRED) -> None:
        """Nothing for 2xx; ends the transaction for everything else (``senseless`` for codes that answer nothing)."""
        if 200 <= code < 300:
            return
        if code == 421:
            self.client.close()
        if 400 <= code < 500:
            outcome = Outcome.DEFERRED
        elif 500 <= code < 600:
            outcome = Outcome.REFUSED
        else:
            self.client.close()
            outcome = senseless
        raise _Ended(outcome, code, said(message, self._credentials))

    def _lost(self, error: BaseException, outcome: Outcome) -> NoReturn:
        """The connection is gone or talks nonsense: it is closed, and ``outcome`` holds for those not answered."""
        self.client.close()
        cause = failure_from(error, self.address, self._credentials)
        raise _Ended(outcome, None, cause.sentence) from error

    def _result(self, address: str, outcome: Outcome, response: aiosmtplib.SMTPResponse) -> RecipientResult:
        text = said(response.message, self._credentials)
        return RecipientResult(address, outcome, response.code, _enhanced(text), text)

    @staticmethod
    def _ended(address: str, end: _Ended) -> RecipientResult:
        return RecipientResult(address, end.outcome, end.code, _enhanced(end.text), end.text)


class _Attempt:
    """How far one transaction has come."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase


def _enhanced(text: str) -> str | None:
    found = _ENHANCED.match(text)
    return found[1] if found else None


class MailSender:
    """A kept connection for code that is not asynchronous: each call blocks until the server answered.

    A server that closed it between two mails is connected to again; nothing of the next mail was said by then.
    """

    def __init__(self, runner: asyncio.Runner, reconnect: Callable[[], Awaitable[SmtpConnection]]) -> None:
        self._runner = runner
        self._reconnect = reconnect
        self.connection = runner.run(self._connected())

    def send(
        self,
        raw: bytes,
        envelope_from: str,
        recipients: Sequence[str],
        before_data: BeforeData | None = None,
        while_sending: WhileSending | None = None,
        while_waiting: WhileWaiting | None = None,
    ) -> SendResult:
        """See :meth:`SmtpConnection.send`. MailServerError when the server cannot be reached again (nothing was sent)."""

        async def send_one() -> SendResult:
            if not await self.connection.ready():
                await self.connection.close()
                self.connection = await self._connected()
            return await self.connection.send(
                raw, envelope_from, recipients, before_data, while_sending, while_waiting
            )

        return self._runner.run(send_one())

    async def _connected(self) -> SmtpConnection:
        return await self._reconnect()


@contextmanager
def open_smtp(
    address: ServerAddress,
    credentials: Credentials | None,
    *,
    timeout: float = COMMAND_TIMEOUT,
    dot_timeout: float = DOT_TIMEOUT,
) -> Iterator[MailSender]:
    """A logged-in sender for the time of the block, in any thread without a running event loop. Raises MailServerError."""
    with asyncio.Runner() as runner:
        sender = MailSender(
            runner, lambda: connect(address, credentials, timeout=timeout, dot_timeout=dot_timeout)
        )
        try:
            yield sender
        finally:
            runner.run(sender.connection.close())
