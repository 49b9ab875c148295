"""Whether the mailbox's own server vouches for the sender of a mail (RFC 8601), and whose word counts as that server's.

Trusted are the names set for the mailbox (``mailbox set --authserv-id``). Where none is set, only what a stranger cannot have
written: the fields of the large providers, whose servers add theirs to every mail, when the mailbox is read there; and a field
above the first ``Received``, both of the same domain as the IMAP server, since everything a sender wrote lies below that.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.mail.authentication import FAMILIES, Verdict, names_on_top, trusted_results, verdict_of
from tui_desk.mail.authentication_results import AuthenticationResults, parse_results
from tui_desk.mail.domain_names import organization_domain
from tui_desk.mail.from_field import is_doubtful_from
from tui_desk.mail.message import ParsedMail
from tui_desk.rules.addresses import is_host_name

Trace = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """``authenticated``: True or False as the mailbox's server judged, None where nothing can be believed.

    ``method`` is what decided (dmarc, dkim, spf), ``said_by`` the server's name; "" for a From that can be read in two ways. With
    None they are what a server says that nobody named.
    """

    authenticated: bool | None = None
    domain: str = ""
    method: str = ""
    said_by: str = ""


NOTHING_KNOWN = Trust()


def trust_of(
    parsed: ParsedMail, raw: bytes, *, authserv_ids: tuple[str, ...] = (), imap_host: str = ""
) -> Trust:
    """What is known about the sender of ``parsed``, whose bytes are ``raw``, in a mailbox with these settings."""
    domains = [person.address.rpartition("@")[2] for person in parsed.from_ if "@" in person.address]
    if domains and is_doubtful_from(raw):
        return Trust(False, domains[0])
    if not parsed.authentication_results:
        return NOTHING_KNOWN
    trusted = frozenset(authserv_ids) or _own_names(parsed.trace, imap_host)
    own_hosts = frozenset({imap_host}) if imap_host and is_host_name(imap_host) else frozenset()
    verdict = verdict_of(parsed.trace, domains, trusted, own_hosts) if trusted else None
    if verdict is None or verdict.result == "unverified":
        return _by_topmost(parsed.trace, domains)
    return _as_trust(verdict)


def results_in(
    parsed: ParsedMail, *, authserv_ids: tuple[str, ...] = (), imap_host: str = ""
) -> tuple[tuple[AuthenticationResults, ...], str]:
    """The fields of the mailbox's own server. Where nobody is known as that: those on top, and the name of who wrote them."""
    trusted = frozenset(authserv_ids) or _own_names(parsed.trace, imap_host)
    own_hosts = frozenset({imap_host}) if imap_host and is_host_name(imap_host) else frozenset()
    found = trusted_results(parsed.trace, trusted, own_hosts) if trusted else ()
    if found:
        return found, ""
    name, fields = _topmost(parsed.trace)
    return (trusted_results(fields, frozenset({name})), name) if fields else ((), "")


def _as_trust(verdict: Verdict) -> Trust:
    judged = {"pass": True, "fail": False}.get(verdict.result)
    return Trust(judged, verdict.domain, verdict.method, verdict.authserv_id)


def _own_names(trace: Trace, imap_host: str) -> frozenset[str]:
    """The names that can only be those of the server behind ``imap_host``."""
    host = imap_host.strip().lower().rstrip(".")
    if not host:
        return frozenset()
    found = {
        name
        for name, domains in FAMILIES.items()
        if any(host == domain or host.endswith(f".{domain}") for domain in domains if "." in domain)
    }
    return frozenset(found) | names_on_top(trace, organization_domain(host))


def _by_topmost(trace: Trace, domains: list[str]) -> Trust:
    """Of a server nobody vouches for, only a failure counts: nobody forges that against himself.

    Looked at are the topmost field and those of the same name that follow it at once: some servers write one for each method.
    """
    name, fields = _topmost(trace)
    verdict = verdict_of(fields, domains, frozenset({name}))
    if verdict.result == "pass":  # told, so that an administrator can name the server, and believed by nobody
        return Trust(None, verdict.domain, verdict.method, verdict.authserv_id)
    return _as_trust(verdict) if verdict.result == "fail" else NOTHING_KNOWN


def _topmost(trace: Trace) -> tuple[str, Trace]:
    """Whose the topmost field is, and the fields of that name on top; nobody's where it is not well-formed."""
    name = ""
    found: list[tuple[str, str]] = []
    for field, value in trace:
        if field != "authentication-results":
            if found:
                break
            continue
        parsed = parse_results(value)
        if parsed is None or (found and parsed.authserv_id != name):
            break
        name = parsed.authserv_id
        found.append((field, value))
    return name, tuple(found)


def sentence_of(trust: Trust) -> str:
    """For "why": what the server found, or nothing where nothing is known."""
    domain = visible_address(trust.domain)
    if trust.authenticated is True:
        return _("{server} found that it really comes from {domain} ({method}).").format(
            server=safe_line(trust.said_by, 100) or _("The mailbox's server"),
            domain=domain,
            method=trust.method,
        )
    if trust.authenticated is False and trust.method:
        return _(
            "It says it comes from {domain}, but {server} could not confirm that ({method} failed)."
        ).format(
            server=safe_line(trust.said_by, 100) or _("the mailbox's server"),
            domain=domain,
            method=trust.method,
        )
    if trust.authenticated is False:
        return _("Its From can be read in more than one way, so nothing says who really wrote it.")
    if trust.method and trust.said_by:
        return _(
            "It says that {server} found it to come from {domain}. Anybody can write that, so it counts for nothing. (Where that "
            "server adds it to every mail and takes out what others wrote: mailbox set --authserv-id.)"
        ).format(server=safe_line(trust.said_by, 100), domain=domain)
    return ""
