"""Servers of which only certain certificates are accepted, or certain ones are not, however well they are signed (compare
RFC 7469, 2.4).

A file of one line per certificate: the server's name, and the SHA-256 of its certificate or of its public key (DER,
SubjectPublicKeyInfo; it stays the same when a certificate is renewed for the same key):

    mail.example.com  sha256:0b1f…       # this one, or one of several lines; blanks, colons and letter case do not count
    mail.example.com  not sha256:77aa…   # revoked: never this one
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

__all__ = ["PinMismatch", "Pinned", "Pins", "pin_server", "read_pins"]


@dataclass(frozen=True, slots=True)
class Pinned:
    """What one server may show and what not: digests of 64 hexadecimal digits. ``allowed`` is empty where anything else may be."""

    allowed: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()

    def accepts(self, digests: set[str]) -> bool:
        return not self.revoked & digests and (not self.allowed or bool(self.allowed & digests))


Pins = Mapping[str, Pinned]
"""By the server's name, as it is compared."""

_LINE = re.compile(r"(\S+)\s+(not\s+)?sha-?256\s*[:= ]\s*([0-9a-f: ]+)", re.IGNORECASE)


class PinMismatch(ssl.SSLCertVerificationError):
    """The server's certificate is good in every other way, but not one that was named for it. Its text is the digest."""


def read_pins(name: str) -> Pins:
    """The pins in the file ``name``. Raises ConfigurationError where it cannot be read or a line makes no sense: a pin that is
    passed over in silence protects nobody."""
    try:
        lines = Path(name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            _("The file of pinned certificates {name} cannot be read.").format(name=safe_line(name, 100))
        ) from error
    pins: dict[str, Pinned] = {}
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        found = _LINE.fullmatch(text)
        digest = re.sub(r"[: ]", "", found[3]).lower() if found else ""
        if found is None or len(digest) != 64:
            raise ConfigurationError(
                _("Line {number} of {name} is no pinned certificate.").format(
                    number=number, name=safe_line(name, 100)
                ),
                _("A line is the server's name and its certificate: mail.example.com sha256:0b1f…"),
            )
        host = _key(found[1])
        before = pins.get(host, Pinned())
        revoked = before.revoked | {digest} if found[2] else before.revoked
        allowed = before.allowed if found[2] else before.allowed | {digest}
        pins[host] = Pinned(allowed, revoked)
    return pins


def pin_server(context: ssl.SSLContext, pins: Pins) -> None:
    """From now on connections of ``context`` end in the handshake with :class:`PinMismatch` where the pins say so: before
    anything is said through them, whichever library opens them."""

    class PinnedSocket(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            _check(self, pins)

    class PinnedObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            _check(self, pins)

    context.sslsocket_class = PinnedSocket
    context.sslobject_class = PinnedObject


def _check(connection: ssl.SSLSocket | ssl.SSLObject, pins: Pins) -> None:
    pinned = pins.get(_key(connection.server_hostname or ""))
    if pinned is None:
        return
    certificate = connection.getpeercert(binary_form=True) or b""
    shown = hashlib.sha256(certificate).hexdigest()
    if not pinned.accepts({shown, _key_digest(certificate)}):
        raise PinMismatch(f"sha256:{shown}")


def _key_digest(certificate: bytes) -> str:
    from cryptography import x509  # only where there is a pin: it costs a start some milliseconds
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = x509.load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _key(host: str) -> str:
    """The form in which names are compared: A-labels, lower case, without the dot at the end."""
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode()
    return host.lower().rstrip(".").strip("[]")
