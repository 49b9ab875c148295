"""The round trip of a stored mailbox: what is sent, and what its own server says about the sender of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event

from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.engine import Database
from tui_desk.mail import round_trip
from tui_desk.mail.authentication_results import AuthenticationResults, MethodResult
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.diagnose import OnStep, Step
from tui_desk.mail.message import UnreadableMail
from tui_desk.mail.message_id import make_probe_id
from tui_desk.mail.parse import parse
from tui_desk.mail.sender_dns import Key, keys_in
from tui_desk.models import Mailbox
from tui_desk.rules.mailbox_settings import authserv_names
from tui_desk.services.identity import desk_id, message_secret
from tui_desk.services.sender_trust import results_in

_BROKEN = ("fail", "hardfail", "permerror", "reject", "quarantine")
_WORST = ("pass", "bestguesspass", *_BROKEN, "softfail", "temperror", "neutral", "policy", "none")
"""Of several results of a method (a signature each) the first in this order is told."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the mailbox is read and where its mail leaves, with their logins."""

    imap: ServerAddress
    imap_login: Credentials
    smtp: ServerAddress
    smtp_login: Credentials | None


def round_trip_of(database: Database, mailbox: Mailbox, servers: Servers, stop: Event) -> RoundTrip:
    """Ready to be run. Makes the desk's secret where it has none yet; raises Unavailable where that cannot be written."""
    with database.writing() as session:
        secret, name = message_secret(session), desk_id(session)
    message_id = make_probe_id(secret, mailbox.address.rpartition("@")[2])
    probe = round_trip.Probe(
        address=mailbox.address,
        message_id=message_id,
        raw=round_trip.probe_mail(mailbox.address, message_id, name, utc_now()),
        smtp=servers.smtp,
        smtp_login=servers.smtp_login,
        imap=servers.imap,
        imap_login=servers.imap_login,
        folder=mailbox.folder,
        after_import=mailbox.after_import,
    )
    keys: list[Key] = []
    judge = partial(
        judged, keys=keys, authserv_ids=authserv_names(mailbox.authserv_id), imap_host=mailbox.imap_host
    )
    return RoundTrip(probe, judge, stop, keys)


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A trial (see ``mailbox_check``)."""

    probe: round_trip.Probe
    judge: round_trip.Judge
    stop: Event
    keys: list[Key]
    """Those that the mail was signed with, once it came back."""

    def __call__(self, *, watch: OnStep | None) -> list[Step]:
        return round_trip.check_round_trip(self.probe, self.judge, stop=self.stop, watch=watch)


def judged(raw: bytes, *, keys: list[Key], authserv_ids: tuple[str, ...], imap_host: str) -> Sequence[Step]:
    """What the server that took the mail in wrote about SPF, DKIM and DMARC, each in a sentence with what to do.

    ``keys`` is given the keys of its DKIM signatures.
    """
    keys += keys_in(raw)
    try:
        parsed = parse(raw)
    except UnreadableMail:
        return ()
    domain = visible_address(parsed.from_[0].address.rpartition("@")[2]) if parsed.from_ else ""
    fields, unnamed = results_in(parsed, authserv_ids=authserv_ids, imap_host=imap_host)
    return tuple(_told(fields, unnamed, domain))


def _told(fields: Sequence[AuthenticationResults], unnamed: str, domain: str) -> Iterator[Step]:
    if not fields:
        sentence = _(
            "The server wrote no Authentication-Results into it, as many do with mail of their own: SPF, DKIM and DMARC are not known."
        )
        yield _step("checks", sentence, warn=True)
        return
    if unnamed:
        sentence = _(
            "{server} says what follows, but nobody named it as this mailbox's own server: tui-desk mailbox set {which} --authserv-id {server}"
        )
        name = safe_line(unnamed, 100)
        yield _step("checks", sentence.format(server=name, which=_("MAILBOX")), warn=True)
    results = [one for field in fields for one in field.results]
    for method, tell in (("spf", _spf), ("dkim", _dkim), ("dmarc", _dmarc)):
        found = [one for one in results if one.method == method]
        yield tell(min(found, key=_rank) if found else None, domain)


def _rank(result: MethodResult) -> int:
    return _WORST.index(result.result) if result.result in _WORST else len(_WORST)


def _spf(result: MethodResult | None, domain: str) -> Step:
    said = result.result if result else ""
    if said == "pass":
        return _step(
            "spf", _("SPF: pass. The server that sends may send for {domain}.").format(domain=domain)
        )
    if said in _BROKEN or said == "softfail":
        sentence = _(
            "SPF: {result}. {domain} does not allow the server that sent this: add it to the SPF record (TXT) of the domain."
        )
        return _step("spf", sentence.format(result=said, domain=domain), ok=said == "softfail", warn=True)
    if said in ("none", "neutral"):
        sentence = _(
            "SPF: {result}. {domain} does not say who may send for it: publish an SPF record (TXT) that names your server."
        )
        return _step("spf", sentence.format(result=said, domain=domain), warn=True)
    return _unknown("spf", "SPF", said)


def _dkim(result: MethodResult | None, domain: str) -> Step:
    said = result.result if result else ""
    if said == "pass" and result is not None:
        signer = result.value("header.d") or result.value("header.i").rpartition("@")[2] or domain
        sentence = _("DKIM: pass. The mail is signed by {domain}.")
        return _step("dkim", sentence.format(domain=visible_address(signer)))
    if said in _BROKEN:
        sentence = _(
            "DKIM: {result}. The signature is not right: compare the key in DNS with the one the server signs with."
        )
        return _step("dkim", sentence.format(result=said), ok=False)
    if said == "none":
        sentence = _(
            "DKIM: none. The mail is not signed: switch signing on at your provider and publish its key."
        )
        return _step("dkim", sentence, warn=True)
    return _unknown("dkim", "DKIM", said)


def _dmarc(result: MethodResult | None, domain: str) -> Step:
    said = result.result if result else ""
    if said in ("pass", "bestguesspass"):
        sentence = _("DMARC: pass. Receivers see that the mail really comes from {domain}.")
        return _step("dmarc", sentence.format(domain=domain))
    if said in _BROKEN:
        sentence = _(
            "DMARC: {result}. Neither SPF nor DKIM passes for {domain} itself: receivers may refuse your mail or take it for spam."
        )
        return _step("dmarc", sentence.format(result=said, domain=domain), ok=False)
    if said == "none":
        sentence = _(
            "DMARC: none. Publish a DMARC record (TXT of _dmarc.{domain}), “v=DMARC1; p=none” to begin with."
        )
        return _step("dmarc", sentence.format(domain=domain), warn=True)
    return _unknown("dmarc", "DMARC", said)


def _unknown(step: str, name: str, said: str) -> Step:
    if said:
        sentence = _("{method}: {result}. Nothing is known for sure; try again later.")
        return _step(step, sentence.format(method=name, result=safe_line(said, 40)), warn=True)
    return _step(step, _("{method}: the server says nothing about it.").format(method=name), warn=True)


def _step(step: str, sentence: str, *, ok: bool = True, warn: bool = False) -> Step:
    return Step(round_trip.DIRECTION, step, ok, sentence, warn and ok)
