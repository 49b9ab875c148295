"""Taking back at the keyboard: what was done just now, what was done before that, and one's last change of a ticket."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tui_desk.contracts.gateway import Request
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.earlier_deeds import named
from tui_desk.screens.message_line import UNDO_SECONDS, Offer
from tui_desk.screens.sender_actions import SenderActions

if TYPE_CHECKING:
    from tui_desk.contracts.tickets import FieldChanged


class UndoActions(SenderActions):
    """``u`` in both ticket scopes."""

    @abstractmethod
    def look_at(self, numbers: set[int]) -> None:
        """Read again what a change of these tickets touches."""

    async def do_undo(self, argument: str) -> None:
        now, deeds = self.host.options.clock(), self.host.deeds
        offer = self.host.live_offer()
        if offer is None:
            offer = deeds.next(now) if not deeds.stays else None
            if offer is None:
                await self._undo_older()
                return
            if not await self._meant_too(offer):
                return
        deeds.took_back(offer, now)
        done = await self.ask(offer.request)
        further = _("u goes on with what you did before that.") if deeds.next(now) is not None else ""
        sentence = done if isinstance(done, str) else done.sentence
        if offer.number:  # one may be at another ticket by now
            sentence = _("#{number}: {what}").format(number=offer.number, what=sentence)
        self.say(sentence, further, level="done")
        self.reload()
        number = _number_of(offer.request, done)
        if number is not None:
            self.was_undone(number)

    def was_undone(self, number: int) -> None:
        """What was done to a ticket is taken back: a list goes to it."""

    async def _meant_too(self, offer: Offer) -> bool:
        """Whether what was done before what was just taken back is to be taken back as well."""
        question = _("Undo what you did before that, too?")
        detail = named(offer, self.host.options.clock())
        return await self.confirm(question, detail, _("Undo it"), dangerous=False)

    async def _undo_older(self) -> None:
        """Nothing was done just now. In a ticket, one's last change of it is offered by name; in the list nothing is guessed."""
        from tui_desk.contracts.tickets import LastChange, UndoLast

        number = self.undo_number()
        last = await self.ask(LastChange(number)) if number is not None else None
        stays = self.host.deeds.stays
        if last is None:
            self.refuse(
                stays or _("Nothing to undo: you changed nothing just now."),
                _("Open a ticket: u offers your last change of it.") if number is None else "",
            )
            return
        when = words.moment(last.at, self.host.options.clock())
        question = _("Undo your last change of #{number}?").format(number=number)
        detail = "\n".join(filter(None, (stays, f"{when}  {last.sentence}")))
        if await self.confirm(question, detail, _("Undo it"), dangerous=False):
            done = await self.ask(UndoLast(number, last.event_ids))
            self.say(done.sentence, level="done")
            self.look_at({done.number})

    def undo_number(self) -> int | None:
        """The ticket whose older changes ``u`` offers; None where several are in view."""
        return None


def taking_back(done: FieldChanged, now: datetime) -> Offer:
    """The way back from a change."""
    from tui_desk.contracts.tickets import UndoLast

    return Offer(
        UndoLast(done.number, done.event_ids),
        now + timedelta(seconds=UNDO_SECONDS),
        lambda _seconds: done.sentence,
        _("u takes it back"),
    )


def _number_of(request: Request[Any], done: Any) -> int | None:
    """The ticket that an undo was about, of many the first one; None where it was about none."""
    lines = getattr(done, "lines", ())
    found = (getattr(request, "number", 0), getattr(done, "number", 0), *(one.number for one in lines))
    return next((one for one in found if isinstance(one, int) and one), None)
