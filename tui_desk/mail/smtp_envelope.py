"""The commands that name sender and recipients, with the parameters the server offers.

RFC 5321 (MAIL, RCPT), 1870 (SIZE), 6152 (8BITMIME), 6531 (SMTPUTF8), 3461 (DSN: reports are asked for failure and delay, with the
Message-ID as the envelope's id, so that they name the very message they are about).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tui_desk.core.i18n import _
from tui_desk.mail.smtp_values import envelope_address

__all__ = ["Envelope", "envelope", "xtext"]

MAX_ENVELOPE_ID = 100
"""RFC 3461, 4.4."""
_MAX_ORCPT = 500
"""RFC 3461, 4.2."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """``mail`` and one command for each of ``recipients`` (each address once). ``unsayable``: addresses, and ``cause`` why."""

    mail: bytes
    recipients: tuple[tuple[str, bytes], ...]
    unsayable: tuple[str, ...]
    sender_unsayable: bool
    cause: str
    reports: bool
    """Delivery reports are asked for."""


def envelope(
    sender: str,
    recipients: Sequence[str],
    raw: bytes,
    size: int,
    offers: Callable[[str], bool],
    envelope_id: str = "",
) -> Envelope:
    """The commands for one mail. ``sender`` "" is the null path; ``envelope_id`` "" asks for no reports.

    Raises UsageError for what is no address: nothing that could end a command gets through.
    """
    path = envelope_address(sender) if sender else ""
    named = {address: envelope_address(address) for address in recipients}
    international = offers("smtputf8")
    sayable = {address: wire for address, wire in named.items() if wire.isascii() or international}
    reports = offers("dsn") and bool(envelope_id)
    return Envelope(
        _mail(path, sayable.values(), raw, size, offers, envelope_id if reports else ""),
        tuple((address, _rcpt(wire, reports)) for address, wire in sayable.items()),
        tuple(address for address in named if address not in sayable),
        not path.isascii() and not international,
        _("the server takes no addresses outside ASCII (SMTPUTF8)"),
        reports,
    )


def _mail(
    path: str, wires: Iterable[str], raw: bytes, size: int, offers: Callable[[str], bool], envelope_id: str
) -> bytes:
    words = [b"MAIL FROM:<%s>" % path.encode()]
    if offers("size"):
        words.append(b"SIZE=%d" % size)
    if not raw.isascii() and offers("8bitmime"):
        words.append(b"BODY=8BITMIME")
    head = raw[: raw.find(b"\r\n\r\n")] if b"\r\n\r\n" in raw else raw
    if offers("smtputf8") and not (head.isascii() and path.isascii() and all(w.isascii() for w in wires)):
        words.append(b"SMTPUTF8")
    if envelope_id:
        words.append(b"RET=HDRS")
        encoded = xtext(envelope_id)
        if len(encoded) <= MAX_ENVELOPE_ID:
            words.append(b"ENVID=" + encoded.encode())
    return b" ".join(words)


def _rcpt(wire: str, reports: bool) -> bytes:
    command = b"RCPT TO:<%s>" % wire.encode()
    if not reports:
        return command
    command += b" NOTIFY=FAILURE,DELAY"
    original = xtext(wire) if wire.isascii() else ""
    return command + b" ORCPT=rfc822;" + original.encode() if 0 < len(original) <= _MAX_ORCPT else command


def xtext(text: str) -> str:
    """``text`` with everything but printable ASCII, and ``+`` and ``=``, as ``+HH`` (RFC 3461, 4)."""
    return "".join(
        char if "!" <= char <= "~" and char not in "+=" else "".join(f"+{byte:02X}" for byte in char.encode())
        for char in text
    )
