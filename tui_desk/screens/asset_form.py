"""One asset to write down or change. Amounts are exact, dates are ISO 8601.

Another subject adds fields of its own here: one reader in :data:`PARTS`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.desk import AssetView, SaveAsset, ShowAsset
from tui_desk.core.enums import AssetState
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words
from tui_desk.screens.asset_sections import Ask
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.forms import Field, FormScreen
from tui_desk.screens.mailbox_fields import date_problem
from tui_desk.widgets.choice_field import Option

_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,4})?", re.ASCII)
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


PARTS: tuple[Callable[[Ask], Awaitable[FormPart]], ...] = ()
"""What reads each part before the form is shown."""


async def open_form(screen: BaseScreen, asset_id: int | None) -> None:
    """Show the form over ``screen``. Raises DeskError."""
    parts = [await read(screen.ask) for read in PARTS]
    screen.app.push_screen(AssetFormScreen(asset_id, tuple(parts)))


class AssetFormScreen(FormScreen):
    """Writes down an asset (``asset_id`` None), or changes one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, asset_id: int | None, parts: tuple[FormPart, ...] = ()) -> None:
        self.asset_id = asset_id
        self.parts = parts
        super().__init__()
        self.crumb = f"{_('Assets')} › {_('new asset') if asset_id is None else ''}"
        self._version = 0

    def fields(self) -> tuple[Field, ...]:
        more = (field for part in self.parts for field in part.fields())
        return (*_identity(), *_place(), *_purchase(), *more, *_rest())

    async def initial(self) -> Mapping[str, str]:
        values, asset = {"state": AssetState.IN_STOCK.value, "currency": "EUR"}, None
        if self.asset_id is not None:
            asset = await self.ask(ShowAsset(self.asset_id))
            self._version = asset.version
            self.crumb = f"{_('Assets')} › {asset.tag}"
            self.show_title()
            values = asset_values(asset)
        for part in self.parts:
            values |= part.initial(asset)
        return values

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = asset_problems(values)
        for part in self.parts:
            found |= part.check(values)
        return found

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        return frozenset().union(*(part.hidden(values) for part in self.parts))

    async def submit(self, values: Mapping[str, str]) -> str | None:
        request = asset_of(values, self.asset_id, self._version)
        for part in self.parts:
            request = part.add(request, values)
        saved = await self.ask(request)
        return _("{tag} is saved.").format(tag=saved.tag)


def asset_values(asset: AssetView) -> dict[str, str]:
    """An asset as the text of the fields."""
    return {
        "tag": asset.tag,
        "name": asset.name,
        "type": asset.type,
        "serial": asset.serial,
        "state": asset.state.value,
        "owner": asset.owner,
        "location": asset.location,
        "supplier": asset.supplier,
        "cost": "" if asset.cost is None else f"{asset.cost:f}",
        "currency": asset.currency,
        "purchased_on": "" if asset.purchased_on is None else asset.purchased_on.isoformat(),
        "warranty_until": "" if asset.warranty_until is None else asset.warranty_until.isoformat(),
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
        owner=text["owner"],
        location=text["location"],
        state=AssetState(text["state"]),
        supplier=text["supplier"],
        cost=Decimal(text["cost"]) if text["cost"] else None,
        currency=text["currency"].upper(),
        purchased_on=date.fromisoformat(text["purchased_on"]) if text["purchased_on"] else None,
        warranty_until=date.fromisoformat(text["warranty_until"]) if text["warranty_until"] else None,
        notes=values["notes"].strip("\n"),
        version=version,
    )


def _identity() -> tuple[Field, ...]:
    return (
        Field(
            "tag",
            _("Tag"),
            help=_("What is written on its label; no two assets share one."),
            placeholder="IT-0042",
        ),
        Field("name", _("Name"), help=_("What it is."), placeholder=_("Laptop, 14 inch")),
        Field("type", _("Type"), help=_("A word for the kind of thing."), placeholder=_("laptop")),
        Field("serial", _("Serial"), help=_("The manufacturer's serial number.")),
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
