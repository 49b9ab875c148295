"""Mail addresses as values: the form two of them are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

_DOTS = re.compile("[\u3002\uff0e\uff61]")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@lru_cache(maxsize=4096)
def address_key(address: str) -> str:
    """``address`` in lower case with its domain in A-labels (RFC 5890): equal for two spellings of one address."""
    plain = address.strip()
    if plain.isascii():
        return plain.rstrip(".").lower() if "@" in plain else plain.lower()
    written, at, domain = plain.rpartition("@")
    if not at:
        return unicodedata.normalize("NFC", domain).lower()
    local = unicodedata.normalize("NFC", written)
    if local.isascii() and not written.isascii():
        local = written  # a Kelvin sign composes to K: to a mail server the two are different people
    return f"{local.lower()}@{domain_key(domain)}"


def untagged(key: str) -> str:
    """``key`` (compared form) without its ``+tag`` (RFC 5233)."""
    local, at, domain = key.rpartition("@")
    return f"{local.split('+', 1)[0]}{at}{domain}"


def is_one_of(key: str, own: Container[str]) -> bool:
    """Whether ``key`` is among the addresses ``own`` (both in compared form), by itself or without its tag."""
    return key in own or ("+" in key and untagged(key) in own)


def domain_key(domain: str) -> str:
    """A domain in lower-case A-labels; what is no domain is only put into lower case."""
    labels = _DOTS.sub(".", domain).rstrip(".").split(".")
    return ".".join(label.lower() if label.isascii() else _a_label(label) for label in labels)


def _a_label(label: str) -> str:
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", label).lower())
    if plain.isascii():
        return plain
    return "xn--" + plain.encode("punycode", "replace").decode("ascii")


def is_host_name(text: str) -> bool:
    """Whether ``text`` can be a host: a name of letters, digits and hyphens (RFC 1123, 2.1), or an IP address."""
    if re.fullmatch(r"[0-9a-f:]+(%\w+)?", text.strip("[]").lower()) and ":" in text:
        return True
    key = domain_key(text)
    return 0 < len(key) <= 253 and all(_LABEL.fullmatch(label) for label in key.split("."))
