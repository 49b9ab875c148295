"""``tui-desk purchase``, ``supplier`` and ``cost-centre``: the whole way to the order, and what is refused."""

from __future__ import annotations

import pytest

from tests.cli.command import Command
from tests.cli.test_contract import new_ticket


@pytest.fixture
def shop(desk: Command) -> Command:
    """A desk with agents, a supplier, a cost centre and a limit, and one ticket."""
    new_ticket(desk)
    for words in (
        ("agent", "add", "ana", "--email", "ana@desk.test"),
        ("agent", "add", "sue", "--email", "sue@desk.test", "--role", "supervisor"),
        ("supplier", "new", "ACME", "--email", "orders@acme.test", "--customer-number", "C-77"),
        ("cost-centre", "new", "IT-100", "--name", "Computers", "--budget", "25.000,00"),
        ("approval", "chain", "set", "Small", "--step", "sue", "--above", "100", "--currency", "EUR"),
    ):
        done = desk(*words)
        assert done.code == 0, done.err
    return desk


def test_from_the_request_to_the_order(shop: Command) -> None:
    made = shop(
        "purchase", "new", "1", "A laptop for Ana", "--supplier", "acme", "--cost-centre", "it-100",
        "--line", "2 x Laptop 14 @ 1.299,00 | no=L-14 | asset=Laptop", "--line", "Mouse @ 19.90",
        "--ask", "--as", "ana", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert (made.json["name"], made.json["state"], made.json["total"]) == ("P1", "waiting", "2617.90")
    assert [line["total"] for line in made.json["lines"]] == ["2598.00", "19.90"]
    asked = made.json["approval"]
    assert [one["address"] for one in asked["steps"][0]["approvers"]] == ["sue@desk.test"]
    early = shop("purchase", "order", "P1", "--as", "ana")
    assert (early.code, "P1 is waiting: it cannot be ordered" in early.err) == (1, True)
    assert shop("approval", "decide", str(asked["id"]), "yes", "--as", "sue").code == 0
    assert [one["id"] for one in shop("purchase", "list", "--state", "approved", "--json").json] == [1]
    preview = shop("purchase", "order", "P1", "--preview", "--as", "ana")
    assert "PO-" in preview.out
    assert "2617.90" in preview.out
    done = shop("purchase", "order", "1", "--number", "4711", "--as", "ana", "--json")
    assert (done.json["state"], done.json["order_number"]) == ("ordered", "4711")
    assert shop("cost-centre", "show", "IT-100", "--json").json["left"] == "22382.10"
    ticket = shop("ticket", "show", "1", "--json").json
    assert [(one["name"], one["state"]) for one in ticket["purchases"]] == [("P1", "ordered")]
    assert "Purchase P1: A laptop for Ana (2617.90 EUR, ordered)" in shop("ticket", "show", "1").out
    shown = shop("purchase", "show", "p1").out
    for words in (
        "P1",
        "4711",
        "1. 2 x Laptop 14 @ 1299.00 | no=L-14 | asset=Laptop  = 2598.00",
        "2617.90 EUR",
    ):
        assert words in shown
    gone = shop("purchase", "cancel", "P1", "--reason", "no", "--as", "ana")
    assert "tell the supplier" in gone.err
    assert shop("purchase", "list").out.strip() == "No purchases."
    assert "cancelled" in shop("purchase", "list", "--all").out


def test_lines_are_added_changed_and_removed(shop: Command) -> None:
    assert shop("purchase", "new", "1", "Desks", "--line", "Desk @ 300").code == 0
    added = shop("purchase", "line", "add", "P1", "4 x Chair @ 99,90", "--json").json
    assert [line["article"] for line in added["lines"]] == ["Desk", "Chair"]
    changed = shop("purchase", "line", "set", "P1", "2", "5 x Chair @ 89.90", "--json").json
    assert (changed["lines"][1]["id"], changed["total"]) == (added["lines"][1]["id"], "749.50")
    removed = shop("purchase", "line", "remove", "P1", "1", "--json").json
    assert [line["article"] for line in removed["lines"]] == ["Chair"]
    renamed = shop(
        "purchase", "set", "P1", "title=Chairs", "cost_centre=IT-100", "for=eve@client.test", "--json"
    )
    assert (renamed.json["title"], renamed.json["cost_centre"], renamed.json["requester"]) == (
        "Chairs",
        "IT-100",
        "eve@client.test",
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("purchase", "show", "P99"), 3, "There is no purchase P99"),
        (("purchase", "show", "x"), 2, "Write it like P12"),
        (("purchase", "new", "99", "x"), 3, "There is no ticket #99"),
        (("purchase", "new", "1", "x", "--line", "Laptop @ 1.299"), 2, "can be 1299 or 1.299"),
        (("purchase", "new", "1", "x", "--line", "-2 x A @ 1"), 2, "at least 1, not -2"),
        (("purchase", "new", "1", "x", "--line", "A @ -1"), 2, "not negative"),
        (("purchase", "new", "1", "x", "--line", "A @ 5 USD"), 2, "The price is in USD"),
        (("purchase", "new", "1", "x", "--currency", "EUX"), 2, "not a currency"),
        (("purchase", "new", "1", "x", "--currency", "USD", "--cost-centre", "IT-100"), 2, "is in EUR"),
        (("purchase", "new", "1", "x", "--supplier", "Nobody"), 3, "no supplier"),
        (("purchase", "set", "P1"), 2, "Nothing to set"),
        (("purchase", "set", "P1", "colour=red"), 2, "Names: title"),
        (("purchase", "line", "remove", "P1", "9"), 3, "no line 9"),
        (("purchase", "ask", "P1"), 2, "has no lines yet"),
        (("purchase", "order", "P1", "--note", "x"), 2, "add --mail"),
        (("purchase", "order", "P1", "--on", "31 feb"), 2, "no 31 feb"),
        (("purchase", "cancel", "P1"), 2, "--reason"),
        (("purchase", "settings", "--numbers", "PO"), 2, "no scheme"),
        (("supplier", "set", "ACME", "active=perhaps"), 2, "active"),
        (("cost-centre", "set", "IT-100", "budget=-1"), 2, "not negative"),
        (("cost-centre", "set", "IT-100", "budget=1 USD"), 2, "The amount is in USD"),
    ],
)
def test_what_is_wrong_is_said(shop: Command, words: tuple[str, ...], code: int, said: str) -> None:
    assert shop("purchase", "new", "1", "Empty").code == 0
    done = shop(*words)
    assert (done.code, said in done.err) == (code, True), done.err


