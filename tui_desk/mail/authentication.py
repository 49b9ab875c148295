"""What the mailbox's own server found out about a sender: ``Authentication-Results`` (RFC 8601), and whom to believe.

Anybody can write such a field. The one that counts is the topmost that carries a name (authserv-id) of the mailbox's own
server and stands above every ``Received`` that other servers wrote: what a stranger put into the mail lies below. It is read
as raw text, for encoded words in an envelope address would otherwise turn into results. A field that is not well-formed
is not believed at all.

The name of a server that does not add the field to *every* incoming mail must not be trusted: nothing then hides a forged one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

VerdictResult = Literal["pass", "fail", "none", "unverified"]

MAX_FIELD: Final = 16_000
MAX_RESULTS: Final = 100
MAX_PROPERTIES: Final = 50
MAX_TRACE: Final = 300
_MAX_COMMENT_DEPTH: Final = 20

TRACE_FIELDS: Final = ("received", "authentication-results")
_VALUE: Final = r"\"(?:[^\"\\]|\\.)*\"(?:@[^\s;\"]+)?|[^\s;\"]+"
_HEAD: Final = re.compile(rf"\s*({_VALUE})(?:\s+(\d{{1,5}}))?\s*\Z", re.DOTALL)
_METHOD: Final = re.compile(
    r"\s*([a-z0-9][a-z0-9-]{0,60})(?:\s*/\s*(\d{1,5}))?\s*=\s*([a-z][a-z0-9-]{0,40})(?=\s|\Z)", re.IGNORECASE
)
_PROPERTY: Final = re.compile(
    rf"\s*(?:([a-z0-9-]{{1,40}})\s*\.\s*)?([a-z0-9_-]{{1,60}})\s*=\s*({_VALUE})(?=\s|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_BY: Final = re.compile(r"(?:\A|\s)by\s+([^\s;()]{1,255})", re.IGNORECASE)
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
_A_FIELD_EACH: Final = (
    "bimi.icloud.com",
    "dmarc.icloud.com",
    "dkim-verifier.icloud.com",
    "spf.icloud.com",
)
"""One server that writes a field for each method, under a name for each, to every mail."""
# Services whose mail servers have other names than the one they sign the field with. "" is Microsoft 365, which writes none.
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "": ("outlook.com", "office365.com", "microsoft.com", "office365.us"),
    "mx.microsoft.com": ("outlook.com", "office365.com", "microsoft.com"),
    "mx.google.com": ("google.com", "gmail.com", "googlemail.com", "1e100.net"),
    "mx.zohomail.com": ("zoho.com", "zohomail.com", "zoho.eu", "zohomail.eu"),
    "mx.zoho.com": ("zoho.com", "zohomail.com"),
    **dict.fromkeys(_A_FIELD_EACH, ("icloud.com", "me.com", "mac.com", "apple.com")),
    "mx.messagingengine.com": ("messagingengine.com", "fastmail.com", "internal"),
}


_AGAINST: Final = frozenset(("fail", "softfail", "hardfail", "permerror", "reject", "quarantine"))


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the domain of From is the sender's own.

    ``pass`` and ``fail`` are what the mailbox's server found, ``none`` that it found neither, ``unverified`` that no field can
    be believed. ``domain`` is that of From, ``method`` what decided ("dmarc", "dkim", "spf" or ""), ``authserv_id`` who said so.
    """

    result: VerdictResult
    domain: str
    method: str
    authserv_id: str


def trace_of(fields: Iterable[tuple[str, bytes]]) -> tuple[tuple[str, str], ...]:
    """The ``Received`` and ``Authentication-Results`` fields in the order of the mail, undecoded, for :func:`verdict_of`."""
    found: list[tuple[str, str]] = []
    for name, value in fields:
        if name.lower() in TRACE_FIELDS:
            found.append((name.lower(), value[: MAX_FIELD + 1].decode("utf-8", "replace")))
            if len(found) == MAX_TRACE:
                break
    return tuple(found)


