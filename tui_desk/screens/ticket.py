"""One ticket: its head, the conversation, details, history, links; what can be done with it and with the current message."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial

from textual import events
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.contracts.conversation import MessageView
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import ShowTicket, TicketView
from tui_desk.core.enums import LinkKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import inventory_parts, presence, ticket_parts
from tui_desk.screens.check_words import in_ticket
from tui_desk.screens.history_pane import HistoryPane
from tui_desk.screens.host import Neighbours
from tui_desk.screens.message_facts import came_in, message_facts, of_desk
from tui_desk.screens.message_line import Told
from tui_desk.screens.ticket_approvals import TicketApprovals
from tui_desk.screens.ticket_checks import TicketChecks
from tui_desk.screens.ticket_countdown import TicketCountdown
from tui_desk.screens.ticket_flow import TicketFlow
from tui_desk.screens.ticket_history import TicketHistory
from tui_desk.screens.ticket_inventory import TicketInventory
from tui_desk.screens.ticket_panes import SCOPES, TicketPanes
from tui_desk.screens.ticket_parts import PANES
from tui_desk.screens.ticket_purchases import TicketPurchases
from tui_desk.screens.ticket_tasks import TicketTasks
from tui_desk.screens.work_pane import WorkPane
from tui_desk.terminal.graphics import opens_links
from tui_desk.widgets.conversation_view import ConversationView
from tui_desk.widgets.fitting import Fitting
from tui_desk.widgets.hanging import Hanging
from tui_desk.widgets.searchable_conversation import SearchableConversation

BESIDE = 140
"""Columns from which details and links stand beside the conversation."""


class TicketScreen(
    TicketCountdown,
    TicketInventory,
    TicketChecks,
    TicketApprovals,
    TicketPurchases,
    TicketTasks,
    TicketHistory,
    TicketPanes,
    TicketFlow,
):
    """The ticket ``number``. ``neighbours`` leads to the tickets around it in the list one came from; ``at`` is the line of pane Work
    (kind, id) to begin on. ``by_number``: its number was typed."""

    scopes = SCOPES
    CSS_PATH = "styles/ticket.tcss"

    def __init__(
        self,
        number: int,
        neighbours: Neighbours | None = None,
        at: tuple[str, int] | None = None,
        why: Told | None = None,
        by_number: bool = False,
    ) -> None:
        super().__init__()
        self.by_number = by_number
        self._at = at
        self._why = why
        self.number = number
        self.crumb = f"#{number}"
        self.ticket: TicketView | None = None
        self._neighbours = neighbours
        self._others: tuple[PresenceView, ...] = ()

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        yield Static("", id="head", markup=False)
        yield Static(ticket_parts.pane_tabs(None, self.pane), id="pane-tabs", markup=False)
        yield Static("", id="suggestion", markup=False)
        yield Static("", id="recognised", markup=False)
        yield Static("", id="drafts", markup=False)
        yield Horizontal(
            Vertical(
                SearchableConversation(empty_text=_("Reading …"), id="conversation"),
                *(
                    VerticalScroll(Static("", id=f"{name}-text", markup=False), id=name, can_focus=True)
                    for name in PANES[1:]
                    if name not in ("work", "history")
                ),
                HistoryPane(self.ask, self.host.options.clock, self.number),
                WorkPane(id="work"),
                Static(_("↓ new message below · J"), id="below", markup=False),
                id="main",
            ),
            VerticalScroll(Static("", id="beside-text", markup=False), id="beside", can_focus=False),
            id="columns",
        )

    def start(self) -> None:
        self.conversation().opens_links = opens_links(self.host.options.links, os.environ)
        self.show_pane("conversation" if self._at is None else "work")
        if self._why is not None:
            self.say_first(self._why)
        self.set_interval(presence.REPORT_EVERY, self.report_presence)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= BESIDE, "-beside")

    def on_screen_resume(self) -> None:
        self.report_presence()
        if self.is_mounted:
            self.look_below()

    def concerns(self, change: Change) -> bool:
        return not change.tickets or self.number in change.tickets

    async def load(self) -> None:
        if self.ticket is None and not getattr(self.host.gateway, "is_open", True):
            await self.glance()
        wanted = self._wanted
        if wanted is not None and self.ticket is not None:
            wanted = max(wanted, len(self.ticket.messages))
        ticket = await self.ask(ShowTicket(self.number, wanted))
        if ticket.number != self.number:
            return
        if self.ticket is None:
            self._show(ticket)  # what its text names is looked for when it can be read
        self._show(await self.with_recognised(ticket))

    def is_unread(self) -> bool:
        return self.ticket is None

    def _show(self, ticket: TicketView) -> None:
        first, before = self.ticket is None, self.ticket
        self.ticket = ticket
        self.crumb = f"#{ticket.number} {safe_line(ticket.subject, 300) or _('(no subject)')}"
        self.show_title()
        self._others = ticket.presence or self._others
        now = self.now()
        view = self.query_one(ConversationView)
        view.empty_text = _("No messages yet.")
        if first:
            self.opened(ticket)
            self.report_presence()
        self.fold_read(ticket)
        view.show(self.conversation_items(now))
        self._paint_head()
        self._text("pane-tabs", ticket_parts.pane_tabs(ticket, self.pane))
        self._line("suggestion", Content(ticket_parts.suggestion(ticket) or ticket_parts.merged(ticket)))
        self._line("recognised", Content(inventory_parts.recognised(ticket)))
        drafts = (in_ticket(ticket), ticket_parts.drafts_of_others(ticket, now))
        self._line("drafts", Content("\n").join(one for one in drafts if one.plain))
        self._text("details-text", Hanging(ticket_parts.details(ticket, now), ticket_parts.LABEL))
        self.show_history(ticket)
        self._text("links-text", ticket_parts.links(ticket))
        self.show_work(ticket, now)
        if self._to_oldest and not ticket.earlier:
            self._to_oldest = False
            view.action_first()
        if first and self._at is not None:
            self.query_one(WorkPane).select(*self._at)
        beside = [ticket_parts.details(ticket, now), Content(""), ticket_parts.links(ticket)]
        self._text("beside-text", Hanging(Content("\n").join(beside), ticket_parts.LABEL))
        self.count_down(ticket)
        self.facts_changed()
        known = _newest(before) if before is not None else None
        newer = [m for m in ticket.messages if known is not None and m.id > known and not of_desk(m)]
        self.came(newer)
        if first or any(self._is_mine(message) for message in newer):
            self.call_after_refresh(self.to_newest)
        stopped = ticket_parts.held_back(ticket)
        if stopped and (before is None or stopped != ticket_parts.held_back(before)):
            self.say(stopped, _("Its line says which keys decide."), level="warning")
        elif newer and not any(self._is_mine(message) for message in newer):
            self.say(_("A new message has come: J goes to it."))

    def _is_mine(self, message: MessageView) -> bool:
        agent = self.host.agent
        return agent is not None and message.is_agent and message.author in (agent.name, agent.login)

    def _paint_head(self) -> None:
        if self.ticket is not None:
            made = partial(ticket_parts.head, self.ticket, self._others, self.now())
            self._text("head", Fitting(made))

    def _text(self, name: str, content: Content | Hanging | Fitting) -> None:
        self.query_one(f"#{name}", Static).update(content)

    def _line(self, name: str, content: Content) -> None:
        self._text(name, content)
        self.query_one(f"#{name}").display = bool(content.plain)

    # -- facts -------------------------------------------------------------------------------------------------------
    def facts(self) -> frozenset[str]:
        found: set[str] = set()
        ticket, message = self.ticket, self.message()
        if ticket is not None:
            found.add("ticket")
            if ticket.requester_address:
                found.add("requester")
            if any(link.kind is LinkKind.SUGGESTED and link.outgoing for link in ticket.links):
                found.add("suggestion")
        if message is not None:
            found |= message_facts(message, self.now())
            if ticket is not None and len(ticket.messages) > 1 and came_in(message):
                found.add("from_outside")
        view = self.query_one(ConversationView)
        if message is not None and view.has_folds():
            found.add("folded")
        if view.can_fold():
            found.add("read")
        return (
            super().facts()
            | found
            | self.work_facts()
            | self.history_facts()
            | self.inventory_facts()
            | self.check_facts()
        )

    def ticket_number(self) -> int:
        return self.number

    def ticket_shown(self) -> int | None:
        return self.number

    def field_now(self, field: str) -> str:
        return str(getattr(self.ticket, field, ""))

    def undo_number(self) -> int | None:
        return self.number

    def seen_message(self) -> int | None:
        return (
            max((one.id for one in self.ticket.messages), default=None) if self.ticket is not None else None
        )

    # -- panes -------------------------------------------------------------------------------------------------------
    def pane_shown(self) -> None:
        self._text("pane-tabs", ticket_parts.pane_tabs(self.ticket, self.pane))
        self.look_below()

    def do_requester_profile(self, argument: str) -> None:
        from tui_desk.screens.person import PersonScreen

        if self.ticket is not None:
            self.app.push_screen(PersonScreen(self.ticket.requester_id))

    async def do_edit_fields(self, argument: str) -> None:
        from tui_desk.contracts.tickets import SetFields
        from tui_desk.screens.ticket_fields import edit_fields, typed_input

        if argument:
            await self.change(SetFields(self.number, fields=(typed_input(argument),)))
        else:
            await edit_fields(self, self.number)

    def do_first(self, argument: str) -> None:
        if self.pane == "conversation" and self.ticket is not None and self.ticket.earlier:
            self._wanted, self._to_oldest = None, True
            self.reload()
        else:
            super().do_first(argument)

    async def do_open(self, argument: str) -> None:
        """Enter: on links, opens one of them; in the conversation, the attachment or what is folded."""
        ticket, facts = self.ticket, self.facts()
        if self.pane == "links" and ticket is not None and (ticket.links or ticket.assets or ticket.licences):
            await self.open_link()
        elif self.pane == "work":
            self.open_work_item()
        elif self.pane == "history":
            await self.open_event()
        elif self.query_one(ConversationView).is_folded():
            self.do_fold("")
        elif "attachment" in facts:
            await self.do_open_attachment("")
        elif "folded" in facts:
            self.do_fold("")

    def presence_told(self, others: tuple[PresenceView, ...]) -> None:
        if others != self._others:
            self._others = others
            self._paint_head()


def _newest(ticket: TicketView) -> int:
    return max((message.id for message in ticket.messages), default=0)
