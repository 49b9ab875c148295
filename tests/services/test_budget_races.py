"""Purchases that are approved at the same moment do not spend a budget twice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

from tests.services.buying import TOTAL, asked, decide, request, shop, show
from tests.services.desk import Desk
from tests.services.test_approvals import sentences
from tui_desk.contracts.approvals import DecideApproval, SaveChain, StepInput
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.purchases import AskPurchase, LineInput, SaveCostCentre
from tui_desk.core.enums import PurchaseState
from tui_desk.services.actor import Actor
from tui_desk.services.dispatch import run

STAND = LineInput("Stand", 1, Decimal(90))


def at_once(desk: Desk, actor: Actor, requests: Sequence[Request[Any]]) -> None:
    """Each asked by a terminal of its own, all of them at the same moment."""
    together = Barrier(len(requests))
    failed: list[BaseException] = []

    def ask(one: Request[Any]) -> None:
        together.wait()
        try:
            run(desk.database, actor, one)
        except BaseException as error:  # noqa: BLE001 - raised below, in the test's own thread
            failed.append(error)

    threads = [Thread(target=ask, args=(one,)) for one in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def test_what_needs_no_decision_is_not_free_twice(desk: Desk) -> None:
    shop(desk)
    for turn in range(8):
        desk.ask(SaveCostCentre(None, f"IT{turn}", "Computers", Decimal(100), "EUR"), desk.root)
        made = [request(desk, STAND, cost_centre=f"IT{turn}") for _ in range(4)]
        at_once(desk, desk.ana, [AskPurchase(one.id) for one in made])
        states = sorted(show(desk, one.id).state.value for one in made)
        assert states == ["approved", "waiting", "waiting", "waiting"]


def test_of_two_decisions_at_once_the_later_one_is_not_theirs_any_more(desk: Desk) -> None:
    shop(desk, budget=TOTAL)
    made = [asked(desk) for _ in range(2)]
    approvals = [one.approval for one in made if one.approval is not None]
    at_once(desk, desk.actors["sue"], [DecideApproval(one.id, True) for one in approvals])
    after = {show(desk, one.id).state: show(desk, one.id) for one in made}
    assert set(after) == {PurchaseState.APPROVED, PurchaseState.DRAFT}
    back = after[PurchaseState.DRAFT]
    assert "Over the budget" in back.warnings[0]
    assert any("the budget was used up meanwhile" in one for one in sentences(desk, back.ticket))


def test_who_decides_about_what_goes_over_the_budget_has_decided(desk: Desk) -> None:
    shop(desk, budget=TOTAL, limits=False)
    desk.ask(SaveChain("All", (StepInput(("sue",)),), Decimal(100), "EUR"), desk.root)
    made = [asked(desk) for _ in range(2)]
    assert [decide(desk, one).state for one in made] == [PurchaseState.APPROVED] * 2
