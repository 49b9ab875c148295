"""Licences and contracts of the sample, with ends that are near on whichever day the demo is started."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tui_desk.contracts.agreements import CoverAsset, SaveContract
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.licences import AssignSeat, SaveLicence
from tui_desk.core.enums import ContractKind
from tui_desk.demo.texts import read

Do = Callable[[Request[Any]], Any]
"""Carries out a request as the owner of the desk."""


def keep_agreements(do: Do, now: datetime) -> None:
    """Write them all down; the people and assets they name are there."""
    data, today = read("agreements.toml"), now.astimezone().date()
    for values in data["licences"]:
        licence = do(_licence(values, today))
        for address in values["people"]:
            do(AssignSeat(licence.id, person=address))
        for tag in values["assets"]:
            do(AssignSeat(licence.id, asset=tag))
    for values in data["contracts"]:
        contract = do(_contract(values, today))
        for tag in values["assets"]:
            do(CoverAsset(contract.id, asset=tag))


def _licence(values: dict[str, Any], today: date) -> SaveLicence:
    return SaveLicence(
        None,
        values["name"],
        values["product"],
        values["supplier"],
        values["seats"],
        _day(values, "begun", today),
        _day(values, "ends", today),
        Decimal(values["cost"]),
        notes=values.get("notes", ""),
        key=values.get("key"),
    )


def _contract(values: dict[str, Any], today: date) -> SaveContract:
    return SaveContract(
        None,
        values["name"],
        ContractKind(values["kind"]),
        values["number"],
        values["supplier"],
        _day(values, "begun", today),
        _day(values, "ends", today),
        values.get("notice"),
        values.get("renews", False),
        Decimal(values["cost"]),
        notes=values.get("notes", ""),
    )


def _day(values: dict[str, Any], name: str, today: date) -> date | None:
    return today + timedelta(days=values[name]) if name in values else None
