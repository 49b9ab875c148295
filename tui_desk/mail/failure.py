"""What went wrong between us and a mail server, as one cause and one sentence that a person understands."""

from __future__ import annotations

import base64
import errno
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import aiosmtplib
from imapclient.exceptions import LoginError, ProtocolError

from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.pins import PinMismatch

__all__ = ["Cause", "MailServerError", "explained", "failure", "failure_from", "said"]

_SAID_LIMIT = 300
_BAD_CERTIFICATE = {  # OpenSSL's X509_V_ERR_ numbers
    10: "expired",
    9: "not_yet",
    18: "self_signed",
    19: "untrusted",
    20: "untrusted",
    21: "untrusted",
    62: "name",
    64: "name",
}
# Answers to LOGIN that do not mean that the password is wrong: RFC 5530, section 3.
_LOGIN_NOT_TRIED = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|PRIVACYREQUIRED)\]", re.IGNORECASE
)


class Cause(StrEnum):
    """Why a mail server could not be used. ``LOGIN`` asks for slow retries, the network causes for quick ones."""

    RESOLVE = "resolve"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NOT_TLS = "not_tls"
    EXPIRED = "certificate_expired"
    NOT_YET_VALID = "certificate_not_yet_valid"
    WRONG_NAME = "certificate_wrong_name"
    SELF_SIGNED = "certificate_self_signed"
    UNTRUSTED = "certificate_untrusted"
    NOT_PINNED = "certificate_not_pinned"
    TLS = "tls"
    STARTTLS_MISSING = "starttls_missing"
    STARTTLS_REFUSED = "starttls_refused"
    PREAUTH = "preauth"
    AUTH_MISSING = "auth_missing"
    LOGIN = "login"
    FOLDER = "folder"
    CLOSED = "closed"
    PROTOCOL = "protocol"
    ANSWER = "answer"  # a definite NO, 4xx or 5xx

    @property
    def is_certificate(self) -> bool:
        """The server could not prove who it is."""
        return self.value.startswith("certificate_")

    @property
    def is_network(self) -> bool:
        """The server was not reached or went away: trying again soon makes sense."""
        return self in (Cause.RESOLVE, Cause.REFUSED, Cause.TIMEOUT, Cause.UNREACHABLE, Cause.CLOSED)


class MailServerError(Unavailable):
    """A mail server could not be used. ``cause`` is for programs, ``answer`` is what the server said (safe to show)."""

    def __init__(self, cause: Cause, sentence: str, hint: str = "", answer: str = "") -> None:
        super().__init__(sentence, hint)
        self.cause = cause
        self.answer = answer


