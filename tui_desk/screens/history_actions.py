"""What can be done with an event under the cursor: read all of it, and take back what was done with it."""

from __future__ import annotations

from abc import abstractmethod

from tui_desk.contracts.history import ShowEvent
from tui_desk.contracts.tickets import EventView, FieldChanged, UndoDeed
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.history_rows import whole
from tui_desk.screens.reader import ReaderDialog


class HistoryActions(BaseScreen):
    """The ``do_…`` methods of the scope of histories."""

    @abstractmethod
    def event_here(self) -> EventView | None:
        """The event under the cursor."""

    def undone(self, done: FieldChanged) -> None:
        """Something was taken back: what is shown is read again."""
        self.reload()

    def _event(self) -> EventView:
        event = self.event_here()
        if event is None:
            raise NotFound(_("There is no event here."))
        return event

    async def open_event(self) -> None:
        """Show all of the event under the cursor."""
        event = self.event_here()
        if event is not None:
            details = await self.ask(ShowEvent(event.id))
            self.app.push_screen(ReaderDialog(_("What happened"), whole(details)))

    async def do_undo_event(self, argument: str) -> None:
        event = self._event()
        details = await self.ask(ShowEvent(event.id))
        if not details.event.reversible:
            self.refuse(_("This cannot be undone."), details.event.obstacle)
            return
        told = [
            f"{words.moment(event.at, self.host.options.clock())}  {event.sentence}",
            *details.together[:6],
        ]
        if len(details.together) > 6:
            told.append(_("and {count} more").format(count=len(details.together) - 6))
        detail = "\n".join(told)
        if await self.confirm(_("Take this back?"), detail, _("Undo it"), dangerous=False):
            done = await self.ask(UndoDeed(event.id))
            self.say(done.sentence, level="done")
            self.undone(done)