def parse_results(value: str) -> AuthenticationResults | None:
    """One field's value (unfolded or not), or None for what is not well-formed, too long, or of another version than 1."""
    if len(value) > MAX_FIELD:
        return None
    plain = _without_comments(value)
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


def _without_comments(value: str) -> str | None:
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


def trusted_results(
    trace: Sequence[tuple[str, str]], trusted: frozenset[str], own_hosts: frozenset[str] = frozenset()
) -> tuple[AuthenticationResults, ...]:
    """The fields in ``trace`` that the mailbox's own server wrote.

    ``trusted`` are its authserv-ids ("" for Microsoft 365), ``own_hosts`` further domains of its servers as they appear
    after ``by`` in ``Received``. Above the first ``Received`` all fields of a trusted name count (filters write one each).
    Below it the topmost counts, and of those that follow it at once what speaks against the sender: a server may put its fields
    where those begin that came with the mail. Where it is known to write a field for each method, the first of each
    method counts whole. None counts below a ``Received`` of another server.
    """
    names = frozenset(name.strip().lower() for name in trusted)
    if names & set(_A_FIELD_EACH):
        names |= set(_A_FIELD_EACH)
    domains = _own_domains(names) | {host.strip().lower().strip(".") for host in own_hosts}
    found: list[AuthenticationResults] = []
    passed_received = False
    for name, value in trace[:MAX_TRACE]:
        if name.lower() == "received":
            if found or _is_foreign(value, domains):
                break
            passed_received = True
        elif name.lower() == "authentication-results":
            parsed = parse_results(value)
            if parsed is None:
                if _claims(value, names):  # a broken field of our own server hides what is below it
                    break
                continue
            if parsed.authserv_id in names:
                found.append(_what_counts(parsed, found) if passed_received else parsed)
            elif found and passed_received:
                break
    return tuple(found)


def _what_counts(
    field: AuthenticationResults, above: Sequence[AuthenticationResults]
) -> AuthenticationResults:
    """Of a field below the first ``Received``: all where it is the topmost, else only what no sender would forge."""
    if not above:
        return field
    known = {one.method for other in above for one in other.results}
    several = field.authserv_id in _A_FIELD_EACH and above[0].authserv_id in _A_FIELD_EACH
    kept = tuple(
        one for one in field.results if one.result in _AGAINST or (several and one.method not in known)
    )
    return AuthenticationResults(field.authserv_id, kept)


def names_on_top(trace: Sequence[tuple[str, str]], domain: str) -> frozenset[str]:
    """The authserv-ids of ``domain`` that only its own server can have written: those above the ``Received`` it wrote itself.

    Every server adds that line on top of what it was given (RFC 5321, 4.4). Without one, or above the line of another server,
    nothing tells where the mail's own fields begin.
    """
    found: set[str] = set()
    for name, value in trace[:MAX_TRACE]:
        if name.lower() == "received":
            return frozenset() if _is_foreign(value, frozenset({domain})) else frozenset(found)
        parsed = parse_results(value)
        if parsed is not None and domain and organization_domain(parsed.authserv_id) == domain:
            found.add(parsed.authserv_id)
    return frozenset()


def _claims(value: str, names: frozenset[str]) -> bool:
    lead = value[:300].strip().lower()
    return any(lead.startswith(name) for name in names if name)


