"""Trying a mailbox or the fallback sender in both directions, each failure told in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from tui_desk.contracts.mailboxes import (
    CheckStep,
    FallbackSender,
    MailboxSettings,
    TestFallbackSender,
    TestMailbox,
)
from tui_desk.core.enums import Security
from tui_desk.core.errors import DeskError, NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.diagnose import Step, check_imap, check_smtp
from tui_desk.models import Mailbox
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.credentials import password_for
from tui_desk.services.mailbox_form import clean_sender, clean_settings
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting


def test_mailbox(database: Database, actor: Actor, request: TestMailbox) -> tuple[CheckStep, ...]:
    """Both directions of a mailbox, stored or not yet. Nothing is changed and nothing is sent.

    Raises NotFound, ConfigurationError (settings that cannot be tried).
    """
    require(actor, Permission.ADMINISTER)
    with database.reading() as session:
        stored = session.get(Mailbox, request.id) if request.id is not None else None
        if request.id is not None and stored is None:
            raise NotFound(_("There is no mailbox {name}.").format(name=request.id))
        secret = stored.password_secret if stored else ""
        settings = request.settings or (_settings(stored) if stored else None)
    if settings is None:
        raise UsageError(_("Name the mailbox to test."))
    settings = clean_settings(settings, has_password=bool(secret))
    try:
        password = settings.password or password_for(database.url, secret, settings.password_command)
    except DeskError as error:
        return (CheckStep("imap", "password", False, safe_line(str(error))),)
    steps = check_imap(
        ServerAddress(settings.imap_host, settings.imap_port, settings.imap_security, settings.insecure_ok),
        Credentials(settings.imap_user, password),
        settings.folder,
    )
    if settings.smtp_host:
        steps += check_smtp(
            ServerAddress(
                settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.insecure_ok
            ),
            Credentials(settings.smtp_user, password) if settings.smtp_user else None,
            settings.address,
        )
        return _told(steps)
    with database.reading() as session:
        return (*_told(steps), _without_smtp(session))


test_mailbox.__test__ = False  # type: ignore[attr-defined]  # not a pytest function


def _settings(mailbox: Mailbox) -> MailboxSettings:
    """A stored mailbox as settings; the password stays where it is."""
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


def _told(steps: Sequence[Step]) -> tuple[CheckStep, ...]:
    return tuple(CheckStep(step.direction, step.step, step.ok, safe_line(step.sentence)) for step in steps)


def test_fallback_sender(
    database: Database, actor: Actor, request: TestFallbackSender
) -> tuple[CheckStep, ...]:
    """The fallback sender, stored or not yet. Raises NotFound, ConfigurationError."""
    require(actor, Permission.ADMINISTER)
    with database.reading() as session:
        value = read_setting(session, FALLBACK_SENDER)
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
        sender = replace(sender, smtp_security=Security(sender.smtp_security))
    sender = clean_sender(sender, has_password=bool(secret))
    try:
        password = sender.password or password_for(database.url, secret, sender.password_command)
    except DeskError as error:
        return (CheckStep("smtp", "password", False, safe_line(str(error))),)
    steps = check_smtp(
        ServerAddress(sender.smtp_host, sender.smtp_port, sender.smtp_security, sender.insecure_ok),
        Credentials(sender.smtp_user, password) if sender.smtp_user else None,
        sender.address,
    )
    return _told(steps)


test_fallback_sender.__test__ = False  # type: ignore[attr-defined]  # not a pytest function
