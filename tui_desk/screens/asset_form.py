"""One asset to write down or change. Amounts are exact, dates are ISO 8601.

Another subject adds fields of its own here: one reader in :data:`PARTS`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from textual.suggester import SuggestFromList

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.assets import ListAssetTypes
from tui_desk.contracts.desk import AssetView, SaveAsset, ShowAsset
from tui_desk.core.enums import AssetState
from tui_desk.core.i18n import _
from tui_desk.rules.assets import may_follow, next_states
from tui_desk.rules.depreciation import LONGEST_MONTHS
from tui_desk.rules.money import amount_text
from tui_desk.screens import asset_own_fields, desk_words
from tui_desk.screens.asset_life import retirement_confirmed
from tui_desk.screens.asset_sections import Ask
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.field_problems import date_problem
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.choice_field import Option

_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,4})?", re.ASCII)
_MONTHS = re.compile(r"\d{1,3}", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)


class FormPart(Protocol):
    """Fields of another subject in the form, with ids of their own. All of it is saved by one request."""

    def fields(self) -> tuple[Field, ...]:
        """The fields, in order; the first has a heading."""

    def initial(self, asset: AssetView | None) -> Mapping[str, str]:
        """What they hold at first; ``asset`` None: a new one."""

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong, a sentence by field. ``values`` are those of the whole form."""

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        """Its fields that make no sense with these values, such as those of another type."""

    def add(self, request: SaveAsset, values: Mapping[str, str]) -> SaveAsset:
        """The request with what these fields hold."""


PARTS: tuple[Callable[[Ask], Awaitable[FormPart]], ...] = (asset_own_fields.read_part,)
"""What reads each part before the form is shown."""


async def open_form(screen: BaseScreen, asset_id: int | None) -> None:
    """Show the form over ``screen``. Raises DeskError."""
    parts = [await read(screen.ask) for read in PARTS]
    types = await screen.ask(ListAssetTypes())
    screen.app.push_screen(AssetFormScreen(asset_id, tuple(parts), tuple(one.name for one in types)))


class AssetFormScreen(FormScreen):
    """Writes down an asset (``asset_id`` None), or changes one."""

    scopes = (FORM, GLOBAL)

    def __init__(
        self, asset_id: int | None, parts: tuple[FormPart, ...] = (), types: tuple[str, ...] = ()
    ) -> None:
        self.asset_id = asset_id
        self.parts = parts
        self.types = types
        super().__init__()
        self.crumb = f"{_('Assets')} › {_('New asset') if asset_id is None else ''}"
        self._asset: AssetView | None = None

    def fields(self) -> tuple[Field, ...]:
        more = (field for part in self.parts for field in part.fields())
        return (*_identity(self.types), *_place(), *_purchase(), *more, *_rest())

    async def initial(self) -> Mapping[str, str]:
        values, asset = {"state": AssetState.IN_STOCK.value, "currency": "EUR"}, None
        if self.asset_id is not None:
            asset = self._asset = await self.ask(ShowAsset(self.asset_id))
            self.crumb = f"{_('Assets')} › {asset.tag}"
            self.show_title()
            values = asset_values(asset)
        for part in self.parts:
            values |= part.initial(asset)
        return values

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = asset_problems(values)
        if self._asset is not None and not may_follow(self._asset.state, AssetState(values["state"])):
            found["state"] = _("It is {state} and can become: {allowed}.").format(
                state=desk_words.asset_state(self._asset.state).word,
                allowed=", ".join(desk_words.asset_state(one).word for one in next_states(self._asset.state)),
            )
        for part in self.parts:
            found |= part.check(values)
        return found

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        return frozenset().union(*(part.hidden(values) for part in self.parts))

    async def submit(self, values: Mapping[str, str]) -> str | None:
        request = asset_of(values, self.asset_id, self._asset.version if self._asset is not None else 0)
        for part in self.parts:
            request = part.add(request, values)
        before = self._asset
        if before is not None and request.state is AssetState.RETIRED is not before.state:
            if not await retirement_confirmed(self, before):
                return None
            request = replace(request, anyway=True)
        saved = await self.ask(request)
        return " ".join([_("{tag} is saved.").format(tag=saved.tag), *saved.warnings])


def asset_values(asset: AssetView) -> dict[str, str]:
    """An asset as the text of the fields."""
    return {
        "tag": asset.tag,
        "name": asset.name,
        "type": asset.type,
        "serial": asset.serial,
        "hostname": asset.hostname,
        "state": asset.state.value,
        "owner": asset.owner,
        "location": asset.location,
        "supplier": asset.supplier,
        "cost": amount_text(asset.cost),
        "currency": asset.currency,
        "purchased_on": "" if asset.purchased_on is None else asset.purchased_on.isoformat(),
        "warranty_until": "" if asset.warranty_until is None else asset.warranty_until.isoformat(),
        "depreciation_months": "" if asset.depreciation_months is None else str(asset.depreciation_months),
        "notes": asset.notes,
    }


