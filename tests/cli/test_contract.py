"""What scripts rely on: keys, exit codes, one document on stdout, messages on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Command, on_desk, run_command

TICKET_KEYS = {
    "number", "subject", "type", "status", "priority", "channel", "category", "tags", "team", "assignee", "requester",
    "created_at", "updated_at", "messages", "events", "links", "assets", "tasks", "approvals", "watchers", "why",
}  # fmt: skip
MESSAGE_KEYS = {
    "rfc_message_id",
    "kind",
    "direction",
    "author",
    "text",
    "reply",
    "attachments",
    "delivery",
    "mail_kind",
}


def new_ticket(desk: Command, subject: str = "Printer is on fire") -> int:
    answer = desk(
        "ticket", "new", "--subject", subject, "--requester", "anna@customer.test", "--requester-name", "Anna Berg",
        "--channel", "phone", "--body", "It smokes.", "--json",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    return int(answer.json["number"])


def test_a_ticket_lives_its_life_by_commands(desk: Command) -> None:
    number = str(new_ticket(desk))
    assert desk("team", "add", "Hardware").code == 0
    assert desk("category", "add", "Hardware/Printer", "--json").json["path"] == "Hardware/Printer"
    changed = desk(
        "ticket", "set", number, "priority=high", "team=Hardware", "category=Hardware/Printer",
        "assignee=me", "tags=fire,smoke", "--json",
    )  # fmt: skip
    assert changed.code == 0, changed.err
    assert changed.json["number"] == int(number)
    assert desk("ticket", "note", number, "--body-file", "-", text="Called the fire brigade.").code == 0

    shown = desk("ticket", "show", f"#{number}", "--json")
    ticket = shown.json
    assert set(ticket) >= TICKET_KEYS
    assert ticket["status"] == "open"
    assert ticket["priority"] == "high"
    assert ticket["team"] == "Hardware"
    assert ticket["category"] == "Hardware/Printer"
    assert sorted(ticket["tags"]) == ["fire", "smoke"]
    assert ticket["channel"] == "phone"
    assert ticket["requester"]["address"] == "anna@customer.test"
    assert ticket["requester"]["name"] == "Anna Berg"
    assert [message["kind"] for message in ticket["messages"]] == ["phone", "note"]
    assert [message["direction"] for message in ticket["messages"]] == ["in", "internal"]
    assert set(ticket["messages"][0]) >= MESSAGE_KEYS
    assert ticket["tasks"] == ticket["approvals"] == []
    assert {"at", "actor", "action", "before", "after"} <= set(ticket["events"][0])

    undone = desk("ticket", "undo", number)
    assert undone.code == 0, undone.err
    assert desk("ticket", "set", number, "status=resolved").code == 0
    rows = desk("ticket", "list", "--query", "printer", "--json").json
    assert [row["number"] for row in rows] == [int(number)]
    assert desk("ticket", "list", "--query", "nothing-like-it", "--json").json == []


def test_options_stand_before_or_after_the_noun(tmp_path: Path) -> None:
    url = str(tmp_path / "other.db")
    first = run_command("--db", url, "team", "add", "A", "--json")
    second = run_command("team", "--db", url, "add", "B", "--json")
    third = run_command("--json", "team", "list", "--db", url)
    assert (first.code, second.code, third.code) == (0, 0, 0), first.err + second.err
    assert [team["name"] for team in third.json] == ["A", "B"]


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """One SQLite desk for what changes nothing."""
    desk = on_desk(str(tmp_path_factory.mktemp("shared") / "desk.db"))
    assert desk("team", "add", "Somebody was here first").code == 0
    return desk


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ticket", "list"), 0),
        (("ticket", "show", "999"), 3),
        (("ticket", "show", "nonsense"), 2),
        (("ticket", "set", "1", "colour=red"), 2),
        (("ticket", "set", "1", "status=sleeping"), 2),
        (("ticket", "reply", "1"), 2),
        (("ticket", "reply", "1", "--body-file", "/nonexistent/file"), 3),
        (("ticket", "fly"), 2),
        (("flights",), 2),
        (("agent", "show", "nobody"), 3),
        (("asset", "show", "XX-1"), 3),
        (("asset", "new", "XX-1", "Thing", "cost=cheap"), 2),
        (("outbox", "retry", "77"), 3),
        (("suspended", "show", "77"), 3),
        (("mailbox", "show", "nowhere@desk.test"), 3),
        (("person", "show", "nobody@desk.test"), 3),
        (("backup", "verify", "/nonexistent.tar"), 3),
        (("settings", "set", "undo_seconds=soon"), 2),
        (("--as", "stranger", "ticket", "list"), 3),
    ],
)
def test_exit_codes_and_told_errors(shared_desk: Command, words: tuple[str, ...], code: int) -> None:
    answer = shared_desk(*words)
    assert answer.code == code, answer
    assert "Traceback" not in answer.err
    if code:
        assert answer.out == ""
        assert answer.err.strip()
        assert json.loads(shared_desk(*words, "--json").out)["error"]


def test_an_empty_list_is_no_error(desk: Command) -> None:
    for noun in ("ticket", "mailbox", "outbox", "suspended", "asset", "person", "team", "category"):
        answer = desk(noun, "list", "--json")
        assert (noun, answer.code, answer.json) == (noun, 0, [])


def test_a_database_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, whatever its name says" * 100)
    for url in (str(broken), "oracle://somewhere/else", "postgresql://nobody@127.0.0.1:1/none"):
        answer = on_desk(url)("ticket", "list")
        assert answer.code == 1, answer
        assert answer.err.strip()
        assert "Traceback" not in answer.err
        assert "unexpected" not in answer.err


def test_text_of_strangers_reaches_no_terminal_as_a_command(sqlite_desk: Command) -> None:
    number = str(new_ticket(sqlite_desk, "\x1b]0;owned\x07\x9b31m [@click=app.quit]x[/] \u202eexe.pdf"))
    for words in (("ticket", "list"), ("ticket", "show", number), ("ticket", "show", number, "--json")):
        answer = sqlite_desk(*words)
        assert answer.code == 0
        printed = answer.out.replace("\n", "")
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char == "\u202e" for char in printed)
        assert "[@click=app.quit]x[/]" in printed


def test_passwords_are_never_shown(desk: Command) -> None:
    added = desk(
        "mailbox", "add", "support@desk.test", "--imap-host", "127.0.0.1", "--imap-port", "1",
        "--imap-security", "none", "--smtp-host", "127.0.0.1", "--smtp-port", "1", "--smtp-security", "none",
        "--password-stdin", "--name", "Support", "--json", text="s3cr3t-pass\n",
    )  # fmt: skip
    assert added.code == 0, added.err
    assert added.json["address"] == "support@desk.test"
    assert added.json["has_password"] is True
    outputs = added.out
    for words in (
        ("mailbox", "list", "--json"),
        ("mailbox", "show", "support@desk.test"),
        ("doctor", "--json"),
    ):
        outputs += desk(*words).out
    assert "s3cr3t-pass" not in outputs


def test_a_mailbox_is_changed_and_tested_by_commands(desk: Command) -> None:
    desk("team", "add", "Billing")
    added = desk(
        "mailbox", "add", "support@desk.test", "--imap-host", "127.0.0.1", "--imap-port", "1",
        "--imap-security", "none", "--password-stdin", text="x\n",
    )  # fmt: skip
    assert added.code == 0, added.err
    changed = desk(
        "mailbox", "set", "support@desk.test", "--after-import", "move:Done", "--team", "Billing", "--json"
    )
    assert changed.code == 0, changed.err
    assert changed.json["after_import"] == "move:Done"
    assert changed.json["has_password"] is True
    more = desk(
        "mailbox", "address", "add", "support@desk.test", "billing@desk.test", "--team", "Billing", "--json"
    )
    assert [one["address"] for one in more.json["addresses"]] == ["billing@desk.test"]
    assert desk("mailbox", "pause", "support@desk.test", "--json").json["state"] == "paused"
    assert desk("mailbox", "resume", "support@desk.test", "--json").json["state"] == "active"
    tested = desk("mailbox", "test", "support@desk.test", "--json")
    assert tested.code == 1
    assert not all(step["ok"] for step in tested.json)
    assert desk("mailbox", "remove", "support@desk.test").code == 0
    assert desk("mailbox", "list", "--json").json == []


def test_assets_by_commands(desk: Command) -> None:
    made = desk(
        "asset", "new", "LT-1", "Laptop", "type=Laptop", "cost=1299.90", "purchased_on=2026-01-31", "--json"
    )
    assert made.code == 0, made.err
    assert made.json["purchased_on"] == "2026-01-31"
    assert made.json["cost"].startswith("1299.9")
    changed = desk("asset", "set", "LT-1", "state=in_use", "owner=anna@customer.test", "--json")
    assert changed.json["state"] == "in_use"
    assert changed.json["name"] == "Laptop"
    number = str(new_ticket(desk))
    assert desk("asset", "link", "LT-1", number).code == 0
    assert [asset["tag"] for asset in desk("ticket", "show", number, "--json").json["assets"]] == ["LT-1"]
    asked = desk("asset", "retire", "LT-1")
    assert asked.code != 0
    assert f"#{number}" in asked.err
    assert desk("asset", "retire", "LT-1", "--anyway", "--json").json["state"] == "retired"


def test_help_is_there_for_everything(shared_desk: Command) -> None:
    top = shared_desk("--help")
    assert top.code == 0
    for noun in ("ticket", "mailbox", "sync", "explain", "demo", "restore"):
        assert noun in top.out
        assert shared_desk(noun, "--help").code == 0
