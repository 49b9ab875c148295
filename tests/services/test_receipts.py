"""Deliveries: in parts, assets and seats they make, what is refused, one deed, two agents at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from sqlmodel import select

from tests.services.bought import ORDERED, buy, tagged
from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.desk import AssetView, SaveAsset, ShowAsset
from tui_desk.contracts.invoices import DecideInvoice
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.receipts import ClosePurchase, Received, ReceiveGoods, ReceiveLine
from tui_desk.contracts.tickets import LinkAsset, ShowTicket, UndoDeed
from tui_desk.core.enums import AssetState, InvoiceState
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, UsageError
from tui_desk.models import Asset, Event, Licence
from tui_desk.services import audit, dispatch


def receive(desk: Desk, purchase: int, *lines: ReceiveLine, **values: object) -> Received:
    return desk.ask(ReceiveGoods(purchase, lines, **values))


def seats(desk: Desk, licence: int) -> int | None:
    with desk.database.reading() as session:
        return session.get_one(Licence, licence).seats


def assets(desk: Desk) -> list[AssetView]:
    with desk.database.reading() as session:
        tags = session.exec(select(Asset.tag).order_by(Asset.id)).all()
    return [desk.ask(ShowAsset(tag=tag)) for tag in tags]


def test_a_delivery_in_parts_makes_assets_and_seats(desk: Desk) -> None:
    bought = buy(desk)
    tagged(desk, "LT-0042")
    first = receive(
        desk,
        bought.id,
        ReceiveLine(bought.laptops, 2, serials=("PF3X1", "PF3X2")),
        ReceiveLine(bought.seats, 4),
        note="one box is dented",
    )
    assert first.state == "partly_received"
    assert first.sentence.startswith("P1 · received: 2 × ThinkPad T14 (LT-0043 … LT-0044), 4 × Office seats")
    assert "has 9 seats now" in first.sentence
    made = [desk.ask(ShowAsset(tag=tag)) for tag in ("LT-0043", "LT-0044")]
    assert [one.serial for one in made] == ["PF3X1", "PF3X2"]
    (one, _other) = made
    assert (one.name, one.type, one.state, one.owner_id) == (
        "ThinkPad T14",
        "Laptop",
        AssetState.IN_STOCK,
        None,
    )
    assert (one.cost, one.currency, one.supplier) == (Decimal("1299.90"), "EUR", "Dell")
    assert one.purchased_on == ORDERED
    assert [number for number, _subject, _status in one.tickets] == [bought.ticket]
    assert seats(desk, bought.licence) == 9
    view = bought.now()
    assert [(line.received, line.left) for line in view.lines] == [(2, 1), (4, 6), (0, 1)]
    assert view.lines[0].next_tag == "LT-0045"
    (receipt,) = view.receipts
    assert (receipt.agent, receipt.note, receipt.received_on) == (
        "Ana Díaz",
        "one box is dented",
        desk.now.date(),
    )
    assert [asset.tag for asset in receipt.lines[0].assets] == ["LT-0043", "LT-0044"]
    rest = (ReceiveLine(bought.laptops, 1), ReceiveLine(bought.seats, 6), ReceiveLine(bought.service, 1))
    assert receive(desk, bought.id, *rest).state == "received"
    told = [event.sentence for event in desk.ask(ShowTicket(bought.ticket)).events]
    assert any("added the receipt “P1 Laptops”" in sentence for sentence in told)
    assert any("state from ordered to partly received" in sentence for sentence in told), told
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_assets_go_to_whom_it_was_bought_for(desk: Desk) -> None:
    bought = buy(desk)
    done = receive(desk, bought.id, ReceiveLine(bought.laptops, 1, tags=("NB 7",)), to_requester=True)
    asset = desk.ask(ShowAsset(tag="NB 7"))
    assert asset.state is AssetState.IN_USE
    assert asset.owner_id == desk.ask(ShowTicket(bought.ticket)).requester_id
    assert asset.owner == bought.now().requester
    assert done.receipt.lines[0].assets[0].tag == "NB 7"


def test_tags_that_are_given_and_the_next_free_ones(desk: Desk) -> None:
    bought = buy(desk)
    for tag in ("LT-0098", "lt-0101", "Laptop of Ana"):
        tagged(desk, tag)
    receive(desk, bought.id, ReceiveLine(bought.laptops, 3, tags=("LT-0100",)))
    assert [one.tag for one in assets(desk)] == [
        "LT-0098",
        "lt-0101",
        "Laptop of Ana",
        "LT-0100",
        "LT-0102",
        "LT-0103",
    ]


def test_a_type_without_assets_begins_a_scheme(desk: Desk) -> None:
    bought = buy(desk)
    assert bought.now().lines[0].next_tag == "LAP-0001"
    receive(desk, bought.id, ReceiveLine(bought.laptops, 2))
    assert [one.tag for one in assets(desk)] == ["LAP-0001", "LAP-0002"]


def test_what_is_wrong_is_told_and_nothing_is_half_done(desk: Desk) -> None:
    bought = buy(desk)
    tagged(desk, "LT-0042", serial="PF3X0")
    line = ReceiveLine(bought.laptops, 2)
    wrong: list[tuple[tuple[ReceiveLine, ...], type[DeskError], str]] = [
        ((), UsageError, "Nothing was received"),
        ((ReceiveLine(bought.laptops, 0),), UsageError, "Nothing was received"),
        ((ReceiveLine(bought.laptops, -1),), UsageError, "“-1” pieces"),
        ((ReceiveLine(4711, 1),), NotFound, "no line"),
        ((line, line), UsageError, "named twice"),
        ((ReceiveLine(bought.laptops, 4),), Refused, "3 were ordered and 0 received: 4 more are too many"),
        ((replace(line, tags=("lt-0042",)),), Refused, "LT-0042 belongs to another asset: Old one"),
        ((replace(line, tags=("A", "a")),), UsageError, "The tag a is named twice"),
        ((replace(line, tags=("A", "B", "C")),), UsageError, "3 tags for 2 assets"),
        ((replace(line, serials=("S", "S")),), UsageError, "serial number S is named twice"),
        ((replace(line, serials=("PF3X0",)),), Refused, "that of LT-0042 Old one"),
        ((replace(line, serials=("1", "2", "3")),), UsageError, "3 serial numbers for 2 assets"),
        ((ReceiveLine(bought.service, 1, tags=("X",)),), UsageError, "makes no assets"),
        (
            (ReceiveLine(bought.laptops, 0, serials=("X",)), ReceiveLine(bought.service, 1)),
            UsageError,
            "nothing of",
        ),
    ]
    for lines, error, sentence in wrong:
        with pytest.raises(error, match=sentence):
            receive(desk, bought.id, *lines)
    for day, sentence in ((date(2026, 3, 3), "still to come"), (date(2026, 2, 19), "not ordered yet")):
        with pytest.raises(UsageError, match=sentence):
            receive(desk, bought.id, line, received_on=day)
    with pytest.raises(NotFound, match="no purchase P99"):
        receive(desk, 99, line)
    with pytest.raises(Refused, match="change nothing"):
        desk.ask(ReceiveGoods(bought.id, (line,)), desk.rita)
    assert bought.now().receipts == ()
    assert [one.tag for one in assets(desk)] == ["LT-0042"]
    with desk.database.reading() as session:
        assert (
            session.exec(select(Event).where(Event.stream == f"ticket:{bought.ticket}")).all()[-1].action
            != "row_added"
        )


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("draft", "It is ordered first"), ("closed", "It is closed"), ("cancelled", "It was cancelled")],
)
def test_only_of_an_order(desk: Desk, state: str, sentence: str) -> None:
    bought = buy(desk, state=state)
    with pytest.raises(Refused, match=sentence):
        receive(desk, bought.id, ReceiveLine(bought.laptops, 1))


def test_a_surplus_is_taken_when_it_is_meant(desk: Desk) -> None:
    bought = buy(desk)
    receive(desk, bought.id, *bought.all_of_it())
    with pytest.raises(Refused, match="take the surplus"):
        receive(desk, bought.id, ReceiveLine(bought.laptops, 1))
    done = receive(desk, bought.id, ReceiveLine(bought.laptops, 1), surplus=True)
    assert done.state == "received"
    line = bought.now().lines[0]
    assert (line.received, line.left) == (4, 0)


def test_seats_without_a_limit_stay_without(desk: Desk) -> None:
    bought = buy(desk)
    with desk.writing() as session:
        session.get_one(Licence, bought.licence).seats = None
    assert "no limit of seats" in receive(desk, bought.id, ReceiveLine(bought.seats, 1)).sentence
    assert seats(desk, bought.licence) is None


def test_the_whole_receipt_is_undone_as_one_and_comes_back_as_one(desk: Desk) -> None:
    bought = buy(desk)
    tagged(desk, "LT-0042")
    done = receive(desk, bought.id, *bought.all_of_it())
    names = {one.tag: one.id for one in assets(desk)}
    undone = desk.ask(UndoDeed(done.event_ids[0]), desk.ben)
    assert [one.tag for one in assets(desk)] == ["LT-0042"]
    assert seats(desk, bought.licence) == 5
    view = bought.now()
    assert (view.state, view.receipts, [line.received for line in view.lines]) == ("ordered", (), [0, 0, 0])
    other = desk.ask(SaveAsset(None, "X-1", "Another")).id
    assert other not in names.values()
    desk.ask(UndoDeed(undone.event_ids[0]))
    assert {one.tag: one.id for one in assets(desk)} == {**names, "X-1": other}
    assert bought.now().state == "received"
    assert seats(desk, bought.licence) == 15
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_an_asset_that_is_used_since_keeps_its_receipt(desk: Desk) -> None:
    bought = buy(desk)
    done = receive(desk, bought.id, ReceiveLine(bought.laptops, 1))
    (asset,) = assets(desk)
    other = ticket(desk)
    desk.ask(LinkAsset(other, asset.id))
    with pytest.raises(Conflict, match="LAP-0001 ThinkPad T14 is used since: it is linked with a ticket"):
        desk.ask(UndoDeed(done.event_ids[0]))
    desk.ask(LinkAsset(other, asset.id, linked=False))
    given = {name: getattr(asset, name) for name in ("tag", "type", "serial", "supplier", "cost", "currency")}
    desk.ask(
        SaveAsset(
            asset.id, **{**given, "name": "Ana’s"}, purchased_on=asset.purchased_on, version=asset.version
        )
    )
    with pytest.raises(Conflict, match="has been changed since"):
        desk.ask(UndoDeed(done.event_ids[0]))
    assert [one.name for one in assets(desk)] == ["Ana’s"]
    assert bought.now().lines[0].received == 1


def test_a_receipt_in_the_middle_is_undone(desk: Desk) -> None:
    bought = buy(desk)
    receive(desk, bought.id, ReceiveLine(bought.laptops, 1))
    second = receive(desk, bought.id, ReceiveLine(bought.laptops, 1), ReceiveLine(bought.service, 1))
    last = receive(desk, bought.id, ReceiveLine(bought.laptops, 1), ReceiveLine(bought.seats, 10))
    assert last.state == "received"
    undone = desk.ask(UndoDeed(second.event_ids[0]))
    view = bought.now()
    assert (view.state, [line.left for line in view.lines]) == ("partly_received", [1, 0, 1])
    receive(desk, bought.id, ReceiveLine(bought.laptops, 1))
    with pytest.raises(Conflict, match="something else was received since"):
        desk.ask(UndoDeed(undone.event_ids[0]))


def test_nothing_of_an_ended_purchase_is_undone(desk: Desk) -> None:
    bought = buy(desk)
    receive(desk, bought.id, ReceiveLine(bought.laptops, 1))
    second = receive(desk, bought.id, ReceiveLine(bought.laptops, 1))
    desk.ask(ClosePurchase(bought.id, "The third never comes."))
    with pytest.raises(Refused, match="P1 has ended since"):
        desk.ask(UndoDeed(second.event_ids[0]))


def test_what_never_comes_is_given_up_with_a_reason(desk: Desk) -> None:
    bought = buy(desk)
    with pytest.raises(Refused, match="cancelled, not closed"):
        desk.ask(ClosePurchase(bought.id, "Changed our mind."))
    receive(desk, bought.id, ReceiveLine(bought.laptops, 2))
    with pytest.raises(UsageError, match="Say why"):
        desk.ask(ClosePurchase(bought.id, " "))
    invoice = bought.invoice()
    with pytest.raises(Refused, match="RE-1 is neither paid nor refused"):
        desk.ask(ClosePurchase(bought.id, "Sold out."))
    desk.ask(DecideInvoice(invoice.id, InvoiceState.REFUSED, "Not delivered."))
    done = desk.ask(ClosePurchase(bought.id, "Sold out."))
    assert done.sentence == "P1 is closed; 12 pieces never came."
    assert bought.now().state == "closed"
    told = [event.sentence for event in desk.ask(ShowTicket(bought.ticket)).events]
    assert "Ana Díaz closed P1 “Laptops”: Sold out." in told
    with pytest.raises(Refused, match="is closed"):
        desk.ask(ClosePurchase(bought.id, "Again."))
    desk.ask(UndoDeed(done.event_ids[0]))
    assert bought.now().state == "partly_received"


def test_who_looked_before_a_colleague_received_is_told(desk: Desk) -> None:
    bought = buy(desk)
    line = ReceiveLine(bought.laptops, 1, seen=0)
    receive(desk, bought.id, line)
    with pytest.raises(
        Conflict, match="0 had been received when you looked, 1 are now: Ana Díaz received 1 on"
    ):
        desk.ask(ReceiveGoods(bought.id, (line,)), desk.ben)
    assert len(assets(desk)) == 1


def at_once(desk: Desk, *requests: ReceiveGoods) -> list[Received | DeskError]:
    """Two terminals of two agents do it at the same moment, each with a connection of its own."""
    ready = Barrier(len(requests))

    def run(request: ReceiveGoods, login: str) -> Received | DeskError:
        ready.wait(60)
        try:
            return dispatch.run(desk.database, desk.actors[login], request)
        except DeskError as error:
            return error

    with ThreadPoolExecutor(len(requests)) as pool:
        return [
            one.result(120)
            for one in [pool.submit(run, r, w) for r, w in zip(requests, ("ana", "ben"), strict=True)]
        ]


def test_two_agents_receive_the_same_at_once(desk: Desk) -> None:
    bought = buy(desk)
    asked = ReceiveGoods(
        bought.id, (ReceiveLine(bought.laptops, 2, seen=0), ReceiveLine(bought.seats, 10, seen=0))
    )
    done = at_once(desk, asked, asked)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Received"]
    (told,) = [str(one) for one in done if isinstance(one, Conflict)]
    assert "Nothing was received twice" in told
    assert [line.received for line in bought.now().lines] == [2, 10, 0]
    assert len(assets(desk)) == 2
    assert seats(desk, bought.licence) == 15
    rest = ReceiveGoods(bought.id, (ReceiveLine(bought.laptops, 1),))  # from a script that saw nothing
    assert sorted(type(one).__name__ for one in at_once(desk, rest, rest)) == ["Received", "Refused"]
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_two_deliveries_at_once_get_different_tags(desk: Desk) -> None:
    one, other = buy(desk), buy(desk, supplier="HP")
    done = at_once(
        desk,
        ReceiveGoods(one.id, (ReceiveLine(one.laptops, 3),)),
        ReceiveGoods(other.id, (ReceiveLine(other.laptops, 3),)),
    )
    assert [type(each).__name__ for each in done] == ["Received", "Received"]
    assert [asset.tag for asset in assets(desk)] == [f"LAP-000{number}" for number in range(1, 7)]


def test_a_purchase_moves_with_its_merged_ticket(desk: Desk) -> None:
    bought = buy(desk)
    into = ticket(desk)
    desk.ask(MergeTickets(into, (bought.ticket,)))
    assert receive(desk, bought.id, ReceiveLine(bought.laptops, 1)).number == into
