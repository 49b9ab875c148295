"""Purchases against those who look for a way around: approvals, ends that strand an invoice, numbers twice, undo in odd orders (both databases)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.services.bought import buy
from tests.services.buying import LAPTOPS, MICE, approved, asked, decide, request, shop, show, verified
from tests.services.desk import Desk
from tests.services.test_purchase_orders import ordered_by_mail
from tui_desk.contracts.approvals import SaveApproval, SaveChain, StepInput
from tui_desk.contracts.conversation import CancelSend
from tui_desk.contracts.documents import AddDocument
from tui_desk.contracts.invoices import (
    DecideInvoice,
    InvoiceChanged,
    InvoiceLineInput,
    ListInvoices,
    SaveInvoice,
)
from tui_desk.contracts.people import MergePeople
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.purchases import (
    AskPurchase,
    CancelPurchase,
    NewPurchase,
    OrderPurchase,
    SavePurchase,
    SavePurchaseSettings,
)
from tui_desk.contracts.receipts import ReceiveGoods, ReceiveLine
from tui_desk.contracts.tickets import ShowTicket, UndoDeed
from tui_desk.core.enums import DocumentSubject, InvoiceState, PurchaseState
from tui_desk.core.errors import Conflict, Refused
from tui_desk.models import Event, PersonAddress

S = PurchaseState


def free(desk: Desk, **values: str) -> PurchaseView:
    """One that nobody has to decide about, approved."""
    made = request(desk, MICE, **values)
    desk.ask(AskPurchase(made.id))
    return show(desk, made.id)


def invoiced(desk: Desk, purchase: int, line: int, number: str = "RE-1") -> InvoiceChanged:
    lines = (InvoiceLineInput(line, 1, Decimal("19.90")),)
    return desk.ask(SaveInvoice(None, purchase, number, date(2026, 3, 1), lines))


def test_the_question_says_what_the_purchase_is(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    assert made.approval is not None
    question = made.approval
    for lie in (
        SaveApproval(question.id, title="P1: Pens"),
        SaveApproval(question.id, details="Cheap."),
        SaveApproval(question.id, amount=Decimal(1)),
        SaveApproval(question.id, clear_amount=True),
    ):
        with pytest.raises(Refused, match="P1 itself is changed, not the question"):
            desk.ask(lie)
    same = SaveApproval(question.id, question.title, question.details, question.amount, after_refusal="Wait.")
    assert desk.ask(same).after_refusal == "Wait."


def test_who_decides_does_not_change_what_is_decided(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    more = (replace(LAPTOPS, quantity=3),)
    with pytest.raises(Refused, match="cannot decide about what"):
        desk.ask(SavePurchase(made.id, lines=more), desk.actors["sue"])
    assert show(desk, made.id) == made
    desk.ask(SavePurchase(made.id, lines=more), desk.root)  # who does not decide may
    assert decide(desk, show(desk, made.id)).state is S.APPROVED


@pytest.mark.parametrize("limits", [False, True])
def test_who_was_named_by_hand_still_decides_once_it_has_changed(desk: Desk, limits: bool) -> None:
    """Without any limit, or with limits in another currency only."""
    shop(desk, limits=limits)
    desk.ask(SaveChain("Friends", (StepInput(("sue",)),)), desk.root)
    made = request(desk, MICE, cost_centre="", currency="USD")
    desk.ask(AskPurchase(made.id, "Friends"))
    first = show(desk, made.id).approval
    with pytest.raises(Refused, match="cannot decide about what"):
        desk.ask(SavePurchase(made.id, notes="Blue ones."), desk.actors["sue"])
    desk.ask(SavePurchase(made.id, notes="Blue ones."))
    now = show(desk, made.id)
    assert first is not None
    assert now.approval is not None
    assert (now.state, now.approval.id) == (S.WAITING, first.id)
    assert "Blue ones." in now.approval.details


def test_a_limit_is_not_passed_by_naming_no_cost_centre(desk: Desk) -> None:
    shop(desk, limits=False)
    desk.ask(SaveChain("IT boss", (StepInput(("sue",)),), Decimal(100), "EUR", cost_centre="IT"), desk.root)
    made = request(desk, cost_centre="")
    with pytest.raises(Refused, match="P1 names no cost centre, so nobody knows who decides"):
        desk.ask(AskPurchase(made.id))
    assert show(desk, made.id).state is S.DRAFT
    assert free(desk, cost_centre="").state is S.APPROVED  # below every limit
    desk.ask(SaveChain("Boss", (StepInput(("root",)),), Decimal(5000), "EUR"), desk.root)
    desk.ask(AskPurchase(made.id))  # the general limit is for those without
    assert show(desk, made.id).state is S.APPROVED


def test_an_order_with_an_invoice_to_pay_is_not_cancelled(desk: Desk) -> None:
    bought = buy(desk)
    invoice = bought.invoice()
    with pytest.raises(Refused, match="RE-1 is neither paid nor refused yet"):
        desk.ask(CancelPurchase(bought.id, "no"))
    desk.ask(DecideInvoice(invoice.id, InvoiceState.REFUSED, "Nothing came."))
    desk.ask(CancelPurchase(bought.id, "no"))
    assert desk.ask(ListInvoices()) == ()


def test_an_order_that_is_invoiced_stays_one(desk: Desk) -> None:
    """Its lines are those of the invoice, even of a refused one."""
    shop(desk)
    made = approved(desk)
    order = desk.ask(OrderPurchase(made.id))
    invoice = invoiced(desk, made.id, made.lines[0].id)
    desk.ask(DecideInvoice(invoice.id, InvoiceState.REFUSED, "Nothing came."))
    with pytest.raises(Conflict, match="something that came since depends on it"):
        desk.ask(UndoDeed(order.event_ids[0]))
    assert show(desk, made.id).state is S.ORDERED


def test_a_stopped_order_that_is_invoiced_stays_one(desk: Desk) -> None:
    made = ordered_by_mail(desk)
    invoiced(desk, made.id, made.lines[0].id)
    item = desk.ask(ShowTicket(made.ticket)).messages[-1].delivery
    assert item is not None
    assert desk.ask(CancelSend(item.outbox_id)) == "Not sent. P1 stays as it is."
    assert show(desk, made.id).state is S.ORDERED


@pytest.mark.parametrize(("scheme", "first"), [("PO-{number}", "PO-999999999"), ("BÜRO-{number}", "")])
def test_no_order_number_is_given_twice(desk: Desk, scheme: str, first: str) -> None:
    shop(desk, limits=False)
    desk.ask(SavePurchaseSettings(scheme), desk.root)
    given = []
    for number in (first, "", ""):
        made = free(desk)
        desk.ask(OrderPurchase(made.id, number))
        given.append(show(desk, made.id).order_number)
    assert len(set(given)) == 3, given


def test_an_order_comes_back_only_as_it_could_be_given(desk: Desk) -> None:
    shop(desk)
    first, second = free(desk), free(desk)
    order = desk.ask(OrderPurchase(first.id))
    undone = desk.ask(UndoDeed(order.event_ids[0]))
    desk.ask(OrderPurchase(second.id))
    with pytest.raises(Refused, match="P2 has the order number PO-2026-0001 already"):
        desk.ask(UndoDeed(undone.event_ids[0]))
    desk.ask(CancelPurchase(second.id, "no"))
    desk.ask(SavePurchase(first.id, supplier=""))
    desk.ask(AskPurchase(first.id))
    with pytest.raises(Refused, match="has no supplier"):
        desk.ask(UndoDeed(undone.event_ids[0]))
    assert show(desk, first.id).state is S.APPROVED
    verified(desk)


def test_a_receipt_of_an_order_that_was_taken_back(desk: Desk) -> None:
    shop(desk)
    made = approved(desk)
    order = desk.ask(OrderPurchase(made.id))
    receipt = desk.ask(ReceiveGoods(made.id, (ReceiveLine(made.lines[0].id, 1),)))
    undone = desk.ask(UndoDeed(receipt.event_ids[0]))
    desk.ask(UndoDeed(order.event_ids[0]))
    with pytest.raises(Refused, match="P1 is approved: nothing of it can be received"):
        desk.ask(UndoDeed(undone.event_ids[0]))


def test_an_invoice_comes_back_once(desk: Desk) -> None:
    bought = buy(desk)
    done = invoiced(desk, bought.id, bought.laptops)
    undone = desk.ask(UndoDeed(done.event_ids[0]))
    invoiced(desk, bought.id, bought.laptops, "re-1")
    with pytest.raises(Conflict, match="depends on it"):
        desk.ask(UndoDeed(undone.event_ids[0]))
    assert [one.number for one in desk.ask(ListInvoices())] == ["re-1"]


def test_what_has_a_document_is_not_undone(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    bought = buy(desk)
    invoice = invoiced(desk, bought.id, bought.laptops)
    purchase = desk.ask(NewPurchase(bought.ticket, "Mice", (MICE,)))
    for subject, done in ((DocumentSubject.INVOICE, invoice), (DocumentSubject.PURCHASE, purchase)):
        desk.ask(AddDocument(subject, str(tmp_path / "a.txt"), done.id))
        with pytest.raises(Conflict, match="it has a document"):
            desk.ask(UndoDeed(done.event_ids[0]))


def test_people_are_parted_again_whatever_was_bought_for_them(desk: Desk) -> None:
    shop(desk)
    made = request(desk, requester="Carl <carl@client.test>")
    desk.ask(AskPurchase(made.id))
    decide(desk, made)
    with desk.database.reading() as session:
        people = {one.address: one.person_id for one in session.exec(select(PersonAddress))}
    otto, carl = people["otto@client.test"], people["carl@client.test"]

    def last() -> int:
        with desk.database.reading() as session:
            events = select(Event).where(Event.stream == f"person:{carl}").order_by(col(Event.id).desc())
            return session.exec(events).first().id or 0  # the merge is told there

    desk.ask(MergePeople(otto, carl))
    assert show(desk, made.id).requester_id == otto
    desk.ask(UndoDeed(last()))
    assert (show(desk, made.id).requester_id, show(desk, made.id).state) == (carl, S.APPROVED)
    desk.ask(UndoDeed(last()))  # and together again
    assert (show(desk, made.id).requester_id, show(desk, made.id).state) == (otto, S.APPROVED)
    verified(desk)
