"""Mail addresses as values: the form two of them are compared by."""

from __future__ import annotations

import re
import unicodedata

_DOTS = re.compile("[\u3002\uff0e\uff61]")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def address_key(address: str) -> str:
    """``address`` in lower case with its domain in A-labels (RFC 5890): equal for two spellings of one address."""
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    if not at:
        return domain.lower()
    return f"{local.lower()}@{domain_key(domain)}"


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
