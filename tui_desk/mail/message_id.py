"""Our own Message-IDs and reply addresses: unguessable, and signed so that an answer proves which ticket it belongs to.

``td.<ticket>.<message>.<signature>@<domain>``: the signature is 128 bits of HMAC-SHA256 over ticket and message under the desk's
secret. ``name+t.<ticket>.<signature>@<domain>`` (RFC 5233): 100 bits over the ticket, for a purpose of its own, so that neither
can be made from the other. ``rt.<random>.<signature>@<domain>``: of a mail by which the desk tries its own mailbox. Whoever holds one has received our mail, or was sent it by somebody who had. Nothing else can be
derived from it, and it lets nobody in: who joins a ticket is for ``rules.threading`` to say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

__all__ = [
    "host_of",
    "make_message_id",
    "make_probe_id",
    "make_reply_address",
    "signed_ids_in",
    "verify_message_id",
    "verify_probe_id",
    "verify_reply_address",
]

_PURPOSE = b"tui-desk message-id 1\0"
_ADDRESS_PURPOSE = b"tui-desk reply-address 1\0"
_PROBE_PURPOSE = b"tui-desk round-trip 1\0"
_SIGNATURE_BYTES = 16
_TOKEN_LETTERS = 20
"""Of base32: 5 bits each."""
_MAX_LOCAL = 64
"""RFC 5321, 4.5.3.1.1."""
_MAX_FOUND = 50
_TAG = re.compile(r"t\.([0-9]{1,18})\.([a-z2-7]{20})")
_OURS = re.compile(r"<?td\.([0-9]{1,18})\.([0-9]{1,18})\.([a-z2-7]{26})@[^@<>\s]{1,255}>?", re.IGNORECASE)
_PROBE = re.compile(r"<?rt\.([0-9a-f]{32})\.([a-z2-7]{26})@[^@<>\s]{1,255}>?", re.IGNORECASE)
_ANYWHERE = re.compile(
    r"(?<![\w.])td\.[0-9]{1,18}\.[0-9]{1,18}\.[a-z2-7]{26}@[A-Za-z0-9.-]{1,255}", re.IGNORECASE
)
_NOT_IN_DOMAIN = re.compile(r"[^A-Za-z0-9.-]")


def make_message_id(ticket: int, message: int, secret: bytes, domain: str) -> str:
    """The id (without brackets) of message number ``message`` in ticket number ``ticket``; the same each time.

    ``secret``: at least 16 bytes that only this desk knows (ValueError otherwise). ``domain``: of the sending mailbox.
    """
    return f"td.{ticket}.{message}.{_signature(ticket, message, secret)}@{host_of(domain)}"


def host_of(domain: str) -> str:
    """The right-hand side of a Message-ID made for ``domain``: letters, digits, dots and hyphens only."""
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        host = domain
    return _NOT_IN_DOMAIN.sub("", host).strip(".-")[:200].lower() or "localhost.invalid"


def verify_message_id(message_id: str, secret: bytes) -> int | None:
    """The ticket number an id of ours speaks of (brackets allowed); None for every other id, altered ones included."""
    found = _OURS.fullmatch(message_id.strip())
    if found is None or not message_id.isascii():
        return None
    ticket, message = int(found[1]), int(found[2])
    if (found[1], found[2]) != (str(ticket), str(message)):
        return None
    right = _signature(ticket, message, secret)
    return ticket if hmac.compare_digest(right, found[3].lower()) else None


def signed_ids_in(text: str, secret: bytes) -> tuple[str, ...]:
    """The ids of ours that stand anywhere in ``text`` (a returned mail's headers, quoted by a mail system), each once."""
    found = dict.fromkeys(match[0] for match in _ANYWHERE.finditer(text))
    return tuple(one for one in list(found)[:_MAX_FOUND] if verify_message_id(one, secret) is not None)


def make_probe_id(secret: bytes, domain: str) -> str:
    """An id (without brackets) for one mail that the desk sends to itself; another one each time. ValueError: see above."""
    nonce = secrets.token_hex(16)
    return f"rt.{nonce}.{_signed(_PROBE_PURPOSE + nonce.encode(), secret)}@{host_of(domain)}"


def verify_probe_id(message_id: str, secret: bytes) -> bool:
    """Whether this desk made the id for a mail to itself (brackets allowed)."""
    found = _PROBE.fullmatch(message_id.strip())
    if found is None or not message_id.isascii() or not secret:
        return False
    return hmac.compare_digest(_signed(_PROBE_PURPOSE + found[1].lower().encode(), secret), found[2].lower())


def make_reply_address(address: str, ticket: int, secret: bytes) -> str | None:
    """``address`` with the signed tag of a ticket; None where its local part is too long for one, or has a tag already."""
    local, at, domain = address.rpartition("@")
    tagged = f"{local}+t.{ticket}.{_tag(ticket, secret)}"
    if not at or not local or "+" in local or local.startswith('"') or len(tagged) > _MAX_LOCAL:
        return None
    return f"{tagged}@{domain}"


def verify_reply_address(address: str, secret: bytes) -> int | None:
    """The ticket number in a tagged address of ours; None for every other address. Case does not count."""
    local, _at, _domain = address.strip().rpartition("@")
    if not local.isascii():
        return None
    found = _TAG.fullmatch(local.lower().partition("+")[2])
    if found is None or found[1] != str(int(found[1])):
        return None
    ticket = int(found[1])
    return ticket if hmac.compare_digest(_tag(ticket, secret), found[2]) else None


def _tag(ticket: int, secret: bytes) -> str:
    return _signed(_ADDRESS_PURPOSE + str(ticket).encode(), secret)[:_TOKEN_LETTERS]


def _signature(ticket: int, message: int, secret: bytes) -> str:
    return _signed(_PURPOSE + f"{ticket}.{message}".encode(), secret)


def _signed(said: bytes, secret: bytes) -> str:
    """128 bits of HMAC-SHA256 as 26 letters of base32."""
    if len(secret) < _SIGNATURE_BYTES:
        raise ValueError("the secret of a desk has at least 16 bytes")
    digest = hmac.new(secret, said, hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode("ascii").rstrip("=").lower()