def organization_domain(host: str) -> str:
    """The part of a host name under which its owner registered it, as far as that can be told without a list; "" for none."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) < 2 or _is_ip(host) or not all(labels):
        return ""
    found = ".".join(labels[-2:])
    if not _is_suffix(found):
        return found
    return ".".join(labels[-3:]) if len(labels) > 2 else ""


def _own_domains(names: frozenset[str]) -> frozenset[str]:
    """The domains whose servers may stand above the field: that of the name, its parent, and those of known services."""
    found: set[str] = set()
    for name in names:
        found.update(FAMILIES.get(name, ()))
        if not name:
            continue
        found.add(name)
        parent = name.partition(".")[2]
        if "." in parent and not _is_suffix(parent):
            found.add(parent)
    return frozenset(found)


def _is_foreign(received: str, domains: frozenset[str]) -> bool:
    """Whether another server wrote this ``Received``. Names without a domain and addresses belong to the inner hops."""
    plain = _without_comments(received[:MAX_FIELD])
    by = _BY.search(" ".join((received if plain is None else plain).split()))
    if by is None:
        return False
    host = by[1].strip("[]").lower().rstrip(".")
    if "." not in host or _is_ip(host):
        return False
    return not any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("ipv6:"))
    except ValueError:
        return False
    return True


def verdict_of(
    trace: Sequence[tuple[str, str]],
    from_domains: Sequence[str],
    trusted: frozenset[str],
    own_hosts: frozenset[str] = frozenset(),
) -> Verdict:
    """What the mailbox's own server found about the domain of From.

    ``from_domains`` are the domains of all From addresses; with none or several different ones nothing is verified. DMARC
    (RFC 7489) decides where it was evaluated; else an aligned DKIM signature or SPF pass, and a failure of all of them.
    """
    domains = {_normal(domain) for domain in from_domains}
    domain = next(iter(domains)) if len(domains) == 1 else ""
    fields = trusted_results(trace, trusted, own_hosts)
    if not domain or not fields:
        return Verdict("unverified", domain, "", fields[0].authserv_id if fields else "")
    results = [one for field in fields for one in field.results]
    said_by = fields[0].authserv_id
    for decide in (_by_dmarc, _by_alignment):
        decided = decide(results, domain)
        if decided is not None:
            return Verdict(decided[0], domain, decided[1], said_by)
    return Verdict("none", domain, "", said_by)


def _by_dmarc(results: list[MethodResult], domain: str) -> tuple[VerdictResult, str] | None:
    """The worst of the DMARC results that speak of ``domain``; None where there is no definite one."""
    said = {
        one.result
        for one in results
        if one.method == "dmarc" and _normal(one.value("header.from")) in ("", domain)
    }
    if said & {"fail", "permerror", "reject", "quarantine"}:
        return "fail", "dmarc"
    return ("pass", "dmarc") if said & {"pass", "bestguesspass"} else None


def _by_alignment(results: list[MethodResult], domain: str) -> tuple[VerdictResult, str] | None:
    for one in results:
        if one.result != "pass":
            continue
        identity = ""
        if one.method == "dkim":
            identity = one.value("header.d") or one.value("header.i").rpartition("@")[2]
        elif one.method == "spf":
            identity = one.value("smtp.mailfrom", "smtp.mail").rpartition("@")[2]
        if identity and _aligned(identity, domain):
            return "pass", one.method
    tried = [one for one in results if one.method in ("dkim", "spf")]
    failed = [one for one in tried if one.result in ("fail", "softfail", "hardfail")]
    if failed and not any(one.result == "pass" for one in tried):
        return "fail", failed[0].method
    return None


def _aligned(identity: str, domain: str) -> bool:
    """Whether one domain is the other or lies beneath it. Stricter than DMARC's relaxed mode: no list of suffixes is at hand."""
    one, other = sorted((_normal(identity), _normal(domain)), key=len)
    if one == other:
        return bool(one)
    return "." in one and other.endswith(f".{one}") and not _is_suffix(one)


def _is_suffix(domain: str) -> bool:
    return bool(_PUBLIC_SUFFIX.fullmatch(domain)) or domain in _SHARED


def _normal(domain: str) -> str:
    """A domain in lower case, in its ASCII form where it has one (RFC 5891)."""
    plain = domain.strip().strip("<>").rstrip(".").lower()
    plain = plain.rpartition("@")[2]
    if plain.isascii() or len(plain) > 253:
        return plain[:253]
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain
