"""``tui-desk mailbox login``: sign in to a mailbox by OAuth2, by a code on another device or by a pasted address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from tui_desk.cli.base import enum_value, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.mailbox_options import with_options
from tui_desk.cli.output import tell
from tui_desk.cli.text_input import client_secret, pasted_line
from tui_desk.contracts.mailboxes import MailboxView, ShowFallbackSender, ShowMailbox, SignInView
from tui_desk.contracts.oauth import (
    FALLBACK,
    Account,
    DevicePrompt,
    DeviceSignIn,
    FinishSignIn,
    OAuthClient,
    SignInWatch,
    StartSignIn,
)
from tui_desk.core.enums import OAuthProvider
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word

_OPTIONS = (
    click.option(
        "--device", "by_device", is_flag=True, help=_("Type a code on any device that has a browser.")
    ),
    click.option(
        "--code",
        "by_code",
        is_flag=True,
        help=_("Open an address anywhere and paste what the browser shows then."),
    ),
    click.option(
        "--provider",
        type=enum_value(OAuthProvider),
        help=_("Whose sign-in. Default: told by the IMAP server."),
    ),
    click.option(
        "--client-id", default="", metavar="ID", help=_("The application that was registered there.")
    ),
    click.option(
        "--client-secret-stdin",
        is_flag=True,
        help=_("Read its secret from the first line of standard input; an empty line is none."),
    ),
    click.option("--tenant", default="", metavar="T", help=_("Microsoft: the tenant. Default: common.")),
    click.option(
        "--auth-url", default="", metavar="URL", help=_("Where people sign in; for another provider.")
    ),
    click.option("--token-url", default="", metavar="URL", help=_("Where tokens come from; the same.")),
    click.option(
        "--device-url", default="", metavar="URL", help=_("Where device codes come from; the same.")
    ),
    click.option("--scope", default="", metavar="S", help=_("What is asked for; the same.")),
    click.option(
        "--redirect-uri",
        default="",
        metavar="URL",
        help=_("With --code: the redirect address as registered."),
    ),
)


def add_login(group: click.Group, show: Callable[[Invocation, MailboxView], None]) -> None:
    """Give ``group`` its ``login``; ``show`` prints the mailbox at the end."""

    @group.command(
        "login",
        help=_(
            "Sign in to a mailbox, or to the fallback sender, by OAuth2. What is not named stays as at the last sign-in."
        ),
        epilog=examples(
            "tui-desk mailbox login support@example.com --client-id 11111111-2222-3333-4444-555555555555 --tenant example.com",
            "pass show google-client | tui-desk mailbox login help@example.org --code --client-id ID --client-secret-stdin",
        ),
    )
    @click.argument("which", metavar="MAILBOX")
    @with_options(_OPTIONS)
    @pass_invocation
    def login(
        run: Invocation,
        /,
        which: str,
        by_device: bool,
        by_code: bool,
        client_secret_stdin: bool,
        **given: Any,
    ) -> None:
        """Sign in, then print the mailbox."""
        if by_device and by_code:
            raise UsageError(_("Give --device or --code, not both."))
        account = _named(run, which)
        client = OAuthClient(client_secret=client_secret(client_secret_stdin), **given)
        if by_device or (not by_code and default_way(account, client) == "device"):
            _by_device(run, account, client)
        else:
            _by_code(run, account, client)
        if account.id == FALLBACK:
            tell(_("Signed in. Try it: tui-desk settings fallback-sender --test"))
            _show_sender(run)
        else:
            tell(_("Signed in. Try it: tui-desk mailbox test {address}").format(address=account.address))
            show(run, run.ask(ShowMailbox(str(account.id))))


@dataclass(frozen=True, slots=True)
class _Named:
    """Who signs in, and the server that says where."""

    id: Account
    address: str
    host: str
    sign_in: SignInView | None


def _named(run: Invocation, which: str) -> _Named:
    """A mailbox, or the fallback sender by its address. Raises NotFound."""
    try:
        view = run.ask(ShowMailbox(which))
    except NotFound:
        sender = run.ask(ShowFallbackSender())
        if not sender.address or sender.address.casefold() != which.strip().casefold():
            raise
        return _Named(FALLBACK, sender.address, sender.smtp_host, sender.sign_in)
    return _Named(view.id, view.address, view.imap_host, view.sign_in)


def _show_sender(run: Invocation) -> None:
    from tui_desk.cli.settings import sender_text

    sender = run.ask(ShowFallbackSender())
    run.answer(sender, lambda: sender_text(sender))


def default_way(account: _Named, client: OAuthClient) -> str:
    """By device where the provider has that for mail, which Google has not."""
    provider = client.provider or (account.sign_in.provider if account.sign_in else None)
    host = account.host.lower()
    if provider is OAuthProvider.GOOGLE or (provider is None and "google" in host):
        return "code"
    if provider is None and host.endswith(("gmail.com", "googlemail.com")):
        return "code"
    known = bool(client.device_url or (account.sign_in and account.sign_in.device_url))
    return "code" if provider is OAuthProvider.CUSTOM and not known else "device"


def _by_device(run: Invocation, account: _Named, client: OAuthClient) -> None:
    def told(prompt: DevicePrompt) -> None:
        tell(
            _(
                "Open {address} in any browser, on any device, and type the code {code} (until {time})."
            ).format(address=prompt.address, code=prompt.code, time=moment(prompt.until))
        )
        tell(_("Sign in there as the mailbox. Waiting … Ctrl+C gives up."))

    watch = SignInWatch(told)
    try:
        with run.not_slow():
            run.save(DeviceSignIn(account.id, client, watch))
    finally:
        watch.stop.set()


def _by_code(run: Invocation, account: _Named, client: OAuthClient) -> None:
    started = run.save(StartSignIn(account.id, client))
    tell(_("Open this address in a browser, on any computer, and sign in as the mailbox:"))
    tell(started.address)
    tell(
        _(
            "The browser then ends at an address that begins with {redirect}; that page may be empty or fail to open. "
            "Copy that whole address and paste it here:"
        ).format(redirect=started.redirect_uri)
    )
    pasted = pasted_line()
    if not pasted.strip():
        raise UsageError(_("Nothing was pasted."), _("Nothing was changed."))
    run.save(FinishSignIn(account.id, started, pasted))


def sign_in_fields(sign_in: SignInView) -> list[tuple[str, str]]:
    """The lines of ``mailbox show``."""
    lines = [
        (_("Sign-in"), f"OAuth2, {word(sign_in.provider)}"),
        (_("Client id"), sign_in.client_id or _("none yet: mailbox login")),
    ]
    if sign_in.signed_in_at is not None:
        lines.append((_("Signed in"), moment(sign_in.signed_in_at)))
    if sign_in.renewed_at is not None:
        lines.append((_("Renewed"), moment(sign_in.renewed_at)))
    if sign_in.expires_at is not None:
        lines.append((_("Token until"), moment(sign_in.expires_at)))
    if sign_in.ends_at is not None:
        lines.append(
            (_("Sign-in until"), _("{when}, unless renewed before").format(when=moment(sign_in.ends_at)))
        )
    if sign_in.warning:
        lines.append((_("Sign-in problem"), sign_in.warning))
    return lines


def moment(instant: datetime) -> str:
    """Local time."""
    return instant.astimezone().strftime("%Y-%m-%d %H:%M")
