"""One ``Authentication-Results`` field (RFC 8601), read as raw text: encoded words in an envelope address would otherwise turn into
results. A field that is not well-formed is not believed at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_FIELD: Final = 16_000
MAX_RESULTS: Final = 100
MAX_PROPERTIES: Final = 50
_MAX_COMMENT_DEPTH: Final = 20
_VALUE: Final = r"\"(?:[^\"\\]|\\.)*\"(?:@[^\s;\"]+)?|[^\s;\"]+"
_HEAD: Final = re.compile(rf"\s*({_VALUE})(?:\s+(\d{{1,5}}))?\s*\Z", re.DOTALL)
_METHOD: Final = re.compile(
    r"\s*([a-z0-9][a-z0-9-]{0,60})(?:\s*/\s*(\d{1,5}))?\s*=\s*([a-z][a-z0-9-]{0,40})(?=\s|\Z)", re.IGNORECASE
)
_PROPERTY: Final = re.compile(
    rf"\s*(?:([a-z0-9-]{{1,40}})\s*\.\s*)?([a-z0-9_-]{{1,60}})\s*=\s*({_VALUE})(?=\s|\Z)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class MethodResult:
    """One result: ``method`` (dkim, spf, dmarc, arc...), ``result`` (pass, fail, none...), and its properties.

    A property is (ptype, name, value), for example ("header", "d", "example.org"); all but values are in lower case.
    """

    method: str
    result: str
    reason: str
    properties: tuple[tuple[str, str, str], ...]

    def value(self, *names: str) -> str:
        """The value of the first property among ``names`` ("header.d", "smtp.mailfrom"), "" where it is absent."""
        for name in names:
            ptype, _, key = name.partition(".")
            for found_type, found_key, value in self.properties:
                if (found_type, found_key) == (ptype, key):
                    return value
        return ""


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One field. ``authserv_id`` is in lower case and "" where the server writes none (Microsoft 365)."""

    authserv_id: str
    results: tuple[MethodResult, ...]


def parse_results(value: str) -> AuthenticationResults | None:
    """One field's value (unfolded or not), or None for what is not well-formed, too long, or of another version than 1."""
    if len(value) > MAX_FIELD:
        return None
    plain = without_comments(value)
    if plain is None:
        return None
    head, *rest = _sections(plain)
    authserv_id = ""
    match = _HEAD.match(head)
    if match and "=" not in match[1]:
        if int(match[2] or 1) != 1:
            return None
        authserv_id = _unquoted(match[1]).lower()
    elif _METHOD.match(head):
        rest = [head, *rest]
    else:
        return None
    results: list[MethodResult] = []
    for section in rest[:MAX_RESULTS]:
        if not section.strip() or section.strip().lower() == "none":
            continue
        one = _result(section)
        if one is None:
            return None
        results.append(one)
    return AuthenticationResults(authserv_id, tuple(results))


def without_comments(value: str) -> str | None:
    """``value`` with comments (RFC 5322, 3.2.2) made into a space; None where a comment or a quoted string does not end."""
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        if escaped:
            escaped = False
            if not depth:
                out.append(char)
            continue
        if char == "\\" and (quoted or depth):
            escaped = True
            if not depth:
                out.append(char)
        elif quoted:
            quoted = char != '"'
            out.append(char)
        elif char == "(":
            depth += 1
            if depth > _MAX_COMMENT_DEPTH:
                return None
        elif char == ")":
            if not depth:
                return None
            depth -= 1
            out.append(" ")
        elif not depth:
            quoted = char == '"'
            out.append(char)
    return None if depth or quoted or escaped else "".join(out)


def _sections(plain: str) -> list[str]:
    """``plain`` at the semicolons that are not inside a quoted string."""
    found: list[str] = []
    start, quoted, escaped = 0, False, False
    for at, char in enumerate(plain):
        if escaped:
            escaped = False
        elif quoted:
            escaped = char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char == ";":
            found.append(plain[start:at])
            start = at + 1
    return [*found, plain[start:]]


def _result(section: str) -> MethodResult | None:
    match = _METHOD.match(section)
    if match is None or int(match[2] or 1) != 1:
        return None
    reason = ""
    properties: list[tuple[str, str, str]] = []
    at = match.end()
    while section[at:].strip():
        found = _PROPERTY.match(section, at)
        if found is None or len(properties) >= MAX_PROPERTIES:
            return None
        value = _unquoted(found[3])
        if found[1]:
            properties.append((found[1].lower(), found[2].lower(), value))
        elif found[2].lower() == "reason":
            reason = value
        at = found.end()
    return MethodResult(match[1].lower(), match[3].lower(), reason, tuple(properties))


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    content, _, rest = value[1:].rpartition('"')
    return re.sub(r"\\(.)", r"\1", content, flags=re.DOTALL) + rest
