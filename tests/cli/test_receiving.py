"""From the order to the paid invoice by commands only, on each database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Answer, Command
from tui_desk.core.clock import utc_now


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


@pytest.fixture
def ordered(desk: Command) -> str:
    """A purchase of three laptops and a day of work, ordered."""
    made = good(
        desk(
            "ticket",
            "new",
            "--subject",
            "Laptops",
            "--requester",
            "anna@customer.test",
            "--body",
            "x",
            "--json",
        )
    )
    good(desk("supplier", "new", "Dell", "--json"))
    lines = ("--line", "3 x ThinkPad T14 @ 1299.90 | asset=Laptop", "--line", "Setting up @ 400")
    words = (
        "purchase",
        "new",
        str(made["number"]),
        "Laptops",
        "--supplier",
        "Dell",
        *lines,
        "--ask",
        "--json",
    )
    name = str(good(desk(*words))["name"])
    good(desk("purchase", "order", name, "--json"))
    return name


def test_from_the_receipt_to_the_paid_invoice(desk: Command, ordered: str, tmp_path: Path) -> None:
    good(desk("asset", "new", "LT-0042", "Old", "type=Laptop", "--json"))
    serials = tmp_path / "scanned.txt"
    serials.write_text("PF3X1\nPF3X2\n")
    words = ("--line", "1=2", "--serials-file", str(serials), "--to-requester", "--note", "by hand", "--json")
    done = good(desk("purchase", "receive", ordered, *words))
    assert done["state"] == "partly_received"
    assert [one["tag"] for one in done["receipt"]["lines"][0]["assets"]] == ["LT-0043", "LT-0044"]
    asset = good(desk("asset", "show", "LT-0044", "--json"))
    assert (asset["serial"], asset["state"], asset["owner"]) == ("PF3X2", "in_use", "anna@customer.test")
    plain = desk("purchase", "receive", ordered, "--all", "--tags", "LT-0100")
    assert plain.out.startswith(
        f"{ordered} · received: 1 × ThinkPad T14 (LT-0100), 1 × Setting up\nState: received"
    )
    invoice = good(desk("invoice", "new", ordered, "RE-17", "--due", utc_now().date().isoformat(), "--json"))
    assert (invoice["state"], invoice["check"][0]["differences"]) == ("open", [])
    number = str(invoice["id"])
    changed = desk(
        "invoice", "set", number, "--line", "1=3@1310", "--line", "2=1", "--line", "Freight @ 19.90"
    )
    assert "≠ ThinkPad T14: 1310.00 each instead of 1299.90" in changed.out
    assert "≠ Freight: not ordered, 19.90 EUR" in changed.err
    refused = desk("invoice", "accept", number)
    assert (refused.code, "Accept it with a reason" in refused.err) == (2, True)
    accepted = good(desk("invoice", "accept", number, "--reason", "agreed", "--json"))
    assert (accepted["state"], accepted["note"]) == ("accepted", "Accepted: agreed")
    assert [one["number"] for one in good(desk("invoice", "list", "--json"))] == ["RE-17"]
    assert good(desk("invoice", "pay", number, "--json"))["state"] == "paid"
    assert good(desk("invoice", "list", "--json")) == []
    assert "RE-17" in desk("invoice", "list", "--all", "--purchase", ordered).out
    shown = desk("purchase", "receipts", ordered)
    assert "P1 Laptops: closed" in shown.out
    assert "2 × ThinkPad T14: LT-0043, LT-0044" in shown.out
    whole = good(desk("purchase", "receipts", ordered, "--json"))
    assert [(line["ordered"], line["received"], line["invoiced"]) for line in whole["lines"]] == [
        (3, 3, 3),
        (1, 1, 1),
    ]
    assert good(desk("audit", "verify", "--json"))["broken"] == []


def test_what_a_command_refuses(desk: Command, ordered: str) -> None:
    for words, code, sentence in (
        (("--line", "1=4"), 1, "4 more are too many"),
        (("--line", "1=-1"), 2, "“-1” pieces"),
        (("--line", "1=x"), 2, "not a number of pieces"),
        (("--line", "1"), 2, "write 1=3"),
        (("--line", "9=1"), 3, "has no line 9"),
        (("--line", "1=1", "--line", "1=1"), 2, "named twice"),
        (("--line", "1=1", "--all"), 2, "do not go together"),
        (("--line", "2=1", "--serials", "X"), 2, "None of these lines makes assets"),
        (("--line", "1=1", "--on", "2999-01-01"), 2, "still to come"),
        ((), 2, "Nothing was received"),
    ):
        answer = desk("purchase", "receive", ordered, *words)
        assert (answer.code, sentence in answer.err) == (code, True), (words, answer.err)
    for words, code, sentence in (
        (("RE-1",), 2, "Nothing came"),
        (("RE-1", "--line", "1=1@5 USD"), 2, "it was ordered in EUR"),
        (("RE-1", "--line", "1=1@5", "--currency", "USD"), 1, "The invoice is in USD"),
        (("RE-1", "--line", "Freight"), 2, "is no line"),
        (("RE-1", "--line", "1=1", "--due", "in 2h"), 2, "due on a day"),
    ):
        answer = desk("invoice", "new", ordered, *words)
        assert (answer.code, sentence in answer.err) == (code, True), (words, answer.err)
    assert desk("invoice", "show", "1").code == 3
    closed = desk("purchase", "close", ordered, "--reason", "x")
    assert (closed.code, "cancelled, not closed" in closed.err) == (1, True)
    good(desk("purchase", "receive", ordered, "--line", "1=1", "--json"))
    assert "3 pieces never came" in desk("purchase", "close", ordered, "--reason", "Sold out").out
    assert "It is closed" in desk("purchase", "receive", ordered, "--line", "1=1").err


def test_invoices_are_refused_and_opened_again(desk: Command, ordered: str) -> None:
    good(desk("purchase", "receive", ordered, "--all", "--json"))
    number = str(good(desk("invoice", "new", ordered, "RE-1", "--json"))["id"])
    again = desk("invoice", "new", ordered, "re-1", "--line", "1=1")
    assert (again.code, "The invoice RE-1 of Dell is there already" in again.err) == (1, True)
    assert good(desk("invoice", "refuse", number, "--reason", "not ours", "--json"))["state"] == "refused"
    assert desk("invoice", "set", number, "--note", "x").code == 1
    assert good(desk("invoice", "reopen", number, "--json"))["state"] == "open"
    assert good(desk("invoice", "set", number, "--note", "x", "--due", "", "--json"))["note"] == "x"
    assert desk("invoice", "set", number).code == 2
