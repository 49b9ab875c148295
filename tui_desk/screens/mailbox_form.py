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
    SaveMailbox,
    ShowMailbox,
    SuggestMailbox,
    TestMailbox,
)
from tui_desk.core.enums import MailboxState
from tui_desk.core.i18n import _
from tui_desk.screens.field_problems import address_problem
from tui_desk.screens.form_rows import Field
from tui_desk.screens.mailbox_fields import (
    IMAP_PORTS,
    SMTP_PORTS,
    client_of,
    hidden_fields,
    insecure_servers,
    mailbox_problems,
    must_sign_in,
    settings_of,
    signs_in,
    values_of,
)
from tui_desk.screens.mailbox_form_fields import mailbox_form_fields
from tui_desk.screens.server_form import ServerForm
from tui_desk.screens.sign_in_dialog import SignInDialog, SigningIn
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


class MailboxFormScreen(ServerForm):
    """Adds a mailbox, or changes the one of that id."""

    scopes = (MAILBOX_FORM, FORM, GLOBAL)
    ports: ClassVar = {"imap": IMAP_PORTS, "smtp": SMTP_PORTS}

    def __init__(self, mailbox_id: int | None = None) -> None:
        super().__init__()
        self.mailbox_id = mailbox_id
        self.crumb = f"{_('Settings')} › {_('Mail')} › {_('New mailbox') if mailbox_id is None else ''}"
        self._has_password = False
        self._teams: frozenset[str] | None = None
        self._suggested_for = ""
        self._is_guess = False
        """Whether the note beside the fields says that the servers are a guess."""

    def fields(self) -> tuple[Field, ...]:
        return mailbox_form_fields()

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
            paused = _("This mailbox is paused; p in the list of mailboxes resumes it.")
            self.show_notes((paused,), wrong=(paused,))
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
        if self.is_ready and self.mailbox_id is None:
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
        if not self.is_ready or not self.all_right() or not await self.confirm_insecure():
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
        if signs_in(values) and must_sign_in(saved.sign_in, values):
            signing = SigningIn(saved.id, saved.address, saved.sign_in)
            signed = await self.app.push_screen_wait(SignInDialog(signing, client_of(values), self.ask))
            if signed is None:
                return _("{address} is saved; nobody has signed in: o in the list does it.").format(
                    address=saved.address
                )
        if saved.state is not MailboxState.ACTIVE:
            return _("{address} is saved.").format(address=saved.address)
        for screen in self.app.screen_stack:
            if isinstance(screen, MailboxesScreen):
                screen.follow(saved)
        return _("{address} is saved; it is being tried …").format(address=saved.address)