def test_suppliers_cost_centres_and_settings(shop: Command) -> None:
    changed = shop("supplier", "set", "acme", "name=ACME Ltd", "phone=+1 555", "--json")
    assert (changed.json["name"], changed.json["phone"], changed.json["email"]) == (
        "ACME Ltd",
        "+1 555",
        "orders@acme.test",
    )
    assert shop("supplier", "set", "ACME Ltd", "active=no").code == 0
    assert shop("supplier", "list").out.strip() == "No suppliers."
    assert "ACME Ltd" in shop("supplier", "list", "--all").out
    listed = shop("cost-centre", "list", "--json").json
    assert [(one["code"], one["budget"], one["left"]) for one in listed] == [
        ("IT-100", "25000.00", "25000.00")
    ]
    free = shop("cost-centre", "set", "IT-100", "budget=", "--json").json
    assert (free["budget"], free["left"]) == (None, None)
    assert "25000" not in shop("cost-centre", "list").out
    saved = shop("purchase", "settings", "--numbers", "B{year}/{number}", "--currency", "chf", "--json")
    assert saved.json == {"order_numbers": "B{year}/{number}", "currency": "CHF"}
    assert "B{year}/{number}" in shop("purchase", "settings").out
    refused = shop("supplier", "new", "Other", "--as", "ana")
    assert (refused.code, "Only a supervisor" in refused.err) == (1, True)
