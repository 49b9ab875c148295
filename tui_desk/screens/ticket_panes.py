"""Which part of a ticket is shown (conversation, details, history, links, work), and moving over it."""

from __future__ import annotations

from abc import abstractmethod

from textual import events
from textual.containers import VerticalScroll

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.history import HISTORY
from tui_desk.actions.ticket_needs import TICKET
from tui_desk.actions.work import WORK
from tui_desk.screens import ticket_parts
from tui_desk.screens.history_pane import HistoryPane
from tui_desk.screens.ticket_parts import PANES
from tui_desk.screens.ticket_search import TicketSearch
from tui_desk.screens.work_pane import WorkPane
from tui_desk.widgets.clicked import meant, row_under
from tui_desk.widgets.conversation_view import ConversationView

SCOPES = (TICKET, LIST, GLOBAL)
PANE_SCOPES = {"work": (WORK, *SCOPES), "history": (HISTORY, *SCOPES)}
"""Panes with keys of their own, which come before the ticket's while the pane is open."""


class TicketPanes(TicketSearch):
    """The ``do_…`` methods of panes and of moving, for the screen that has the panes."""

    pane = "conversation"

    @abstractmethod
    def pane_shown(self) -> None:
        """Another pane has come up."""

    def to_conversation(self) -> None:
        if self.pane != "conversation":
            self.show_pane("conversation")

    def show_pane(self, pane: str) -> None:
        """Bring up one of :data:`PANES`."""
        self.leave_search()
        self.pane = pane
        self.set_class(
            pane == "details", "-details"
        )  # which stand beside the other panes where there is room
        for name in PANES:
            self.query_one(f"#{name}").display = name == pane
        self.use_scopes(PANE_SCOPES.get(pane, SCOPES))
        self.query_one(f"#{pane}").focus()
        self.pane_shown()

    def on_click(self, event: events.Click) -> None:
        """A click on a tab of the panes is its key."""
        titles = ticket_parts.pane_titles()
        labels = ((f"{number} {titles[pane]}", pane) for number, pane in enumerate(PANES, start=1))
        pane = meant(row_under(self.query_one("#pane-tabs"), event), labels)
        if pane is not None:
            self.perform_named(f"pane_{pane}")

    def do_pane_conversation(self, argument: str) -> None:
        self.show_pane("conversation")

    def do_pane_details(self, argument: str) -> None:
        self.show_pane("details")

    def do_pane_history(self, argument: str) -> None:
        self.show_pane("history")

    def do_pane_links(self, argument: str) -> None:
        self.show_pane("links")

    def do_pane_work(self, argument: str) -> None:
        self.show_pane("work")

    def do_next_pane(self, argument: str) -> None:
        self.show_pane(PANES[(PANES.index(self.pane) + 1) % len(PANES)])

    def do_previous_pane(self, argument: str) -> None:
        self.show_pane(PANES[PANES.index(self.pane) - 1])

    # -- moving ------------------------------------------------------------------------------------------------------
    def _scroll(self, lines: int = 0, pages: float = 0.0) -> None:
        if self.pane == "conversation":
            view = self.query_one(ConversationView)
            view.action_line(lines) if lines else view.action_page(pages)
            return
        pane = self.query_one(f"#{self.pane}")
        if isinstance(pane, WorkPane | HistoryPane):
            pane.move(lines) if lines else pane.page(pages)
            return
        pane.scroll_relative(y=lines or int(pages * pane.size.height), animate=False)

    def do_down(self, argument: str) -> None:
        self._scroll(lines=1)

    def do_up(self, argument: str) -> None:
        self._scroll(lines=-1)

    def do_half_down(self, argument: str) -> None:
        self._scroll(pages=0.5)

    def do_half_up(self, argument: str) -> None:
        self._scroll(pages=-0.5)

    def do_page_down(self, argument: str) -> None:
        self._scroll(pages=1)

    def do_page_up(self, argument: str) -> None:
        self._scroll(pages=-1)

    def do_first(self, argument: str) -> None:
        if self.pane == "conversation":
            self.query_one(ConversationView).action_first()
        elif self.pane in PANE_SCOPES:
            self._scroll(lines=-10_000)
        else:
            self.query_one(f"#{self.pane}", VerticalScroll).scroll_home(animate=False)

    def do_last(self, argument: str) -> None:
        if self.pane == "conversation":
            self.query_one(ConversationView).action_last()
        elif self.pane in PANE_SCOPES:
            self._scroll(lines=10_000)
        else:
            self.query_one(f"#{self.pane}", VerticalScroll).scroll_end(animate=False)

    def do_next_message(self, argument: str) -> None:
        self.query_one(ConversationView).action_message(1)

    def do_previous_message(self, argument: str) -> None:
        self.query_one(ConversationView).action_message(-1)
