"""Orders: numbers, days, the mail to the supplier and its answer, what stops an order (both databases)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.message import Message as Letter

import pytest
from sqlmodel import col, select

from tests.services.approval_answers import World, plain
from tests.services.buying import (
    LAPTOPS,
    ORDERS,
    TOTAL,
    approved,
    asked,
    decide,
    request,
    sentences,
    shop,
    show,
    verified,
)
from tests.services.correspondence import add_mailbox
from tests.services.desk import Desk
from tui_desk.contracts.conversation import CancelSend, ListDrafts, OpenCompose, SendReply
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.purchases import (
    CancelPurchase,
    DraftOrder,
    OrderPurchase,
    SavePurchase,
    SavePurchaseSettings,
    SaveSupplier,
    ShowCostCentre,
    ShowSupplier,
)
from tui_desk.contracts.tickets import LastChange, ShowTicket, TicketView, UndoDeed, UndoLast
from tui_desk.core.enums import DeliveryState, Direction, DraftKind, PurchaseState
from tui_desk.core.errors import Conflict, DeskError, Refused, UsageError
from tui_desk.db.blobs import load_blob
from tui_desk.models import Delivery, OutboxItem

S = PurchaseState


def letters(desk: Desk, address: str) -> list[Letter]:
    """All mail to an address, oldest first."""
    with desk.database.reading() as session:
        rows = session.exec(
            select(OutboxItem.mime_sha256)
            .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
            .where(Delivery.address == address)
            .order_by(col(OutboxItem.id))
        )
        return [message_from_bytes(load_blob(session, sha)) for sha in rows]


def ordered_by_mail(desk: Desk) -> PurchaseView:
    add_mailbox(desk)
    shop(desk)
    made = approved(desk)
    desk.ask(OrderPurchase(made.id, mail=True, note="Please hurry."))
    return show(desk, made.id)


def ticket_of(desk: Desk, purchase: PurchaseView) -> TicketView:
    return desk.ask(ShowTicket(purchase.ticket))


def leave(desk: Desk) -> None:
    """As if the mails that wait had left."""
    with desk.writing() as session:
        for row in (*session.exec(select(OutboxItem)), *session.exec(select(Delivery))):
            row.state = DeliveryState.SENT.value
            session.add(row)


def test_ordered_without_a_mail(desk: Desk) -> None:
    shop(desk)
    made = approved(desk)
    done = desk.ask(OrderPurchase(made.id, version=made.version))
    now = show(desk, made.id)
    assert (now.state, now.order_number, now.ordered_on, now.order_mail) == (
        S.ORDERED,
        "PO-2026-0001",
        desk.now.astimezone().date(),
        None,
    )
    assert desk.ask(ShowCostCentre("IT")).use.spent == TOTAL
    assert Direction.OUT not in [message.direction for message in ticket_of(desk, made).messages]
    desk.ask(UndoLast(made.ticket, done.event_ids))
    back = show(desk, made.id)
    assert (back.state, back.order_number, back.ordered_on) == (S.APPROVED, "", None)
    given = desk.ask(OrderPurchase(made.id, " 4711-a ", desk.now.date() - timedelta(days=3)))
    assert given.sentence == "P1 is ordered: 4711-a."
    assert show(desk, made.id).ordered_on == desk.now.date() - timedelta(days=3)
    verified(desk)


def test_numbers_follow_the_scheme_and_are_given_once(desk: Desk) -> None:
    shop(desk)
    first, second, third = (approved(desk) for _count in range(3))
    desk.ask(OrderPurchase(first.id))
    with pytest.raises(Refused, match="P1 has the order number po-2026-0001 already"):
        desk.ask(OrderPurchase(second.id, "po-2026-0001"))
    desk.ask(OrderPurchase(second.id))
    assert show(desk, second.id).order_number == "PO-2026-0002"
    desk.ask(SavePurchaseSettings("{number}/{year}"), desk.root)
    desk.ask(OrderPurchase(third.id))
    assert show(desk, third.id).order_number == "0001/2026"


def test_only_what_is_approved_is_ordered(desk: Desk) -> None:
    shop(desk)
    with pytest.raises(Refused, match="P1 is draft: it cannot be ordered") as refused:
        desk.ask(OrderPurchase(request(desk).id))
    assert "Ask for its approval first" in refused.value.hint
    with pytest.raises(Refused, match="P2 is waiting"):
        desk.ask(OrderPurchase(asked(desk).id))
    made = approved(desk)
    with pytest.raises(Conflict, match="has changed since"):
        desk.ask(OrderPurchase(made.id, version=1))
    with pytest.raises(UsageError, match="still to come"):
        desk.ask(OrderPurchase(made.id, ordered_on=date(2030, 1, 1)))
    with pytest.raises(UsageError, match="more than a year ago"):
        desk.ask(OrderPurchase(made.id, ordered_on=date(1926, 1, 1)))
    nobody = approved(desk, supplier="")
    with pytest.raises(UsageError, match="no supplier yet"):
        desk.ask(OrderPurchase(nobody.id))
    desk.ask(OrderPurchase(made.id))
    for again in (OrderPurchase(made.id), SavePurchase(made.id, title="x")):
        with pytest.raises(Refused, match="P3 is ordered"):
            desk.ask(again)
    assert show(desk, nobody.id).state is S.APPROVED


def test_why_no_mail_can_go(desk: Desk) -> None:
    shop(desk)
    made = approved(desk)
    draft = desk.ask(DraftOrder(made.id))
    assert "no mailbox yet" in draft.problem
    with pytest.raises(Refused, match="no mailbox yet"):
        desk.ask(OrderPurchase(made.id, mail=True))
    add_mailbox(desk)
    supplier = desk.ask(ShowSupplier("ACME"))
    for address, said in (
        ("", "has no mail address"),
        ("OTTO@client.test", "is the address of who asks"),
    ):
        desk.ask(SaveSupplier(supplier.id, "ACME", address), desk.root)
        with pytest.raises(Refused, match=said):
            desk.ask(OrderPurchase(made.id, mail=True))
    assert show(desk, made.id).state is S.APPROVED
    assert letters(desk, "otto@client.test") == []


def test_the_mail_is_the_order_and_nothing_else(desk: Desk) -> None:
    made = ordered_by_mail(desk)
    assert (made.state, made.order_mail) == (S.ORDERED, DeliveryState.HELD)
    (letter,) = letters(desk, ORDERS)
    assert str(letter["Subject"]) == f"Order PO-2026-0001 [#{made.ticket}]"
    assert (letter["To"], letter["In-Reply-To"]) == (f"ACME <{ORDERS}>", None)
    assert letter["References"] == letter["Message-ID"]  # it begins a conversation of its own
    text = plain(letter)
    for part in ("PO-2026-0001", "C-77", "Please hurry.", "L-14", "2657.70"):
        assert part in text
    for part in ("otto", "Printer", "It burns", "IT ", "Computers"):
        assert part not in text
    table = [line for line in text.splitlines() if line.startswith("    ")]
    assert next(line for line in table if "Laptop 14" in line).split() == [
        "1",
        "Laptop",
        "14",
        "2",
        "1299.00",
        "2598.00",
    ]
    assert (
        len({len(line) for line in table if line.rstrip().endswith(("2598.00", "59.70", "2657.70", "Total"))})
        == 1
    )
    assert letters(desk, "otto@client.test") == []
    shown = next(one for one in ticket_of(desk, made).messages if one.id == made.order_message_id)
    assert (shown.direction, shown.subject, shown.to[0].address) == (
        Direction.OUT,
        "Order PO-2026-0001",
        ORDERS,
    )
    assert any(f"sent the order PO-2026-0001 (P1) to {ORDERS}" in one for one in sentences(desk, made.ticket))
    verified(desk)


def test_stopped_before_it_leaves_nothing_is_ordered(desk: Desk) -> None:
    made = ordered_by_mail(desk)
    last = desk.ask(LastChange(made.ticket))
    assert last is not None
    assert "sent the order" in last.sentence
    done = desk.ask(UndoLast(made.ticket, last.event_ids))
    assert done.sentence == "Not sent. P1 is approved and not ordered."
    now = show(desk, made.id)
    assert (now.state, now.order_number, now.order_message_id) == (S.APPROVED, "", None)
    assert desk.ask(ListDrafts()) == ()
    desk.ask(OrderPurchase(made.id, mail=True))  # and again, with the number that is free again
    again = show(desk, made.id)
    assert again.order_number == "PO-2026-0001"
    item = ticket_of(desk, made).messages[-1].delivery
    assert item is not None
    desk.ask(CancelSend(item.outbox_id))
    assert show(desk, made.id).state is S.APPROVED
    verified(desk)


def test_once_it_has_left_it_says_so(desk: Desk) -> None:
    made = ordered_by_mail(desk)
    leave(desk)
    event = next(
        one for one in ticket_of(desk, made).events if "state from approved to ordered" in one.sentence
    )
    with pytest.raises(Refused, match="once it has left, nothing calls it back"):
        desk.ask(UndoDeed(event.id))
    last = desk.ask(LastChange(made.ticket))
    assert last is None or "sent the order" not in last.sentence
    done = desk.ask(CancelPurchase(made.id, "too late"))
    assert done.warnings == ("It was ordered: tell the supplier.",)
    assert show(desk, made.id).state is S.CANCELLED


def test_cancelled_while_it_is_held(desk: Desk) -> None:
    made = ordered_by_mail(desk)
    done = desk.ask(CancelPurchase(made.id, "wrong one"))
    assert done.warnings == ()
    now = show(desk, made.id)
    assert (now.state, now.order_number) == (S.CANCELLED, "")
    assert ticket_of(desk, made).messages[-1].delivery is not None
    with desk.database.reading() as session:
        states = [row.state for row in session.exec(select(Delivery).where(Delivery.address == ORDERS))]
    assert states == ["cancelled"]


def test_the_answer_of_the_supplier_comes_back_and_goes_no_further(desk: Desk) -> None:
    mailbox = add_mailbox(desk)
    shop(desk)
    made = approved(desk)
    desk.ask(OrderPurchase(made.id, mail=True))
    leave(desk)
    (letter,) = letters(desk, ORDERS)
    approval = show(desk, made.id).approval
    assert approval is not None
    world = World(desk, mailbox, approval)
    world.answer("We deliver on Friday, at 999.99 each.", sender=f"ACME <{ORDERS}>", question=letter)
    view = ticket_of(desk, made)
    assert (view.messages[-1].author_address, view.messages[-1].direction) == (ORDERS, Direction.IN)
    everybody = desk.ask(OpenCompose(made.ticket, DraftKind.REPLY_ALL))
    assert ORDERS not in everybody.to + everybody.cc
    assert "otto@client.test" in everybody.to
    sent = desk.ask(SendReply(made.ticket, "Your laptop is on its way.", kind=DraftKind.REPLY_ALL, now=True))
    assert sent.findings == ()
    (answer,) = letters(desk, "otto@client.test")
    assert "999.99" not in plain(answer)
    ids = {str(one["Message-ID"]).strip("<>") for one in letters(desk, ORDERS)} | {"answer1@corp.test"}
    named = f"{answer['In-Reply-To']} {answer['References']}"
    assert not any(one in named for one in ids)
    assert len(letters(desk, ORDERS)) == 1


def test_a_preview_writes_nothing(desk: Desk) -> None:
    add_mailbox(desk)
    shop(desk)
    made = approved(desk)
    before = ticket_of(desk, made)
    draft = desk.ask(DraftOrder(made.id, "4711", "\x1b[31mhi"))
    assert (draft.order_number, draft.to, draft.subject, draft.problem) == ("4711", ORDERS, "Order 4711", "")
    assert "\x1b" not in draft.body
    assert "2657.70" in draft.body
    assert ticket_of(desk, made).version == before.version
    with pytest.raises(DeskError):
        desk.ask(DraftOrder(4711))


def test_names_of_any_script_stay_in_their_columns(desk: Desk) -> None:
    add_mailbox(desk)
    shop(desk)
    wide = replace(LAPTOPS, article="笔记本电脑 " * 6, unit_cost=Decimal("12.3456"), quantity=1_000)
    made = decide(desk, asked(desk, wide), "root")
    body = desk.ask(DraftOrder(made.id)).body
    assert "12345.60" in body
    assert max(map(len, body.splitlines())) < 100
