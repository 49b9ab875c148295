"""Who decides about a purchase: limits, budgets and currencies, what a change does to a decision, and what an undo may (both databases)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.services.buying import (
    LAPTOPS,
    MICE,
    TOTAL,
    approved,
    asked,
    decide,
    purchase_rows,
    request,
    sentences,
    shop,
    show,
    verified,
)
from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.approvals import CancelApproval, DecideApproval, ListApprovals, SaveChain, StepInput
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.purchases import AskPurchase, CancelPurchase, LineInput, SavePurchase, ShowCostCentre
from tui_desk.contracts.tickets import LastChange, UndoDeed, UndoLast
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError


def test_the_total_chooses_who_decides(desk: Desk) -> None:
    shop(desk)
    small = asked(desk, MICE, LineInput("Cable", 5, Decimal("8.06")))  # 100.00: not above the limit
    assert (small.state, small.approval) == (PurchaseState.APPROVED, None)
    assert "needs no decision: no approval chain applies to 100.00 EUR" in "\n".join(
        sentences(desk, small.ticket)
    )
    middle = asked(desk)
    assert middle.state is PurchaseState.WAITING
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
    assert decide(desk, made).state is PurchaseState.APPROVED
    with pytest.raises(Refused, match="P1 is approved: it cannot be asked for"):
        desk.ask(AskPurchase(made.id))
    other = asked(desk)
    assert decide(desk, other, yes=False).state is PurchaseState.REFUSED
    desk.ask(AskPurchase(other.id))
    again = show(desk, other.id)
    assert again.state is PurchaseState.WAITING
    assert decide(desk, again).state is PurchaseState.APPROVED
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
    assert show(desk, hers.id).state is PurchaseState.DRAFT
    desk.ask(AskPurchase(made.id))
    with pytest.raises(Refused, match="cannot decide about what"):  # she becomes who gets it, while it waits
        desk.ask(SavePurchase(made.id, requester="sue@desk.test"))
    waiting = show(desk, made.id)
    assert (waiting.state, waiting.requester) == (PurchaseState.WAITING, "otto@client.test")
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
    assert (now.state, now.approval.id, now.approval.amount) == (
        PurchaseState.WAITING,
        first.id,
        Decimal("3956.70"),
    )
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
    assert show(desk, made.id).state is PurchaseState.APPROVED
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
    assert show(desk, made.id).state is PurchaseState.APPROVED
    done = desk.ask(SavePurchase(made.id, lines=(replace(LAPTOPS, quantity=20),)))
    assert "does not count any more" in done.warnings[0]
    now = show(desk, made.id)
    assert now.state is PurchaseState.DRAFT
    assert "what was decided does not count any more" in "\n".join(sentences(desk, made.ticket))
    desk.ask(UndoLast(made.ticket, done.event_ids))  # the lines come back, the approval does not
    back = show(desk, made.id)
    assert (back.state, back.total) == (PurchaseState.DRAFT, TOTAL)
    refused = decide(desk, asked(desk), yes=False)
    desk.ask(SavePurchase(refused.id, supplier=""))
    assert show(desk, refused.id).state is PurchaseState.DRAFT
    verified(desk)


def test_the_question_taken_back_makes_it_a_draft(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    assert made.approval is not None
    desk.ask(CancelApproval(made.approval.id))
    assert show(desk, made.id).state is PurchaseState.DRAFT
    assert any("is a draft again" in one for one in sentences(desk, made.ticket))


def test_cancelled_with_a_reason(desk: Desk) -> None:
    shop(desk)
    made = asked(desk)
    with pytest.raises(UsageError, match="Say why"):
        desk.ask(CancelPurchase(made.id, "  "))
    done = desk.ask(CancelPurchase(made.id, "no money"))
    now = show(desk, made.id)
    assert now.approval is not None
    assert (now.state, now.approval.state) == (PurchaseState.CANCELLED, "cancelled")
    assert any("cancelled P1 “Laptops”: no money" in one for one in sentences(desk, made.ticket))
    for again in (
        AskPurchase(made.id),
        SavePurchase(made.id, title="x"),
        CancelPurchase(made.id, "again"),
    ):
        with pytest.raises(Refused, match="P1 is cancelled"):
            desk.ask(again)
    desk.ask(UndoLast(made.ticket, done.event_ids))
    assert show(desk, made.id).state is PurchaseState.DRAFT  # its question was taken back, and is asked anew


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
    assert show(desk, made.id).state is PurchaseState.APPROVED
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
    assert show(desk, made.id).state is PurchaseState.WAITING
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
    assert (back.state, back.approval) == (PurchaseState.DRAFT, None)
    desk.ask(UndoLast(number))
    assert [(line.article, line.quantity) for line in show(desk, made.id).lines] == [
        ("Laptop 14", 2),
        ("Mouse", 3),
    ]
    desk.ask(UndoLast(number))
    assert purchase_rows(desk) == 0
    verified(desk)


def test_no_undo_makes_it_approved_or_changes_what_is_decided(desk: Desk) -> None:
    shop(desk)
    made = request(desk, MICE)
    kept = replace(MICE, id=made.lines[0].id)
    changed = desk.ask(SavePurchase(made.id, lines=(replace(kept, quantity=2),)))
    free = desk.ask(AskPurchase(made.id))
    assert show(desk, made.id).state is PurchaseState.APPROVED
    with pytest.raises(Refused, match="its content is changed with e"):
        desk.ask(UndoDeed(changed.event_ids[0]))
    undone = desk.ask(UndoDeed(free.event_ids[0]))
    assert show(desk, made.id).state is PurchaseState.DRAFT
    desk.ask(SavePurchase(made.id, lines=(replace(kept, quantity=1000),)))
    with pytest.raises(Refused, match="asked for anew"):
        desk.ask(UndoDeed(undone.event_ids[0]))
    assert show(desk, made.id).state is PurchaseState.DRAFT


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
