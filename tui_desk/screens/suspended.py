"""Suspended mail: what was held back, why in words, and what to do with it. After each deed the next one is selected."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS, SUSPENDED
from tui_desk.contracts.desk import (
    AcceptSuspended,
    DropSuspended,
    JoinSuspended,
    ListSuspended,
    RetrySuspended,
    SuspendedRow,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words, words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

LIMIT = 500


class SuspendedActions(BaseScreen):
    """What can be done with a held mail from the list and while reading it."""

    @abstractmethod
    def held(self) -> SuspendedRow:
        """The mail an action applies to. Raises UsageError where there is none."""

    @abstractmethod
    def settled(self, sentence: str, ticket: int | None = None) -> None:
        """The mail is held no more: tell it, and go on to the next."""

    async def do_accept(self, argument: str) -> None:
        number = await self.ask(AcceptSuspended(self.held().id))
        self.settled(_("It is now ticket #{number}.").format(number=number), number)

    async def do_join_ticket(self, argument: str) -> None:
        held = self.held()
        typed = argument or await self.prompt(
            _("Join “{subject}” to ticket number").format(subject=_subject(held)),
            detail=_("Its text becomes a message of that conversation. g t opens the ticket afterwards."),
        )
        if not typed or not typed.strip():
            return
        digits = typed.strip().lstrip("#")
        if not (digits.isascii() and digits.isdecimal()):
            raise UsageError(_("“{typed}” is not a ticket number.").format(typed=typed))
        number = await self.ask(JoinSuspended(held.id, int(digits)))
        self.settled(_("It is now part of ticket #{number}.").format(number=number), number)

    async def do_retry_mail(self, argument: str) -> None:
        self.settled(await self.ask(RetrySuspended(self.held().id)))

    async def do_drop(self, argument: str) -> None:
        held = self.held()
        question = _("Drop “{subject}” from {sender}?").format(
            subject=_subject(held), sender=held.sender or _("nobody")
        )
        detail = _("It becomes no ticket. Its source stays in the ledger, so nothing is deleted.")
        if await self.confirm(question, detail, _("Drop it")):
            await self.ask(DropSuspended(held.id))
            self.settled(_("Dropped. The source stays in the ledger."))


class SuspendedScreen(SuspendedActions, BrowseScreen[SuspendedRow]):
    """The list of held mails."""

    scopes = (SUSPENDED, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Suspended mail")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("cause", _("Cause"), 17),
            Column("sender", _("From"), 16, flex=2),
            Column("subject", _("Subject"), 18, flex=4),
            Column("mailbox", _("Mailbox"), 16, flex=1, priority=2),
            Column("size", _("Size"), 7, priority=3, align="right"),
            Column("received", _("Received"), 15, priority=1),
        )

    async def read(self) -> Sequence[SuspendedRow]:
        return await self.ask(ListSuspended(LIMIT))

    def items_read(self) -> None:
        if len(self.items) >= LIMIT:
            self.say(
                _("The first {count} are shown; the others follow as these are settled.").format(count=LIMIT)
            )

    def row(self, item: SuspendedRow) -> TableRow:
        cause = desk_words.cause(item.cause)
        return TableRow(
            item.id,
            (
                Cell(cause.text, cause.style),
                item.sender or Cell(_("(no sender)"), "muted"),
                item.subject or Cell(_("(no subject)"), "muted"),
                Cell(item.mailbox, "muted"),
                Cell(words.size(item.size), "muted"),
                Cell(words.moment(item.received_at, self.host.options.clock()), "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: SuspendedRow) -> Content:
        cause = desk_words.cause(item.cause)
        facts = (
            Fact(_("From"), item.sender or "–"),
            Fact(_("Mailbox"), item.mailbox or "–"),
            Fact(_("Received"), words.moment(item.received_at, self.host.options.clock())),
            Fact(_("Size"), words.size(item.size)),
        )
        return blocks(
            heading(_subject(item), cause.text, cause.colour), sentence(item.explanation), labelled(facts)
        )

    def empty_text(self) -> str:
        return _(
            "Nothing is held back. Mail that cannot be trusted or read waits here: a lets it in, D drops it."
        )

    def held(self) -> SuspendedRow:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def settled(self, sentence: str, ticket: int | None = None) -> None:
        self.say(sentence, _(":{number} opens it").format(number=ticket) if ticket else "", "done")
        self.gone()

    def open_item(self, item: SuspendedRow) -> None:
        from tui_desk.screens.suspended_mail import SuspendedMailScreen

        self.app.push_screen(SuspendedMailScreen(item, self.settled))


def _subject(item: SuspendedRow) -> str:
    return item.subject or _("(no subject)")
