"""The addresses a mail was delivered to, from the trace that the receiving servers leave."""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.addresses import address_list
from tui_desk.mail.headers import Fields

_NAMES: Final = frozenset(
    [
        "delivered-to",
        "x-original-to",
        "x-forwarded-to",
        "x-forwarded-for",
        "resent-to",
        "resent-cc",
        "envelope-to",
        "x-envelope-to",
        "x-delivered-to",
        "x-rcpt-to",
        "x-resolved-to",
        "x-ms-exchange-organization-original-to",
        "x-ms-exchange-parent-message-to",
        "apparently-to",
        "original-recipient",
    ]
)
_FOR: Final = re.compile(rb"\bfor\s+<([^<>\s]{3,320}@[^<>\s]{1,255})>")
MAX_FOUND: Final = 50


def delivered_to(fields: Fields, own_addresses: frozenset[str]) -> tuple[str, ...]:
    """The addresses in the delivery headers, lower case, each once, nearest to the reader first.

    With ``own_addresses`` only those that belong to the company (``+tag`` ignored in the comparison, the address as the
    company writes it returned).
    """
    found: dict[str, None] = {}
    for name, value in fields:
        if name in _NAMES:
            if name == "original-recipient":
                value = value.partition(b";")[2]
            for person in address_list(value)[0]:
                if "@" in person.address:
                    found.setdefault(person.address.lower())
        elif name == "received":
            match = _FOR.search(value[:4_000])
            if match:
                found.setdefault(match[1].decode("utf-8", "replace").lower())
        if len(found) >= MAX_FOUND:
            break
    if not own_addresses:
        return tuple(found)
    return tuple(dict.fromkeys(own for address in found if (own := _own(address, own_addresses))))


def _own(address: str, own_addresses: frozenset[str]) -> str | None:
    if address in own_addresses:
        return address
    local, _, domain = address.rpartition("@")
    plain = f"{local.split('+', 1)[0]}@{domain}"
    return plain if plain in own_addresses else None
