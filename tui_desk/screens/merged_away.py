"""What one wants of a ticket that was merged: one is led to the ticket it went into, and a text that was written is taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_desk.contracts.conversation import DropDraft, OpenCompose, SaveDraft
from tui_desk.core.errors import MergedAway
from tui_desk.core.i18n import _
from tui_desk.screens.base import BaseScreen

if TYPE_CHECKING:
    from tui_desk.screens.compose_send import ComposeSending


async def lead_there(screen: BaseScreen, merged: MergedAway) -> None:
    """Offer to open the ticket that took this one over."""
    if await screen.confirm(
        merged.sentence, _go(merged), _("Go to #{number}").format(number=merged.into), dangerous=False
    ):
        screen.host.open_ticket(merged.into, None)


def _go(merged: MergedAway) -> str:
    return _("Nothing is changed in #{number} any more; all of it is in #{other}.").format(
        number=merged.number, other=merged.into
    )


async def carry_text(screen: ComposeSending, merged: MergedAway) -> None:
    """Offer to go on writing in the ticket that took this one over. Below another
    draft of one's own there the text is put."""
    from tui_desk.screens.compose import ComposeScreen

    detail = _("Your text goes along and is not sent yet: look at it there.")
    yes = _("Take it to #{number}").format(number=merged.into)
    if not await screen.confirm(merged.sentence, detail, yes, dangerous=False):
        screen.say(_("Not sent. The draft is as you left it."))
        return
    body, to, cc, bcc = screen.written()
    there = await screen.ask(OpenCompose(merged.into, screen.kind))
    # The draft of before went along with the merge: what was written since goes on from it.
    goes_on = body.strip().startswith(there.body.strip())
    text = body if goes_on else f"{there.body.rstrip()}\n\n{body}"
    await screen.ask(
        SaveDraft(
            merged.into,
            screen.kind,
            text,
            to or there.to,
            cc or there.cc,
            bcc or there.bcc,
            there.base_message_id,
        )
    )
    if not screen.has_files():
        await screen.ask(DropDraft(screen.number, screen.kind))
    screen.over()
    screen.app.pop_screen()
    screen.app.push_screen(ComposeScreen(merged.into, screen.kind))
