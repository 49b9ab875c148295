"""Where a mail server is, who logs in, and how its TLS is verified: the values IMAP and SMTP share.

Security is a choice and is never lowered silently: ``tls`` encrypts from the first byte, ``starttls`` must be offered
and succeed before anything is told to the server, ``none`` is for the loopback unless the caller says otherwise
(RFC 8314: clear text is obsolete for mail access and submission).
"""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tui_desk.core.enums import Security
from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.pins import pin_server, read_pins

__all__ = [
    "CA_FILE_VARIABLE",
    "PINS_FILE_VARIABLE",
    "Credentials",
    "Security",
    "ServerAddress",
    "TokenSource",
    "is_loopback",
    "tls_context",
]

CA_FILE_VARIABLE = "TUI_DESK_CA_FILE"
"""Environment variable that names a file of certificate authorities trusted besides the system's."""

PINS_FILE_VARIABLE = "TUI_DESK_PINS_FILE"
"""Environment variable that names a file of servers of which only certain certificates are accepted (:mod:`tui_desk.mail.pins`)."""

_UNFIT_FOR_HOST = re.compile(r"[\x00-\x20\x7f/@\\\"'<>(),;]")
_LINE_BREAKING = re.compile(r"[\r\n\x00]")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A mail server: host name or IP address, port, security.

    ``insecure_ok`` confirms ``none`` away from the loopback; ``ca_file`` trusts a private certificate authority as well.
    Raises ConfigurationError for a host or port that cannot be, or an unconfirmed insecure connection.
    """

    host: str
    port: int
    security: Security = Security.TLS
    insecure_ok: bool = False
    ca_file: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "security", Security(self.security))
        if not self.host or len(self.host) > 255 or _UNFIT_FOR_HOST.search(self.host):
            raise ConfigurationError(
                _("“{host}” is not the name of a server.").format(host=_shown(self.host))
            )
        if not 1 <= self.port <= 65535:
            raise ConfigurationError(_("{port} is not a port: ports are 1 to 65535.").format(port=self.port))
        if self.security is Security.NONE and not self.insecure_ok and not is_loopback(self.host):
            raise ConfigurationError(
                _("The connection to {host} would carry the password and all mail unencrypted.").format(
                    host=self.host
                ),
                _("Choose tls or starttls, or confirm it with --insecure-ok."),
            )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


TokenSource = Callable[[str], str]
"""Gives the access token of now. Is told the one that a server has just refused, or nothing. Raises DeskError."""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """User name and password, or access token (``is_token``). Neither the representation nor any error shows the secret.

    With a ``source`` the token is asked for when it is needed: see :meth:`current`.
    """

    user: str
    password: str
    is_token: bool = False
    source: TokenSource | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if _LINE_BREAKING.search(self.user):
            raise ConfigurationError(_("The user name contains a line break or a NUL character."))
        if _LINE_BREAKING.search(self.password):
            raise ConfigurationError(_("The password contains a line break or a NUL character."))

    def current(self, refused: Credentials | None = None) -> Credentials:
        """What to log in with now; another token than the one ``refused``, where there is one. Raises what the source raises."""
        if self.source is None:
            return self
        return Credentials(self.user, self.source(refused.password if refused else ""), is_token=True)

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r}, password=…)"


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this very machine: an address in 127/8, ::1, or a name that RFC 6761 keeps for it."""
    name = host.lower().rstrip(".").strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """A verifying client context (certificate chain and host name, TLS 1.2 or newer).

    Trusts the system's authorities, ``ca_file``, and the file named by TUI_DESK_CA_FILE; of a server that is named in the file
    TUI_DESK_PINS_FILE only the certificates named there. Raises ConfigurationError where such a file cannot be read. Contexts
    are shared: reading the authorities costs some ten milliseconds.
    """
    files = [name for name in (ca_file, os.environ.get(CA_FILE_VARIABLE)) if name]
    pins = os.environ.get(PINS_FILE_VARIABLE, "")
    return _context(tuple((name, _version(name)) for name in files), (pins, _version(pins) if pins else 0))


def _version(name: str) -> int:
    try:
        return Path(name).stat().st_mtime_ns
    except OSError as error:
        raise ConfigurationError(
            _("The file {name} cannot be read.").format(name=_shown(name)),
            _("TUI_DESK_CA_FILE or TUI_DESK_PINS_FILE names it."),
        ) from error


@lru_cache(maxsize=8)
def _context(files: tuple[tuple[str, int], ...], pins: tuple[str, int]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for name, _time in files:
        try:
            context.load_verify_locations(cafile=name)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                _("The file of certificate authorities {name} cannot be read.").format(name=_shown(name))
            ) from error
    if pins[0]:
        pin_server(context, read_pins(pins[0]))
    return context


def _shown(text: str) -> str:
    return safe_line(text, 100)
