"""Canned replies while one writes in a ticket: they are put in filled in for it."""

from __future__ import annotations

from tui_desk.contracts.macros import CannedView, FillCanned, Filled, ListCanned, PreviewCanned
from tui_desk.screens.canned_offer import CannedOffer
from tui_desk.screens.thing_completion import ThingCompletion


class CannedCompletion(CannedOffer, ThingCompletion):
    """A screen with a text ``TextArea`` and a line ``#canned`` below it."""

    async def offered_canned(self) -> tuple[CannedView, ...]:
        return await self.ask(ListCanned(self.number))

    async def text_of_canned(self, chosen: CannedView) -> Filled:
        return await self.ask(FillCanned(self.number, chosen.id))

    async def preview_of_canned(self, canned_id: int) -> Filled:
        return await self.ask(PreviewCanned(self.number, canned_id))

    async def do_complete(self, argument: str) -> None:
        """Take the first canned reply that fits; where none is begun, what Tab does otherwise."""
        if not await self.complete_canned():
            await super().do_complete(argument)
