"""Where the cursor of the queue stands when one comes back: from a ticket, from another view, from a filter, from the marked ones."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import cast

from tui_desk.contracts.queue import PageKey
from tui_desk.core.i18n import _
from tui_desk.screens.message_line import Told
from tui_desk.screens.queue_filter import FilteredQueue
from tui_desk.screens.queue_parts import Banners, banners
from tui_desk.screens.queue_source import Place, TicketSource
from tui_desk.screens.queue_words import empty
from tui_desk.screens.type_ahead import Hold


class QueuePlaces(FilteredQueue):
    """A list of tickets that one leaves and comes back to."""

    _listed: TicketSource

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[str, Place] = {}
        """Where each list was left, by its name."""
        self._shown = ""
        """The name of the list that is shown."""

    @abstractmethod
    def list_name(self) -> str:
        """What tells the list that is to be shown from others."""

    @abstractmethod
    def source_of_tickets(self, place: Place | None = None) -> TicketSource:
        """The rows of the list that is to be shown, beginning at ``place``."""

    def place_now(self) -> Place | None:
        row = self.table().current_row
        if row is None:
            return None
        return Place(cast("int", row.key), cast("PageKey | None", row.anchor), self._listed.order)

    def status_changed(self) -> None:
        super().status_changed()
        self.teach()

    def keys_changed(self) -> None:
        super().keys_changed()
        self.teach()

    def teach(self) -> None:
        """Say what must be known of the desk and what an empty list teaches, by the keys of now."""
        status, table = self.host.status, self.table()
        self.query_one(Banners).show(banners(status, self.shown_key("go_settings")))
        mailbox = status is None or status.mailboxes > 0
        taught = empty(self.view, self.query_text, self.shown_key, mailbox)
        if taught != table.empty_text:
            table.empty_text = taught
            table.refresh()

    def legend(self) -> tuple[tuple[str, str], ...]:
        from tui_desk.screens.queue_legend import queue_legend  # few ask

        return queue_legend()

    def list_from(self, place: Place | None) -> None:
        """Show the list anew with its cursor at ``place``; None: at its top."""
        here = self.place_now()
        if here is not None:
            self._places[self._shown] = here
        self._shown = self.list_name()
        self.table().show_source(self.source_of_tickets(place))

    def last_place(self) -> Place | None:
        """Where the list that is to be shown was left; where it is shown already, where the cursor stands."""
        name = self.list_name()
        return (self.place_now() if name == self._shown else None) or self._places.get(name)

    def came_back(self, number: int) -> None:
        """The cursor goes to the ticket that was just left, whichever way that was reached: the next key is meant for it."""
        self._go_to(number, self._tell_elsewhere)

    def went_on_to(self, number: int) -> None:
        """The cursor goes along with the ticket that is shown above this list: the next one is the one behind it."""
        self._go_to(number)

    def was_undone(self, number: int) -> None:
        """The cursor goes back to the ticket that what was undone had taken out of the list."""
        self._go_to(number)

    def stands_on(self) -> int | None:
        return cast("int | None", self.table().current_key)

    def _go_to(self, number: int, elsewhere: Callable[[int], None] | None = None) -> None:
        """Put the cursor on a ticket, which may have to be read; where this list has it not, it stays, and ``elsewhere`` tells."""
        table = self.table()
        if table.current_key != number and not table.move_to_key(number):
            hold = self._hold_keys()
            self.run_guarded(_("Queue"), lambda: self._stand_on(number, hold, elsewhere), group="came-back")

    async def _stand_on(self, number: int, hold: Hold, elsewhere: Callable[[int], None] | None) -> None:
        try:
            key = await self._listed.place_of(number)
            if key is not None:
                self.list_from(Place(number, key, self._listed.order))
            elif elsewhere is not None and self.table().current_key != number:
                elsewhere(number)
        finally:
            hold.release()

    def _tell_elsewhere(self, number: int) -> None:
        """Told, before what ``u`` takes back, until the next key: that would be for another ticket than the one just read."""
        sentence = _("#{number} is not in this view.").format(number=number)
        key = self.table().current_key
        hint = _("The cursor is on #{number} again.").format(number=key) if key is not None else ""
        self._tell_passing(Told(sentence, hint, "warning"))
