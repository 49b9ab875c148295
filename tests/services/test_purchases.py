"""Purchases as they are written down: exact totals, what is refused, changes of lines, lists, and a merge of their tickets (both databases)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.services.buying import (
    LAPTOPS,
    MICE,
    asked,
    decide,
    purchase_rows,
    request,
    sentences,
    shop,
    show,
    verified,
)
from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.purchases import (
    AskPurchase,
    CancelPurchase,
    LineInput,
    ListPurchases,
    NewPurchase,
    SavePurchase,
)
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Conflict, DeskError, NotFound, UsageError
from tui_desk.models import Licence


def test_written_down_with_exact_totals(desk: Desk) -> None:
    shop(desk)
    made = request(desk, LAPTOPS, MICE, LineInput("Screw", 7, Decimal("0.0045")), notes="for the new office")
    assert (made.name, made.state, made.currency, made.digits) == ("P1", PurchaseState.DRAFT, "EUR", 2)
    assert [str(line.total) for line in made.lines] == ["2598.00", "59.70", "0.0315"]
    assert str(made.total) == "2657.7315"
    assert (made.lines[0].makes, made.lines[0].asset_type) == ("asset", "Laptop")
    assert (made.supplier, made.cost_centre, made.requested_by) == ("ACME", "IT", "Ana Díaz")
    assert made.requester == "otto@client.test"  # the ticket's, where nobody else is named
    told = sentences(desk, made.ticket)
    assert "Ana Díaz added the purchase “P1 Laptops”" in told
    assert sum("added the line of a purchase" in one for one in told) == 3
    assert desk.ask(ShowTicket(made.ticket)).purchases == (made,)
    verified(desk)


WRONG: list[tuple[dict[str, Any], type[DeskError], str]] = [
    ({"title": "  "}, UsageError, "needs a title"),
    ({"supplier": "Nobody"}, NotFound, "no supplier “Nobody”"),
    ({"cost_centre": "XX"}, NotFound, "no cost centre XX"),
    ({"currency": "EUX"}, UsageError, "“EUX” is not a currency"),
    ({"currency": "DEM"}, UsageError, "“DEM” is not a currency"),
    ({"currency": "USD"}, UsageError, "cost centre IT is in EUR, and the purchase in USD"),
    ({"requester": "Nobody Known"}, NotFound, "no one person"),
    ({"requester": "x@"}, UsageError, "x@"),
]


@pytest.mark.parametrize(("values", "error", "said"), WRONG)
def test_what_cannot_be_is_told_and_nothing_is_written(
    desk: Desk, values: dict[str, Any], error: type[DeskError], said: str
) -> None:
    shop(desk)
    with pytest.raises(error, match=said):
        request(desk, **values)
    assert purchase_rows(desk) == 0


WRONG_LINES: list[tuple[dict[str, Any], str]] = [
    ({"article": " "}, "What is bought"),
    ({"quantity": 0}, "A quantity is 1 to"),
    ({"quantity": -2}, "not -2"),
    ({"quantity": 10**7}, "A quantity is 1 to"),
    ({"unit_cost": Decimal("-0.01")}, "not negative"),
    ({"unit_cost": Decimal("0.00001")}, "not an amount"),
    ({"unit_cost": Decimal("1e13")}, "not an amount"),
    ({"unit_cost": Decimal("NaN")}, "not an amount"),
    ({"unit_cost": Decimal(10**12), "quantity": 100}, "total is too large"),
    ({"currency": "USD"}, "price is in USD and the purchase in EUR"),
    ({"makes": "coffee"}, "A receipt makes asset, seats"),
    ({"makes": "asset", "asset_type": ""}, "Of which type"),
    ({"makes": "seats"}, "Seats of which licence"),
    ({"makes": "seats", "licence": "Nothing"}, "no licence “Nothing”"),
    ({"id": 4711}, "no line 4711"),
]


@pytest.mark.parametrize(("values", "said"), WRONG_LINES)
def test_a_wrong_line_is_named_by_its_place(desk: Desk, values: dict[str, Any], said: str) -> None:
    shop(desk)
    made = request(desk)
    kept = tuple(replace(line, id=one.id) for line, one in zip((LAPTOPS, MICE), made.lines, strict=True))
    with pytest.raises(DeskError, match=said):
        desk.ask(SavePurchase(made.id, lines=(*kept, replace(MICE, **values))))
    assert show(desk, made.id) == made


def test_seats_of_a_licence_and_bars_in_names(desk: Desk) -> None:
    shop(desk)
    with desk.writing() as session:
        session.add(Licence(name="Office 365", created_at=desk.now, updated_at=desk.now))
    seats = LineInput("Seats | yearly", 10, Decimal("80.50"), makes="seats", licence="office 365")
    made = request(desk, seats)
    assert (made.lines[0].licence, made.lines[0].article) == ("Office 365", "Seats / yearly")


def test_lines_keep_their_ids_and_are_changed_in_order(desk: Desk) -> None:
    shop(desk)
    made = request(desk)
    laptop, mouse = made.lines
    dock = LineInput("Dock", 1, Decimal(120))
    done = desk.ask(
        SavePurchase(
            made.id,
            made.version,
            lines=(replace(MICE, id=mouse.id, quantity=4), dock, replace(LAPTOPS, id=laptop.id)),
        )
    )
    assert done.warnings == ()
    now = show(desk, made.id)
    assert [(line.id, line.article, line.quantity) for line in now.lines[::2]] == [
        (mouse.id, "Mouse", 4),
        (laptop.id, "Laptop 14", 2),
    ]
    assert now.version > made.version
    desk.ask(SavePurchase(made.id, lines=()))
    assert show(desk, made.id).lines == ()
    with pytest.raises(UsageError, match="has no lines yet"):
        desk.ask(AskPurchase(made.id))


def test_two_who_change_the_same_see_both(desk: Desk) -> None:
    shop(desk)
    made = request(desk)
    kept = tuple(replace(line, id=one.id) for line, one in zip((LAPTOPS, MICE), made.lines, strict=True))
    desk.ask(SavePurchase(made.id, made.version, title="Two laptops", lines=kept[:1]))
    with pytest.raises(Conflict, match="now “Two laptops”, yours “Three laptops”"):
        desk.ask(SavePurchase(made.id, made.version, title="Three laptops"), desk.ben)
    with pytest.raises(Conflict, match=r"now “2 × Laptop 14 \(1299.00\)”; yours “5 × Laptop 14"):
        desk.ask(SavePurchase(made.id, made.version, lines=(replace(kept[0], quantity=5), kept[1])), desk.ben)
    desk.ask(SavePurchase(made.id, made.version, notes="something else"), desk.ben)
    assert show(desk, made.id).title == "Two laptops"


def test_lists_over_all_tickets(desk: Desk) -> None:
    shop(desk)
    draft, waiting = request(desk, title="Chairs"), asked(desk)
    gone = request(desk, title="Yacht")
    desk.ask(CancelPurchase(gone.id, "no"))
    assert [one.id for one in desk.ask(ListPurchases())] == [waiting.id, draft.id, gone.id]
    assert [one.id for one in desk.ask(ListPurchases(open=True))] == [waiting.id, draft.id]
    assert [one.id for one in desk.ask(ListPurchases((PurchaseState.WAITING, PurchaseState.CANCELLED)))] == [
        waiting.id,
        gone.id,
    ]
    for words, found in (
        ("chairs", [draft.id]),
        ("acme yacht", [gone.id]),
        ("mouse l-14", [waiting.id, draft.id, gone.id]),
        ("computers", [waiting.id, draft.id, gone.id]),
        ("nothing", []),
    ):
        assert [one.id for one in desk.ask(ListPurchases(query=words))] == found
    assert [one.id for one in desk.ask(ListPurchases(ticket=draft.ticket))] == [draft.id]
    assert len(desk.ask(ListPurchases(supplier="acme", cost_centre="it"))) == 3
    with pytest.raises(NotFound):
        desk.ask(ListPurchases(supplier="Nobody"))


def test_they_go_along_with_a_merge(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    other = ticket(desk)
    desk.ask(MergeTickets(other, (made.ticket,)))
    assert show(desk, made.id).ticket == other
    with pytest.raises(DeskError, match="was merged into"):
        desk.ask(NewPurchase(made.ticket, "x"))
    assert decide(desk, made).state is PurchaseState.APPROVED
    verified(desk)
