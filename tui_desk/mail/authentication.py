"""Whom to believe about a sender: the ``Authentication-Results`` of the mailbox's own server, and what they come to.

Anybody can write such a field. The one that counts is the topmost that carries a name (authserv-id) of the mailbox's own
server and stands above every ``Received`` that other servers wrote: what a stranger put into the mail lies below.

The name of a server that does not add the field to *every* incoming mail must not be trusted: nothing then hides a forged one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tui_desk.mail.authentication_results import (
    MAX_FIELD,
    AuthenticationResults,
    MethodResult,
    parse_results,
    without_comments,
)
from tui_desk.mail.domain_names import is_ip, is_suffix, normal_domain, organization_domain

VerdictResult = Literal["pass", "fail", "none", "unverified"]
MAX_TRACE: Final = 300
TRACE_FIELDS: Final = ("received", "authentication-results")
_BY: Final = re.compile(r"(?:\A|\s)by\s+([^\s;()]{1,255})", re.IGNORECASE)
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


def _own_domains(names: frozenset[str]) -> frozenset[str]:
    """The domains whose servers may stand above the field: that of the name, its parent, and those of known services."""
    found: set[str] = set()
    for name in names:
        found.update(FAMILIES.get(name, ()))
        if not name:
            continue
        found.add(name)
        parent = name.partition(".")[2]
        if "." in parent and not is_suffix(parent):
            found.add(parent)
    return frozenset(found)


def _is_foreign(received: str, domains: frozenset[str]) -> bool:
    """Whether another server wrote this ``Received``. Names without a domain and addresses belong to the inner hops."""
    plain = without_comments(received[:MAX_FIELD])
    by = _BY.search(" ".join((received if plain is None else plain).split()))
    if by is None:
        return False
    host = by[1].strip("[]").lower().rstrip(".")
    if "." not in host or is_ip(host):
        return False
    return not any(host == domain or host.endswith(f".{domain}") for domain in domains)


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
    domains = {normal_domain(domain) for domain in from_domains}
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
        if one.method == "dmarc" and normal_domain(one.value("header.from")) in ("", domain)
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
    one, other = sorted((normal_domain(identity), normal_domain(domain)), key=len)
    if one == other:
        return bool(one)
    return "." in one and other.endswith(f".{one}") and not is_suffix(one)
