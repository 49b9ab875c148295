"""One licence to write down or change. Its key is typed without being shown, and never comes back into the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.licences import LicenceView, SaveLicence, ShowLicence
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.field_problems import date_problem
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen

AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,4})?", re.ASCII)
CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
_SEATS = re.compile(r"\d{1,6}", re.ASCII)
NO_KEY = "-"


class LicenceFormScreen(FormScreen):
    """Writes down a licence (``licence_id`` None), or changes one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, licence_id: int | None) -> None:
        super().__init__()
        self.licence_id = licence_id
        self.crumb = f"{_('Licences')} › {_('New licence') if licence_id is None else ''}"
        self._version = 0

    def fields(self) -> tuple[Field, ...]:
        return (*_identity(), *_terms())

    async def initial(self) -> Mapping[str, str]:
        if self.licence_id is None:
            return {"currency": "EUR"}
        licence = await self.ask(ShowLicence(self.licence_id))
        self._version = licence.version
        self.crumb = f"{_('Licences')} › {licence.name}"
        self.show_title()
        if licence.has_key:
            self.show_notes((_("A key is kept. An empty field leaves it; a single - removes it."),))
        return licence_values(licence)

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return licence_problems(values)

    async def submit(self, values: Mapping[str, str]) -> str | None:
        saved = await self.ask(licence_of(values, self.licence_id, self._version))
        if saved.over:
            told = ngettext(
                "{name} is saved: {over} seat more is in use than there are.",
                "{name} is saved: {over} seats more are in use than there are.",
                saved.over,
            )
            return told.format(name=saved.name, over=saved.over)
        return _("{name} is saved.").format(name=saved.name)


def licence_values(licence: LicenceView) -> dict[str, str]:
    """A licence as the text of the fields."""
    return {
        "name": licence.name,
        "product": licence.product,
        "supplier": licence.supplier,
        "seats": "" if licence.seats is None else str(licence.seats),
        "key": "",
        "starts_on": day_text(licence.starts_on),
        "expires_on": day_text(licence.expires_on),
        "cost": "" if licence.cost is None else f"{licence.cost:f}",
        "currency": licence.currency,
        "notes": licence.notes,
    }


def day_text(day: date | None) -> str:
    """A day as it is typed."""
    return "" if day is None else day.isoformat()


def licence_problems(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, a sentence by field."""
    text = {name: value.strip() for name, value in values.items()}
    found = {"name": "" if text["name"] else _("What people call it, such as “Drawing, yearly”.")}
    if text["seats"] and not _SEATS.fullmatch(text["seats"]):
        found["seats"] = _("A whole number, or nothing where there is no limit.")
    found |= cost_problems(text) | period_problems(text, "starts_on", "expires_on")
    return {name: problem for name, problem in found.items() if problem}


def cost_problems(text: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with ``cost`` and ``currency``."""
    found = {}
    if text["cost"] and not AMOUNT.fullmatch(text["cost"]):
        found["cost"] = _("A number with a point before the cents, such as 1249.90.")
    if not CURRENCY.fullmatch(text["currency"]):
        found["currency"] = _("Three letters, such as EUR.")
    return found


def period_problems(text: Mapping[str, str], first: str, last: str) -> dict[str, str]:
    """What is wrong with a first and a last day, either of which may be missing."""
    found = {name: date_problem(text[name]) for name in (first, last) if text[name]}
    if not any(found.values()) and text[first] and text[last] and text[last] < text[first]:
        found[last] = _("It would end before it begins.")
    return found


def licence_of(values: Mapping[str, str], licence_id: int | None, version: int) -> SaveLicence:
    """The request that right values mean."""
    text = {name: value.strip() for name, value in values.items()}
    key = None if not text["key"] else "" if text["key"] == NO_KEY else text["key"]
    return SaveLicence(
        id=licence_id,
        name=text["name"],
        product=text["product"],
        supplier=text["supplier"],
        seats=int(text["seats"]) if text["seats"] else None,
        starts_on=date.fromisoformat(text["starts_on"]) if text["starts_on"] else None,
        expires_on=date.fromisoformat(text["expires_on"]) if text["expires_on"] else None,
        cost=Decimal(text["cost"]) if text["cost"] else None,
        currency=text["currency"].upper(),
        notes=values["notes"].strip("\n"),
        version=version,
        key=key,
    )


def _identity() -> tuple[Field, ...]:
    return (
        Field("name", _("Name"), help=_("What people call it; no two licences share a name.")),
        Field("product", _("Product"), help=_("The program as its maker calls it.")),
        Field("supplier", _("Supplier"), help=_("Where it was bought.")),
        Field(
            "seats",
            _("Seats"),
            help=_("How many may use it at a time; empty: no limit."),
            placeholder=_("no limit"),
            width=12,
        ),
        Field(
            "key",
            _("Key"),
            "secret",
            help=_(
                "Kept encrypted, in no list, file or history. Empty leaves the present one, a single - removes it."
            ),
        ),
    )


def _terms() -> tuple[Field, ...]:
    return (
        Field(
            "starts_on",
            _("From"),
            help=_("Year-month-day."),
            placeholder="2026-01-01",
            width=12,
            heading=_("Time and money"),
        ),
        Field(
            "expires_on",
            _("Expires on"),
            help=_("Its last day, year-month-day; empty: it does not expire."),
            placeholder="2026-12-31",
            width=12,
        ),
        Field(
            "cost",
            _("Cost"),
            help=_("The exact amount, with a point before the cents."),
            placeholder="1249.90",
            width=18,
        ),
        Field("currency", _("Currency"), help=_("Three letters, such as EUR."), width=5),
        Field("notes", _("Notes"), "block", help=_("Anything else worth knowing."), lines=4),
    )
