"""Fields of your own by commands only, on each database: defined, set, shown, searched; errors name the word."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.command import Answer, Command


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


@pytest.fixture
def number(desk: Command) -> str:
    """A ticket, and fields of every subject."""
    for words in (
        (
            "ticket.cost_group",
            "--kind",
            "choice",
            "--choice",
            "A",
            "--choice",
            "B",
            "--required",
            "resolving",
        ),
        ("ticket.amount", "--kind", "number"),
        ("person.badge",),
        ("asset.ram", "--kind", "number", "--type", "laptop", "--label", "Memory"),
    ):
        good(desk("field", "new", *words, "--json"))
    new = ("ticket", "new", "--subject", "Lamp", "--requester", "eva@customer.test", "--body", "x")
    return str(good(desk(*new, "--field", "amount=7", "--json"))["number"])


def test_fields_are_defined_listed_and_changed(desk: Command, number: str) -> None:
    listed = good(desk("field", "list", "--json"))
    assert [f"{one['subject']}.{one['name']}" for one in listed] == [
        "ticket.cost_group",
        "ticket.amount",
        "person.badge",
        "asset.ram",
    ]
    assert [one["values"] for one in listed] == [0, 1, 0, 0]
    changed = good(
        desk("field", "set", "ticket.cost_group", "label=Group", "order=2", "--choice", "C", "--json")
    )
    assert (changed["label"], changed["position"], changed["choices"]) == ("Group", 2, ["C"])
    assert "1 value of its present kind" in desk("field", "set", "ticket.amount", "kind=text").err
    good(desk("field", "remove", "ticket.amount", "--json"))
    assert [one["name"] for one in good(desk("field", "list", "--of", "ticket", "--json"))] == ["cost_group"]
    assert "Amount" in desk("field", "list", "--all").out
    good(desk("field", "remove", "ticket.amount", "--not", "--json"))
    for words, code, said in (
        (("show", "amount"), 2, "write SUBJECT.NAME"),
        (("show", "ticket.colour"), 3, "There is no field"),
        (("new", "ticket.status"), 2, "means something else"),
        (("new", "ticket.x", "--kind", "colour"), 2, "Allowed: text, number"),
        (("set", "ticket.amount"), 2, "Nothing to set"),
        (("set", "ticket.amount", "order=first"), 2, "no place in the order"),
    ):
        answer = desk("field", *words)
        assert (answer.code, said in answer.err) == (code, True), answer.err


def test_values_are_set_shown_and_searched(desk: Command, number: str) -> None:
    assert "Cost group: B" in desk("ticket", "set", number, "field.cost_group=b", "field.amount=1249,5").out
    shown = good(desk("ticket", "show", number, "--json"))
    assert shown["fields"] == {"cost_group": "B", "amount": "1249.5"}
    assert "Amount" in desk("ticket", "show", number).out
    for query, hits in (
        ("amount>1000", 1),
        ("amount<1000", 0),
        ("cost_group:b has:amount", 1),
        ("-has:amount", 0),
    ):
        assert len(good(desk("ticket", "list", "--query", query, "--json"))) == hits
    for query, said in (
        ("amount>1,249", "amount>1,249: “1,249” can be two numbers"),
        ("cost_group:C", "none of the values of cost_group"),
        ("has:amuont", "There is no field “amuont”"),
        ("amuont>=3", "“amuont” is no field of a ticket"),
        ("cost_group>A", "cost_group has no order"),
    ):
        answer = desk("ticket", "list", "--query", query)
        assert (answer.code, said in answer.err) == (2, True), answer.err
    for word, said in (
        ("field.amount=dear", "Amount: “dear” is no number"),
        ("field.colour=red", "There is no field “colour”"),
        ("field.amount", "write field.NAME=VALUE"),
    ):
        answer = desk("ticket", "set", number, word)
        assert (answer.code, said in answer.err) == (2, True), answer.err
    good(desk("person", "set", "eva@customer.test", "field.badge=0042", "--json"))
    assert good(desk("person", "show", "eva@customer.test", "--json"))["fields"] == {"badge": "0042"}
    assert len(good(desk("person", "list", "--query", "badge:42", "--json"))) == 1
    good(desk("asset", "new", "LT-1", "ThinkPad", "type=laptop", "field.ram=16", "--json"))
    assert good(desk("asset", "set", "LT-1", "location=Rome", "--json"))["fields"] == {"ram": "16"}
    assert [one["tag"] for one in good(desk("asset", "list", "--query", "ram>=16", "--json"))] == ["LT-1"]
    wrong = desk("asset", "list", "--query", "ram>=x")
    assert (wrong.code, "ram>=x" in wrong.err) == (2, True)


def test_a_ticket_is_not_resolved_without_what_it_needs(desk: Command, number: str) -> None:
    answer = desk("ticket", "set", number, "status=resolved", "--despite", "no time")
    assert (answer.code, "Cost group must have a value" in answer.err) == (1, True)
    assert f"tui-desk ticket set {number} field.cost_group=VALUE" in answer.err
    good(desk("ticket", "set", number, "field.cost_group=A", "status=resolved", "--json"))
    assert good(desk("ticket", "undo", number, "--json"))["number"] == int(number)
    assert good(desk("ticket", "show", number, "--json"))["fields"]["cost_group"] is None


def test_a_new_ticket_has_what_it_must_have(desk: Command, number: str) -> None:
    good(desk("field", "set", "ticket.amount", "required=always", "--json"))
    new = ("ticket", "new", "--subject", "Lamp", "--requester", "eva@customer.test", "--body", "x")
    answer = desk(*new)
    assert (answer.code, "Amount must have a value" in answer.err) == (2, True)
    good(desk(*new, "--field", "amount=1", "--json"))
