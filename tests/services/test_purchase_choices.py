"""What a purchase is made of: suppliers, cost centres and the settings, kept by supervisors (both databases)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.services.buying import request, shop, verified
from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.history import SETTINGS, ListEvents
from tui_desk.contracts.purchases import (
    ListCostCentres,
    ListSuppliers,
    NewPurchase,
    SaveCostCentre,
    SavePurchaseSettings,
    SaveSupplier,
    ShowCostCentre,
    ShowPurchaseChoices,
    ShowPurchaseSettings,
    ShowSupplier,
)
from tui_desk.contracts.tickets import UndoDeed
from tui_desk.core.errors import Conflict, DeskError, Refused, UsageError


def test_suppliers_are_kept_by_supervisors(desk: Desk) -> None:
    saved = desk.ask(
        SaveSupplier(None, " ACME ", "Orders <orders@acme.test>", notes="ask for Eve"), desk.root
    )
    assert (saved.name, saved.email) == ("ACME", "orders@acme.test")
    with pytest.raises(Refused, match="a supplier “ACME” already"):
        desk.ask(SaveSupplier(None, "acme"), desk.root)
    with pytest.raises(UsageError):
        desk.ask(SaveSupplier(None, "Other", "no address"), desk.root)
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SaveSupplier(None, "Other"))
    add_mailbox(desk)
    with pytest.raises(Refused, match="address of this desk"):
        desk.ask(SaveSupplier(None, "Other", "help@desk.test"), desk.root)
    desk.ask(SaveSupplier(saved.id, "ACME Ltd", version=saved.version), desk.actors["sue"])
    with pytest.raises(Conflict, match="now “ACME Ltd”, yours “ACME Inc”"):
        desk.ask(SaveSupplier(saved.id, "ACME Inc", version=saved.version), desk.root)
    desk.ask(SaveSupplier(saved.id, "ACME Ltd", active=False), desk.root)
    assert desk.ask(ListSuppliers()) == ()
    assert [one.name for one in desk.ask(ListSuppliers(inactive=True))] == ["ACME Ltd"]
    assert not desk.ask(ShowSupplier("acme ltd")).active
    with pytest.raises(Refused, match="set aside"):
        desk.ask(NewPurchase(ticket(desk), "x", supplier="ACME Ltd"))
    verified(desk)


def test_cost_centres_are_kept_by_supervisors(desk: Desk) -> None:
    saved = desk.ask(SaveCostCentre(None, "IT", budget=Decimal("25000.00")), desk.root)
    assert str(saved.use.left) == "25000.00"
    for wrong, said in (
        (SaveCostCentre(None, "it"), "IT already"),
        (SaveCostCentre(None, ""), "needs a code"),
        (SaveCostCentre(None, "X", budget=Decimal(-1)), "not negative"),
        (SaveCostCentre(None, "X", currency="XXX"), "not a currency"),
        (SaveCostCentre(4711, "X"), "4711"),
    ):
        with pytest.raises(DeskError, match=said):
            desk.ask(wrong, desk.root)
    desk.ask(SaveCostCentre(saved.id, "IT", currency="CHF"), desk.root)  # nothing uses it yet
    desk.ask(NewPurchase(ticket(desk), "x", cost_centre="it"))
    with pytest.raises(Refused, match="purchases or approval chains of it are"):
        desk.ask(SaveCostCentre(saved.id, "IT", currency="EUR"), desk.root)
    assert [one.code for one in desk.ask(ListCostCentres())] == ["IT"]
    verified(desk)


def test_settings_and_choices(desk: Desk) -> None:
    shop(desk)
    assert desk.ask(ShowPurchaseSettings()).order_numbers == "PO-{year}-{number}"
    with pytest.raises(UsageError, match="no scheme"):
        desk.ask(SavePurchaseSettings("PO"), desk.root)
    with pytest.raises(UsageError, match="not a currency"):
        desk.ask(SavePurchaseSettings(currency="x"), desk.root)
    saved = desk.ask(SavePurchaseSettings("B-{number}", "chf"), desk.actors["sue"])
    assert (saved.order_numbers, saved.currency) == ("B-{number}", "CHF")
    event = desk.ask(ListEvents(SETTINGS)).events[0]
    desk.ask(UndoDeed(event.id), desk.root)
    assert desk.ask(ShowPurchaseSettings()).order_numbers == "PO-{year}-{number}"
    desk.ask(SavePurchaseSettings("B-{number}", "chf"), desk.root)
    choices = desk.ask(ShowPurchaseChoices())
    assert choices.settings == saved
    assert ([one.name for one in choices.suppliers], [one.code for one in choices.cost_centres]) == (
        ["ACME"],
        ["IT"],
    )
    digits = {one.code: one.digits for one in choices.currencies}
    assert (digits["EUR"], digits["JPY"], digits["KWD"]) == (2, 0, 3)
    assert "DEM" not in digits
    assert request(desk, cost_centre="").currency == "CHF"
    desk.now += timedelta(days=365)
    assert desk.ask(ShowCostCentre("IT")).use.year == 2027
