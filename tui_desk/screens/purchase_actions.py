"""What can be done with a purchase, from its own screen, from the list and from pane Work of its ticket alike."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.purchases import AskPurchase, CancelPurchase, ShowPurchase
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.enums import PurchaseState
from tui_desk.core.i18n import _
from tui_desk.rules.purchases import ASKABLE, CANCELLABLE, EDITABLE
from tui_desk.screens.delivery_actions import DeliveryActions, delivery_facts
from tui_desk.screens.undo_actions import taking_back


def purchase_facts(purchase: PurchaseView) -> set[str]:
    """What holds of a purchase."""
    state = purchase.state
    found = {"work_purchase", f"purchase_is_{state.value}"} | delivery_facts(purchase)
    if state in EDITABLE:
        found.add("purchase_editable")
    if state in ASKABLE:
        found.add("purchase_askable")
    if state is PurchaseState.APPROVED:
        found.add("purchase_approved")
    if state in CANCELLABLE:
        found.add("purchase_cancellable")
    return found


class PurchaseActions(DeliveryActions):
    """The handlers; :meth:`purchase_id` says which one is meant."""

    def tell_change(self, done: RowChanged) -> None:
        """Tell what was done, with what is to be known of it and the way back where there is one."""
        told = replace(done, sentence=" ".join((done.sentence, *done.warnings)))
        if done.event_ids:
            self.offer(taking_back(told, self.host.options.clock()))
        else:
            self.say(told.sentence, level="done")
        self.look_at({done.number})

    @abstractmethod
    def purchase_id(self) -> int:
        """The purchase an action applies to. Raises UsageError where there is none."""

    def do_open_purchase(self, argument: str) -> None:
        from tui_desk.screens.purchase import PurchaseScreen

        self.app.push_screen(PurchaseScreen(self.purchase_id()))

    def do_edit_purchase(self, argument: str) -> None:
        from tui_desk.screens.purchase_form import PurchaseFormScreen

        self.app.push_screen(PurchaseFormScreen(0, self.purchase_id()))

    async def do_ask_purchase(self, argument: str) -> None:
        purchase = await self.ask(ShowPurchase(self.purchase_id()))
        done = await self.ask(AskPurchase(purchase.id, argument.strip(), purchase.version))
        self.tell_change(done)

    def do_order_purchase(self, argument: str) -> None:
        from tui_desk.screens.order_form import OrderFormScreen

        self.app.push_screen(OrderFormScreen(self.purchase_id()))

    async def do_cancel_purchase(self, argument: str) -> None:
        purchase = await self.ask(ShowPurchase(self.purchase_id()))
        title = _("Cancel {name} “{title}”: why?").format(name=purchase.name, title=purchase.title)
        detail = ""
        if purchase.state is PurchaseState.ORDERED:
            detail = _("It is ordered: a mail that has left stays with the supplier.")
        reason: str | None = argument or await self.prompt(title, detail=detail)
        if reason and reason.strip():
            self.tell_change(await self.ask(CancelPurchase(purchase.id, reason, purchase.version)))
