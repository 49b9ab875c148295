"""Many tickets by commands only."""

from __future__ import annotations

from tests.cli.command import Command
from tests.cli.test_work import good


def test_many_tickets_from_a_preview_to_its_undo(desk: Command) -> None:
    new = ("ticket", "new", "--requester", "anna@customer.test", "--body", "x", "--json", "--subject")
    one, two = (str(good(desk(*new, name))["number"]) for name in ("Toner", "Paper"))
    other = str(good(desk(*new, "Else"))["number"])
    query = ("ticket", "bulk", "--query", "status:new -else", "--json")
    seen = good(desk(*query, "--dry-run", "set", "priority=high"))
    assert seen["dry_run"]
    assert {(str(line["number"]), line["effect"]) for line in seen["tickets"]} == {
        (one, "changed"),
        (two, "changed"),
    }
    done = good(desk(*query, "--token", "fair", "set", "priority=high"))
    assert [line["effect"] for line in done["tickets"]] == ["changed", "changed"]
    again = good(desk(*query, "--token", "fair", "set", "priority=high"))
    assert [line["effect"] for line in again["tickets"]] == ["repeated", "repeated"]
    assert good(desk("ticket", "show", other, "--json"))["priority"] == "normal"
    assert good(desk("ticket", "bulk", one, f"#{two}", "tag", "vpn,Fair", "--json"))["token"]
    assert good(desk("ticket", "bulk", one, "untag", "fair", "--json"))["tickets"][0]["effect"] == "changed"
    assert good(desk("ticket", "show", one, "--json"))["tags"] == ["vpn"]
    good(desk("ticket", "bulk", "undo", "fair", "--json"))
    assert good(desk("ticket", "show", one, "--json"))["priority"] == "normal"
    gone = desk("ticket", "bulk", one, "4711", "take")
    assert (gone.code, "#4711" in gone.out or "4711" in gone.out) == (1, True)
    assert "was left alone" in gone.err
    assert good(desk("ticket", "show", one, "--json"))["assignee"]


def test_what_makes_no_sense_is_wrong_usage_and_does_nothing(desk: Command) -> None:
    new = ("ticket", "new", "--requester", "anna@customer.test", "--body", "x", "--json", "--subject")
    one = str(good(desk(*new, "Toner"))["number"])
    for words, code in (
        ((one,), 2),
        (("set", "status=open"), 2),
        ((one, "--query", "toner", "take"), 2),
        (("--query", "stauts:open", "take"), 2),
        ((one, "set"), 2),
        ((one, "set", "team=Nobody"), 3),
        ((one, "tag", "-"), 2),
        ((one, "take", "now"), 2),
        ((one, "merge", one), 2),
        ((one, "reply", "--body", "Dear {requester.nmae}"), 2),
        ((one, "set", "status=open", "--body", "x"), 2),
        (("undo", "never"), 1),
    ):
        assert desk("ticket", "bulk", *words).code == code, words
    assert desk("ticket", "bulk", "--query", "nothing-fits-this", "take").out.startswith("No ticket fits")
