"""Approvals on the ticket screen: asked with ``+``, decided with ``D`` in pane Work."""

from __future__ import annotations

from tui_desk.contracts.approvals import ApprovalView
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.ticket_work import TicketWork


class TicketApprovals(TicketWork):
    """What approvals add to the ticket screen."""

    ticket: TicketView | None

    def approval(self) -> ApprovalView | None:
        """The approval under the cursor of pane Work."""
        item = self.work_item()
        if item is None or item.kind != "approval" or self.ticket is None:
            return None
        return next((one for one in self.ticket.approvals if one.id == item.id), None)

    def work_facts(self) -> set[str]:
        approval = self.approval()
        return super().work_facts() | ({"decidable"} if approval is not None and approval.for_me else set())

    def do_add_approval(self, argument: str) -> None:
        from tui_desk.screens.approval_form import ApprovalFormScreen

        self.app.push_screen(ApprovalFormScreen(self.ticket_number()))

    def do_open_approval(self, argument: str) -> None:
        from tui_desk.screens.approvals import ApprovalsScreen

        approval = self.approval()
        if approval is not None:
            self.app.push_screen(ApprovalsScreen(approval.ticket, approval.id))

    async def do_decide_approval(self, argument: str) -> None:
        from tui_desk.screens.approvals import decide

        approval = self.approval()
        if approval is None:
            raise UsageError(_("There is no approval under the cursor."))
        await decide(self, approval.id)
        self.reload()
