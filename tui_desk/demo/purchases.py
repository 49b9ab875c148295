"""What the sample desk buys: one purchase on its way, one that waits for the owner's decision, one that is only written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tui_desk.contracts.approvals import DecideApproval, SaveChain, StepInput
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.purchases import (
    AskPurchase,
    LineInput,
    NewPurchase,
    OrderPurchase,
    SaveCostCentre,
    SaveSupplier,
    ShowPurchase,
)
from tui_desk.demo.texts import read

Do = Callable[[str, Request[Any], datetime], Any]
"""Carries out a request as the agent of that login, at that time."""
CURRENCY = "EUR"


def keep_purchases(do: Do, owner: str, now: datetime, ticket_about: Callable[[str], int]) -> None:
    """Write them all down; ``ticket_about`` finds the ticket whose subject begins so."""
    data = read("purchases.toml")
    begin = now - timedelta(hours=max(one["age"] for one in data["purchases"]) + 1)
    for supplier in data["suppliers"]:
        do(owner, SaveSupplier(None, **supplier), begin)
    for centre in data["cost_centres"]:
        centre["budget"] = Decimal(centre["budget"])
        do(owner, SaveCostCentre(None, **centre, currency=CURRENCY), begin)
    for chain in data["chains"]:
        steps = (StepInput((chain["approver"],)),)
        do(owner, SaveChain(chain["name"], steps, Decimal(chain["above"]), CURRENCY), begin)
    for values in data["purchases"]:
        at = now - timedelta(hours=values["age"])
        made = do(values["by"], _purchase(values, ticket_about(values["about"])), at)
        for minutes, step in enumerate(values["next"], start=1):
            _go_on(do, owner, values["by"], made.id, step, at + timedelta(minutes=15 * minutes))


def _purchase(values: dict[str, Any], number: int) -> NewPurchase:
    lines = tuple(LineInput(**{**one, "unit_cost": Decimal(one["unit_cost"])}) for one in values["lines"])
    return NewPurchase(
        number,
        values["title"],
        lines,
        supplier=values["supplier"],
        cost_centre="IT",
        notes=values.get("notes", ""),
    )


def _go_on(do: Do, owner: str, login: str, purchase: int, step: str, at: datetime) -> None:
    if step == "ask":
        do(login, AskPurchase(purchase), at)
    elif step == "yes":
        approval = do(owner, ShowPurchase(purchase), at).approval
        do(owner, DecideApproval(approval.id, True), at)
    else:
        do(login, OrderPurchase(purchase, ordered_on=at.astimezone().date()), at)
