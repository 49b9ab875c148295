"""Invoices: written down once, checked against order and receipt, accepted with a reason, paid; the purchase follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.services.bought import Bought, buy
from tests.services.desk import Desk
from tui_desk.contracts.invoices import (
    DecideInvoice,
    InvoiceChanged,
    InvoiceLineInput,
    InvoiceView,
    ListInvoices,
    SaveInvoice,
    ShowInvoice,
)
from tui_desk.contracts.receipts import ReceiveGoods
from tui_desk.contracts.tickets import ShowTicket, UndoDeed
from tui_desk.core.enums import InvoiceState, PurchaseState
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, UsageError
from tui_desk.rules.purchases import TRANSITIONS, may_follow
from tui_desk.services import audit

ACCEPTED, REFUSED, PAID, OPEN = (
    InvoiceState.ACCEPTED,
    InvoiceState.REFUSED,
    InvoiceState.PAID,
    InvoiceState.OPEN,
)


def decide(desk: Desk, invoice: int, state: InvoiceState, reason: str = "") -> InvoiceChanged:
    return desk.ask(DecideInvoice(invoice, state, reason))


def received(desk: Desk) -> Bought:
    bought = buy(desk)
    desk.ask(ReceiveGoods(bought.id, bought.all_of_it()))
    return bought


def test_from_the_receipt_to_the_end(desk: Desk) -> None:
    bought = received(desk)
    invoice = bought.invoice("RE-2026-17", due_on=date(2026, 3, 31))
    assert (invoice.total, invoice.expected, invoice.state) == (Decimal("4789.70"), Decimal("4789.70"), OPEN)
    assert [(row.ordered, row.received, row.invoiced, row.differences) for row in invoice.check] == [
        (3, 3, 3, ()),
        (10, 10, 10, ()),
        (1, 1, 1, ()),
    ]
    assert bought.now().state == "invoiced"
    with pytest.raises(Refused, match="is open and cannot become paid"):
        decide(desk, invoice.id, PAID)
    accepted = decide(desk, invoice.id, ACCEPTED)
    assert accepted.sentence == "P1 · invoice RE-2026-17, 4789.70 EUR: accepted"
    paid = decide(desk, invoice.id, PAID)
    assert bought.now().state == "closed"
    told = [event.sentence for event in desk.ask(ShowTicket(bought.ticket)).events]
    assert any("set the invoice “RE-2026-17”: state from accepted to paid" in sentence for sentence in told)
    desk.ask(UndoDeed(paid.event_ids[0]))
    assert bought.now().state == "invoiced"
    assert desk.ask(ShowInvoice(invoice.id)).state is ACCEPTED
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_differences_are_shown_and_accepted_with_a_reason_only(desk: Desk) -> None:
    bought = buy(desk)
    desk.ask(ReceiveGoods(bought.id, bought.all_of_it()[1:]))
    invoice = bought.invoice(
        "A-1",
        InvoiceLineInput(bought.laptops, 4, Decimal("1310")),
        InvoiceLineInput(bought.seats, 10, Decimal(49)),
        InvoiceLineInput(None, 1, Decimal("19.90"), "Freight"),
    )
    laptops, seats, freight = invoice.check
    assert laptops.differences == ("not_received", "over_ordered", "price")
    assert laptops.told == ("1 more than ordered", "4 not received", "1310.00 each instead of 1299.90")
    assert (laptops.difference, seats.differences) == (Decimal(5240), ())
    assert (freight.number, freight.text, freight.told) == (0, "Freight", ("not ordered, 19.90 EUR",))
    with pytest.raises(UsageError, match="ThinkPad T14: 1 more than ordered, 4 not received") as told:
        decide(desk, invoice.id, ACCEPTED)
    assert "Accept it with a reason" in str(told.value)
    done = decide(desk, invoice.id, ACCEPTED, "The fourth replaces a broken one.")
    assert done.warnings[0].startswith("ThinkPad T14: 1 more")
    assert done.invoice is not None
    assert done.invoice.note == "Accepted: The fourth replaces a broken one."
    assert bought.now().state == "partly_received"


def test_two_invoices_ask_for_the_same_pieces(desk: Desk) -> None:
    bought = received(desk)
    line = InvoiceLineInput(bought.laptops, 2, Decimal("1299.90"))
    first, second = bought.invoice("A-1", line), bought.invoice("A-2", line)
    assert [one.check[0].differences for one in bought.now().invoices] == [
        (),
        ("not_received", "over_ordered"),
    ]
    assert second.check[0].invoiced_before == 2
    decide(desk, second.id, REFUSED, "Billed twice.")
    third = bought.invoice("A-3", replace(line, quantity=1))
    assert (third.check[0].invoiced_before, third.check[0].differences) == (2, ())
    assert desk.ask(ShowInvoice(first.id)).check[0].differences == ()
    whole = bought.now().check[0]
    assert (whole.ordered, whole.received, whole.invoiced, whole.differences) == (3, 3, 3, ())


def test_what_is_accepted_counts_before_what_is_open(desk: Desk) -> None:
    bought = received(desk)
    line = InvoiceLineInput(bought.laptops, 3, Decimal("1299.90"))
    first, second = bought.invoice("A-1", line), bought.invoice("A-2", line)
    decide(desk, second.id, ACCEPTED, "The first one is wrong.")
    assert desk.ask(ShowInvoice(first.id)).check[0].differences == ("not_received", "over_ordered")
    with pytest.raises(UsageError, match="3 more than ordered"):
        decide(desk, first.id, ACCEPTED)


def test_what_is_wrong_is_told_and_nothing_is_written(desk: Desk) -> None:
    bought = received(desk)
    good = SaveInvoice(
        None, bought.id, "A-1", date(2026, 3, 1), (InvoiceLineInput(bought.laptops, 3, Decimal("1299.90")),)
    )
    line = good.lines[0]
    wrong: list[tuple[SaveInvoice, type[DeskError], str]] = [
        (replace(good, number="  "), UsageError, "has a number"),
        (replace(good, currency="USD"), Refused, "The invoice is in USD, but P1 was ordered in EUR"),
        (replace(good, currency="XXQ"), UsageError, "not a currency"),
        (replace(good, invoiced_on=date(2027, 3, 1)), UsageError, "cannot be the day"),
        (replace(good, due_on=date(2026, 2, 1)), UsageError, "cannot be due on 2026-02-01"),
        (replace(good, lines=()), UsageError, "at least one line"),
        (replace(good, lines=(replace(line, quantity=-1),)), UsageError, "“-1” pieces"),
        (replace(good, lines=(replace(line, line_id=4711),)), NotFound, "no line 4711"),
        (replace(good, lines=(InvoiceLineInput(None, 1, Decimal(5)),)), UsageError, "Say what is invoiced"),
        (replace(good, lines=(replace(line, unit_cost=Decimal("0.00001")),)), UsageError, "not an amount"),
        (replace(good, lines=(replace(line, unit_cost=Decimal("NaN")),)), UsageError, "not an amount"),
        (replace(good, lines=(replace(line, unit_cost=Decimal(-1)),)), UsageError, "a line of its own"),
        (
            replace(good, lines=(InvoiceLineInput(None, 1, Decimal(-5), "Discount"),)),
            UsageError,
            "give some back",
        ),
        (replace(good, purchase_id=99), NotFound, "no purchase P99"),
    ]
    for request, error, sentence in wrong:
        with pytest.raises(error, match=sentence):
            desk.ask(request)
    with pytest.raises(Refused, match="change nothing"):
        desk.ask(good, desk.rita)
    assert bought.now().invoices == ()
    assert desk.ask(ListInvoices(everything=True)) == ()


def test_the_same_invoice_twice_names_the_first(desk: Desk) -> None:
    bought = received(desk)
    bought.invoice("Re-17")
    with pytest.raises(
        Refused, match=r"The invoice Re-17 of Dell is there already: P1 “Laptops”, 4789.70 EUR, open"
    ):
        bought.invoice("RE-17 ")
    other = buy(desk, supplier="HP")
    assert other.invoice("RE-17").number == "RE-17"
    assert len(bought.now().invoices) == 1


@pytest.mark.parametrize("state", ["draft", "approved", "closed", "cancelled"])
def test_only_of_an_order(desk: Desk, state: str) -> None:
    bought = buy(desk, state=state)
    with pytest.raises(Refused, match="no invoice of it"):
        bought.invoice()


def test_an_open_one_is_changed_and_that_is_undone(desk: Desk) -> None:
    bought = received(desk)
    invoice = bought.invoice("A-1")
    lines = (
        InvoiceLineInput(bought.laptops, 3, Decimal("1250")),
        InvoiceLineInput(None, 1, Decimal("9.90"), "Freight"),
    )
    change = SaveInvoice(invoice.id, bought.id, "A-1b", date(2026, 3, 2), lines, version=invoice.version)
    changed = desk.ask(change)
    assert changed.invoice is not None
    assert [(line.description, line.total) for line in changed.invoice.lines] == [
        ("ThinkPad T14", Decimal(3750)),
        ("Freight", Decimal("9.90")),
    ]
    assert bought.now().state == "received"
    with pytest.raises(Conflict, match="meanwhile"):
        desk.ask(replace(change, lines=lines[:1]))
    desk.ask(UndoDeed(changed.event_ids[0]))
    again = desk.ask(ShowInvoice(invoice.id))
    assert (again.number, again.total, len(again.lines)) == ("A-1", Decimal("4789.70"), 3)
    assert bought.now().state == "invoiced"


def test_a_decided_one_stays_as_it_is(desk: Desk) -> None:
    bought = received(desk)
    invoice = bought.invoice("A-1")
    fewer = SaveInvoice(
        invoice.id, bought.id, "A-1", date(2026, 3, 1), (InvoiceLineInput(bought.seats, 1, Decimal(49)),)
    )
    changed = desk.ask(fewer)
    with pytest.raises(UsageError, match="Say why it is refused"):
        decide(desk, invoice.id, REFUSED)
    decide(desk, invoice.id, REFUSED, "Not ours.")
    with pytest.raises(Refused, match="A-1 is refused; only an open one is changed"):
        desk.ask(fewer)
    with pytest.raises(Refused, match="is refused by now"):
        desk.ask(UndoDeed(changed.event_ids[0]))
    decide(desk, invoice.id, OPEN, "It is.")
    assert desk.ask(ShowInvoice(invoice.id)).note == "Refused: Not ours.\nOpened again: It is."
    desk.ask(UndoDeed(changed.event_ids[0]))


def test_a_refused_invoice_asks_for_nothing(desk: Desk) -> None:
    bought = received(desk)
    invoice = bought.invoice()
    assert bought.now().state == "invoiced"
    decide(desk, invoice.id, REFUSED, "Wrong address.")
    view = bought.now()
    assert (view.state, [line.invoiced for line in view.lines]) == ("received", [0, 0, 0])


def test_an_invoice_that_was_undone_was_never_there(desk: Desk) -> None:
    bought = received(desk)
    made = desk.ask(
        SaveInvoice(
            None,
            bought.id,
            "A-1",
            date(2026, 3, 1),
            (InvoiceLineInput(bought.laptops, 3, Decimal("1299.90")),),
        )
    )
    undone = desk.ask(UndoDeed(made.event_ids[0]))
    assert bought.now().invoices == ()
    bought.invoice("A-1")
    with pytest.raises(Conflict, match="came since"):
        desk.ask(UndoDeed(undone.event_ids[0]))


def test_freight_that_is_not_paid_keeps_the_purchase_open(desk: Desk) -> None:
    bought = received(desk)
    goods = bought.invoice("A-1")
    freight = bought.invoice("A-2", InvoiceLineInput(None, 1, Decimal("19.90"), "Freight"))
    decide(desk, goods.id, ACCEPTED)
    decide(desk, goods.id, PAID)
    assert bought.now().state == "invoiced"
    decide(desk, freight.id, ACCEPTED, "Agreed by phone.")
    decide(desk, freight.id, PAID)
    assert bought.now().state == "closed"
    with pytest.raises(Refused, match="is closed"):
        bought.invoice("A-3")


def test_paid_before_it_came(desk: Desk) -> None:
    bought = buy(desk)
    invoice = bought.invoice()
    assert all("not_received" in row.differences for row in invoice.check)
    decide(desk, invoice.id, ACCEPTED, "Paid in advance.")
    decide(desk, invoice.id, PAID)
    assert bought.now().state == "ordered"
    assert desk.ask(ReceiveGoods(bought.id, bought.all_of_it())).state == "closed"


def test_two_agents_decide_at_once(desk: Desk) -> None:
    bought = received(desk)
    invoice = bought.invoice()
    desk.ask(DecideInvoice(invoice.id, REFUSED, "No.", invoice.version), desk.ben)
    with pytest.raises(
        Conflict, match="RE-1 was changed by Ben Otto meanwhile: now “refused”, yours “accepted”"
    ):
        desk.ask(DecideInvoice(invoice.id, ACCEPTED, "", invoice.version))


def test_the_list_has_the_first_due_first(desk: Desk) -> None:
    bought = received(desk)
    line = InvoiceLineInput(bought.laptops, 1, Decimal("1299.90"))
    made: dict[str, InvoiceView] = {
        number: bought.invoice(number, line, due_on=due)
        for number, due in (("late", date(2026, 3, 2)), ("none", None), ("soon", date(2026, 3, 1)))
    }
    desk.later(days=1)
    rows = desk.ask(ListInvoices())
    assert [(row.number, row.overdue) for row in rows] == [("soon", True), ("late", True), ("none", False)]
    assert (rows[0].total, rows[0].currency, rows[0].supplier) == (Decimal("1299.90"), "EUR", "Dell")
    decide(desk, made["soon"].id, REFUSED, "No.")
    assert [row.number for row in desk.ask(ListInvoices())] == ["late", "none"]
    everything = desk.ask(ListInvoices(purchase_id=bought.id, everything=True))
    assert [row.number for row in everything] == ["late", "none", "soon"]
    assert [row.number for row in desk.ask(ListInvoices(query="dell LAT"))] == ["late"]
    with pytest.raises(NotFound, match="no invoice 99"):
        desk.ask(ShowInvoice(99))


def test_the_states_that_follow_are_declared() -> None:
    """From each stage of an order any later one can be reached by declared moves, as when everything comes and is paid at once."""
    order = [
        PurchaseState.ORDERED,
        PurchaseState.PARTLY_RECEIVED,
        PurchaseState.RECEIVED,
        PurchaseState.INVOICED,
        PurchaseState.CLOSED,
    ]
    for before, after in pairwise(order):
        assert may_follow(before, after)
        assert may_follow(after, before)
    assert set(TRANSITIONS) >= set(order)
