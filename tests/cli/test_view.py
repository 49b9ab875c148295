"""``tui-desk view`` and ``ticket list --view NAME``."""

from __future__ import annotations

from typing import Any

from tests.cli.command import Answer, Command


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


def test_views_are_saved_listed_used_and_removed(desk: Command) -> None:
    new = ("ticket", "new", "--subject", "Lamp", "--requester", "eva@customer.test", "--body", "x", "--json")
    number = str(good(desk(*new))["number"])
    said = desk("ticket", "list", "--view", "Lamps")
    assert (said.code, "no view “Lamps”" in said.err) == (3, True), said.err
    assert desk("view", "save", "Lamps").code == 3
    for query, code in (("status:opne", 2), ("created<3x", 2), ("assignee:nobdy", 3), ("stauts:open", 2)):
        assert desk("view", "save", "Lamps", "--query", query).code == code
    made = good(
        desk("view", "save", "Lamps", "--query", "created<3d", "--of", "all", "--sort", "due", "--json")
    )
    assert (made["name"], made["view"], made["sort"], made["sharing"]) == ("Lamps", "all", "due", "private")
    assert [str(one["number"]) for one in good(desk("ticket", "list", "--view", "lamps", "--json"))] == [
        number
    ]
    assert good(desk("ticket", "list", "--view", "Lamps", "--query", "zzqq", "--json")) == []
    good(desk("view", "save", "Lamps", "--as-name", "Lights", "--share", "desk", "--json"))
    listed = good(desk("view", "list", "--json"))
    assert [(one["name"], one["sharing"], one["count"]) for one in listed] == [("Lights", "desk", 1)]
    assert "Lights" in desk("view", "list").out
    assert "removed" in desk("view", "remove", "Lights").out
    assert good(desk("view", "list", "--json")) == []
