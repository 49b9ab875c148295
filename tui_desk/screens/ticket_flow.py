"""What follows the work on an open ticket: the one that `>` brings, the ones around it, where one is when it was resolved or put off; and
writing in it."""

from __future__ import annotations

from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import AfterWork, DraftKind
from tui_desk.core.i18n import _
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import Neighbours
from tui_desk.screens.message_line import Told
from tui_desk.screens.own_settings import after_work
from tui_desk.screens.ticket_actions import TicketActions


class TicketFlow(TicketActions):
    """A part of the ticket's screen."""

    number: int
    ticket: TicketView | None
    _neighbours: Neighbours | None

    def seen_here(self) -> tuple[tuple[int, int], ...]:
        return ((self.number, self.ticket.version),) if self.ticket is not None else ()

    def show_next(self, number: int, why: Told) -> None:
        from tui_desk.screens.ticket import TicketScreen

        if (below := self._list_below()) is not None:
            below.went_on_to(number)
        self.app.switch_screen(TicketScreen(number, self._neighbours, why=why))

    async def went_away(self, number: int) -> None:
        """As the agent has set it: stay here, go on to the next ticket of the list, or back to the list."""
        after = await after_work(self)
        if not self.is_current or after is AfterWork.STAY:
            return
        following = None
        if after is AfterWork.NEXT and self._neighbours is not None:
            following = self._neighbours(1) or self._neighbours(-1)
        if following is None:
            self.app.pop_screen()
            return
        from tui_desk.screens.ticket import TicketScreen

        self.app.switch_screen(TicketScreen(following, self._neighbours))

    # -- the tickets around it ----------------------------------------------------------------------------------------
    def do_next_ticket(self, argument: str) -> None:
        self._go(1, _("This is the last ticket of the list."))

    def do_previous_ticket(self, argument: str) -> None:
        self._go(-1, _("This is the first ticket of the list."))

    def _go(self, delta: int, end: str) -> None:
        if self._neighbours is None:
            self.say(_("You did not come here from a list."), level="warning")
            return
        below = self._list_below()
        stood = below.stands_on() if below is not None else None
        number = self._neighbours(delta)
        if number is None:
            self.say(end)
            return
        from tui_desk.screens.ticket import TicketScreen

        why = None
        if stood is not None and stood != self.number:  # such as one that > brought from elsewhere
            sentence = _("#{number} is not in the list you came from: it goes on from #{stood}.")
            why = Told(sentence.format(number=self.number, stood=stood))
        self.app.switch_screen(TicketScreen(number, self._neighbours, why=why))

    def _list_below(self) -> BaseScreen | None:
        """The screen that the ticket was opened from."""
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        return below if isinstance(below, BaseScreen) else None

    # -- writing ----------------------------------------------------------------------------------------
    def write(self, kind: DraftKind) -> None:
        from tui_desk.screens.compose import ComposeScreen

        mine = (
            any(draft.mine and draft.kind is kind for draft in self.ticket.drafts) if self.ticket else False
        )
        if (
            self.ticket is not None
            and self.ticket.merged_into is not None
            and kind is not DraftKind.NOTE
            and not mine
        ):
            self.run_guarded(_("Reply"), self._write_there(self.ticket.merged_into))
            return
        self.app.push_screen(ComposeScreen(self.number, kind, self.ticket))

    async def _write_there(self, into: int) -> None:
        """Nobody answers a merged ticket: one is led to the one that took it over."""
        question = _("#{number} was merged into #{other}. Go there?").format(number=self.number, other=into)
        if await self.confirm(question, _("It is answered there."), _("Go there"), dangerous=False):
            self.host.open_ticket(into, None)
