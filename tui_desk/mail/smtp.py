"""SMTP submission: say exactly what became of a mail for each recipient, and how far the talk came.

On aiosmtplib's commands, not on its ``send``: that one loses refused recipients in a dictionary, cannot tell a connection
cut before the final dot from one cut after it, and with ``start_tls=None`` logs in in clear when STARTTLS was stripped.

    with open_smtp(address, credentials) as sender:
        result = sender.send(raw, "support@desk.example", ["anna@example.org"], before_data=commit_sending)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager

import aiosmtplib

from tui_desk.mail.connection import Credentials, Security, ServerAddress, tls_context
from tui_desk.mail.failure import Cause, MailServerError, failure, failure_from, said
from tui_desk.mail.sasl import smtp_token_login
from tui_desk.mail.smtp_talk import (
    BeforeData,
    ReportsRefused,
    SmtpConnection,
    Stale,
    WhileSending,
    WhileWaiting,
)
from tui_desk.mail.smtp_values import Outcome, Phase, RecipientResult, SendResult
from tui_desk.mail.smtp_wire import take_over

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
DOT_TIMEOUT = 600.0
"""Seconds to wait for the answer to the final dot (RFC 5321, 4.5.3.2.6): giving up early doubles mail."""

_HELLO = "[127.0.0.1]"  # what a client behind an address translation says; the computer's name is nobody's business


async def connect(
    address: ServerAddress,
    credentials: Credentials | None,
    *,
    timeout: float = COMMAND_TIMEOUT,
    dot_timeout: float = DOT_TIMEOUT,
) -> SmtpConnection:
    """A connection ready for mail: secured as ``address`` says, greeted, logged in where there are ``credentials``.

    Raises MailServerError. Nothing but EHLO and STARTTLS is said before TLS is verified. An access token that the server
    refuses is renewed once.
    """
    held = credentials.current() if credentials is not None else None
    try:
        return await _connect(address, held, timeout, dot_timeout)
    except MailServerError as error:
        if credentials is None or credentials.source is None or error.cause is not Cause.LOGIN:
            raise
        other = credentials.current(held)
        if other == held:
            raise
    return await _connect(address, other, timeout, dot_timeout)


async def _connect(
    address: ServerAddress, credentials: Credentials | None, timeout: float, dot_timeout: float
) -> SmtpConnection:
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
        wire = take_over(client)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        await _abort(client, client.transport)
        raise failure_from(error, address, credentials) from error
    except BaseException:
        await _abort(client, client.transport)
        raise
    return SmtpConnection(client, wire, address, credentials, timeout=timeout, dot_timeout=dot_timeout)


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
    if credentials.is_token:
        await smtp_token_login(client, address, credentials)
    elif "plain" in offered:
        await client.auth_plain(credentials.user, credentials.password)
    elif "login" in offered:
        await client.auth_login(credentials.user, credentials.password)
    elif "cram-md5" in offered:
        await client.auth_crammd5(credentials.user, credentials.password)
    else:
        raise failure(Cause.AUTH_MISSING, address)


class MailSender:
    """A kept connection for code that is not asynchronous: each call blocks until the server answered.

    A server that closed it between two mails is connected to again; nothing of the next mail was said by then.
    """

    def __init__(
        self, runner: asyncio.Runner, reconnect: Callable[[], Coroutine[None, None, SmtpConnection]]
    ) -> None:
        self._runner = runner
        self._reconnect = reconnect
        self.connection = runner.run(reconnect())

    def send(
        self,
        raw: bytes,
        envelope_from: str,
        recipients: Sequence[str],
        before_data: BeforeData | None = None,
        while_sending: WhileSending | None = None,
        while_waiting: WhileWaiting | None = None,
        *,
        envelope_id: str = "",
    ) -> SendResult:
        """See :meth:`SmtpConnection.send`. MailServerError when the server cannot be reached again (nothing was sent)."""

        async def send_one() -> SendResult:
            spare = 1
            doubted: ReportsRefused | None = None
            while True:
                await self._ready()
                try:
                    result = await self.connection.send(
                        raw,
                        envelope_from,
                        recipients,
                        before_data,
                        while_sending,
                        while_waiting,
                        envelope_id=envelope_id,
                    )
                except ReportsRefused as refused:
                    doubted = refused  # never twice: it is remembered
                except Stale:
                    if not spare:
                        raise failure(Cause.CLOSED, self.connection.address) from None
                    spare -= 1
                else:
                    if doubted is not None:
                        self.connection.conclude(doubted.address, result)
                    return result

        return self._runner.run(send_one())

    async def _ready(self) -> None:
        """A connection that can carry a mail; what the last one learnt of the server, the next one knows."""
        if self.connection.usable:
            return
        takes_reports = self.connection.takes_reports
        await self.connection.close()
        self.connection = await self._reconnect()
        self.connection.takes_reports = takes_reports


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
