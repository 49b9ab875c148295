"""From one ticket to the next, from the queue and from a ticket alike: put off, what loses most by waiting, and why."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, cast

from tui_desk.core.enums import TicketStatus
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.message_line import Told

if TYPE_CHECKING:
    from tui_desk.screens.ticket_actions import TicketActions


class FlowActions(BaseScreen):
    """The ``do_…`` methods of ``actions.flow``."""

    @abstractmethod
    def ticket_number(self) -> int:
        """The ticket an action applies to."""

    def seen_here(self) -> tuple[tuple[int, int], ...]:
        """The ticket (number, version) that one is looking at: next means another one."""
        return ()

    def show_next(self, number: int, why: Told) -> None:
        """Show the ticket that was brought, and why; a ticket in front gives way to it."""
        self.host.open_ticket(number, None, why)

    async def went_away(self, number: int) -> None:
        """A ticket was resolved or put off: what follows is the agent's own setting. In a list the cursor sees to it."""

    async def after_status(self, number: int, status: TicketStatus) -> None:
        """A status was set: with resolved and closed the work on the ticket is over."""
        if status in (TicketStatus.RESOLVED, TicketStatus.CLOSED):
            await self.went_away(number)

    async def do_next_urgent(self, argument: str) -> None:
        """Bring the ticket that loses most by waiting, and say why."""
        from tui_desk.contracts.flow import NextTicket

        brought = self.host.brought
        brought.update(self.seen_here())
        found = await self.ask(NextTicket(tuple(brought.items())))
        if found.again:  # the round begins anew, but not with the one in front
            brought.clear()
            brought.update(self.seen_here())
            found = await self.ask(NextTicket(tuple(brought.items())))
        here = dict(self.seen_here())
        if not found.number or found.number in here:
            self.say(
                _("Nothing else waits for you.") if here else _("Nothing waits for you."),
                _("What is pending, snoozed or taken by others is left out."),
            )
            return
        brought[found.number] = found.version
        more = ngettext("{count} more waits", "{count} more wait", found.others).format(count=found.others)
        self.show_next(
            found.number, Told(f"#{found.number}: {found.sentence}.", more if found.others else "")
        )

    async def do_urgency(self, argument: str) -> None:
        from tui_desk.screens.reader import ReaderDialog

        number = self.ticket_number()
        text = await self.urgency_text(number)
        self.app.push_screen(ReaderDialog(_("How urgent #{number} is").format(number=number), text))

    async def urgency_text(self, number: int) -> str:
        """What makes a ticket urgent for oneself, reason by reason with its points."""
        from tui_desk.contracts.flow import ExplainUrgency

        found = await self.ask(ExplainUrgency(number))
        lines = [f"{reason.points:+5}  {reason.sentence}" for reason in found.reasons]
        total = _("{count} points. The ticket with the most comes first when you press >.")
        last = (total.format(count=found.score), *((found.left_out,) if found.left_out else ()))
        return "\n".join((*lines, "", *last))

    async def do_snooze(self, argument: str) -> None:
        from tui_desk.screens.put_off import put_off

        await put_off(cast("TicketActions", self), argument)
