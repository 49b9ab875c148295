"""One contract to write down or change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.agreements import ContractView, SaveContract, ShowContract
from tui_desk.core.enums import ContractKind
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.licence_form import cost_problems, day_text, period_problems
from tui_desk.widgets.choice_field import Option

_DAYS = re.compile(r"\d{1,4}", re.ASCII)
_MOST_NOTICE = 3_650


class ContractFormScreen(FormScreen):
    """Writes down a contract (``contract_id`` None), or changes one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, contract_id: int | None) -> None:
        super().__init__()
        self.contract_id = contract_id
        self.crumb = f"{_('Contracts')} › {_('New contract') if contract_id is None else ''}"
        self._version = 0

    def fields(self) -> tuple[Field, ...]:
        return (*_identity(), *_time(), *_money())

    async def initial(self) -> Mapping[str, str]:
        if self.contract_id is None:
            return {"kind": ContractKind.MAINTENANCE.value, "renews": "no", "currency": "EUR"}
        contract = await self.ask(ShowContract(self.contract_id))
        self._version = contract.version
        self.crumb = f"{_('Contracts')} › {contract.name}"
        self.show_title()
        return contract_values(contract)

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return contract_problems(values)

    async def submit(self, values: Mapping[str, str]) -> str | None:
        saved = await self.ask(contract_of(values, self.contract_id, self._version))
        return _("{name} is saved.").format(name=saved.name)


def contract_values(contract: ContractView) -> dict[str, str]:
    """A contract as the text of the fields."""
    return {
        "name": contract.name,
        "kind": contract.kind.value,
        "number": contract.number,
        "supplier": contract.supplier,
        "starts_on": day_text(contract.starts_on),
        "ends_on": day_text(contract.ends_on),
        "notice_days": "" if contract.notice_days is None else str(contract.notice_days),
        "renews": "yes" if contract.renews else "no",
        "cost": "" if contract.cost is None else f"{contract.cost:f}",
        "currency": contract.currency,
        "notes": contract.notes,
    }


def contract_problems(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, a sentence by field."""
    text = {name: value.strip() for name, value in values.items()}
    found = {"name": "" if text["name"] else _("What people call it, such as “Printers, service”.")}
    notice = text["notice_days"]
    if notice and not (_DAYS.fullmatch(notice) and int(notice) <= _MOST_NOTICE):
        found["notice_days"] = _("A whole number of days, such as 90.")
    elif notice and not text["ends_on"]:
        found["notice_days"] = _("It counts from the end, and no end is named.")
    found |= cost_problems(text) | period_problems(text, "starts_on", "ends_on")
    return {name: problem for name, problem in found.items() if problem}


def contract_of(values: Mapping[str, str], contract_id: int | None, version: int) -> SaveContract:
    """The request that right values mean."""
    text = {name: value.strip() for name, value in values.items()}
    return SaveContract(
        id=contract_id,
        name=text["name"],
        kind=ContractKind(text["kind"]),
        number=text["number"],
        supplier=text["supplier"],
        starts_on=date.fromisoformat(text["starts_on"]) if text["starts_on"] else None,
        ends_on=date.fromisoformat(text["ends_on"]) if text["ends_on"] else None,
        notice_days=int(text["notice_days"]) if text["notice_days"] else None,
        renews=text["renews"] == "yes",
        cost=Decimal(text["cost"]) if text["cost"] else None,
        currency=text["currency"].upper(),
        notes=values["notes"].strip("\n"),
        version=version,
    )


def _identity() -> tuple[Field, ...]:
    return (
        Field("name", _("Name"), help=_("What people call it; no two contracts share a name.")),
        Field(
            "kind",
            _("Kind"),
            "choice",
            help=_("What it is about."),
            options=tuple(Option(kind.value, word(kind)) for kind in ContractKind),
        ),
        Field("number", _("Number"), help=_("The number that the supplier gave it.")),
        Field("supplier", _("Supplier"), help=_("With whom it is.")),
    )


def _time() -> tuple[Field, ...]:
    return (
        Field(
            "starts_on",
            _("From"),
            help=_("The first day of the present period, year-month-day."),
            placeholder="2026-01-01",
            width=12,
            heading=_("Time"),
        ),
        Field(
            "ends_on",
            _("Ends on"),
            help=_("Its last day, year-month-day; empty: it has no end."),
            placeholder="2026-12-31",
            width=12,
        ),
        Field(
            "notice_days",
            _("Notice, days"),
            help=_("How many days before its end it must be given notice of."),
            placeholder="90",
            width=6,
        ),
        Field(
            "renews",
            _("Renews by itself"),
            "choice",
            help=_("Whether it goes on unless notice is given."),
            options=(Option("yes", _("yes")), Option("no", _("no"))),
        ),
    )


def _money() -> tuple[Field, ...]:
    return (
        Field(
            "cost",
            _("Cost"),
            help=_("The exact amount for a period, with a point before the cents."),
            placeholder="1249.90",
            width=18,
            heading=_("Money"),
        ),
        Field("currency", _("Currency"), help=_("Three letters, such as EUR."), width=5),
        Field("notes", _("Notes"), "block", help=_("Anything else worth knowing."), lines=4),
    )
