"""Settings → Mail → one mailbox. The address comes first: it fills in the servers of its provider."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual.widgets import Input

from tui_desk.actions.administration import FORM, MAILBOX_FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.desk import ListTeams
from tui_desk.contracts.mailboxes import (
    MailboxSettings,
    MailboxView,
    SaveMailbox,
    ShowMailbox,
    SuggestMailbox,
    TestMailbox,
)
from tui_desk.core.enums import Authentication, MailboxState, OAuthProvider
from tui_desk.core.i18n import _, pgettext
from tui_desk.core.words import word
from tui_desk.screens.forms import Field
from tui_desk.screens.mailbox_fields import (
    IMAP_PORTS,
    SMTP_PORTS,
    address_problem,
    client_of,
    hidden_fields,
    insecure_servers,
    mailbox_problems,
    settings_of,
    signs_in,
    values_of,
)
from tui_desk.screens.server_form import ServerForm, security_options
from tui_desk.screens.sign_in_dialog import SignInDialog
from tui_desk.widgets.choice_field import ChoiceField, Option

_SUGGESTED = (
    "name",
    "imap_host",
    "imap_security",
    "imap_port",
    "imap_user",
    "smtp_host",
    "smtp_security",
    "smtp_port",
    "smtp_user",
)
_SERVERS = ("imap_host", "smtp_host")


def yes_or_no() -> tuple[Option, ...]:
    """A choice of two."""
    return (Option("yes", _("yes")), Option("no", _("no")))


class MailboxFormScreen(ServerForm):
    """Adds a mailbox, or changes the one of that id."""

    scopes = (MAILBOX_FORM, FORM, GLOBAL)
    ports: ClassVar = {"imap": IMAP_PORTS, "smtp": SMTP_PORTS}

    def __init__(self, mailbox_id: int | None = None) -> None:
        super().__init__()
        self.mailbox_id = mailbox_id
        self.crumb = f"{_('Settings')} › {_('Mail')} › {_('new mailbox') if mailbox_id is None else ''}"
        self._has_password = False
        self._teams: frozenset[str] | None = None
        self._suggested_for = ""
        self._is_guess = False
        """Whether the note beside the fields says that the servers are a guess."""

    def fields(self) -> tuple[Field, ...]:
        return (*_identity(), *_receiving(), *_sending(), *_importing(), *_beginning(), *_answering())

    async def initial(self) -> Mapping[str, str]:
        teams = await self.ask(ListTeams())
        self._teams = frozenset(team.name for team in teams)
        team_field = self.control("team")
        assert isinstance(team_field, ChoiceField)
        team_field.set_options((Option("", _("no team")), *(Option(team.name, team.name) for team in teams)))
        if self.mailbox_id is None:
            return values_of(MailboxSettings(address=""))
        mailbox = await self.ask(ShowMailbox(str(self.mailbox_id)))
        self._has_password = mailbox.has_password
        self.insecure_ok = mailbox.insecure_ok
        self._suggested_for = mailbox.address
        password = self.control("password")
        if mailbox.has_password and isinstance(password, Input):
            password.placeholder = _("stored; empty keeps it")
        self.crumb = f"{_('Settings')} › {_('Mail')} › {mailbox.address}"
        self.show_title()
        if mailbox.state is MailboxState.PAUSED:
            self.show_notes((_("This mailbox is paused; p in the list of mailboxes resumes it."),))
        return values_of(mailbox)

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return mailbox_problems(values, self._has_password, self._teams)

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        return hidden_fields(values)

    def on_descendant_focus(self) -> None:
        super().on_descendant_focus()
        self._offer_guess()

    def _offer_guess(self) -> None:
        """What is typed into a field that only we filled in takes the place of that."""
        field_id = ((self.focused.id or "") if self.focused else "").removeprefix("field-")
        guessed = self.mailbox_id is None and field_id in _SUGGESTED and field_id not in self.typed
        if guessed and isinstance(self.focused, Input):
            self.focused.select_all()

    # -- filling in --------------------------------------------------------------------------------------------------
    def field_changed(self, field_id: str, value: str) -> None:
        super().field_changed(field_id, value)
        if field_id in _SERVERS and self._is_guess:
            self._is_guess = False
            self.show_notes(())  # the person knows better: nothing here is a guess any more

    def _move(self, step: int) -> None:
        leaving = self.focused is not None and self.focused.id == "field-address"
        super()._move(step)
        if leaving:
            self._suggest_soon()

    def on_descendant_blur(self, event: object) -> None:
        if self._ready and self.mailbox_id is None:
            self._suggest_soon()

    def _suggest_soon(self) -> None:
        address = self.value("address").strip()
        if self.mailbox_id is not None or address == self._suggested_for or address_problem(address):
            return
        self._suggested_for = address
        self.run_guarded(_("Fill in"), partial(self._suggest, address), group="suggest", exclusive=True)

    async def _suggest(self, address: str) -> None:
        self.murmur(_("Looking for the servers of {address} …").format(address=address))
        suggestion = await self.ask(SuggestMailbox(address))
        if self.value("address").strip() != address:
            return
        known = values_of(suggestion)
        filled = {
            name: known[name]
            for name in _SUGGESTED
            if known[name] and not (name in self.typed and self.value(name).strip())
        }
        if "provider" not in self.typed:
            filled["provider"] = known["provider"]
        self.typed -= filled.keys()
        self.fill(filled)
        self._offer_guess()
        self._is_guess = suggestion.guess
        self.show_notes(suggestion.notes)
        if suggestion.imap_host:
            self.murmur(_("Filled in for {host}; check it and test it.").format(host=suggestion.imap_host))
        else:
            self.murmur(_("Nothing is known about this provider: ask it for its IMAP and SMTP servers."))

    async def do_suggest(self, argument: str) -> None:
        address = self.value("address").strip()
        if address_problem(address):
            self.say(address_problem(address), level="warning")
            return
        self._suggested_for = address
        await self._suggest(address)

    # -- test and save -----------------------------------------------------------------------------------------------
    async def do_test_settings(self, argument: str) -> None:
        if not self._ready or not self.all_right() or not await self.confirm_insecure():
            return
        settings = settings_of(self.values(), self.insecure_ok)
        await self.try_servers(
            settings.address,
            lambda watch: self.ask(TestMailbox(self.mailbox_id, settings, watch)),
            _("Both directions work; Ctrl+S saves."),
        )

    async def submit(self, values: Mapping[str, str]) -> str | None:
        from tui_desk.screens.mailboxes import MailboxesScreen

        if not await self.confirm_insecure():
            return None
        needed = bool(insecure_servers(values)) and self.insecure_ok
        saved = await self.ask(SaveMailbox(self.mailbox_id, settings_of(values, needed)))
        if signs_in(values) and self._must_sign_in(saved, values):
            signed = await self.app.push_screen_wait(SignInDialog(saved, client_of(values), self.ask))
            if signed is None:
                return _("{address} is saved; nobody has signed in: o in the list does it.").format(
                    address=saved.address
                )
            saved = signed
        if saved.state is not MailboxState.ACTIVE:
            return _("{address} is saved.").format(address=saved.address)
        for screen in self.app.screen_stack:
            if isinstance(screen, MailboxesScreen):
                screen.follow(saved)
        return _("{address} is saved; it is being tried …").format(address=saved.address)

    @staticmethod
    def _must_sign_in(saved: MailboxView, values: Mapping[str, str]) -> bool:
        """Not signed in, refused, soon over, or as another application than the one filled in."""
        state = saved.sign_in
        if state is None or state.signed_in_at is None or state.warning or values["client_secret"].strip():
            return True
        return (state.provider.value, state.client_id, state.tenant) != (
            values["provider"],
            values["client_id"].strip(),
            values["tenant"].strip(),
        )


def _identity() -> tuple[Field, ...]:
    return (
        Field(
            "address",
            _("Address"),
            help=_("The address people write to. The servers of common providers are filled in from it."),
            placeholder="support@example.org",
        ),
        Field(
            "name", _("Name"), help=_("What people see as the sender of answers."), placeholder=_("Support")
        ),
        Field("team", _("Team"), "choice", help=_("New tickets go to this team.")),
    )


def _receiving() -> tuple[Field, ...]:
    return (
        Field(
            "imap_host",
            _("IMAP server"),
            help=_("The server mail is read from."),
            placeholder="imap.example.org",
            heading=_("Receiving"),
        ),
        Field(
            "imap_security",
            _("Security"),
            "choice",
            help=_("TLS encrypts from the first byte, STARTTLS after a greeting."),
            options=security_options(),
        ),
        Field("imap_port", _("Port"), help=_("993 for TLS, 143 for STARTTLS."), width=7),
        Field("imap_user", _("User"), help=_("The name to log in with. Empty: the address.")),
        *_login(),
        Field(
            "password",
            _("Password"),
            "secret",
            help=_(
                "Kept encrypted and never shown. Empty keeps the stored one. Many providers want an app password."
            ),
        ),
        Field(
            "password_command",
            _("or a command"),
            help=_(
                "A command that prints the password, such as “pass show mail/support”; nothing is stored then."
            ),
        ),
    )


def _login() -> tuple[Field, ...]:
    return (
        Field(
            "auth",
            pgettext("mailbox", "Login"),
            "choice",
            help=_(
                "By password (or a command that prints it), or by signing in at the provider, as Microsoft 365 wants."
            ),
            options=(
                Option(Authentication.PASSWORD.value, _("password")),
                Option(Authentication.OAUTH2.value, _("sign in (OAuth2)")),
            ),
        ),
        Field(
            "provider",
            _("Provider"),
            "choice",
            help=_(
                "Whose sign-in. The addresses of another provider are given once by: tui-desk mailbox login."
            ),
            options=tuple(Option(each.value, word(each)) for each in OAuthProvider),
        ),
        Field("client_id", _("Client id"), help=_("The application that you registered with the provider.")),
        Field(
            "client_secret",
            _("Client secret"),
            "secret",
            help=_(
                "Kept encrypted and never shown. Google gives one; Microsoft needs none. Empty keeps the stored one."
            ),
        ),
        Field(
            "tenant",
            _("Tenant"),
            help=_("The directory's id or domain. Empty: any account."),
            placeholder="common",
        ),
    )


def _sending() -> tuple[Field, ...]:
    return (
        Field(
            "smtp_host",
            _("SMTP server"),
            help=_(
                "The server answers leave by. Without one the fallback sender is used, and answers cannot be answered."
            ),
            placeholder=_("none: the fallback sender is used"),
            heading=_("Sending"),
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
            help=_("The password is the same as for receiving. Empty: the server wants no login."),
        ),
    )


def _importing() -> tuple[Field, ...]:
    return (
        Field(
            "folder",
            _("Folder"),
            help=_("The folder that is read, usually INBOX."),
            heading=_("What becomes tickets"),
        ),
        Field(
            "after_import",
            _("Afterwards"),
            "choice",
            help=_("What happens on the server to a mail once it is stored here."),
            options=(
                Option("flag", _("mark as read")),
                Option("move", _("move")),
                Option("leave", _("leave it")),
            ),
        ),
        Field(
            "move_to",
            _("Move to"),
            help=_("The folder; it is made where it is missing."),
            placeholder="Archive",
        ),
    )


def _beginning() -> tuple[Field, ...]:
    return (
        Field(
            "start",
            _("Begin with"),
            "choice",
            help=_("What of the mail that is there already becomes tickets."),
            options=(
                Option("now", _("new mail only")),
                Option("all", _("everything")),
                Option("date", _("since a date")),
            ),
        ),
        Field(
            "start_date",
            _("Date"),
            help=_("Year-month-day; mail from that day on."),
            placeholder="2026-01-31",
            width=12,
        ),
        Field(
            "poll_seconds",
            _("Look every"),
            help=_("Seconds between two looks where the server cannot tell of new mail by itself (IDLE)."),
            width=7,
        ),
        Field(
            "addresses",
            _("Forwarded addresses"),
            "block",
            help=_(
                "Other company addresses whose mail arrives here, a line each: address, name, team. "
                "Answers leave under that address."
            ),
            lines=4,
        ),
    )


def _answering() -> tuple[Field, ...]:
    return (
        Field(
            "acknowledge",
            _("Acknowledge"),
            "choice",
            help=_(
                "Tell people at once that their mail arrived, with the ticket's number. Never to automatic mail."
            ),
            options=yes_or_no(),
            heading=_("Answers"),
        ),
        Field(
            "acknowledgement",
            _("It says"),
            "block",
            help=_(
                "Your words; the ticket's number is in the subject. Nothing of the stranger's own text goes in."
            ),
            lines=4,
        ),
        Field(
            "signature",
            _("Signature"),
            "block",
            help=_("Stands below every answer from this mailbox."),
            lines=4,
        ),
        Field(
            "plus_addressing",
            _("Reply token"),
            "choice",
            help=_("Ask for answers at name+token. Only where the server delivers that to name."),
            options=yes_or_no(),
        ),
        Field(
            "authserv_id",
            _("Senders checked by"),
            help=_(
                "The name the server writes into Authentication-Results of every mail; empty where it writes none."
            ),
        ),
    )
