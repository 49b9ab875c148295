"""The forms of Settings → Purchases: a supplier, a cost centre, an approval chain with its limit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.approvals import ChainView, SaveChain, StepInput
from tui_desk.contracts.purchases import (
    CostCentreView,
    ListCostCentres,
    SaveCostCentre,
    SaveSupplier,
    ShowPurchaseChoices,
    SupplierView,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.approval_steps import StepProblem, read_step, step_line
from tui_desk.rules.money import read_money, typed_text
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.choice_field import ChoiceField, Option


def _crumb(name: str) -> str:
    return f"{_('Settings')} › {_('Purchases')} › {name}"


class SupplierFormScreen(FormScreen):
    """Makes a supplier, or changes this one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, supplier: SupplierView | None) -> None:
        self.supplier = supplier
        super().__init__()
        self.crumb = _crumb(supplier.name if supplier else _("New supplier"))

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("name", _("Name"), help=_("As it stands on its invoices.")),
            Field("email", _("Address"), help=_("Where orders go by mail; may be empty.")),
            Field("phone", _("Phone"), help=_("A number to call.")),
            Field(
                "customer_number", _("Customer number"), help=_("Ours, with them; it stands in every order.")
            ),
            Field("notes", _("Notes"), "block", help=_("What colleagues should know."), lines=4),
        )

    async def initial(self) -> Mapping[str, str]:
        found = self.supplier
        if found is None:
            return {}
        return {name: getattr(found, name) for name in ("name", "email", "phone", "customer_number", "notes")}

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        address = values["email"].strip()
        found = {
            "name": "" if values["name"].strip() else _("A supplier needs a name."),
            "email": _("That is not a mail address.") if address and "@" not in address else "",
        }
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        found = self.supplier
        saved = await self.ask(
            SaveSupplier(
                found.id if found else None,
                values["name"].strip(),
                values["email"].strip(),
                values["phone"].strip(),
                values["customer_number"].strip(),
                values["notes"].strip("\n"),
                found.active if found else True,
                found.version if found else 0,
            )
        )
        return _("The supplier {name} is saved.").format(name=saved.name)


class _MoneyForm(FormScreen):
    """A form with an amount and its currency, checked while one types."""

    codes: frozenset[str] = frozenset()

    async def read_codes(self) -> None:
        """Ask the desk which currencies there are."""
        self.codes = frozenset(one.code for one in (await self.ask(ShowPurchaseChoices())).currencies)

    def money_problems(self, values: Mapping[str, str], field: str) -> dict[str, str]:
        """What is wrong with the amount in ``field`` and with the currency."""
        found = {}
        currency = values["currency"].strip().upper()
        if self.codes and currency not in self.codes:
            found["currency"] = _("That is not a currency; it is three letters such as EUR.")
        try:
            self.amount(values, field)
        except UsageError as error:
            found[field] = error.sentence
        return found

    def amount(self, values: Mapping[str, str], field: str) -> Decimal | None:
        """The amount that was typed; None for none. Raises UsageError."""
        if not values[field].strip():
            return None
        amount, typed = read_money(values[field])
        if amount < 0:
            raise UsageError(_("A negative amount is no limit."))
        if typed and typed != values["currency"].strip().upper():
            raise UsageError(_("The amount is in {typed}.").format(typed=typed))
        return amount


