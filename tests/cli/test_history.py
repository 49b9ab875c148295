"""``tui-desk history``, ``ticket merge``, ``ticket split`` and ``ticket undo --event``: one story from the command line."""

from __future__ import annotations

from tests.cli.command import Command
from tests.cli.test_contract import new_ticket


def test_merge_split_and_undo_from_the_history(sqlite_desk: Command) -> None:
    desk = sqlite_desk
    target, source = new_ticket(desk), new_ticket(desk, "Toner")
    merged = desk("ticket", "merge", str(target), str(source))
    assert merged.code == 0
    assert f"#{source} merged into #{target}" in merged.out
    assert desk("ticket", "merge", str(source), str(target)).code == 1
    assert desk("ticket", "merge", str(target), str(target)).code == 2
    assert desk("ticket", "merge", str(target), "4711").code == 3
    view = desk("ticket", "show", str(target), "--json").json
    messages = [message["id"] for message in view["messages"]]
    assert len(messages) == 2

    events = desk("history", "--ticket", str(source), "--json").json
    moved = next(event for event in events if event["action"] == "messages_moved")
    assert moved["reversible"]
    undone = desk("ticket", "undo", "--event", str(moved["id"]), "--json")
    assert undone.code == 0, undone
    assert undone.json["number"] == source
    again = desk("ticket", "undo", "--event", str(moved["id"]))
    assert again.code == 1
    assert "undone already" in again.err
    assert desk("ticket", "show", str(source), "--json").json["merged_into"] is None

    desk("ticket", "merge", str(target), str(source))
    assert desk("ticket", "split", str(target), "--message", "4711").code == 3
    parted = desk(
        "ticket", "split", str(target), "--message", str(messages[1]), "--subject", "Toner again", "--json"
    )
    number = parted.json["number"]
    assert desk("ticket", "show", str(number), "--json").json["subject"] == "Toner again"


def test_a_history_is_narrowed(sqlite_desk: Command) -> None:
    desk = sqlite_desk
    number = new_ticket(desk)
    desk("asset", "new", "PC-1", "Laptop")
    told = desk("history", "--since", "yesterday").out
    assert f"#{number}" in told
    assert "PC-1" in told
    assert {event["subject"] for event in desk("history", "--asset", "PC-1", "--json").json} == {"PC-1"}
    assert desk("history", "--since", "2999-01-01", "--json").json == []
    assert "Nothing has happened" in desk("history", "--since", "2999-01-01").out
    assert desk("history", "--since", "1h", "--limit", "1", "--json").code == 0
    assert desk("history", "--since", "soonish").code == 2
    assert desk("history", "--setting", "--ticket", str(number)).code == 2
    assert desk("history", "--asset", "nothing").code == 3
    assert desk("history", "--ticket", "4711").code == 3
    assert desk("history", "--agent", "nobody").code == 3
