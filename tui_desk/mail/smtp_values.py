"""What became of a mail at an SMTP server, per recipient, and the bytes as they may go over the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

__all__ = ["Outcome", "Phase", "RecipientResult", "SendResult", "envelope_address", "wire_bytes"]


class Phase(StrEnum):
    """How far a transaction came (RFC 5321, 3.3). Only from ``DOT`` on may the server have taken the mail."""

    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # DATA was said, 354 not yet heard
    BODY = "body"  # bytes of the mail were sent, the final dot was not
    DOT = "dot"  # the final dot was sent, no answer was understood
    DONE = "done"  # the server answered for the whole


class Outcome(StrEnum):
    """What is known about one recipient."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good (5xx): do not try again
    DEFERRED = "deferred"  # certainly not accepted, may be tried again
    UNKNOWN = "unknown"  # perhaps accepted: look for proof before trying again


@dataclass(frozen=True, slots=True)
class RecipientResult:
    """One recipient. ``code`` is the SMTP code, ``enhanced`` the status of RFC 3463 (``5.1.1``), ``text`` safe to show."""

    address: str
    outcome: Outcome
    code: int | None = None
    enhanced: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class SendResult:
    """One attempt. ``usable`` says whether the connection can carry the next mail."""

    phase: Phase
    recipients: tuple[RecipientResult, ...]
    usable: bool

    def outcome(self, address: str) -> Outcome:
        """What is known about ``address``; KeyError when it was not among the recipients."""
        for each in self.recipients:
            if each.address == address:
                return each.outcome
        raise KeyError(address)


_ENVELOPE = re.compile(
    r"[^\s\x00-\x1f\x7f<>,;:()\[\]\\\"@]{1,64}@(?:[^\s\x00-\x1f\x7f<>@,;:()\[\]\\\"]{1,253}|\[[0-9A-Fa-f:.IPv]{2,60}\])"
)
_QUOTED = re.compile(r"\"[ !#-\[\]-~]{1,62}\"@[A-Za-z0-9.-]{1,253}")


def envelope_address(address: str) -> str:
    """``address`` as it may stand between the brackets of MAIL and RCPT: an international domain in its ASCII form.

    Raises UsageError for what is no address; nothing that could end a command or begin a parameter gets through.
    """
    if not _ENVELOPE.fullmatch(address) and not _QUOTED.fullmatch(address):
        raise UsageError(_("“{address}” is not an e-mail address.").format(address=safe_line(address, 100)))
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise UsageError(
            _("“{address}” is not an e-mail address.").format(address=safe_line(address, 100))
        ) from error


_LINE_END = re.compile(rb"\r\n|\r|\n")


def wire_bytes(raw: bytes) -> bytes:
    """``raw`` as sent after DATA, without the final dot: CRLF alone ends lines, dots at line starts are doubled.

    A lone CR or LF around a dot, or a NUL that a server drops, could end the mail early for one server and not for the next
    (SMTP smuggling): none of them leaves. Ends with CRLF.
    """
    raw = raw.replace(b"\0", b"")
    pairs = raw.count(b"\r\n")
    if raw.count(b"\n") != pairs or raw.count(b"\r") != pairs:
        raw = _LINE_END.sub(b"\r\n", raw)
    if not raw.endswith(b"\r\n"):
        raw += b"\r\n"
    if raw.startswith(b"."):
        raw = b"." + raw
    return raw.replace(b"\r\n.", b"\r\n..")