class CostCentreFormScreen(_MoneyForm):
    """Makes a cost centre, or changes this one. ``currency`` is the desk's."""

    scopes = (FORM, GLOBAL)

    def __init__(self, centre: CostCentreView | None, currency: str) -> None:
        self.centre, self._currency = centre, currency
        super().__init__()
        self.crumb = _crumb(centre.code if centre else _("New cost centre"))

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("code", _("Code"), help=_("As the accounts have it, such as IT-100."), width=20),
            Field("name", _("Name"), help=_("What people call it.")),
            Field(
                "budget",
                _("Budget"),
                help=_("What may be spent in a calendar year, such as 25.000,00. Empty: no limit."),
                width=24,
            ),
            Field("currency", _("Currency"), help=_("Three letters, such as EUR."), width=5),
        )

    async def initial(self) -> Mapping[str, str]:
        await self.read_codes()
        found = self.centre
        if found is None:
            return {"currency": self._currency}
        budget = "" if found.budget is None else typed_text(found.budget)
        return {"code": found.code, "name": found.name, "budget": budget, "currency": found.currency}

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = self.money_problems(values, "budget")
        if not values["code"].strip():
            found["code"] = _("A cost centre needs a code, such as IT-100.")
        return found

    async def submit(self, values: Mapping[str, str]) -> str | None:
        found = self.centre
        saved = await self.ask(
            SaveCostCentre(
                found.id if found else None,
                values["code"].strip(),
                values["name"].strip(),
                self.amount(values, "budget"),
                values["currency"].strip().upper(),
                found.active if found else True,
                found.version if found else 0,
            )
        )
        return _("The cost centre {code} is saved.").format(code=saved.code)


class ChainFormScreen(_MoneyForm):
    """Makes an approval chain, or changes this one: who decides, and above which amount."""

    scopes = (FORM, GLOBAL)

    def __init__(self, chain: ChainView | None, currency: str) -> None:
        self.chain, self._currency = chain, currency
        super().__init__()
        self.crumb = _crumb(chain.name if chain else _("New approval chain"))

    def fields(self) -> tuple[Field, ...]:
        name = (Field("name", _("Name"), help=_("What it is called, such as Board.")),)
        return (
            *(name if self.chain is None else ()),
            Field(
                "steps",
                _("Steps"),
                "block",
                help=_(
                    "A line for each step, in order: “boss@example.org”, “any: ana, ben: 3” (three days), “all: cfo@example.org, ben”."
                ),
                lines=4,
            ),
            Field(
                "above",
                _("Above"),
                help=_("It decides about totals above this amount; 0: about all. Empty: by hand only."),
                width=24,
            ),
            Field("currency", _("Currency"), help=_("Three letters, such as EUR."), width=5),
            Field(
                "cost_centre",
                _("Cost centre"),
                "choice",
                help=_("For purchases of that cost centre only; its chains come before the general ones."),
                options=(Option("", _("any")),),
            ),
        )

    async def initial(self) -> Mapping[str, str]:
        await self.read_codes()
        centres = await self.ask(ListCostCentres(inactive=True))
        control = self.control("cost_centre")
        assert isinstance(control, ChoiceField)
        control.set_options((Option("", _("any")), *(Option(one.code, one.code) for one in centres)))
        found = self.chain
        if found is None:
            return {"currency": self._currency, "cost_centre": "", "above": ""}
        return {
            "steps": "\n".join(step_line(one.mode, one.approvers, one.due_days) for one in found.steps),
            "above": "" if found.above is None else typed_text(found.above),
            "currency": found.currency or self._currency,
            "cost_centre": found.cost_centre,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = self.money_problems(values, "above")
        if "name" in values and not values["name"].strip():
            found["name"] = _("A chain needs a name.")
        lines = [line for line in values["steps"].splitlines() if line.strip()]
        if not lines:
            found["steps"] = _("Who decides? An address, a login or a name.")
        for line in lines:
            try:
                due_on = read_step(line)[3]
            except StepProblem:
                found["steps"] = _("“{line}” is no step: write it like “any: ana, ben: 3”.").format(line=line)
                break
            if due_on is not None:
                found["steps"] = _("A kept step is due after some days, not on a day.")
                break
        return found

    async def submit(self, values: Mapping[str, str]) -> str | None:
        steps = tuple(
            StepInput(names, mode, days)
            for mode, names, days, _day in map(
                read_step, (line for line in values["steps"].splitlines() if line.strip())
            )
        )
        above = self.amount(values, "above")
        saved = await self.ask(
            SaveChain(
                self.chain.name if self.chain else values["name"].strip(),
                steps,
                above,
                values["currency"].strip().upper() if above is not None else "",
                values["cost_centre"],
                self.chain.active if self.chain else True,
            )
        )
        return _("The chain {name} is saved.").format(name=saved.name)
