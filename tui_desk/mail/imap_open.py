"""IMAP: from a host name to a session that is secured and logged in, or to one sentence about why not.

Nothing secret is said before TLS is verified, and the whole way has an end: a server that is busy may say so again and again
instead of answering (Dovecot: "Waiting for authentication process to respond"), which no limit on each single answer notices.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from imapclient.exceptions import LoginError
from imapclient.imapclient import SocketTimeout

from tui_desk.mail.connection import Credentials, Security, ServerAddress, tls_context
from tui_desk.mail.failure import Cause, MailServerError, explained, failure, said
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_client import QuietClient
from tui_desk.mail.imap_values import capabilities_of
from tui_desk.mail.sasl import imap_token_login

__all__ = ["connect", "open_mailbox"]

CONNECT_SECONDS = 20.0
"""For the TCP connection, the TLS handshake and the greeting, each."""
LOGIN_SECONDS = 45.0
"""From the greeting to the end of the login, all answers together."""
ANSWER_SECONDS = 60.0


@contextmanager
def open_mailbox(
    address: ServerAddress,
    credentials: Credentials,
    *,
    timeout: float = ANSWER_SECONDS,
    connect_timeout: float = CONNECT_SECONDS,
    login_timeout: float = LOGIN_SECONDS,
) -> Iterator[ImapSession]:
    """A logged-in session for the time of the block; always closed, politely where the server still listens.

    ``timeout`` is in seconds, for each answer; ``login_timeout`` for all up to the login together. Raises MailServerError; credentials are sent only when TLS is verified
    (or ``address`` says ``none``).
    """
    session = connect(
        address, credentials, timeout=timeout, connect_timeout=connect_timeout, login_timeout=login_timeout
    )
    try:
        yield session
    finally:
        session.close()


def connect(
    address: ServerAddress,
    credentials: Credentials | None,
    *,
    timeout: float = ANSWER_SECONDS,
    connect_timeout: float = CONNECT_SECONDS,
    login_timeout: float = LOGIN_SECONDS,
) -> ImapSession:
    """A session that the caller closes. Without ``credentials`` it stops before the login (diagnosis).

    An access token that the server refuses is renewed once.
    """
    patience = _Patience(connect_timeout, login_timeout, timeout)
    held = credentials.current() if credentials is not None else None
    try:
        return _connect(address, held, patience)
    except MailServerError as error:
        if credentials is None or credentials.source is None or error.cause is not Cause.LOGIN:
            raise
        other = credentials.current(held)
        if other == held:
            raise
    return _connect(address, other, patience)


@dataclass(frozen=True, slots=True)
class _Patience:
    """Seconds."""

    connect: float
    login: float
    answer: float


def _connect(address: ServerAddress, credentials: Credentials | None, patience: _Patience) -> ImapSession:
    # In clear nothing is verified: the authorities, some fifty milliseconds of reading, are not needed.
    context = None if address.security is Security.NONE else tls_context(address.ca_file)
    with explained(address, credentials):
        client = QuietClient(
            address.host,
            address.port,
            ssl=address.security is Security.TLS,
            ssl_context=context,
            timeout=SocketTimeout(patience.connect, patience.answer),
        )
        try:
            with client.answers_within(patience.login):
                _secure(client, address, context)
                _keep_honest(client.socket())
                if credentials is not None:
                    _log_in(client, address, credentials)
            return ImapSession(client, address, credentials)
        except BaseException:
            with suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()
            raise


def _secure(client: QuietClient, address: ServerAddress, context: ssl.SSLContext | None) -> None:
    """A connection on which nothing secret has been said becomes one on which it may be said."""
    if client._imap.state != "NONAUTH":
        raise failure(Cause.PREAUTH, address)
    if address.security is Security.STARTTLS and context is not None:
        _start_tls(client, address, context)


def _keep_honest(connection: socket.socket) -> None:
    """Let the kernel notice a peer that is gone: probes on a silent connection, and an end to sending what nobody confirms.

    RFC 9293, 3.8.4 and 3.8.3 (RFC 5482); options that a system lacks are left out.
    """
    options = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 40_000}
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in options.items():
        if hasattr(socket, name):
            with suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _start_tls(client: QuietClient, address: ServerAddress, context: ssl.SSLContext) -> None:
    if "STARTTLS" not in {name.upper() for name in client._imap.capabilities}:
        raise failure(Cause.STARTTLS_MISSING, address)
    try:
        client.starttls(context)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise failure(Cause.STARTTLS_REFUSED, address, said(error)) from error
    # What was said in clear before the handshake is nobody's word (RFC 3501, 6.2.1).
    client._imap.untagged_responses.clear()
    if client._imap.state != "NONAUTH":
        raise failure(Cause.PREAUTH, address)


def _log_in(client: QuietClient, address: ServerAddress, credentials: Credentials) -> None:
    """AUTHENTICATE PLAIN where offered (any characters), else LOGIN with quoted strings (ASCII); a token in its own way."""
    offered = capabilities_of(client.capabilities())
    if credentials.is_token:
        imap_token_login(client, offered.names, address, credentials)
    elif "AUTH=PLAIN" in offered:
        client.plain_login(credentials.user, credentials.password)
    elif "LOGINDISABLED" in offered:
        raise failure(Cause.AUTH_MISSING, address)
    else:
        try:
            words = [_quoted(credentials.user), _quoted(credentials.password)]
        except UnicodeEncodeError as error:
            raise failure(Cause.AUTH_MISSING, address) from error
        kind, data = client._imap._simple_command("LOGIN", *words)
        if kind != "OK":
            raise LoginError(said(data[-1], credentials))
        client._imap.state = "AUTH"
    # Capabilities after the login may differ; those given with the OK are taken, else asked for.
    client._cached_capabilities = None


def _quoted(text: str) -> bytes:
    return b'"' + text.encode("ascii").replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
