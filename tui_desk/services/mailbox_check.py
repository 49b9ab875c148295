"""Trying a mailbox or the fallback sender in both directions, each failure told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Event, Thread
from typing import Protocol

from sqlmodel import Session

from tui_desk.contracts.mailboxes import (
    CheckStep,
    FallbackSender,
    MailboxSettings,
    TestFallbackSender,
    TestMailbox,
    Watch,
)
from tui_desk.contracts.oauth import FALLBACK, Account
from tui_desk.core.enums import Authentication, Security
from tui_desk.core.errors import DeskError, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.mail import diagnose
from tui_desk.mail.connection import Credentials, ServerAddress, TokenSource
from tui_desk.mail.diagnose import Step, check_imap, check_smtp
from tui_desk.mail.sender_dns import DIRECTION, Key, check_domain, system_resolver
from tui_desk.models import Mailbox
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, require
from tui_desk.services.credentials import password_for
from tui_desk.services.mailbox_form import clean_sender, clean_settings
from tui_desk.services.oauth_state import read_sign_in
from tui_desk.services.oauth_tokens import token_source
from tui_desk.services.round_trip import RoundTrip, Servers, round_trip_of
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting

_LOOK = 0.1
"""Seconds between two looks whether a trial was stopped."""


class Trial(Protocol):
    """A direction to be tried."""

    def __call__(self, *, watch: diagnose.OnStep | None) -> list[Step]: ...


def test_mailbox(database: Database, actor: Actor, request: TestMailbox) -> tuple[CheckStep, ...]:
    """Both directions of a mailbox, stored or not yet. Nothing is changed, and nothing is sent but the mail of a round trip.

    Raises NotFound, ConfigurationError (settings that cannot be tried), Refused (a round trip of what is not stored).
    """
    require(actor, Permission.ADMINISTER)
    with database.reading() as session:
        stored = session.get(Mailbox, request.id) if request.id is not None else None
        if request.id is not None and stored is None:
            raise NotFound(_("There is no mailbox {name}.").format(name=request.id))
        secret = stored.password_secret if stored else ""
        settings = request.settings or (_settings(session, stored) if stored else None)
    if settings is None:
        raise UsageError(_("Name the mailbox to test."))
    if request.round_trip and (stored is None or request.settings is not None):
        raise Refused(_("Save it first: the desk has to know its own mail when it comes back."))
    settings = clean_settings(settings, has_password=bool(secret))
    try:
        password, source = _proof_of(database, request.id, settings, secret)
    except DeskError as error:
        step = "sign_in" if settings.auth is Authentication.OAUTH2 else "password"
        return (CheckStep("imap", step, False, safe_line(str(error))),)
    imap = ServerAddress(settings.imap_host, settings.imap_port, settings.imap_security, settings.insecure_ok)
    login = Credentials(settings.imap_user, password, source=source)
    receiving = partial(check_imap, imap, login, settings.folder)
    domain = settings.address.rpartition("@")[2]
    if not settings.smtp_host:
        with database.reading() as session:
            without = (_without_smtp(session), *_no_round_trip(request))
        asking = (_Untried(without), *_asking(request, domain, ()))
        return _tried((receiving,), request.watch, after=asking)
    smtp, smtp_login = _smtp(settings, password, source)
    sending = partial(check_smtp, smtp, smtp_login, settings.address)
    trip: RoundTrip | None = None
    if request.round_trip and stored is not None:
        stop = request.watch.stop if request.watch is not None else Event()
        trip = round_trip_of(database, stored, Servers(imap, login, smtp, smtp_login), stop)
    after = _asking(request, domain, trip.keys if trip is not None else ())
    return _tried((receiving, sending), request.watch, trip, after)


def _proof_of(
    database: Database, mailbox: int | None, settings: MailboxSettings, secret: str
) -> tuple[str, TokenSource | None]:
    """What a login shows: a password, or where its token comes from. Raises DeskError where there is none."""
    if settings.auth is Authentication.OAUTH2:
        return "", _signed_in(database, mailbox)
    return settings.password or password_for(database.url, secret, settings.password_command), None


@dataclass(frozen=True, slots=True)
class _Untried:
    """Steps that are known without trying."""

    steps: tuple[CheckStep, ...]

    def __call__(self, *, watch: diagnose.OnStep | None) -> list[Step]:
        steps = [Step(each.direction, each.step, each.ok, each.sentence, each.warn) for each in self.steps]
        if watch is not None:
            for step in steps:
                watch(step)
        return steps


@dataclass(frozen=True, slots=True)
class _Dns:
    """What DNS says of the sender's domain."""

    domain: str
    selector: str
    keys: Sequence[Key]
    """Complete when this is called, not before."""

    def __call__(self, *, watch: diagnose.OnStep | None) -> list[Step]:
        keys = list(self.keys)
        if self.selector:
            keys.append(Key(self.selector, self.domain))
        steps = []
        try:
            for step in check_domain(self.domain, keys, system_resolver()):
                steps.append(step)
                if watch is not None and not watch(step):
                    break
        except DeskError as error:
            steps.append(Step(DIRECTION, "resolver", False, str(error)))
            if watch is not None:
                watch(steps[-1])
        return steps


def _asking(request: TestMailbox, domain: str, keys: Sequence[Key]) -> tuple[Trial, ...]:
    """The look-ups, where they are wanted."""
    return (_Dns(domain, request.selector, keys),) if request.dns else ()


def _no_round_trip(request: TestMailbox) -> tuple[CheckStep, ...]:
    """Of a mailbox that sends nothing by itself."""
    if not request.round_trip:
        return ()
    sentence = _("No round trip: the mailbox has no SMTP server to send by.")
    return (CheckStep("round_trip", "send", False, sentence),)


