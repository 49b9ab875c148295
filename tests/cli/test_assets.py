"""Assets by commands only, on each database: types, life, relations, worth, what a ticket names."""

from __future__ import annotations

from typing import Any

from tests.cli.command import Answer, Command


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


def test_the_life_of_an_asset(desk: Command) -> None:
    words = ("asset", "new", "IT-1", "ThinkPad", "type=laptop", "hostname=nb-ana", "serial=PF3X1234")
    made = good(desk(*words, "cost=1200.00", "purchased_on=2020-01-31", "state=ordered", "--json"))
    assert (made["hostname"], made["state"], made["depreciation"]) == ("nb-ana", "ordered", None)
    kept = good(desk("asset", "type", "new", "Laptop", "--months", "36", "--json"))
    assert (kept["name"], kept["assets"], kept["depreciation_months"]) == ("Laptop", 1, 36)
    shown = good(desk("asset", "show", "it-1", "--json"))
    assert shown["type"] == "Laptop"
    assert shown["depreciation"]["book_value"] == "0.00"
    assert "Book value" in desk("asset", "show", "IT-1").out
    owned = good(desk("asset", "state", "IT-1", "in-use", "--owner", "ana@customer.test", "--json"))
    assert (owned["state"], owned["owner"], owned["warnings"]) == ("in_use", "ana@customer.test", [])
    refused = desk("asset", "set", "IT-1", "state=ordered")
    assert (refused.code, "does not become ordered" in refused.err) == (1, True)
    assert good(desk("asset", "set", "IT-1", "depreciation_months=0", "--json"))["depreciation"] is None
    assert desk("asset", "set", "IT-1", "depreciation_months=many").code == 2
    assert desk("asset", "state", "IT-1", "lost").code == 2
    assert desk("asset", "state", "IT-9", "in_use").code == 3


def test_types(desk: Command) -> None:
    good(desk("asset", "new", "IT-1", "Phone", "type=phone", "--json"))
    assert [(t["id"], t["name"], t["assets"]) for t in good(desk("asset", "type", "list", "--json"))] == [
        (None, "phone", 1)
    ]
    good(desk("asset", "type", "new", "phone", "--json"))
    renamed = good(desk("asset", "type", "set", "PHONE", "--rename", "Mobile", "--months", "24", "--json"))
    assert (renamed["name"], renamed["depreciation_months"], renamed["assets"]) == ("Mobile", 24, 1)
    assert good(desk("asset", "show", "IT-1", "--json"))["type"] == "Mobile"
    aside = good(desk("asset", "type", "set", "Mobile", "--set-aside", "--months", "0", "--json"))
    assert (aside["active"], aside["depreciation_months"]) == (False, None)
    assert desk("asset", "type", "set", "Phone", "--months", "1").code == 3
    assert desk("asset", "type", "new", "mobile").code == 1
    assert "Mobile" in desk("asset", "type", "list").out


def test_relations_and_retirement(desk: Command) -> None:
    for tag in ("VM-1", "SRV-1"):
        good(desk("asset", "new", tag, "Machine", "--json"))
    seen = good(desk("asset", "relate", "VM-1", "installed_on", "SRV-1", "--json"))
    assert [(one["kind"], one["tag"], one["outgoing"]) for one in seen["relations"]] == [
        ("installed_on", "SRV-1", True)
    ]
    assert "carries VM-1" in desk("asset", "show", "SRV-1").out
    circle = desk("asset", "relate", "SRV-1", "part_of", "VM-1")
    assert (circle.code, "circle: SRV-1 → VM-1 → SRV-1" in circle.err) == (1, True)
    refused = desk("asset", "retire", "VM-1")
    assert (refused.code, "a relation with SRV-1" in refused.err) == (1, True)
    assert good(desk("asset", "retire", "VM-1", "--anyway", "--json"))["state"] == "retired"
    assert good(desk("asset", "retire", "VM-1", "--not", "--json"))["state"] == "in_stock"
    assert (
        good(desk("asset", "relate", "VM-1", "installed-on", "SRV-1", "--remove", "--json"))["relations"]
        == []
    )
    assert desk("asset", "relate", "VM-1", "installed_on", "SRV-1", "--remove").code == 3


def test_what_a_ticket_names(desk: Command) -> None:
    good(desk("asset", "new", "IT-0042", "ThinkPad", "warranty_until=2020-01-31", "--json"))
    good(desk("licence", "new", "Adobe Acrobat Pro", "--json"))
    words = ("ticket", "new", "--subject", "it-0042 hangs", "--requester", "ana@customer.test")
    number = str(good(desk(*words, "--body", "So does Adobe Acrobat Pro.", "--json"))["number"])
    found = good(desk("ticket", "show", number, "--json"))["recognised"]
    assert [(one["by"], one["tag"], one["name"]) for one in found] == [
        ("tag", "IT-0042", "ThinkPad"),
        ("licence_name", "", "Adobe Acrobat Pro"),
    ]
    assert f"tui-desk asset link IT-0042 {number}" in desk("ticket", "show", number).out
    good(desk("asset", "link", "IT-0042", number, "--json"))
    good(desk("ticket", "not-about", number, "Adobe Acrobat Pro", "--licence", "--json"))
    shown = good(desk("ticket", "show", number, "--json"))
    assert shown["recognised"] == []
    assert [(one["name"], one["licence"], one["ends_on"]) for one in shown["expiring"]] == [
        ("IT-0042", False, "2020-01-31")
    ]
    assert "! warranty of IT-0042: over since 2020-01-31" in desk("ticket", "show", number).out
    good(desk("ticket", "licence", number, "Adobe Acrobat Pro", "--json"))
    assert [one["name"] for one in good(desk("ticket", "show", number, "--json"))["licences"]] == [
        "Adobe Acrobat Pro"
    ]
    good(desk("ticket", "licence", number, "Adobe Acrobat Pro", "--remove", "--json"))
