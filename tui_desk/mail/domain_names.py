"""Domains as names: who registered one, in which form two are compared, what is a suffix or an address and no domain."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

_PUBLIC_SUFFIX: Final = re.compile(
    r"(?:ac|co|com|edu|gob|gov|gouv|go|ltd|me|mil|ne|net|nhs|nom|or|org|plc|sch)\.[a-z]{2}\Z"
)
_SHARED: Final = frozenset(
    (
        "appspotmail.com",
        "github.io",
        "herokuapp.com",
        "blogspot.com",
        "amazonaws.com",
        "azurewebsites.net",
        "onmicrosoft.com",
        "cloudfront.net",
        "uk.com",
        "eu.com",
        "us.com",
        "de.com",
    )
)


def organization_domain(host: str) -> str:
    """The part of a host name under which its owner registered it, as far as that can be told without a list; "" for none."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) < 2 or is_ip(host) or not all(labels):
        return ""
    found = ".".join(labels[-2:])
    if not is_suffix(found):
        return found
    return ".".join(labels[-3:]) if len(labels) > 2 else ""


def is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("ipv6:"))
    except ValueError:
        return False
    return True


def is_suffix(domain: str) -> bool:
    return bool(_PUBLIC_SUFFIX.fullmatch(domain)) or domain in _SHARED


def normal_domain(domain: str) -> str:
    """A domain in lower case, in its ASCII form where it has one (RFC 5891)."""
    plain = domain.strip().strip("<>").rstrip(".").lower()
    plain = plain.rpartition("@")[2]
    if plain.isascii() or len(plain) > 253:
        return plain[:253]
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain
