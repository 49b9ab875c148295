"""Licences and contracts: two lists, one tab each, searched as one types, with the details of one beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar, Generic, TypeVar

from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import BROWSE, DETAILS
from tui_desk.actions.licences import AGREEMENTS, CONTRACTS, LICENCES
from tui_desk.contracts.agreements import ContractView, ListContracts
from tui_desk.contracts.licences import LicenceView, ListLicences
from tui_desk.core.enums import ContractKind, ExpiryState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.screens import desk_words, licence_words, words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.host import load_place
from tui_desk.screens.licence_actions import ContractActions, LicenceActions
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

LIMIT = 500
TABS = ("licences", "contracts")
Item = TypeVar("Item", LicenceView, ContractView)


class AgreementsScreen(BrowseScreen[Item], Generic[Item]):
    """What the two lists share: the tabs, and which part of the list is shown."""

    tab: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.show_retired = False
        self.wanting = False
        self._title()

    def _title(self) -> None:
        parts = [self.title_text()]
        if self.wanting:
            parts.append(_("what needs care"))
        if self.show_retired:
            parts.append(_("with retired ones"))
        self.crumb = " › ".join(parts)

    def title_text(self) -> str:
        """What the list is called."""
        return _("Licences") if self.tab == "licences" else _("Contracts")

    def above(self) -> Iterable[Widget]:
        titles = {"licences": _("Licences"), "contracts": _("Contracts")}
        yield SectionTabs(tuple(Section(name, titles[name]) for name in TABS), self.tab, id="tabs")

    def items_read(self) -> None:
        if len(self.items) >= LIMIT:
            self.say(_("The first {count} are shown; / finds the others.").format(count=LIMIT))

    def today(self) -> date:
        """The reader's date."""
        return self.host.options.clock().astimezone().date()

    def chosen(self) -> Item:
        """The item under the cursor. Raises UsageError."""
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def _anew(self, sentence: str) -> None:
        self._title()
        self.show_title()
        self.list_anew()
        self.say(sentence)

    def do_show_retired(self, argument: str) -> None:
        self.show_retired = not self.show_retired
        self._anew(_("Retired ones are shown.") if self.show_retired else _("Retired ones are hidden."))

    def do_show_wanting(self, argument: str) -> None:
        self.wanting = not self.wanting
        self._anew(_("Only what needs care is shown.") if self.wanting else _("All are shown."))

    def set_aside(self, retired: bool) -> None:
        if retired and not self.show_retired:
            self.gone()
        else:
            self.reload()

    def _go(self, tab: str) -> None:
        if tab != self.tab:
            self.app.switch_screen(load_place(tab)())

    def do_tab_licences(self, argument: str) -> None:
        self._go("licences")

    def do_tab_contracts(self, argument: str) -> None:
        self._go("contracts")

    def do_other_tab(self, argument: str) -> None:
        self._go("contracts" if self.tab == "licences" else "licences")