test_mailbox.__test__ = False  # type: ignore[attr-defined]  # not a pytest function


def _signed_in(database: Database, account: Account | None) -> TokenSource:
    """The tokens of an account, after one could be had. Raises DeskError where somebody has to sign in first."""
    if account is None:
        raise Refused(_("Save it first, then sign in."))
    source = token_source(database, account)
    source("")
    return source


def _settings(session: Session, mailbox: Mailbox) -> MailboxSettings:
    """A stored mailbox as settings; the password stays where it is."""
    signs_in = read_sign_in(session, known(mailbox.id)) is not None
    return MailboxSettings(
        address=mailbox.address,
        imap_host=mailbox.imap_host,
        imap_port=mailbox.imap_port,
        imap_security=Security(mailbox.imap_security),
        imap_user=mailbox.imap_user,
        smtp_host=mailbox.smtp_host,
        smtp_port=mailbox.smtp_port,
        smtp_security=Security(mailbox.smtp_security),
        smtp_user=mailbox.smtp_user,
        password_command=mailbox.password_command,
        folder=mailbox.folder,
        insecure_ok=mailbox.insecure_ok,
        auth=Authentication.OAUTH2 if signs_in else Authentication.PASSWORD,
    )


def _without_smtp(session: Session) -> CheckStep:
    fallback = read_setting(session, FALLBACK_SENDER)
    if isinstance(fallback, dict) and fallback.get("smtp_host"):
        sentence = _("No SMTP server: answers leave one-way by the fallback sender {address}.").format(
            address=safe_line(str(fallback["address"]))
        )
        return CheckStep("smtp", "sender", True, sentence)
    return CheckStep(
        "smtp", "sender", False, _("No SMTP server and no fallback sender: answers wait in the outbox.")
    )


def _smtp(
    settings: MailboxSettings | FallbackSender, password: str, source: TokenSource | None
) -> tuple[ServerAddress, Credentials | None]:
    """Where mail leaves, and who logs in there."""
    server = ServerAddress(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.insecure_ok
    )
    user = settings.smtp_user
    return server, Credentials(user, password, source=source) if user else None


def _tried(
    trials: Sequence[Trial],
    watch: Watch | None,
    last: Trial | None = None,
    after: Sequence[Trial] = (),
) -> tuple[CheckStep, ...]:
    """The steps of all trials, of the ``last`` one only where those before went well, and of those ``after`` in any case; where
    somebody looks on, those until they stopped it."""
    steps: list[CheckStep] = []
    if watch is None:
        for trial in _in_order(trials, last, after, steps):
            steps += map(_told, trial(watch=None))
        return tuple(steps)
    errors: list[BaseException] = []
    ended = Event()

    def tell(step: Step) -> bool:
        if not watch.stop.is_set():
            steps.append(_told(step))
            watch.told(steps[-1])
        return not watch.stop.is_set()

    def work() -> None:
        try:
            for trial in _in_order(trials, last, after, steps):
                if not watch.stop.is_set():
                    trial(watch=tell)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            errors.append(error)
        finally:
            ended.set()

    # A thread of its own: one that still waits for a silent server must hold up neither the answer nor the end of the program.
    Thread(target=work, name="mailbox-check", daemon=True).start()
    while not ended.wait(_LOOK) and not watch.stop.is_set():
        pass
    if errors:
        raise errors[0]
    return tuple(steps)


def _in_order(
    trials: Sequence[Trial], last: Trial | None, after: Sequence[Trial], steps: list[CheckStep]
) -> Iterator[Trial]:
    """What is to be tried next; ``steps`` are those of what was tried by then."""
    yield from trials
    if last is not None and all(step.ok for step in steps):
        yield last
    yield from after


def _told(step: Step) -> CheckStep:
    return CheckStep(step.direction, step.step, step.ok, safe_line(step.sentence), step.warn)


def test_fallback_sender(
    database: Database, actor: Actor, request: TestFallbackSender
) -> tuple[CheckStep, ...]:
    """The fallback sender, stored or not yet. Raises NotFound, ConfigurationError."""
    require(actor, Permission.ADMINISTER)
    with database.reading() as session:
        value = read_setting(session, FALLBACK_SENDER)
        signs_in = read_sign_in(session, FALLBACK) is not None
    stored = value if isinstance(value, dict) else {}
    secret = str(stored.get("password_secret", ""))
    sender = request.sender
    if sender is None:
        if not stored.get("address"):
            raise NotFound(
                _("There is no fallback sender."), _("tui-desk settings fallback-sender sets one.")
            )
        names = FallbackSender.__dataclass_fields__
        sender = FallbackSender(**{name: value for name, value in stored.items() if name in names})
        sender = replace(
            sender,
            smtp_security=Security(sender.smtp_security),
            auth=Authentication.OAUTH2 if signs_in else Authentication.PASSWORD,
        )
    sender = clean_sender(sender, has_password=bool(secret))
    source: TokenSource | None = None
    password = ""
    try:
        if sender.auth is Authentication.OAUTH2:
            source = _signed_in(database, FALLBACK if signs_in else None)
        else:
            password = sender.password or password_for(database.url, secret, sender.password_command)
    except DeskError as error:
        step = "sign_in" if sender.auth is Authentication.OAUTH2 else "password"
        return (CheckStep("smtp", step, False, safe_line(str(error))),)
    smtp, login = _smtp(sender, password, source)
    return _tried((partial(check_smtp, smtp, login, sender.address),), request.watch)


test_fallback_sender.__test__ = False  # type: ignore[attr-defined]  # not a pytest function
