"""Settings → Mail → fallback sender: the no-reply identity of the whole desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.widgets import Input

from tui_desk.actions.administration import FALLBACK_FORM, FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.mailboxes import SaveFallbackSender, ShowFallbackSender, TestFallbackSender
from tui_desk.contracts.oauth import FALLBACK
from tui_desk.core.i18n import _
from tui_desk.screens.fallback_sender_fields import sender_of, sender_problems, sender_values
from tui_desk.screens.form_rows import Field
from tui_desk.screens.mailbox_fields import (
    SMTP_PORTS,
    client_of,
    hidden_login,
    insecure_servers,
    must_sign_in,
    provider_guess,
    signs_in,
)
from tui_desk.screens.mailbox_form_fields import login_fields, pace_field
from tui_desk.screens.server_form import ServerForm, security_options
from tui_desk.screens.sign_in_dialog import SignInDialog, SigningIn


class FallbackSenderScreen(ServerForm):
    """Sets the fallback sender; an empty address takes it away."""

    scopes = (FALLBACK_FORM, FORM, GLOBAL)
    ports: ClassVar = {"smtp": SMTP_PORTS}

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Mail')} › {_('Fallback sender')}"
        self._was_set = False
        self._signs_in = False
        """Whether whose sign-in it is stands in the settings already."""

    def fields(self) -> tuple[Field, ...]:
        return (
            Field(
                "address",
                _("Address"),
                help=_(
                    "The no-reply address that answers leave from where a mailbox cannot send. Empty: none."
                ),
                placeholder="noreply@example.org",
            ),
            Field(
                "name",
                _("Name"),
                help=_("What people see as the sender."),
                placeholder=_("Support (no reply)"),
            ),
            Field(
                "smtp_host",
                _("SMTP server"),
                help=_("The server that sends."),
                placeholder="smtp.example.org",
            ),
            Field(
                "smtp_security",
                _("Security"),
                "choice",
                help=_("TLS encrypts from the first byte, STARTTLS after a greeting."),
                options=security_options(),
            ),
            Field("smtp_port", _("Port"), help=_("465 for TLS, 587 for STARTTLS."), width=7),
            Field(
                "smtp_user",
                _("User"),
                help=_("Empty: the server wants no login; with OAuth2 it is the address."),
            ),
            *login_fields(),
            Field(
                "password",
                _("Password"),
                "secret",
                help=_("Kept encrypted and never shown. Empty keeps the stored one."),
            ),
            Field(
                "password_command",
                _("or a command"),
                help=_("A command that prints the password; nothing is stored then."),
            ),
            pace_field(),
        )

    async def initial(self) -> Mapping[str, str]:
        sender = await self.ask(ShowFallbackSender())
        self.insecure_ok = sender.insecure_ok
        self._was_set = bool(sender.address)
        self._signs_in = sender.sign_in is not None
        password = self.control("password")
        if sender.has_password and isinstance(password, Input):
            password.placeholder = _("stored; empty keeps it")
        return sender_values(sender)

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        return frozenset(hidden_login(values))

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return sender_problems(values)

    def field_changed(self, field_id: str, value: str) -> None:
        """Whose sign-in it is most likely, told by the server, until the person has said so."""
        super().field_changed(field_id, value)
        if field_id == "smtp_host" and "provider" not in self.typed and not self._signs_in:
            self.fill({"provider": provider_guess(value).value})

    async def do_test_settings(self, argument: str) -> None:
        if not self.is_ready or not self.all_right():
            return
        if not self.value("address").strip():
            self.say(_("There is nothing to test: no address is given."), level="warning")
            return
        if not await self.confirm_insecure():
            return
        sender = sender_of(self.values(), self.insecure_ok)
        await self.try_servers(
            sender.address,
            lambda watch: self.ask(TestFallbackSender(sender, watch)),
            _("Sending works; Ctrl+S saves."),
        )

    async def submit(self, values: Mapping[str, str]) -> str | None:
        if not values["address"].strip():
            if self._was_set and not await self.confirm(
                _("Take the fallback sender away?"),
                _("Answers of mailboxes without an SMTP server wait in the outbox then."),
                _("Take it away"),
            ):
                return None
            await self.ask(SaveFallbackSender(sender_of(values)))
            return _("There is no fallback sender now.")
        if not await self.confirm_insecure():
            return None
        needed = bool(insecure_servers(values)) and self.insecure_ok
        saved = await self.ask(SaveFallbackSender(sender_of(values, needed)))
        if signs_in(values) and must_sign_in(saved.sign_in, values):
            signing = SigningIn(FALLBACK, saved.address, saved.sign_in)
            if await self.app.push_screen_wait(SignInDialog(signing, client_of(values), self.ask)) is None:
                return _("{address} is saved; nobody has signed in: o in the list does it.").format(
                    address=saved.address
                )
        return _("{address} is the fallback sender.").format(address=saved.address)
