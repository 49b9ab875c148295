"""Pane Work on the ticket screen: its keys, what ``+`` adds, what Enter does with a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tui_desk.actions.registry import Action
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.i18n import _
from tui_desk.screens import work_pane
from tui_desk.screens.choices import Choice
from tui_desk.screens.message_actions import MessageActions
from tui_desk.screens.work_items import WorkItem
from tui_desk.screens.work_pane import WorkPane


class TicketWork(MessageActions):
    """What pane Work adds to the ticket screen. Subjects bring mixins of their own with the handlers of their actions."""

    pane: str
    ticket: TicketView | None

    def work_item(self) -> WorkItem | None:
        """The line of pane Work under the cursor; None while another pane is open."""
        return self.query_one(WorkPane).current if self.pane == "work" else None

    def show_work(self, ticket: TicketView, now: datetime) -> None:
        """Paint the pane anew."""
        self.query_one(WorkPane).show(work_pane.sections(ticket, now))

    def work_facts(self) -> set[str]:
        """What holds of the current line: ``work_item``, and ``work_<kind>``."""
        item = self.work_item()
        return set() if item is None else {"work_item", f"work_{item.kind}"}

    def on_work_pane_moved(self, message: WorkPane.Moved) -> None:
        self.facts_changed()

    def open_work_item(self) -> None:
        """Enter: what the subject of the line does with it; on an empty list, what can be added."""
        item = self.work_item()
        wanted = work_pane.OPENERS.get(item.kind, "") if item is not None else "add_work"
        action = self._action(wanted)
        if action is not None:
            self.perform(action)

    def do_edit_work(self, argument: str) -> None:
        self._hand_on(work_pane.EDITORS, _("It cannot be changed."))

    def do_remove_work(self, argument: str) -> None:
        self._hand_on(work_pane.REMOVERS, _("It cannot be deleted."))

    def _hand_on(self, actions: Mapping[str, str], impossible: str) -> None:
        """Run the subject's own action for the line under the cursor."""
        item = self.work_item()
        action = self._action(actions.get(item.kind, "")) if item is not None else None
        if action is None:
            self.refuse(impossible)
        else:
            self.perform(action)

    async def do_add_work(self, argument: str) -> None:
        offered = [action for name in work_pane.ADDITIONS if (action := self._action(name)) is not None]
        word, _blank, rest = argument.partition(" ")
        chosen: str | None = f"add_{word}" if word else None
        if not word:
            choices = [Choice(action.id, action.shown_title, detail=action.shown_help) for action in offered]
            title = _("Add to #{number}").format(number=self.ticket_number())
            chosen = await self.choose(title, choices, changes=False)
        action = next((one for one in offered if one.id == chosen), None)
        if action is not None:
            self.perform(action, rest)
        elif chosen is not None:
            self.refuse(_("“{word}” cannot be added to a ticket.").format(word=word))

    def _action(self, action_id: str) -> Action | None:
        return self.host.actions.find(self.scopes, action_id)
