"""Logging in with an access token: XOAUTH2 and OAUTHBEARER (RFC 7628), on IMAP and SMTP.

A token opens the mailbox to whoever has it: it is said on an encrypted connection only, or on this very machine.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection

import aiosmtplib
import imapclient
from imapclient.exceptions import LoginError

from tui_desk.core.enums import Security
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.connection import Credentials, ServerAddress, is_loopback
from tui_desk.mail.failure import Cause, MailServerError, said

__all__ = ["imap_token_login", "initial_response", "mechanism_for", "smtp_token_login"]

OAUTHBEARER = "OAUTHBEARER"
XOAUTH2 = "XOAUTH2"
_IMAP_LINE = 8000
"""Octets of a command line that any server takes (RFC 7162, section 4)."""
_SMTP_LINE = 512
"""The same, with CRLF, for AUTH: a longer initial response follows the server's 334 (RFC 4954, section 4)."""
_GIVE_UP = {OAUTHBEARER: b"AQ==", XOAUTH2: b""}
"""What answers the server's error message, so that it can end the exchange (RFC 7628 3.2.3; Google's XOAUTH2)."""


def mechanism_for(offered: Collection[str], address: ServerAddress) -> str:
    """The standard's mechanism where it is offered, else Google's and Microsoft's. Raises MailServerError."""
    if address.security is Security.NONE and not is_loopback(address.host):
        raise MailServerError(
            Cause.AUTH_MISSING,
            _("The connection to {server} is not encrypted: no sign-in is sent over it.").format(
                server=str(address)
            ),
            _("Choose tls or starttls."),
        )
    names = {name.upper() for name in offered}
    for mechanism in (OAUTHBEARER, XOAUTH2):
        if mechanism in names:
            return mechanism
    raise MailServerError(
        Cause.AUTH_MISSING,
        _("{server} offers no login by OAuth2 (OAUTHBEARER, XOAUTH2).").format(server=str(address)),
        _("Check the server, whether its administrator allows it, or use a password."),
    )


def initial_response(mechanism: str, credentials: Credentials, address: ServerAddress) -> bytes:
    """The first message, in base64. OAUTHBEARER: RFC 7628, 3.1."""
    user, token = credentials.user, credentials.password
    if mechanism == OAUTHBEARER:
        name = user.replace("=", "=3D").replace(",", "=2C")
        text = f"n,a={name},\x01host={address.host}\x01port={address.port}\x01auth=Bearer {token}\x01\x01"
    else:
        text = f"user={user}\x01auth=Bearer {token}\x01\x01"
    return base64.b64encode(text.encode())


def imap_token_login(
    client: imapclient.IMAPClient, names: Collection[str], address: ServerAddress, credentials: Credentials
) -> None:
    """AUTHENTICATE, in one step where the server has SASL-IR (RFC 4959). Raises LoginError, MailServerError."""
    offered = {name.removeprefix("AUTH=") for name in names if name.startswith("AUTH=")}
    mechanism = mechanism_for(offered, address)
    first = initial_response(mechanism, credentials, address)
    exchange = _Exchange(mechanism, first, sent="SASL-IR" in names and len(first) <= _IMAP_LINE)
    words = [mechanism, first.decode()] if exchange.sent else [mechanism]
    imap = client._imap
    imap.literal = exchange.answer  # imaplib asks it for the answer to every "+ ", as in its authenticate()
    kind, data = imap._simple_command("AUTHENTICATE", *words)
    if kind != "OK":
        answer = " ".join(part for part in (exchange.problem, _text(data[-1])) if part)
        raise LoginError(said(answer.replace(first.decode(), "•••"), credentials))
    imap.state = "AUTH"


class _Exchange:
    """What answers each challenge of the server."""

    def __init__(self, mechanism: str, first: bytes, *, sent: bool) -> None:
        self.sent = sent
        self.problem = ""
        self._mechanism, self._first, self._asked = mechanism, first, 0

    def answer(self, challenge: bytes) -> bytes:
        """The first message where it has not been said yet; after that only errors come."""
        self._asked += 1
        if not self.sent:
            self.sent = True
            return self._first
        if self._asked > 3:
            return b"*"  # cancels (RFC 9051, 6.2.2)
        self.problem = _problem(challenge)
        return _GIVE_UP[self._mechanism]


async def smtp_token_login(client: aiosmtplib.SMTP, address: ServerAddress, credentials: Credentials) -> None:
    """AUTH (RFC 4954). Raises SMTPAuthenticationError, MailServerError."""
    mechanism = mechanism_for(client.server_auth_methods, address)
    first = initial_response(mechanism, credentials, address)
    words = [b"AUTH", mechanism.encode()]
    problem = ""
    if len(b" ".join([*words, first])) + 2 <= _SMTP_LINE:
        response = await client.execute_command(*words, first)
    else:
        response = await client.execute_command(*words)
        if response.code == 334:
            response = await client.execute_command(first)
    if response.code == 334:
        problem = _problem(response.message.encode())
        response = await client.execute_command(_GIVE_UP[mechanism])
    if response.code == 334:
        response = await client.execute_command(b"*")
    if response.code != 235:
        text = " ".join(part for part in (problem, response.message) if part)
        text = said(text.replace(first.decode(), "•••"), credentials)
        raise aiosmtplib.SMTPAuthenticationError(response.code, text)


def _problem(challenge: bytes) -> str:
    """The status in a server's error message (RFC 7628, 3.2.2); nothing where it is none."""
    try:
        body = json.loads(base64.b64decode(challenge[:16_384], validate=False))
    except (ValueError, binascii.Error, RecursionError):
        return ""
    status = body.get("status") if isinstance(body, dict) else None
    return safe_line(str(status), 60) if isinstance(status, str | int) else ""


def _text(data: object) -> str:
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
