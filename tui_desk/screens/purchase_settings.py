"""Settings → Purchases: who sells, who pays, who decides from which amount on, and how orders are numbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.administration import SETTINGS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.purchases import PURCHASE_SETTINGS
from tui_desk.contracts.approvals import ChainView, ListChains, SaveChain
from tui_desk.contracts.purchases import (
    CostCentreView,
    ListCostCentres,
    ListSuppliers,
    PurchaseSettings,
    SaveCostCentre,
    SavePurchaseSettings,
    SaveSupplier,
    ShowPurchaseSettings,
    SupplierView,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.rules.approval_steps import step_line
from tui_desk.rules.money import amount_text
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, hung, labelled, sentence
from tui_desk.screens.purchase_words import budget_text
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


@dataclass(frozen=True, slots=True)
class Setting:
    """A line: a supplier, a cost centre or an approval chain."""

    kind: str
    view: SupplierView | CostCentreView | ChainView

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.view.id}"

    @property
    def name(self) -> str:
        return self.view.code if isinstance(self.view, CostCentreView) else self.view.name


class PurchaseSettingsScreen(SettingsSection, BrowseScreen[Setting]):
    """The list, below what holds for all purchases."""

    scopes = (PURCHASE_SETTINGS, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "purchase_settings"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Purchases')}"
        self._settings: PurchaseSettings | None = None

    def above(self) -> Iterable[Widget]:
        yield from super().above()
        settings = Static("", id="purchase-settings", markup=False)
        settings.styles.padding = (0, 1)
        yield settings

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("kind", _("Kind"), 15),
            Column("name", _("Name"), 20, flex=2),
            Column("told", _("Details"), 24, flex=2),
            Column("active", _("Active"), 6),
        )

    async def read(self) -> Sequence[Setting]:
        self._show_settings(await self.ask(ShowPurchaseSettings()))
        suppliers = await self.ask(ListSuppliers(inactive=True))
        centres = await self.ask(ListCostCentres(inactive=True))
        chains = await self.ask(ListChains(include_inactive=True))
        return (
            *(Setting("supplier", one) for one in suppliers),
            *(Setting("centre", one) for one in centres),
            *(Setting("chain", one) for one in chains),
        )

    def _show_settings(self, settings: PurchaseSettings) -> None:
        self._settings = settings
        facts = (
            Fact(_("Orders are numbered"), settings.order_numbers),
            Fact(_("Currency"), settings.currency),
        )
        self.query_one("#purchase-settings", Static).update(hung(labelled(facts)))

    def row(self, item: Setting) -> TableRow:
        kinds = {"supplier": _("supplier"), "centre": _("cost centre"), "chain": _("approval chain")}
        active = item.view.active
        cells = (
            Cell(kinds[item.kind], "muted"),
            Cell(item.name, "strong" if active else "muted"),
            Cell(_told(item), "muted"),
            Cell(_("yes") if active else _("no"), "" if active else "muted"),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: Setting) -> Content:
        aside = "" if item.view.active else _("Set aside: it is offered no more; what names it stays.")
        return blocks(_describe(item.view), sentence(aside, "$muted"))

    def empty_text(self) -> str:
        return _("No suppliers and no cost centres yet. N adds who sells, C who pays, L who decides.")

    # -- what can be done --------------------------------------------------------------------------------------------
    def _item(self) -> Setting:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def open_item(self, item: Setting) -> None:
        if "supervisor" in self.facts():
            self.do_edit_setting("")

    def do_new_supplier(self, argument: str) -> None:
        self._form("supplier", None)

    def do_new_cost_centre(self, argument: str) -> None:
        self._form("centre", None)

    def do_new_chain(self, argument: str) -> None:
        self._form("chain", None)

    def do_edit_setting(self, argument: str) -> None:
        item = self._item()
        self._form(item.kind, item.view)

    def _form(self, kind: str, view: SupplierView | CostCentreView | ChainView | None) -> None:
        from tui_desk.screens import purchase_settings_forms as forms

        currency = self._settings.currency if self._settings is not None else "EUR"
        if isinstance(view, SupplierView) or kind == "supplier":
            self.app.push_screen(forms.SupplierFormScreen(view if isinstance(view, SupplierView) else None))
        elif isinstance(view, CostCentreView) or kind == "centre":
            centre = view if isinstance(view, CostCentreView) else None
            self.app.push_screen(forms.CostCentreFormScreen(centre, currency))
        else:
            chain = view if isinstance(view, ChainView) else None
            self.app.push_screen(forms.ChainFormScreen(chain, currency))

    async def do_set_aside_setting(self, argument: str) -> None:
        item = self._item()
        view = item.view
        if isinstance(view, SupplierView):
            await self.ask(
                SaveSupplier(
                    view.id,
                    view.name,
                    view.email,
                    view.phone,
                    view.customer_number,
                    view.notes,
                    not view.active,
                    view.version,
                )
            )
        elif isinstance(view, CostCentreView):
            await self.ask(
                SaveCostCentre(
                    view.id, view.code, view.name, view.budget, view.currency, not view.active, view.version
                )
            )
        else:
            await self.ask(
                SaveChain(view.name, view.steps, view.above, view.currency, view.cost_centre, not view.active)
            )
        told = _("{name} is set aside.") if view.active else _("{name} is offered again.")
        self.say(told.format(name=item.name), level="done")
        self.reload()

    async def do_order_numbers(self, argument: str) -> None:
        present = self._settings.order_numbers if self._settings is not None else ""
        detail = _(
            "{number} stands for the next free number, {year} for the year of the order: PO-{year}-{number}."
        )
        typed: str | None = argument or await self.prompt(_("Numbers of orders"), present, detail)
        if typed is not None:
            self._show_settings(await self.ask(SavePurchaseSettings(order_numbers=typed)))
            self.say(_("Saved."), level="done")

    async def do_purchase_currency(self, argument: str) -> None:
        present = self._settings.currency if self._settings is not None else ""
        detail = _("Three letters, such as EUR.")
        typed: str | None = argument or await self.prompt(_("Currency of new purchases"), present, detail)
        if typed is not None:
            self._show_settings(await self.ask(SavePurchaseSettings(currency=typed)))
            self.say(_("Saved."), level="done")


def _told(item: Setting) -> str:
    view = item.view
    if isinstance(view, SupplierView):
        return view.email or _("no address: orders are not mailed")
    if isinstance(view, CostCentreView):
        return budget_text(view.use)
    return limit_text(view)


def limit_text(chain: ChainView) -> str:
    """From which amount on a chain decides."""
    if chain.above is None:
        return _("by hand only")
    above = _("above {amount}").format(amount=amount_text(chain.above, chain.currency))
    return f"{above}, {chain.cost_centre}" if chain.cost_centre else above


def _describe(view: SupplierView | CostCentreView | ChainView) -> Content:
    if isinstance(view, SupplierView):
        count = ngettext("{count} purchase", "{count} purchases", view.purchases)
        facts = (
            Fact(_("Orders go to"), view.email),
            Fact(_("Phone"), view.phone),
            Fact(_("Our customer number"), view.customer_number),
        )
        return blocks(
            heading(view.name, count.format(count=view.purchases)), labelled(facts), sentence(view.notes)
        )
    if isinstance(view, CostCentreView):
        used = (Fact(_("Budget"), budget_text(view.use)), Fact(_("Currency"), view.currency))
        return blocks(heading(view.code, view.name), labelled(used))
    steps = "\n".join(
        f"{place}. {step_line(step.mode, step.approvers, step.due_days)}"
        for place, step in enumerate(view.steps, start=1)
    )
    return blocks(heading(view.name, limit_text(view)), sentence(steps))
