"""Settings → Mail: the mailboxes with their health, and the fallback sender."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from tui_desk.actions.administration import MAILBOXES, SETTINGS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.contracts.mailboxes import (
    FallbackSender,
    ListMailboxes,
    MailboxView,
    ReconcileMailbox,
    Reconciliation,
    SetMailboxState,
    ShowFallbackSender,
    TestFallbackSender,
    TestMailbox,
)
from tui_desk.contracts.oauth import FALLBACK
from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.check_dialog import CheckDialog
from tui_desk.screens.mailbox_details import counts, describe_fallback, describe_mailbox
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.screens.sign_in_dialog import SignInDialog, SigningIn
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


@dataclass(frozen=True, slots=True)
class Sender:
    """A line of the list: a mailbox, or the fallback sender."""

    mailbox: MailboxView | None = None
    fallback: FallbackSender | None = None


class MailboxesScreen(SettingsSection, BrowseScreen[Sender]):
    """The list; the fallback sender is its last line."""

    scopes = (MAILBOXES, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "mail"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Mail')}"
        self._followed: tuple[int, datetime | None] | None = None
        """A mailbox that was just resumed or saved, and its last success before: how it goes is told when it is known."""

    def key(self, item: Sender) -> Hashable:
        return item.mailbox.id if item.mailbox else "fallback"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("state", _("State"), 11),
            Column("address", _("Address"), 24, flex=1),
            Column("health", _("Health"), 38, flex=4),
            Column("team", _("Team"), 12, flex=1, priority=1),
        )

    async def read(self) -> Sequence[Sender]:
        mailboxes = await self.ask(ListMailboxes())
        fallback = await self.ask(ShowFallbackSender())
        lines = [Sender(mailbox) for mailbox in mailboxes]
        if mailboxes or fallback.address:
            lines.append(Sender(fallback=fallback))
        return lines

    def row(self, item: Sender) -> TableRow:
        if item.mailbox is not None:
            mailbox = item.mailbox
            state = desk_words.mailbox_state(mailbox.state, mailbox.healthy)
            trouble = mailbox.state is MailboxState.ACTIVE and not mailbox.healthy
            cells = (
                Cell(state.text, state.style),
                Cell(mailbox.address, "strong"),
                Cell(mailbox.health, "error" if trouble else "muted"),
                Cell(mailbox.team, "muted"),
            )
            return TableRow(mailbox.id, cells, anchor=mailbox.id)
        fallback = item.fallback or FallbackSender()
        return TableRow("fallback", _fallback_cells(fallback), anchor="fallback")

    def describe(self, item: Sender) -> Content:
        if item.mailbox is not None:
            return describe_mailbox(item.mailbox)
        return describe_fallback(item.fallback or FallbackSender())

    def empty_text(self) -> str:
        return _("No mailbox yet. N adds one: type its address, the rest is filled in where it is known.")

    def item_facts(self, item: Sender) -> set[str]:
        if item.mailbox is not None:
            return {"mailbox", "testable"}
        return {"testable"} if item.fallback and item.fallback.address else set()

    # -- what can be done --------------------------------------------------------------------------------------------
    def _item(self) -> Sender:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def _mailbox(self) -> MailboxView:
        mailbox = self._item().mailbox
        if mailbox is None:
            raise UsageError(_("Select a mailbox first; the fallback sender is not one."))
        return mailbox

    def do_add_mailbox(self, argument: str) -> None:
        from tui_desk.screens.mailbox_form import MailboxFormScreen

        self.app.push_screen(MailboxFormScreen())

    def open_item(self, item: Sender) -> None:
        from tui_desk.screens.mailbox_form import MailboxFormScreen

        if not self.may_change():
            return
        if item.mailbox is None:
            self.do_fallback("")
        else:
            self.app.push_screen(MailboxFormScreen(item.mailbox.id))

    def do_edit(self, argument: str) -> None:
        self.open_item(self._item())

    def do_fallback(self, argument: str) -> None:
        from tui_desk.screens.fallback_sender import FallbackSenderScreen

        self.app.push_screen(FallbackSenderScreen())

    async def do_test(self, argument: str) -> None:
        item = self._item()
        if item.mailbox is not None:
            mailbox_id = item.mailbox.id
            dialog = CheckDialog(
                item.mailbox.address, lambda watch: self.ask(TestMailbox(mailbox_id, watch=watch))
            )
        else:
            address = item.fallback.address if item.fallback else ""
            dialog = CheckDialog(address, lambda watch: self.ask(TestFallbackSender(watch=watch)))
        if await self.app.push_screen_wait(dialog) is None:
            self.say(_("The test was stopped; nothing was changed."))

    async def do_round_trip(self, argument: str) -> None:
        mailbox = self._mailbox()
        dialog = CheckDialog(
            mailbox.address,
            lambda watch: self.ask(TestMailbox(mailbox.id, watch=watch, round_trip=True, dns=True)),
        )
        if await self.app.push_screen_wait(dialog) is None:
            self.say(
                _("The test was stopped. A mail that was sent already may still come; it becomes no ticket.")
            )

    async def do_sign_in(self, argument: str) -> None:
        item = self._item()
        mailbox, sender = item.mailbox, item.mailbox or item.fallback or FallbackSender()
        if sender.sign_in is None:
            raise UsageError(
                _("{address} logs in by password.").format(address=sender.address),
                _("e opens its settings; there Login can be changed to a sign-in."),
            )
        if not sender.sign_in.client_id:
            self.open_item(item)
            return
        signing = SigningIn(mailbox.id if mailbox else FALLBACK, sender.address, sender.sign_in)
        if await self.app.push_screen_wait(SignInDialog(signing, None, self.ask)) is None:
            self.say(_("The sign-in was given up; nothing was changed."))
            return
        if mailbox is None:
            told = _("Signed in to {address}.")
        else:
            self.follow(mailbox)
            told = _("Signed in to {address}; it is being tried …")
        self.say(told.format(address=sender.address), level="done")
        self.reload()

    async def do_pause(self, argument: str) -> None:
        mailbox = self._mailbox()
        pausing = mailbox.state is MailboxState.ACTIVE
        await self.ask(SetMailboxState(mailbox.id, MailboxState.PAUSED if pausing else MailboxState.ACTIVE))
        if pausing:
            self._followed = None
            sentence = _("{address} is paused: nothing is fetched or sent until p resumes it.")
        else:
            self.follow(mailbox)
            sentence = _("{address} is resumed; it is being tried …")
        self.say(sentence.format(address=mailbox.address), level="done")
        self.reload()

    def follow(self, mailbox: MailboxView) -> None:
        """Tell how the next look into it goes. ``mailbox``: as it was before that look."""
        self._followed = (mailbox.id, mailbox.last_success_at)

    def items_read(self) -> None:
        """Tell how the next look into a mailbox went, when that is known."""
        if self._followed is None:
            return
        mailbox_id, before = self._followed
        sender = self.items.get(mailbox_id)
        mailbox = sender.mailbox if sender is not None else None
        if mailbox is None or mailbox.state is not MailboxState.ACTIVE:
            return  # read before it was saved or resumed
        if not mailbox.healthy:
            self._followed = None
            sentence = _("{address} does not work yet: {health}")
            self.say(sentence.format(address=mailbox.address, health=mailbox.health), level="error")
        elif mailbox.last_success_at != before:
            self._followed = None
            sentence = _("{address} works; what is there is fetched.")
            self.say(sentence.format(address=mailbox.address), level="done")

    async def do_remove_mailbox(self, argument: str) -> None:
        mailbox = self._mailbox()
        question = _("Remove {address} from the desk?").format(address=mailbox.address)
        detail = _(
            "Its mail is fetched no more and its password is forgotten. Tickets and mails stay here, "
            "and nothing changes on the server. Pausing (p) is enough where it should come back."
        )
        if await self.confirm(question, detail, _("Remove the mailbox")):
            await self.ask(SetMailboxState(mailbox.id, MailboxState.REMOVED))
            self.say(
                _("{address} is removed; its tickets stay.").format(address=mailbox.address), level="done"
            )
            self.gone()

    async def do_reconcile(self, argument: str) -> None:
        from tui_desk.screens.notice import NoticeDialog

        mailbox = self._mailbox()
        self.say(_("Counting the mails of {address} …").format(address=mailbox.address))
        result = await self.ask(ReconcileMailbox(mailbox.id))
        self.say(
            _reconciled(result).format(address=mailbox.address),
            _("tui-desk mailbox reconcile {address} shows the numbers, too.").format(address=mailbox.address),
            level="done" if result.agrees else "warning",
        )
        await self.answer_of(
            NoticeDialog(_("Reconciliation of {address}").format(address=mailbox.address), counts(result))
        )


def _reconciled(result: Reconciliation) -> str:
    if result.agrees:
        return _("{address}: server and ledger agree, and the stored bytes are whole.")
    if result.missing or result.unfinished:
        return _("{address}: server and ledger differ.")
    return _("{address}: the stored bytes of some mails are gone or damaged.")


def _fallback_cells(fallback: FallbackSender) -> tuple[Cell, ...]:
    """The fallback sender's line."""
    if not fallback.address:
        return (
            Cell(_("○ not set"), "muted"),
            Cell(_("fallback sender"), "muted"),
            Cell(_("for mailboxes that cannot send; f sets it"), "muted"),
            Cell(""),
        )
    problem = fallback.problem or (fallback.sign_in.warning if fallback.sign_in else "")
    if problem:
        trouble = desk_words.mailbox_state(MailboxState.ACTIVE, healthy=False)
        state, told = Cell(trouble.text, trouble.style), Cell(problem, "error")
    else:
        state = Cell(_("● set"), "success")
        told = Cell(_("fallback sender, by {host}").format(host=fallback.smtp_host), "muted")
    return (state, Cell(fallback.address, "strong"), told, Cell(""))
