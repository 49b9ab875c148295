"""Checking what a person filled in for a mailbox, before anything is stored: nothing is ever saved half."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui_desk.contracts.mailboxes import CompanyAddress, FallbackSender, MailboxSettings
from tui_desk.core.enums import Authentication, Security
from tui_desk.core.errors import ConfigurationError, DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.rules import mailbox_settings as rules
from tui_desk.rules.addresses import address_key
from tui_desk.services.address_input import checked
from tui_desk.services.credentials import split_command

NAME_LIMIT = 100
SECRET_FIELDS = ("password_secret", "password_command")
"""The history tells that they were changed, and nothing of them: a command may name a token."""


@dataclass(frozen=True, slots=True)
class Account:
    """The part of a mailbox and of the fallback sender that is checked alike."""

    label: str
    host: str
    port: int
    security: Security


def clean_settings(settings: MailboxSettings, *, has_password: bool) -> MailboxSettings:
    """``settings`` with addresses in their normal form and the obvious filled in (IMAP user: the address).

    ``has_password``: one is stored already. Raises ConfigurationError naming what is wrong and what would be right.
    """
    address = _address(settings.address)
    check_server(
        Account("IMAP", settings.imap_host, settings.imap_port, settings.imap_security),
        insecure_ok=settings.insecure_ok,
    )
    if settings.smtp_host:
        check_server(
            Account("SMTP", settings.smtp_host, settings.smtp_port, settings.smtp_security),
            insecure_ok=settings.insecure_ok,
        )
    for problem in (
        rules.after_import_problem(settings.after_import),
        rules.start_problem(settings.start),
        rules.folder_problem(settings.folder),
        rules.poll_problem(settings.poll_seconds),
        rules.authserv_problem(settings.authserv_id),
        rules.pace_problem(settings.send_per_minute),
    ):
        if problem is not None:
            raise ConfigurationError(problem.sentence, problem.hint)
    imap_user = settings.imap_user.strip() or address
    if settings.auth is Authentication.OAUTH2:
        check_user(imap_user)
    else:
        check_password(imap_user, settings.password, settings.password_command, has_password=has_password)
    check_user(settings.smtp_user)
    return replace(
        settings,
        address=address,
        name=clean_name(settings.name),
        imap_host=settings.imap_host.strip(),
        imap_user=imap_user,
        smtp_host=settings.smtp_host.strip(),
        smtp_user=settings.smtp_user.strip(),
        password=settings.password if settings.auth is Authentication.PASSWORD else None,
        password_command=(
            settings.password_command.strip() if settings.auth is Authentication.PASSWORD else ""
        ),
        acknowledgement=safe_block(settings.acknowledgement, 10_000),
        signature=safe_block(settings.signature, 2_000),
        authserv_id=", ".join(rules.authserv_names(settings.authserv_id)),
        addresses=_company_addresses(settings.addresses, address),
        notes=(),
    )


def clean_sender(sender: FallbackSender, *, has_password: bool) -> FallbackSender:
    """The same for the fallback sender. Without a user it sends without logging in."""
    address = _address(sender.address)
    too_fast = rules.pace_problem(sender.send_per_minute)
    if too_fast is not None:
        raise ConfigurationError(too_fast.sentence, too_fast.hint)
    check_server(
        Account("SMTP", sender.smtp_host, sender.smtp_port, sender.smtp_security),
        insecure_ok=sender.insecure_ok,
    )
    user = sender.smtp_user.strip()
    if sender.auth is Authentication.OAUTH2:
        user = user or address
        check_user(user)
        sender = replace(sender, password=None, password_command="")
    elif user:
        check_password(user, sender.password, sender.password_command, has_password=has_password)
    elif sender.password:
        raise ConfigurationError(
            _("There is a password, but nobody who logs in with it."),
            _("Name the user too (--smtp-user), or leave out the password where the server wants no login."),
        )
    return replace(
        sender,
        address=address,
        name=clean_name(sender.name),
        smtp_host=sender.smtp_host.strip(),
        smtp_user=user,
        password_command=sender.password_command.strip(),
    )


def _address(text: str) -> str:
    if not text.strip():
        raise ConfigurationError(_("The mail address is missing."))
    try:
        return checked(text)
    except UsageError as error:
        raise ConfigurationError(error.sentence, error.hint) from error


def clean_name(name: str) -> str:
    return safe_line(name, NAME_LIMIT).strip()


def check_server(account: Account, *, insecure_ok: bool) -> None:
    """Raises ConfigurationError for a host, port or security that cannot be."""
    if not account.host.strip():
        raise ConfigurationError(_("The {label} host is missing.").format(label=account.label))
    try:
        ServerAddress(account.host.strip(), account.port, account.security, insecure_ok)
    except DeskError as error:
        sentence = _("{label}: {sentence}").format(label=account.label, sentence=error.sentence)
        raise ConfigurationError(sentence, error.hint) from error


def check_user(user: str) -> None:
    """Raises ConfigurationError for a user name that could break a command."""
    Credentials(user.strip(), "")


def check_password(user: str, password: str | None, command: str, *, has_password: bool) -> None:
    """Raises ConfigurationError where no password can be had, or it could break a command."""
    Credentials(user, password or "")
    if command.strip():
        split_command(command)
        return
    if password or (password is None and has_password):
        return
    raise ConfigurationError(
        _("The password of {user} is missing.").format(user=safe_line(user)),
        _("Type it, or name a command that prints it."),
    )


def _company_addresses(addresses: tuple[CompanyAddress, ...], own: str) -> tuple[CompanyAddress, ...]:
    """Forwarded addresses in their normal form, each once."""
    seen = {address_key(own)}
    kept = []
    for one in addresses:
        address = _address(one.address)
        if address_key(address) in seen:
            raise ConfigurationError(
                _("The address {address} is named twice.").format(address=visible_address(address))
            )
        seen.add(address_key(address))
        kept.append(CompanyAddress(address, clean_name(one.name), one.team.strip()))
    return tuple(kept)
