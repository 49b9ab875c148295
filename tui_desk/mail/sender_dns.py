"""What DNS says of a domain that mail is sent from: MX, SPF (RFC 7208), DMARC (RFC 7489), DKIM keys (RFC 6376).

Asked only when a person wants it: dnspython is imported here and nowhere else, and the resolver is the machine's own, or the one
named by TUI_DESK_DNS_SERVER.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui_desk.core.errors import ConfigurationError, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.mail.diagnose import Step
from tui_desk.mail.domain_names import organization_domain

if TYPE_CHECKING:
    import dns.resolver

__all__ = ["DIRECTION", "SERVER_VARIABLE", "Ask", "Key", "check_domain", "keys_in", "system_resolver"]

DIRECTION = "dns"
SERVER_VARIABLE = "TUI_DESK_DNS_SERVER"
"""Environment variable: the address of a resolver, with :port where that is not 53."""
MAX_LOOKUPS = 10
"""Terms of an SPF record that cause a query, those of included records too (RFC 7208, 4.6.4)."""
_ANSWER_SECONDS = 10.0
_SHOWN = 5

Ask = Callable[[str, str], tuple[str, ...] | None]
"""Name and type (TXT, MX, A, AAAA) → the records as text; () for none of that type, None where there is no such name.
Raises Unavailable where no resolver answers."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where the key of a DKIM signature lies: selector and domain."""

    selector: str
    domain: str


def system_resolver() -> Ask:
    """Asks the machine's resolver. Raises ConfigurationError for a variable that names none."""
    import dns.exception
    import dns.resolver

    try:
        resolver = _named_resolver() if os.environ.get(SERVER_VARIABLE) else dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise Unavailable(_("This machine names no resolver (/etc/resolv.conf).")) from error
    resolver.lifetime = _ANSWER_SECONDS

    def ask(name: str, kind: str) -> tuple[str, ...] | None:
        try:
            answer = resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return None
        except dns.exception.DNSException as error:
            sentence = _("The resolver gives no answer about {name} ({kind}).")
            raise Unavailable(
                sentence.format(name=safe_line(name, 253), kind=type(error).__name__)
            ) from error
        if kind == "TXT":
            return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in answer)
        return tuple(str(one) for one in answer)

    return ask


def _named_resolver() -> dns.resolver.Resolver:
    import dns.resolver

    value = os.environ[SERVER_VARIABLE].strip()
    with_port = value.count(":") == 1 or "]:" in value
    host, port = value.rsplit(":", 1) if with_port else (value, "53")
    resolver = dns.resolver.Resolver(configure=False)
    try:
        resolver.nameservers = [host.strip("[]")]
        resolver.port = int(port)
        if not 0 < resolver.port < 65536:
            raise ValueError(port)
    except ValueError as error:
        raise ConfigurationError(
            _("{variable} names no resolver: {value}").format(
                variable=SERVER_VARIABLE, value=safe_line(value, 100)
            ),
            _("It is an IP address, with :port where that is not 53."),
        ) from error
    return resolver


def keys_in(raw: bytes) -> tuple[Key, ...]:
    """The keys that the DKIM signatures of a mail name, each once."""
    head = re.sub(rb"\r?\n[ \t]+", b" ", re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]).decode(
        "ascii", "replace"
    )
    found: dict[Key, None] = {}
    for value in re.findall(r"(?im)^DKIM-Signature:(.*)$", head)[:10]:
        tags = _tags(value)
        if tags.get("s") and tags.get("d"):
            found[Key(tags["s"].lower(), tags["d"].lower())] = None
    return tuple(found)


def check_domain(domain: str, keys: Iterable[Key], ask: Ask) -> Iterator[Step]:
    """Each record in a sentence with what to do. A resolver that does not answer ends it; never raises for what DNS says."""
    name = _ascii(domain)
    try:
        yield from _mail_servers(name, ask)
        yield _spf(name, ask)
        yield _dmarc(name, ask)
        known = tuple(keys)
        for key in known:
            yield _dkim(key, ask)
        if not known:
            yield _step(
                "dkim",
                _(
                    "DKIM: nobody can look a key up without knowing its selector; a round trip reads it from a signed mail."
                ),
            )
    except Unavailable as error:
        yield _step("resolver", str(error), ok=False)


def _mail_servers(domain: str, ask: Ask) -> Iterator[Step]:
    found = ask(domain, "MX")
    shown = visible_address(domain)
    if found is None:
        yield _step("mx", _("There is no domain {domain} in DNS.").format(domain=shown), ok=False)
    elif not found:
        sentence = _("MX: {domain} names no mail server: what people answer may not arrive.")
        yield _step("mx", sentence.format(domain=shown), warn=True)
    elif any(one.split()[-1] == "." for one in found):
        sentence = _("MX: {domain} says that it takes no mail (RFC 7505): nobody can answer.")
        yield _step("mx", sentence.format(domain=shown), ok=False)
    else:
        hosts = [one.split()[-1].rstrip(".") for one in found]
        servers = safe_line(", ".join(sorted(hosts)[:_SHOWN]), 300)
        yield _step("mx", _("MX: mail for {domain} goes to {servers}.").format(domain=shown, servers=servers))


@dataclass(slots=True)
class _Spf:
    """An SPF record as far as it was followed."""

    lookups: int = 0
    missing: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def _spf_records(domain: str, ask: Ask) -> list[str]:
    found = [text.strip() for text in ask(domain, "TXT") or ()]
    return [text for text in found if re.match(r"v=spf1(?:\s|$)", text, re.IGNORECASE)]