def asset_problems(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, a sentence by field."""
    text = {name: value.strip() for name, value in values.items()}
    found = {
        "tag": "" if text["tag"] else _("The tag on it, such as IT-0042."),
        "name": "" if text["name"] else _("What is it?"),
    }
    if text["cost"] and not _AMOUNT.fullmatch(text["cost"]):
        found["cost"] = _("A number with a point before the cents, such as 1249.90.")
    if text["cost"] and not _CURRENCY.fullmatch(text["currency"]):
        found["currency"] = _("Three letters, such as EUR.")
    months = text.get("depreciation_months", "")
    if months and not (_MONTHS.fullmatch(months) and int(months) <= LONGEST_MONTHS):
        found["depreciation_months"] = _("A whole number of months up to {most}, or nothing.").format(
            most=LONGEST_MONTHS
        )
    for name in ("purchased_on", "warranty_until"):
        if text[name]:
            found[name] = date_problem(text[name])
    if not found.get("purchased_on") and not found.get("warranty_until"):
        bought, until = text["purchased_on"], text["warranty_until"]
        if bought and until and until < bought:
            found["warranty_until"] = _("The warranty would end before it was bought.")
    return {name: problem for name, problem in found.items() if problem}


def asset_of(values: Mapping[str, str], asset_id: int | None, version: int) -> SaveAsset:
    """The request that right values mean."""
    text = {name: value.strip() for name, value in values.items()}
    return SaveAsset(
        id=asset_id,
        tag=text["tag"],
        name=text["name"],
        type=text["type"],
        serial=text["serial"],
        hostname=text["hostname"],
        owner=text["owner"],
        location=text["location"],
        state=AssetState(text["state"]),
        supplier=text["supplier"],
        cost=Decimal(text["cost"]) if text["cost"] else None,
        currency=text["currency"].upper(),
        purchased_on=date.fromisoformat(text["purchased_on"]) if text["purchased_on"] else None,
        warranty_until=date.fromisoformat(text["warranty_until"]) if text["warranty_until"] else None,
        depreciation_months=int(text["depreciation_months"]) if text["depreciation_months"] else None,
        notes=values["notes"].strip("\n"),
        version=version,
    )


def _identity(types: tuple[str, ...]) -> tuple[Field, ...]:
    kept = _("One of {types}, or another word; → completes.").format(types=", ".join(types[:8]))
    return (
        Field(
            "tag",
            _("Tag"),
            help=_("What is written on its label; no two assets share one."),
            placeholder="IT-0042",
        ),
        Field("name", _("Name"), help=_("What it is."), placeholder=_("Laptop, 14 inch")),
        Field(
            "type",
            _("Type"),
            help=kept if types else _("A word for the kind of thing."),
            placeholder=_("laptop"),
            suggester=SuggestFromList(types, case_sensitive=False),
        ),
        Field("serial", _("Serial"), help=_("The manufacturer's serial number.")),
        Field("hostname", _("Host name"), help=_("What it is called in the network."), placeholder="nb-0042"),
    )


def _place() -> tuple[Field, ...]:
    return (
        Field(
            "state",
            _("State"),
            "choice",
            help=_("Where it is in its life."),
            options=tuple(Option(state.value, desk_words.asset_state(state).word) for state in AssetState),
            heading=_("Where it is"),
        ),
        Field(
            "owner",
            _("Owner"),
            help=_("A person's address or exact name; an address nobody has yet makes the person."),
            placeholder="ana@example.org",
        ),
        Field("location", _("Location"), help=_("Building, room, shelf.")),
    )


def _purchase() -> tuple[Field, ...]:
    return (
        Field("supplier", _("Supplier"), help=_("Where it was bought."), heading=_("Purchase")),
        Field(
            "cost",
            _("Cost"),
            help=_("The exact amount, with a point before the cents."),
            placeholder="1249.90",
            width=18,
        ),
        Field("currency", _("Currency"), help=_("Three letters, such as EUR."), width=5),
        Field("purchased_on", _("Bought on"), help=_("Year-month-day."), placeholder="2026-01-31", width=12),
        Field(
            "warranty_until",
            _("Warranty until"),
            help=_("Year-month-day."),
            placeholder="2029-01-31",
            width=12,
        ),
        Field(
            "depreciation_months",
            _("Write-off months"),
            help=_("Over how many months its cost is written off. Empty: as its type says. 0: it is not."),
            width=5,
        ),
    )


def _rest() -> tuple[Field, ...]:
    return (
        Field(
            "notes",
            _("Notes"),
            "block",
            help=_("Anything else worth knowing."),
            heading=_("Notes"),
            lines=4,
        ),
    )