def said(text: object, credentials: Credentials | None = None) -> str:
    """A server's answer made safe to show: one line, capped, and without the password a malicious server sends back."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    plain = str(text)
    if credentials is not None and credentials.password:
        for secret in _forms(credentials):
            plain = plain.replace(secret, "•••")
    return safe_line(plain, _SAID_LIMIT)


def _forms(credentials: Credentials) -> list[str]:
    user, password = credentials.user, credentials.password
    forms = [base64.b64encode(f"\0{user}\0{password}".encode()).decode()]
    forms.append(base64.b64encode(password.encode()).decode())
    forms.append(password.replace("\\", "\\\\").replace('"', '\\"'))
    forms.append(password)
    if (
        credentials.is_token
    ):  # as XOAUTH2 says it; OAUTHBEARER's form differs with the server, its tail does not
        forms.insert(0, base64.b64encode(f"user={user}\x01auth=Bearer {password}\x01\x01".encode()).decode())
    return forms


def failure(cause: Cause, address: ServerAddress, answer: str = "") -> MailServerError:
    """The error for ``cause`` at ``address``; ``answer`` is what the server said, already through :func:`said`."""
    sentence, hint = _words(cause)
    named = {"server": str(address), "host": address.host, "port": address.port, "answer": answer}
    return MailServerError(cause, sentence.format(**named), hint.format(**named), answer)


def _words(cause: Cause) -> tuple[str, str]:
    table = {
        Cause.RESOLVE: (
            _("There is no server named {host}."),
            _("Check the spelling of the host and the network."),
        ),
        Cause.REFUSED: (
            _("{host} refuses connections on port {port}."),
            _("Check the port, or whether the server runs."),
        ),
        Cause.TIMEOUT: (
            _("{server} did not answer in time."),
            _("Check host, port and security; a firewall may be in the way."),
        ),
        Cause.UNREACHABLE: (_("{host} cannot be reached."), _("Check the network connection.")),
        Cause.NOT_TLS: (
            _("{server} does not speak TLS."),
            _("The port may want STARTTLS instead (143 or 587; TLS uses 993 or 465)."),
        ),
        Cause.EXPIRED: (
            _("The certificate of {host} has expired."),
            _("Nothing was sent. Its operator must renew it."),
        ),
        Cause.NOT_YET_VALID: (
            _("The certificate of {host} is not valid yet."),
            _("Check this computer's clock."),
        ),
        Cause.WRONG_NAME: (
            _("The certificate of {server} belongs to another name."),
            _("Nothing was sent. Use the host name that the provider publishes."),
        ),
        Cause.SELF_SIGNED: (
            _("The certificate of {host} is self-signed: anybody could have made it."),
            _("Nothing was sent. A private certificate authority can be trusted with TUI_DESK_CA_FILE."),
        ),
        Cause.UNTRUSTED: (
            _("The certificate of {host} comes from an authority that is not trusted here."),
            _("Nothing was sent. A private certificate authority can be trusted with TUI_DESK_CA_FILE."),
        ),
        Cause.NOT_PINNED: (
            _("The certificate of {host} is not accepted here: {answer}"),
            _(
                "Nothing was sent. The file TUI_DESK_PINS_FILE says which ones are; ask its operator about this one."
            ),
        ),
        Cause.TLS: (_("No secure connection to {server} could be made: {answer}"), _("Nothing was sent.")),
        Cause.STARTTLS_MISSING: (
            _("{server} does not offer STARTTLS, so nothing was told to it."),
            _(
                "Choose tls with its port (993 or 465), or ask its operator; somebody may be listening in between."
            ),
        ),
        Cause.STARTTLS_REFUSED: (_("{server} refused to start TLS: {answer}"), _("Nothing was told to it.")),
        Cause.PREAUTH: (
            _("{server} claims that somebody is logged in already, before the connection was secured."),
            _("Nothing was told to it; somebody may be listening in between."),
        ),
        Cause.AUTH_MISSING: (
            _("{server} offers no login with user name and password."),
            _("Check the port (587 or 465), or leave the user name empty if it wants none."),
        ),
        Cause.LOGIN: (
            _("{server} does not accept this user name and password: {answer}"),
            _("Check both; many providers want an app password here."),
        ),
        Cause.FOLDER: (_("The folder does not exist on {server}: {answer}"), ""),
        Cause.CLOSED: (_("{server} closed the connection: {answer}"), _("It is tried again by itself.")),
        Cause.PROTOCOL: (_("{server} said something that makes no sense: {answer}"), _("Check the port.")),
        Cause.ANSWER: (_("{server} says: {answer}"), ""),
    }
    return table[cause]


def failure_from(
    error: BaseException, address: ServerAddress, credentials: Credentials | None = None
) -> MailServerError:
    """The one error a person is told for whatever the network, TLS, imaplib, IMAPClient or aiosmtplib raised."""
    if isinstance(error, MailServerError):
        return error
    cause = _cause(error)
    text = said(_text(error), credentials)
    if cause is Cause.LOGIN and _LOGIN_NOT_TRIED.search(text):
        cause = Cause.ANSWER
    if cause is Cause.LOGIN and credentials is not None and credentials.is_token:
        return _token_refused(address, text)
    return failure(cause, address, text)


@contextmanager
def explained(address: ServerAddress, credentials: Credentials | None) -> Iterator[None]:
    """Whatever imaplib, IMAPClient and the network raise inside the block becomes the one error for people."""
    try:
        yield
    # ValueError, KeyError…: how imaplib and IMAPClient stumble over answers that no server should give.
    except (imaplib.IMAP4.error, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise failure_from(error, address, credentials) from error


def _token_refused(address: ServerAddress, answer: str) -> MailServerError:
    return MailServerError(
        Cause.LOGIN,
        _("{server} does not accept the OAuth2 sign-in: {answer}").format(server=str(address), answer=answer),
        _(
            "Whoever signed in must have this mailbox, and IMAP and SMTP AUTH must be allowed for it; "
            "or sign in again: tui-desk mailbox login ADDRESS"
        ),
        answer,
    )


def _cause(error: BaseException) -> Cause:
    for each in _chain(error):
        found = _network_cause(each)
        if found is not None:
            return found
    if isinstance(error, LoginError):
        return _login_cause(error)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        # 454 and other 4xx: the password was not judged (RFC 4954, section 6).
        return Cause.LOGIN if error.code >= 500 else Cause.ANSWER
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return Cause.CLOSED
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Cause.ANSWER if 400 <= error.code < 600 else Cause.PROTOCOL
    if isinstance(error, imaplib.IMAP4.abort):
        return Cause.PROTOCOL if "unexpected" in str(error) else Cause.CLOSED
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, ProtocolError):
        return Cause.ANSWER
    return Cause.CLOSED if isinstance(error, OSError) else Cause.PROTOCOL


def _login_cause(error: LoginError) -> Cause:
    """IMAPClient raises LoginError for everything that happens during a login, a cut connection included."""
    for each in _chain(error):
        if isinstance(each, imaplib.IMAP4.abort):
            return Cause.CLOSED
    return Cause.PROTOCOL if "command error: BAD" in str(error) else Cause.LOGIN


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) is not None and len(found) < 8:
        found.append(cause)
    return found[::-1]


_BY_TYPE: tuple[tuple[type[BaseException], Cause], ...] = (
    (socket.gaierror, Cause.RESOLVE),
    (ConnectionRefusedError, Cause.REFUSED),
)
_BY_NUMBER = {
    errno.ENETUNREACH: Cause.UNREACHABLE,
    errno.EHOSTUNREACH: Cause.UNREACHABLE,
    errno.ENETDOWN: Cause.UNREACHABLE,
    errno.EADDRNOTAVAIL: Cause.UNREACHABLE,
    errno.ETIMEDOUT: Cause.TIMEOUT,
}


def _network_cause(error: BaseException) -> Cause | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_cause(error)
    if isinstance(error, ssl.SSLError):
        return _tls_cause(error)
    for kind, cause in _BY_TYPE:
        if isinstance(error, kind):
            return cause
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        return _BY_NUMBER[error.errno]
    if isinstance(error, TimeoutError):
        return Cause.TIMEOUT
    return None


def _certificate_cause(error: ssl.SSLCertVerificationError) -> Cause:
    if isinstance(error, PinMismatch):
        return Cause.NOT_PINNED
    return {
        "expired": Cause.EXPIRED,
        "not_yet": Cause.NOT_YET_VALID,
        "self_signed": Cause.SELF_SIGNED,
        "name": Cause.WRONG_NAME,
    }.get(_BAD_CERTIFICATE.get(error.verify_code, ""), Cause.UNTRUSTED)


def _tls_cause(error: ssl.SSLError) -> Cause | None:
    reason = getattr(error, "reason", None) or ""
    if reason in (
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "UNKNOWN_PROTOCOL",
        "RECORD_LAYER_FAILURE",
        "PACKET_LENGTH_TOO_LONG",
    ):
        return Cause.NOT_TLS
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Cause.CLOSED
    return Cause.TLS


def _text(error: BaseException) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}" if error.code > 0 else error.message
    if isinstance(error, ssl.SSLError):
        return getattr(error, "reason", None) or str(error)
    text = str(error)
    # IMAPClient and imaplib put the command and Python's repr around what the server said.
    text = re.sub(r"^(?:command: )?\w+ (?:failed: |command error: \w+ |=> )", "", text)
    quoted = re.search(r"b(['\"])(.*)\1", text)
    return quoted.group(2) if quoted else text
