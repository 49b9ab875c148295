"""Checks of drafts on the ticket screen: to be decided, and what the author does with the answer."""

from __future__ import annotations

from tui_desk.contracts.conversation import SendReply
from tui_desk.contracts.reviews import ReviewView, TakeOverReview, WithdrawReview
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import DraftKind
from tui_desk.core.i18n import _
from tui_desk.screens.check_words import ChangesDialog
from tui_desk.screens.compose_parts import ask_guarded
from tui_desk.screens.send_at import stopping
from tui_desk.screens.ticket_actions import TicketActions


class TicketChecks(TicketActions):
    """What checks add to the ticket screen."""

    ticket: TicketView | None

    def check_meant(self) -> ReviewView | None:
        """The check that concerns the acting agent: first what is to be decided."""
        reviews = self.ticket.reviews if self.ticket is not None else ()
        asked = next((one for one in reviews if one.for_me), None)
        return asked or next((one for one in reviews if one.by_me and one.standing), None)

    def check_facts(self) -> set[str]:
        return {"check"} if self.check_meant() is not None else set()

    async def do_check_draft(self, argument: str) -> None:
        from tui_desk.screens.check_draft import CheckScreen

        check = self.check_meant()
        if check is None:
            return
        if check.for_me:
            self.app.push_screen(CheckScreen(check, self.ticket))
        elif check.standing == "approved":
            await self._send_approved(check)
        elif check.standing == "changed":
            if await self.app.push_screen_wait(ChangesDialog(check)):
                await self.ask(TakeOverReview(check.id, check.text))
                self.say(_("The changed text is your draft now."), _("E sends it."), level="done")
                self.reload()
        elif check.standing == "waiting":
            question = _("Take back the question to {who}?").format(who=check.reviewer)
            if await self.confirm(question, _("The draft stays."), _("Take it back"), dangerous=False):
                await self.ask(WithdrawReview(check.id))
                self.reload()
        elif check.kind is not None:
            self.write(check.kind)

    async def _send_approved(self, check: ReviewView) -> None:
        """The draft as it was approved, after a look by the send guard."""
        draft = (
            next((one for one in self.ticket.drafts if one.mine and one.kind is check.kind), None)
            if self.ticket
            else None
        )
        if draft is None or check.kind in (None, DraftKind.NOTE):
            return
        request = SendReply(
            draft.ticket,
            draft.body,
            draft.kind,
            draft.to,
            draft.cc,
            draft.bcc,
            draft.base_message_id,
            token=draft.token or f"{draft.ticket} {draft.kind} {draft.updated_at}",
        )
        result = await ask_guarded(self, request, _("Not sent. The draft is as you left it."))
        if result is None:
            return
        if result.held_until is None or result.outbox_id is None:
            self.say(result.notice or _("On its way."), level="done")
        else:
            self.offer(stopping(draft.ticket, result.outbox_id, result.held_until, result.notice))
        self.reload()
