"""Purchases up to the approval: what is written down and refused, who decides, what a change and an undo do to it (both databases)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests.services.buying import LAPTOPS, MICE, TOTAL, approved, asked, decide, request, shop, show
from tests.services.desk import Desk
from tests.services.test_conversation import add_mailbox, ticket
from tui_desk.contracts.approvals import (
    CancelApproval,
    DecideApproval,
    ListApprovals,
    SaveChain,
    StepInput,
)
from tui_desk.contracts.history import SETTINGS, ListEvents
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.purchases import (
    AskPurchase,
    CancelPurchase,
    LineInput,
    ListCostCentres,
    ListPurchases,
    ListSuppliers,
    NewPurchase,
    SaveCostCentre,
    SavePurchase,
    SavePurchaseSettings,
    SaveSupplier,
    ShowCostCentre,
    ShowPurchaseChoices,
    ShowPurchaseSettings,
    ShowSupplier,
)
from tui_desk.contracts.tickets import LastChange, ShowTicket, UndoDeed, UndoLast
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, UsageError
from tui_desk.models import Licence, Purchase, PurchaseLine
from tui_desk.services import audit

S = PurchaseState


def sentences(desk: Desk, number: int) -> list[str]:
    return [event.sentence for event in desk.ask(ShowTicket(number)).events]


def verified(desk: Desk) -> None:
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def rows(desk: Desk) -> int:
    with desk.database.reading() as session:
        return len(session.exec(select(Purchase)).all()) + len(session.exec(select(PurchaseLine)).all())


def test_written_down_with_exact_totals(desk: Desk) -> None:
    shop(desk)
    made = request(desk, LAPTOPS, MICE, LineInput("Screw", 7, Decimal("0.0045")), notes="for the new office")
    assert (made.name, made.state, made.currency, made.digits) == ("P1", S.DRAFT, "EUR", 2)
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
    assert rows(desk) == 0


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


def test_the_total_chooses_who_decides(desk: Desk) -> None:
    shop(desk)
    small = asked(desk, MICE, LineInput("Cable", 5, Decimal("8.06")))  # 100.00: not above the limit
    assert (small.state, small.approval) == (S.APPROVED, None)
    assert "needs no decision: no approval chain applies to 100.00 EUR" in "\n".join(
        sentences(desk, small.ticket)
    )
    middle = asked(desk)
    assert middle.state is S.WAITING
    assert middle.approval is not None
    assert [one.address for one in middle.approval.steps[0].approvers] == ["sue@desk.test"]
    assert (middle.approval.amount, middle.approval.currency) == (TOTAL, "EUR")
    assert middle.approval.title == "P2: Laptops"
    assert "Supplier: ACME" in middle.approval.details
    large = asked(desk, replace(LAPTOPS, quantity=5))
    assert large.approval is not None
    assert [one.address for one in large.approval.steps[0].approvers] == ["root@desk.test"]
    desk.ask(SaveChain("IT only", (StepInput(("ben",)),), Decimal(0), "EUR", "IT"), desk.root)
    own = asked(desk, replace(MICE, quantity=1))
    assert own.approval is not None
    assert own.approval.steps[0].approvers[0].address == "ben@desk.test"


def test_approved_refused_and_asked_again(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    assert decide(desk, made).state is S.APPROVED
    with pytest.raises(Refused, match="P1 is approved: it cannot be asked for"):
        desk.ask(AskPurchase(made.id))
    other = asked(desk)
    assert decide(desk, other, yes=False).state is S.REFUSED
    desk.ask(AskPurchase(other.id))
    again = show(desk, other.id)
    assert again.state is S.WAITING
    assert decide(desk, again).state is S.APPROVED
    told = "\n".join(sentences(desk, other.ticket))
    assert "P2 “Laptops” is refused" in told
    assert "P2 “Laptops” is approved and can be ordered" in told
    verified(desk)


def test_nobody_decides_about_their_own_wish(desk: Desk) -> None:
    shop(desk)
    desk.ask(SaveChain("Small", (StepInput(("ana", "sue")),), Decimal(100), "EUR"), desk.root)
    made = request(desk)  # Ana wrote it down
    with pytest.raises(Refused, match="cannot decide about what"):
        desk.ask(AskPurchase(made.id), desk.ben)
    desk.ask(SaveChain("Small", (StepInput(("sue",)),), Decimal(100), "EUR"), desk.root)
    hers = request(desk, requester="sue@desk.test")  # and Sue gets it
    with pytest.raises(Refused, match="cannot decide about what"):
        desk.ask(AskPurchase(hers.id))
    assert show(desk, hers.id).state is S.DRAFT
    desk.ask(AskPurchase(made.id))
    with pytest.raises(Refused, match="cannot decide about what"):  # she becomes who gets it, while it waits
        desk.ask(SavePurchase(made.id, requester="sue@desk.test"))
    waiting = show(desk, made.id)
    assert (waiting.state, waiting.requester) == (S.WAITING, "otto@client.test")
    with pytest.raises(Refused, match="You asked for this yourself"):
        assert waiting.approval is not None
        desk.ask(DecideApproval(waiting.approval.id, True), desk.ana)


def test_a_change_while_it_waits_is_asked_anew(desk: Desk) -> None:
    add_mailbox(desk)
    shop(desk)
    made = asked(desk)
    first = made.approval
    assert first is not None
    kept = tuple(replace(line, id=one.id) for line, one in zip((LAPTOPS, MICE), made.lines, strict=True))
    done = desk.ask(SavePurchase(made.id, lines=(replace(kept[0], quantity=3), kept[1])))
    assert "asked anew" in done.warnings[0]
    now = show(desk, made.id)
    assert now.approval is not None
    assert (now.state, now.approval.id, now.approval.amount) == (S.WAITING, first.id, Decimal("3956.70"))
    assert any("is asked anew" in one for one in sentences(desk, made.ticket))
    with pytest.raises(Conflict):  # what was read before is not decided
        desk.ask(DecideApproval(first.id, True, version=first.version), desk.actors["sue"])
    # the total passes another limit: others decide, and the first question is void
    done = desk.ask(SavePurchase(made.id, lines=(replace(kept[0], quantity=9), kept[1])))
    assert "asked anew" in done.warnings[0]
    now = show(desk, made.id)
    assert now.approval is not None
    assert (now.approval.id > first.id, now.approval.steps[0].approvers[0].address) == (
        True,
        "root@desk.test",
    )
    assert [one.state for one in desk.ask(ListApprovals("all", made.ticket))] == ["waiting", "cancelled"]
    # below every limit nobody has to decide
    done = desk.ask(SavePurchase(made.id, lines=(kept[1],)))
    assert "needs no decision" in done.warnings[0]
    assert show(desk, made.id).state is S.APPROVED
    verified(desk)


def test_only_who_asked_changes_what_waits(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    with pytest.raises(Refused, match="Somebody else asked"):
        desk.ask(SavePurchase(made.id, lines=(LAPTOPS,)), desk.ben)
    with pytest.raises(Refused, match="Somebody else asked"):
        desk.ask(CancelPurchase(made.id, "no"), desk.ben)
    assert show(desk, made.id) == made
    desk.ask(SavePurchase(made.id, lines=(LAPTOPS,)), desk.root)  # a supervisor who does not decide
    assert show(desk, made.id).total == Decimal(2598)


def test_what_was_approved_is_not_changed_and_kept_approved(desk: Desk) -> None:
    shop(desk)
    made = approved(desk)
    done = desk.ask(SavePurchase(made.id, title="Laptops", notes=""))
    assert done.event_ids == ()
    assert show(desk, made.id).state is S.APPROVED
    done = desk.ask(SavePurchase(made.id, lines=(replace(LAPTOPS, quantity=20),)))
    assert "does not count any more" in done.warnings[0]
    now = show(desk, made.id)
    assert now.state is S.DRAFT
    assert "what was decided does not count any more" in "\n".join(sentences(desk, made.ticket))
    desk.ask(UndoLast(made.ticket, done.event_ids))  # the lines come back, the approval does not
    back = show(desk, made.id)
    assert (back.state, back.total) == (S.DRAFT, TOTAL)
    refused = decide(desk, asked(desk), yes=False)
    desk.ask(SavePurchase(refused.id, supplier=""))
    assert show(desk, refused.id).state is S.DRAFT
    verified(desk)


def test_the_question_taken_back_makes_it_a_draft(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    assert made.approval is not None
    desk.ask(CancelApproval(made.approval.id))
    assert show(desk, made.id).state is S.DRAFT
    assert any("is a draft again" in one for one in sentences(desk, made.ticket))


def test_cancelled_with_a_reason(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    with pytest.raises(UsageError, match="Say why"):
        desk.ask(CancelPurchase(made.id, "  "))
    done = desk.ask(CancelPurchase(made.id, "no money"))
    now = show(desk, made.id)
    assert now.approval is not None
    assert (now.state, now.approval.state) == (S.CANCELLED, "cancelled")
    assert any("cancelled P1 “Laptops”: no money" in one for one in sentences(desk, made.ticket))
    for again in (
        AskPurchase(made.id),
        SavePurchase(made.id, title="x"),
        CancelPurchase(made.id, "again"),
    ):
        with pytest.raises(Refused, match="P1 is cancelled"):
            desk.ask(again)
    desk.ask(UndoLast(made.ticket, done.event_ids))
    assert show(desk, made.id).state is S.DRAFT  # its question was taken back, and is asked anew


def test_budgets_are_said_and_bring_the_highest_limit(desk: Desk) -> None:
    shop(desk, budget=Decimal(3000))
    made = approved(desk)
    use = desk.ask(ShowCostCentre("it")).use
    assert (use.budget, use.spent, use.reserved, use.left) == (
        Decimal(3000),
        Decimal(0),
        TOTAL,
        Decimal("342.30"),
    )
    assert made.warnings == ()
    over = request(desk, MICE, LineInput("Chair", 2, Decimal(200)))
    assert over.warnings == ("Over the budget of 2026: 342.30 EUR of 3000.00 EUR are left.",)
    done = desk.ask(AskPurchase(over.id))
    assert done.warnings == over.warnings
    waiting = show(desk, over.id).approval
    assert waiting is not None
    assert "Over the budget of 2026" in waiting.details
    assert waiting.steps[0].approvers[0].address == "root@desk.test"  # of the highest limit
    desk.ask(CancelPurchase(made.id, "not needed"))
    assert desk.ask(ShowCostCentre("IT")).use.left == Decimal(3000)
    assert desk.ask(ShowCostCentre("IT", 2025)).use.left == Decimal(3000)
    with pytest.raises(UsageError, match="no year"):
        desk.ask(ShowCostCentre("IT", 99_999))


def test_over_budget_without_any_chain_is_told(desk: Desk) -> None:
    shop(desk, budget=Decimal(10), limits=False)
    made = request(desk)
    done = desk.ask(AskPurchase(made.id))
    assert done.warnings
    assert show(desk, made.id).state is S.APPROVED
    assert any("Over the budget of 2026" in one for one in sentences(desk, made.ticket))


def test_a_foreign_currency_is_no_way_around_the_limits(desk: Desk) -> None:
    shop(desk)
    made = request(desk, cost_centre="", currency="usd")
    assert made.currency == "USD"
    with pytest.raises(Refused, match="No approval chain has a limit in USD"):
        desk.ask(AskPurchase(made.id))
    with pytest.raises(NotFound, match="no approval chain “Nobody”"):
        desk.ask(AskPurchase(made.id, "Nobody"))
    desk.ask(AskPurchase(made.id, "small"))
    assert show(desk, made.id).state is S.WAITING
    other = request(desk)
    with pytest.raises(UsageError, match="asks for the approval chain “Small”"):
        desk.ask(AskPurchase(other.id, "Large"))
    desk.ask(AskPurchase(other.id, "small"))


def test_undo_from_the_last_change_to_the_first(desk: Desk) -> None:
    """Without mail everything up to the question is taken back, in reverse; nothing makes it approved."""
    shop(desk)
    number = ticket(desk)
    made = request(desk, number=number)
    kept = tuple(replace(line, id=one.id) for line, one in zip((LAPTOPS, MICE), made.lines, strict=True))
    desk.ask(SavePurchase(made.id, lines=(replace(kept[0], quantity=1),)))
    desk.ask(AskPurchase(made.id))
    last = desk.ask(LastChange(number))
    assert last is not None
    assert "state from draft to waiting" in last.sentence
    desk.ask(UndoLast(number))
    back = show(desk, made.id)
    assert (back.state, back.approval) == (S.DRAFT, None)
    desk.ask(UndoLast(number))
    assert [(line.article, line.quantity) for line in show(desk, made.id).lines] == [
        ("Laptop 14", 2),
        ("Mouse", 3),
    ]
    desk.ask(UndoLast(number))
    assert rows(desk) == 0
    verified(desk)


def test_no_undo_makes_it_approved_or_changes_what_is_decided(desk: Desk) -> None:
    shop(desk)
    made = request(desk, MICE)
    kept = replace(MICE, id=made.lines[0].id)
    changed = desk.ask(SavePurchase(made.id, lines=(replace(kept, quantity=2),)))
    free = desk.ask(AskPurchase(made.id))
    assert show(desk, made.id).state is S.APPROVED
    with pytest.raises(Refused, match="its content is changed with e"):
        desk.ask(UndoDeed(changed.event_ids[0]))
    undone = desk.ask(UndoDeed(free.event_ids[0]))
    assert show(desk, made.id).state is S.DRAFT
    desk.ask(SavePurchase(made.id, lines=(replace(kept, quantity=1000),)))
    with pytest.raises(Refused, match="asked for anew"):
        desk.ask(UndoDeed(undone.event_ids[0]))
    assert show(desk, made.id).state is S.DRAFT


def test_asked_by_mail_is_not_undone_and_says_so(desk: Desk) -> None:
    add_mailbox(desk)
    shop(desk)
    made = request(desk)
    done = desk.ask(AskPurchase(made.id))
    assert done.event_ids == ()  # nothing is offered that cannot be
    events = desk.ask(ListEvents(f"ticket:{made.ticket}")).events
    event = next(one for one in events if "state from draft to waiting" in one.sentence)
    with pytest.raises(Refused, match="A mail was sent with it"):
        desk.ask(UndoDeed(event.id))


def test_lists_over_all_tickets(desk: Desk) -> None:
    shop(desk)
    draft, waiting = request(desk, title="Chairs"), asked(desk)
    gone = request(desk, title="Yacht")
    desk.ask(CancelPurchase(gone.id, "no"))
    assert [one.id for one in desk.ask(ListPurchases())] == [waiting.id, draft.id, gone.id]
    assert [one.id for one in desk.ask(ListPurchases(open=True))] == [waiting.id, draft.id]
    assert [one.id for one in desk.ask(ListPurchases((S.WAITING, S.CANCELLED)))] == [waiting.id, gone.id]
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
    assert decide(desk, made).state is S.APPROVED
    verified(desk)


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
