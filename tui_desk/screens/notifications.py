"""Notifications: what somebody wants one to see, newest first; Enter goes to the ticket and marks it as read."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.notices import NOTIFICATIONS
from tui_desk.contracts.notifications import ListNotifications, MarkRead, NotificationView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens import words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.things import open_named
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

LIMIT = 500


class NotificationsScreen(BrowseScreen[NotificationView]):
    """The acting agent's own notifications."""

    scopes = (NOTIFICATIONS, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Notifications")
        self.everything = False

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("sentence", _("What"), 24, flex=4),
            Column("ticket", "#", 6, align="right"),
            Column("subject", _("Ticket"), 16, flex=2, priority=1),
            Column("at", _("When"), 15, priority=2),
        )

    async def read(self) -> Sequence[NotificationView]:
        return await self.ask(ListNotifications(self.everything, LIMIT))

    def row(self, item: NotificationView) -> TableRow:
        return TableRow(
            item.id,
            (
                Cell(item.sentence, "muted" if item.read else "strong"),
                Cell(str(item.ticket) if item.ticket is not None else "", "muted"),
                Cell(item.ticket_subject, "muted" if item.read else ""),
                Cell(words.moment(item.at, self.host.options.clock()), "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: NotificationView) -> Content:
        ticket = f"#{item.ticket} {item.ticket_subject}" if item.ticket is not None else ""
        facts = (
            Fact(_("Ticket"), ticket),
            Fact(_("When"), words.moment(item.at, self.host.options.clock())),
        )
        return blocks(
            heading(item.by or _("The desk"), _("read") if item.read else _("new")),
            sentence(item.sentence),
            labelled(facts),
        )

    def empty_text(self) -> str:
        if self.everything:
            return _("Nobody has told you anything yet. A colleague who writes @your-login in a note does.")
        return _("Nothing new for you. v shows what you have read already.")

    def open_item(self, item: NotificationView) -> None:
        self.run_guarded(_("Mark as read"), self._open(item))

    async def _open(self, item: NotificationView) -> None:
        if not item.read:
            await self.ask(MarkRead((item.id,)))
        if item.ticket is not None:
            self.host.open_ticket(item.ticket, self.neighbour)
        elif not open_named(self, item.subject):
            self.reload()

    def neighbour(self, delta: int) -> int | None:
        """The ticket of the notification so many lines further; the cursor goes along."""
        item = self.items.get(self.step(delta))
        return item.ticket if item is not None else None

    async def do_mark_read(self, argument: str) -> None:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        await self.ask(MarkRead((item.id,)))
        if self.everything:
            self.reload()
        else:
            self.gone()

    async def do_mark_all_read(self, argument: str) -> None:
        detail = _("Which ones were new is not known any more then; v shows them all.")
        if not await self.confirm(_("Mark everything as read?"), detail, _("Mark as read"), dangerous=False):
            return
        count = await self.ask(MarkRead(everything=True))
        told = ngettext("{count} notification is read now.", "{count} notifications are read now.", count)
        self.say(told.format(count=count), level="done")
        self.list_anew()

    def do_show_read(self, argument: str) -> None:
        self.everything = not self.everything
        self.list_anew()