def _spf(domain: str, ask: Ask) -> Step:
    records = _spf_records(domain, ask)
    shown = visible_address(domain)
    if not records:
        sentence = _(
            "SPF: {domain} has no record, so anybody's server may send for it: publish one (TXT), such as “v=spf1 mx -all”."
        )
        return _step("spf", sentence.format(domain=shown), warn=True)
    if len(records) > 1:
        sentence = _(
            "SPF: {domain} has {count} records; with more than one, none counts (RFC 7208, 4.5). Make one of them."
        )
        return _step("spf", sentence.format(domain=shown, count=len(records)), ok=False)
    terms = records[0].lower().split()[1:]
    followed = _Spf(seen={domain})
    _follow(terms, ask, followed)
    ends = [term for term in terms if term.lstrip("+-~?") == "all"]
    if followed.lookups > MAX_LOOKUPS:
        sentence = _(
            "SPF: the record of {domain} takes more than {limit} look-ups, so it does not count (RFC 7208, 4.6.4): take includes out."
        )
        return _step("spf", sentence.format(domain=shown, limit=MAX_LOOKUPS), ok=False)
    if followed.missing:
        sentence = _(
            "SPF: the record includes {name}, which has no single record: it does not count. Correct it."
        )
        return _step("spf", sentence.format(name=safe_line(followed.missing[0], 253)), ok=False)
    if any(term in ("all", "+all") for term in ends):
        sentence = _(
            "SPF: the record ends in +all: every server in the world may send for {domain}. Write -all."
        )
        return _step("spf", sentence.format(domain=shown), ok=False)
    if "?all" in ends or not (ends or any(term.startswith("redirect=") for term in terms)):
        sentence = _("SPF: the record says nothing about other servers; end it in ~all or -all.")
        return _step("spf", sentence, warn=True)
    sentence = _("SPF: one record, {count} of {limit} look-ups: {record}")
    record = safe_line(records[0], 200)
    return _step("spf", sentence.format(count=followed.lookups, limit=MAX_LOOKUPS, record=record))


def _follow(terms: Iterable[str], ask: Ask, followed: _Spf) -> None:
    """Count the look-ups of a record and of those it includes, as far as the limit."""
    for term in terms:
        if followed.lookups > MAX_LOOKUPS:
            return
        bare = term.lstrip("+-~?")
        mechanism = re.split(r"[:=/]", bare, maxsplit=1)[0]
        if mechanism in ("a", "mx", "ptr", "exists", "include", "redirect"):
            followed.lookups += 1
        if mechanism not in ("include", "redirect"):
            continue
        target = re.split(r"[:=]", bare, maxsplit=1)[-1].rstrip(".")
        if "%" in target or target in followed.seen:  # a macro depends on the mail
            continue
        followed.seen.add(target)
        records = _spf_records(target, ask)
        if len(records) != 1:
            followed.missing.append(target)
            continue
        _follow(records[0].lower().split()[1:], ask, followed)


def _dmarc(domain: str, ask: Ask) -> Step:
    shown = visible_address(domain)
    for name in dict.fromkeys((domain, organization_domain(domain) or domain)):
        texts = [text.strip() for text in ask(f"_dmarc.{name}", "TXT") or ()]
        records = [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", text)]
        if len(records) > 1:
            sentence = _("DMARC: _dmarc.{domain} has {count} records; with more than one, none counts.")
            return _step("dmarc", sentence.format(domain=visible_address(name), count=len(records)), ok=False)
        if records:
            return _policy(records[0], name, inherited=name != domain)
    sentence = _(
        "DMARC: {domain} has no record: publish one (TXT of _dmarc.{domain}), “v=DMARC1; p=none” to begin with."
    )
    return _step("dmarc", sentence.format(domain=shown), warn=True)


def _policy(record: str, domain: str, *, inherited: bool) -> Step:
    tags = _tags(record)
    policy = (tags.get("sp") if inherited else None) or tags.get("p") or ""
    told = {
        "none": _(
            "DMARC: {domain} asks receivers to do nothing (p=none); “quarantine” or “reject” protects its name."
        ),
        "quarantine": _("DMARC: {domain} has what is forged put aside (p=quarantine)."),
        "reject": _("DMARC: {domain} has what is forged refused (p=reject)."),
    }.get(policy.lower())
    if told is None:
        sentence = _(
            "DMARC: the record of {domain} names no policy (p=none, quarantine or reject): correct it."
        )
        return _step("dmarc", sentence.format(domain=visible_address(domain)), ok=False)
    return _step("dmarc", told.format(domain=visible_address(domain)))


def _dkim(key: Key, ask: Ask) -> Step:
    name = f"{key.selector}._domainkey.{key.domain}"
    shown = safe_line(name, 253)
    records = [_tags(text) for text in ask(name, "TXT") or ()]
    usable = [tags for tags in records if "p" in tags]
    if not usable:
        sentence = _("DKIM: there is no key at {name}, so the signature cannot be checked: publish it.")
        return _step("dkim", sentence.format(name=shown), ok=False)
    if not usable[0]["p"]:
        sentence = _("DKIM: the key at {name} was withdrawn (p= is empty): sign with another one.")
        return _step("dkim", sentence.format(name=shown), ok=False)
    return _step("dkim", _("DKIM: the key is at {name}.").format(name=shown))


def _tags(text: str) -> dict[str, str]:
    """``a=b; c=d`` (RFC 6376, 3.2) with white space taken out of the values."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), re.sub(r"\s+", "", value))
    return found


def _ascii(domain: str) -> str:
    plain = domain.strip().rstrip(".").lower()
    try:
        return plain if plain.isascii() else plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def _step(step: str, sentence: str, *, ok: bool = True, warn: bool = False) -> Step:
    return Step(DIRECTION, step, ok, sentence, warn)
