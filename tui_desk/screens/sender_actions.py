"""Spam and blocked senders: what is done to a ticket and to who wrote it, each after a question."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from tui_desk.contracts.gateway import Request
from tui_desk.core.i18n import _
from tui_desk.screens.flow_actions import FlowActions

if TYPE_CHECKING:
    from tui_desk.contracts.tickets import FieldChanged


class SenderActions(FlowActions):
    """The ``do_…`` methods of guarded actions in both ticket scopes."""

    @abstractmethod
    def ticket_number(self) -> int:
        """The ticket an action applies to. Only called where the fact "ticket" holds."""

    @abstractmethod
    async def change(self, request: Request[FieldChanged]) -> None:
        """Carry out a change and tell it, with the way back."""

    async def do_spam(self, argument: str) -> None:
        from tui_desk.contracts.tickets import MarkSpam, ShowTicket

        number = self.ticket_number()
        spam = not (await self.ask(ShowTicket(number))).spam
        if spam:
            question = _("Mark #{number} as spam?").format(number=number)
            detail = _(
                "It is closed and leaves the open views. Nothing is sent, nothing is deleted; ! takes it back."
            )
        else:
            question = _("#{number} is marked as spam. Take that back?").format(number=number)
            detail = _("It is opened again.")
        if await self.confirm(question, detail, _("Mark as spam") if spam else _("Not spam"), dangerous=spam):
            await self.change(MarkSpam(number, spam))
            if spam:
                await self.went_away(number)

    async def do_block(self, argument: str) -> None:
        from tui_desk.contracts.tickets import BlockSender, ShowTicket

        number = self.ticket_number()
        ticket = await self.ask(ShowTicket(number))
        blocked = not ticket.blocked
        who = ticket.requester_address or ticket.requester_name
        if blocked:
            question = _("Block {who}?").format(who=who)
            detail = _(
                "From now on their mail is held as suspended mail. This ticket stays as it is; B lifts it."
            )
        else:
            question = _("{who} is blocked. Lift that?").format(who=who)
            detail = _("Their mail becomes tickets again. What was held stays in the suspended mail (g s).")
        if await self.confirm(
            question, detail, _("Block") if blocked else _("Lift the block"), dangerous=blocked
        ):
            await self.change(BlockSender(number, blocked))
