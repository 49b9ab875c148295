"""Our own Message-IDs: unguessable, and signed so that an answer proves which ticket it belongs to.

``td.<ticket>.<message>.<signature>@<domain>``: the signature is 128 bits of HMAC-SHA256 over ticket and message under the desk's
secret. Whoever holds such an id has received our mail, or was sent it by somebody who had. Nothing else can be derived from it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

__all__ = ["make_message_id", "verify_message_id"]

_PURPOSE = b"tui-desk message-id 1\0"
_SIGNATURE_BYTES = 16
_OURS = re.compile(r"<?td\.([0-9]{1,18})\.([0-9]{1,18})\.([a-z2-7]{26})@[^@<>\s]{1,255}>?", re.IGNORECASE)
_NOT_IN_DOMAIN = re.compile(r"[^A-Za-z0-9.-]")


def make_message_id(ticket: int, message: int, secret: bytes, domain: str) -> str:
    """The id (without brackets) of message number ``message`` in ticket number ``ticket``; the same each time.

    ``secret``: at least 16 bytes that only this desk knows (ValueError otherwise). ``domain``: of the sending mailbox.
    """
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        host = domain
    host = _NOT_IN_DOMAIN.sub("", host).strip(".-")[:200].lower() or "localhost.invalid"
    return f"td.{ticket}.{message}.{_signature(ticket, message, secret)}@{host}"


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


def _signature(ticket: int, message: int, secret: bytes) -> str:
    if len(secret) < _SIGNATURE_BYTES:
        raise ValueError("the secret of a desk has at least 16 bytes")
    digest = hmac.new(secret, _PURPOSE + f"{ticket}.{message}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode("ascii").rstrip("=").lower()
