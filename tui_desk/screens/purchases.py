"""Purchases over all tickets: those with something left to do first. Enter opens one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import BROWSE, DETAILS
from tui_desk.actions.purchases import PURCHASES
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.purchases import ListPurchases, ShowPurchase
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.purchases import OPEN
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.purchase_actions import PurchaseActions, purchase_facts
from tui_desk.screens.purchase_words import describe_purchase, purchase_state, total_text
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

S = PurchaseState
FILTERS: dict[str, tuple[PurchaseState, ...]] = {
    "open": (),
    "draft": (S.DRAFT, S.REFUSED, S.APPROVED),
    "waiting": (S.WAITING,),
    "ordered": (S.ORDERED, S.PARTLY_RECEIVED, S.RECEIVED, S.INVOICED),
    "all": (),
}
LIMIT = 500


class PurchasesScreen(BrowseScreen[PurchaseView], PurchaseActions):
    """The list."""

    scopes = (PURCHASES, BROWSE, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.shown = "open"
        self.search_hint = _("title, article, supplier, order number, cost centre or ticket")
        self.crumb = _("Purchases")

    def above(self) -> Iterable[Widget]:
        titles = {
            "open": _("Open"),
            "draft": _("To request or order"),
            "waiting": _("Waiting"),
            "ordered": _("Ordered"),
            "all": _("All"),
        }
        yield SectionTabs(tuple(Section(name, titles[name]) for name in FILTERS), self.shown, id="filters")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("Number"), 6, align="right"),
            Column("state", _("State"), 16),
            Column("title", _("What"), 18, flex=4),
            Column("total", _("Total"), 14, align="right"),
            Column("supplier", _("Supplier"), 14, flex=1, priority=1),
            Column("order", _("Order"), 14, priority=3),
            Column("centre", _("Cost centre"), 11, priority=4),
            Column("ticket", _("Ticket"), 6, align="right", priority=2),
        )

    async def read(self) -> Sequence[PurchaseView]:
        states = FILTERS[self.shown]
        return await self.ask(
            ListPurchases(states, open=self.shown == "open", query=self.search_text, limit=LIMIT)
        )

    def row(self, item: PurchaseView) -> TableRow:
        state = purchase_state(item.state)
        over = item.state in (S.CLOSED, S.CANCELLED)
        cells = (
            Cell(item.name, "muted"),
            Cell(state.text, state.style),
            Cell(item.title, "muted" if over else ""),
            Cell(total_text(item), "warning" if item.warnings else ""),
            item.supplier,
            Cell(item.order_number, "muted"),
            Cell(item.cost_centre, "muted"),
            Cell(str(item.ticket), "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: PurchaseView) -> Content:
        return describe_purchase(item, self.host.options.clock())

    def empty_text(self) -> str:
        if self.search_text:
            return _("No purchase has these words. Esc shows all again.")
        sentences = {
            "open": _("Nothing is being bought. In a ticket, + asks for something, or N here."),
            "draft": _("Nothing is left to ask for or to order. N writes down something new."),
            "waiting": _("No purchase waits for a decision. a asks for one."),
            "ordered": _("Nothing is on its way. What is approved is ordered with O."),
            "all": _("No purchases yet. In a ticket, + asks for something to be bought, or N here."),
        }
        return sentences[self.shown]

    def item_facts(self, item: PurchaseView) -> set[str]:
        return purchase_facts(item) | {"ticket"}

    def concerns(self, change: Change) -> bool:
        return True

    # -- filters -----------------------------------------------------------------------------------------------------
    def _show(self, shown: str) -> None:
        self.shown = shown
        self.query_one(SectionTabs).show(shown)
        self.list_anew()

    def do_purchases_open(self, argument: str) -> None:
        self._show("open")

    def do_purchases_draft(self, argument: str) -> None:
        self._show("draft")

    def do_purchases_waiting(self, argument: str) -> None:
        self._show("waiting")

    def do_purchases_ordered(self, argument: str) -> None:
        self._show("ordered")

    def do_purchases_all(self, argument: str) -> None:
        self._show("all")

    def do_next_purchases(self, argument: str) -> None:
        names = list(FILTERS)
        self._show(names[(names.index(self.shown) + 1) % len(names)])

    def do_previous_purchases(self, argument: str) -> None:
        names = list(FILTERS)
        self._show(names[names.index(self.shown) - 1])

    # -- what actions are about --------------------------------------------------------------------------------------
    def _item(self) -> PurchaseView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def purchase_id(self) -> int:
        return self._item().id

    def ticket_number(self) -> int:
        return self._item().ticket

    def field_now(self, field: str) -> str:
        return ""

    def open_item(self, item: PurchaseView) -> None:
        self.do_open_purchase("")

    def do_open_ticket(self, argument: str) -> None:
        from tui_desk.screens.ticket import TicketScreen

        item = self._item()
        self.app.push_screen(TicketScreen(item.ticket, at=("purchase", item.id)))

    async def do_ask_purchase(self, argument: str) -> None:
        purchase_id = self.purchase_id()
        await super().do_ask_purchase(argument)
        await self._follow(purchase_id)

    async def do_cancel_purchase(self, argument: str) -> None:
        purchase_id = self.purchase_id()
        await super().do_cancel_purchase(argument)
        await self._follow(purchase_id)

    async def _follow(self, purchase_id: int) -> None:
        """Go on to the next one where this one leaves the filter by what one did."""
        state = (await self.ask(ShowPurchase(purchase_id))).state
        states = FILTERS[self.shown] or (tuple(OPEN) if self.shown == "open" else tuple(S))
        if state not in states:
            self.gone()

    async def do_new_purchase(self, argument: str) -> None:
        from tui_desk.screens.purchase_form import PurchaseFormScreen

        item = self.current()
        present = str(item.ticket) if item is not None else ""
        typed = argument or await self.prompt(_("A purchase on which ticket?"), present)
        if not typed or not typed.strip():
            return
        digits = typed.strip().lstrip("#")
        if not (digits.isascii() and digits.isdecimal()):
            raise UsageError(_("“{typed}” is not a ticket number.").format(typed=typed))
        ticket = await self.ask(ShowTicket(int(digits)))
        self.app.push_screen(PurchaseFormScreen(ticket.number, None))
