"""Canned replies and macros by commands only, on each database."""

from __future__ import annotations

import json

from tests.cli.command import Command


def test_a_canned_reply_from_its_first_word_to_its_end(desk: Command) -> None:
    made = desk("canned", "new", "VPN", "shortcut=vpn", "text=Hello {requester.first_name|there}", "--json")
    assert (made.code, made.json["shortcut"], made.json["own"]) == (0, "vpn", False)
    desk("ticket", "new", "--subject", "S", "--requester", "Eva <eva@x.test>", "--body", "x")
    assert desk("canned", "fill", "vpn", "1").out.strip() == "Hello Eva"
    assert desk("canned", "list", "--ticket", "1", "--json").json[0]["used"] == 1
    wrong = desk("canned", "new", "X", "text=a {b.c}")
    assert (wrong.code, "Line 1, column 3: {b.c}" in wrong.err) == (2, True)
    assert desk("canned", "set", "vpn", "active=no", "--for", "me", "--json").json["own"] is True
    assert desk("canned", "list", "--json").json == []
    assert desk("canned", "show", "nothing").code == 3


def test_a_macro_is_written_shown_and_carried_out(desk: Command) -> None:
    desk("ticket", "new", "--subject", "S", "--requester", "Eva <eva@x.test>", "--body", "x")
    words = (
        "macro",
        "new",
        "Take",
        "status=pending",
        "tags=vpn,-old",
        "note=Hi {requester.name}",
        "--task",
        "Call | days=2",
    )
    assert desk(*words).code == 0
    changed = desk("macro", "set", "Take", "status=", "priority=high", "--json").json
    assert changed["fields"] == {"priority": "high", "tags": "vpn,-old"}
    dry = desk("ticket", "macro", "1", "take", "--dry-run", "--json").json
    assert (dry["problems"], dry["note"]) == ([], "Hi Eva")
    assert desk("ticket", "macro", "1", "take").code == 0
    ticket = desk("ticket", "show", "1", "--json").json
    assert (ticket["priority"], ticket["tags"], [task["title"] for task in ticket["tasks"]]) == (
        "high",
        ["vpn"],
        ["Call"],
    )
    assert desk("ticket", "macro", "1", "nothing").code == 3
    assert desk("macro", "new", "Bad", "status=gone").code == 2


def test_a_template_becomes_a_ticket_by_hand_and_comes_round(desk: Command) -> None:
    words = (
        "subject=Check of {today}",
        "requester=ops@desk.test",
        "priority=high",
        "--task",
        "Restore | days=1",
    )
    assert desk("template", "new", "Backup", *words).code == 0
    number = str(desk("template", "use", "backup", "--requester", "eva@x.test", "--json").json["number"])
    ticket = desk("ticket", "show", number, "--json").json
    assert ticket["priority"] == "high"
    assert "eva@x.test" in json.dumps(ticket)
    made = desk("template", "repeat", "Backup", "weekly mon,thu 8:00", "--json").json
    assert made["next_at"]
    assert "paused" in desk("template", "pause", str(made["id"])).out
    assert desk("template", "resume", str(made["id"]), "--json").json["next_at"]
    assert "weekly mon,thu 8:00" in desk("template", "recurring").out
    assert "ended" in desk("template", "end", str(made["id"])).out
    assert desk("template", "repeat", "Backup", "sometimes").code == 2