class LicencesScreen(AgreementsScreen[LicenceView], LicenceActions):
    """The licences."""

    scopes = (LICENCES, AGREEMENTS, BROWSE, DETAILS, LIST, GLOBAL)
    tab = "licences"

    def __init__(self) -> None:
        super().__init__()
        self.search_hint = _("name, product, supplier or notes")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("state", _("State"), _state_width()),
            Column("name", _("Name"), 16, flex=3),
            Column("use", _("Seats in use"), 20, flex=1),
            Column("expires", _("Expires"), 10),
            Column("product", _("Product"), 14, flex=2, priority=1),
            Column("supplier", _("Supplier"), 12, flex=1, priority=2),
            Column("cost", _("Cost"), 13, align="right", priority=3),
        )

    async def read(self) -> Sequence[LicenceView]:
        return await self.ask(ListLicences(self.search_text, self.show_retired, self.wanting, LIMIT))

    def row(self, item: LicenceView) -> TableRow:
        state, use = licence_words.expiry(item.expiry, retired=item.retired), licence_words.use(item)
        return TableRow(
            item.id,
            (
                Cell(state.text, state.style),
                Cell(item.name, "muted" if item.retired else "strong"),
                Cell(use.text, use.style),
                Cell(desk_words.day(item.expires_on), state.style),
                Cell(item.product, "muted"),
                Cell(item.supplier, "muted"),
                Cell(desk_words.money(item.cost, item.currency), "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: LicenceView) -> Content:
        return licence_words.describe_licence(item, self.today())

    def empty_text(self) -> str:
        if self.search_text:
            return _("No licence has these words. Esc shows all again, v shows retired ones too.")
        if self.wanting:
            return _("No licence needs care: none ends soon, none is used too much. w shows all again.")
        return _("No licences yet. N writes down the first: a name is enough. 2 shows the contracts.")

    def licence(self) -> LicenceView:
        return self.chosen()

    def open_item(self, item: LicenceView) -> None:
        from tui_desk.screens.licence import LicenceScreen

        self.app.push_screen(LicenceScreen(item.id))

    def do_new_licence(self, argument: str) -> None:
        from tui_desk.screens.licence_form import LicenceFormScreen

        self.app.push_screen(LicenceFormScreen(None))


class ContractsScreen(AgreementsScreen[ContractView], ContractActions):
    """The contracts."""

    scopes = (CONTRACTS, AGREEMENTS, BROWSE, DETAILS, LIST, GLOBAL)
    tab = "contracts"

    def __init__(self) -> None:
        super().__init__()
        self.search_hint = _("name, number, supplier or notes")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("state", _("State"), _state_width()),
            Column("name", _("Name"), 16, flex=3),
            Column("kind", _("Kind"), words.widest(word(kind) for kind in ContractKind)),
            Column("ends", _("Ends"), 10),
            Column("notice", _("Notice by"), 12, priority=1),
            Column("supplier", _("Supplier"), 12, flex=1, priority=2),
            Column("covers", _("Covers"), 10, priority=3),
            Column("number", _("Number"), 12, priority=4),
        )

    async def read(self) -> Sequence[ContractView]:
        return await self.ask(ListContracts(self.search_text, self.show_retired, self.wanting, limit=LIMIT))

    def row(self, item: ContractView) -> TableRow:
        state = licence_words.expiry(item.expiry, retired=item.retired)
        return TableRow(
            item.id,
            (
                Cell(state.text, state.style),
                Cell(item.name, "muted" if item.retired else "strong"),
                Cell(word(item.kind), "muted"),
                Cell(desk_words.day(item.ends_on), state.style),
                Cell(_notice(item), "warning" if item.notice_near else "muted"),
                Cell(item.supplier, "muted"),
                Cell(licence_words.covers(item.covered), "muted"),
                Cell(item.number, "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: ContractView) -> Content:
        return licence_words.describe_contract(item, self.today())

    def item_facts(self, item: ContractView) -> set[str]:
        return {"ends"} if item.ends_on is not None else set()

    def empty_text(self) -> str:
        if self.search_text:
            return _("No contract has these words. Esc shows all again, v shows retired ones too.")
        if self.wanting:
            return _("No contract needs care: none ends soon, none wants notice. w shows all again.")
        return _("No contracts yet. N writes down the first: a name is enough. 1 shows the licences.")

    def contract(self) -> ContractView:
        return self.chosen()

    def open_item(self, item: ContractView) -> None:
        from tui_desk.screens.contract import ContractScreen

        self.app.push_screen(ContractScreen(item.id))

    def do_new_contract(self, argument: str) -> None:
        from tui_desk.screens.contract_form import ContractFormScreen

        self.app.push_screen(ContractFormScreen(None))


def _notice(contract: ContractView) -> str:
    day = desk_words.day(contract.notice_by)
    return f"▲ {day}" if contract.notice_near else day


def _state_width() -> int:
    shown = [licence_words.expiry(state) for state in ExpiryState]
    return words.widest(one.text for one in (*shown, licence_words.retired_sign()))
