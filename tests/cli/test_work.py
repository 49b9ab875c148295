"""Tasks, checklists and time by commands only, on each database."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.cli.command import Answer, Command
from tests.support.days import FAR_DAY
from tui_desk.core.clock import utc_now


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


@pytest.fixture
def number(desk: Command) -> str:
    """A ticket."""
    words = ("ticket", "new", "--subject", "=Laptop", "--requester", "anna@customer.test", "--body", "x")
    return str(good(desk(*words, "--json"))["number"])


def test_a_task_from_its_first_word_to_its_end(desk: Command, number: str) -> None:
    task = good(
        desk(
            "task",
            "add",
            number,
            "Order it",
            "--due",
            FAR_DAY,
            "--assignee",
            "me",
            "--notes",
            "by phone",
            "--json",
        )
    )
    assert (task["title"], task["due_on"], task["state"], task["blocking"]) == (
        "Order it",
        FAR_DAY,
        "open",
        True,
    )
    other = good(desk("task", "add", f"#{number}", "Say hello", "--optional", "--json"))
    assert [t["id"] for t in good(desk("task", "list", "--mine", "--json"))] == [task["id"]]
    assert [t["title"] for t in good(desk("ticket", "show", number, "--json"))["tasks"]] == [
        "Order it",
        "Say hello",
    ]
    assert desk("task", "move", str(other["id"]), "first").code == 0
    assert good(desk("task", "list", "--ticket", number, "--json"))[0]["title"] == "Say hello"
    blocked = desk("ticket", "set", number, "status=resolved")
    assert (blocked.code, "Task open: Order it" in blocked.err, "--despite" in blocked.err) == (1, True, True)
    changed = good(
        desk(
            "task",
            "set",
            str(task["id"]),
            f"due={FAR_DAY} 14:30",
            "state=in_progress",
            "title=Order",
            "--json",
        )
    )
    assert (changed["due_on"], changed["due_at"][:10], changed["state"]) == (
        None,
        FAR_DAY,
        "in_progress",
    )
    assert desk("task", "done", str(task["id"]), str(other["id"])).code == 0
    assert good(desk("task", "list", "--json")) == []
    assert len(good(desk("task", "list", "--all", "--json"))) == 2
    assert desk("ticket", "set", number, "status=resolved").code == 0
    assert desk("task", "remove", str(other["id"])).code == 0
    assert desk("task", "show", str(other["id"])).code == 3
    assert desk("ticket", "undo", number).code == 0
    assert desk("task", "show", str(other["id"])).code == 0
    assert "Order" in desk("ticket", "show", number).out


def test_a_reason_lets_a_ticket_through(desk: Command, number: str) -> None:
    good(desk("task", "add", number, "Order it", "--json"))
    assert desk("ticket", "set", number, "status=closed", "--despite", "no longer wanted").code == 0
    assert any(
        "no longer wanted" in e["sentence"] for e in good(desk("ticket", "show", number, "--json"))["events"]
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("task", "add", "4711", "x"), 3),
        (("task", "add", "N", "x", "--due", "bananas"), 2),
        (("task", "add", "N", "x", "--assignee", "nobody"), 3),
        (("task", "add", "N", " "), 2),
        (("task", "set", "4711", "title=x"), 3),
        (("task", "set", "4711", "state=lost"), 2),
        (("task", "set", "4711", "nonsense"), 2),
        (("checklist", "show", "x"), 3),
        (("checklist", "new", "x", "--item", "a | nonsense"), 2),
        (("ticket", "checklist", "N", "x"), 3),
        (("time", "add", "N", "8"), 2),
        (("time", "add", "N", "25h"), 2),
        (("time", "add", "N", "0m"), 2),
        (("time", "add", "N", "tomorrow", "1h"), 2),
        (("time", "add", "N", "1h", "--activity", "x"), 3),
        (("time", "stop"), 1),
        (("time", "remove", "4711"), 3),
        (("time", "sheet", "--week", "bananas"), 2),
        (("time", "report", "--organization", "x"), 3),
        (("time", "close"), 2),
        (("time", "activity", "x", "--rename", "y"), 2),
    ],
)
def test_what_is_wrong_is_told_with_its_exit_code(
    sqlite_desk: Command, words: tuple[str, ...], code: int
) -> None:
    made = good(
        sqlite_desk("ticket", "new", "--subject", "x", "--requester", "a@b.test", "--body", "x", "--json")
    )
    answer = sqlite_desk(*(str(made["number"]) if word == "N" else word for word in words))
    assert answer.code == code, answer.err
    assert answer.err.strip()
    assert "Traceback" not in answer.err


def test_checklists(desk: Command, number: str) -> None:
    made = good(
        desk("checklist", "new", "New colleague", "--category", "HR/Joiner", "--item", "Order it | days=2 | assignee=me",
             "--item", "Say hello | optional | notes=with cake", "--json")
    )  # fmt: skip
    assert [(i["title"], i["due_after_days"], i["blocking"]) for i in made["items"]] == [
        ("Order it", 2, True),
        ("Say hello", None, False),
    ]
    assert desk("ticket", "checklist", number, "new colleague").code == 0
    tasks = good(desk("task", "list", "--ticket", number, "--json"))
    assert tasks[0]["due_on"] == (utc_now().astimezone().date() + timedelta(days=2)).isoformat()
    assert desk("ticket", "checklist", number, "New colleague").code == 1
    assert desk("ticket", "set", number, "category=HR/Joiner").code == 0
    assert len(good(desk("task", "list", "--ticket", number, "--json"))) == 2
    born = desk(
        "ticket",
        "new",
        "--subject",
        "y",
        "--requester",
        "b@c.test",
        "--body",
        "x",
        "--category",
        "HR/Joiner",
        "--json",
    )
    assert len(good(desk("task", "list", "--ticket", str(good(born)["number"]), "--json"))) == 2
    changed = good(desk("checklist", "set", "New colleague", "name=Joiner", "--item", "Order it", "--json"))
    assert (changed["name"], len(changed["items"])) == ("Joiner", 1)
    assert "1. Order it" in desk("checklist", "show", "Joiner").out
    assert desk("checklist", "remove", "Joiner").code == 0
    assert good(desk("checklist", "list", "--json")) == []
    assert len(good(desk("checklist", "list", "--all", "--json"))) == 1
    assert good(desk("checklist", "set", "Joiner", "active=yes", "--json"))["active"]


def test_time_is_added_corrected_summed_up_and_closed(desk: Command, number: str) -> None:
    good(desk("time", "activity", "Travel", "--billable", "--json"))
    first = good(desk("time", "add", number, "yesterday", "9:15-10:40", "--activity", "travel", "--json"))
    assert (first["entry"]["minutes"], first["entry"]["billable"], first["warnings"]) == (85, True, [])
    over = good(desk("time", "add", number, "yesterday", "10-11", "--json"))
    assert "overlaps" in over["warnings"][0]
    corrected = good(
        desk("time", "set", str(over["entry"]["id"]), "time=30m", "note=less", "billable=no", "--json")
    )
    yesterday = (utc_now().astimezone().date() - timedelta(days=1)).isoformat()
    assert (corrected["entry"]["minutes"], corrected["entry"]["day"], corrected["entry"]["began_at"]) == (
        30,
        yesterday,
        over["entry"]["began_at"],
    )
    assert [e["minutes"] for e in good(desk("time", "list", "--json"))] == [30, 85]
    [total] = good(desk("time", "report", "--by", "ticket", "--from", "yesterday", "--json"))
    assert (total["key"], total["minutes"], total["billable"], total["entries"]) == (number, 115, 85, 2)
    rows = list(csv.reader(io.StringIO(desk("time", "report", "--csv").out)))
    assert rows[0] == ["ticket", "name", "minutes", "billable", "entries"]
    assert rows[1][1] == "'=Laptop"
    sheet = good(desk("time", "sheet", "--week", "yesterday", "--json"))
    assert (sheet["total"], sheet["billable"], len(sheet["days"])) == (115, 85, 7)
    assert "1h55" in desk("time", "sheet", "--week", "yesterday").out
    assert desk("time", "sheet", "--week", "yesterday", "--csv").out.startswith("ticket,subject,")
    assert desk("time", "close", "yesterday").code == 0
    refused = desk("time", "add", number, "yesterday", "5m")
    assert (refused.code, "closed" in refused.err) == (1, True)
    assert desk("time", "remove", str(first["entry"]["id"])).code == 1
    assert good(desk("time", "settings", "--json"))["closed_until"] == yesterday
    assert desk("time", "close", "--open").code == 0
    assert desk("time", "remove", str(first["entry"]["id"])).code == 0
    assert good(desk("ticket", "show", number, "--json"))["time_minutes"] == 30
    assert good(desk("time", "idle", "10", "--desk", "--json"))["idle_minutes"] == 10
    assert good(desk("time", "activities", "--json"))[0]["name"] == "Travel"
    assert "Travel" in desk("time", "activities").out
    assert desk("time", "activity", "travel", "--set-aside").code == 0
    assert good(desk("time", "activities", "--json")) == []


def test_the_clock(desk: Command, number: str) -> None:
    assert desk("time", "status", "--json").out.strip() == "null"
    assert desk("time", "start", number, "--note", "on site").code == 0
    status = good(desk("time", "status", "--json"))
    assert (status["ticket"], status["running"]) == (int(number), True)
    assert "running" in desk("time", "status").out
    assert desk("time", "pause").code == 0
    assert "paused" in desk("time", "status").out
    assert good(desk("time", "stop", "--minutes", "20", "--json"))["id"]
    assert [(e["minutes"], e["note"]) for e in good(desk("time", "list", "--ticket", number, "--json"))] == [
        (20, "on site")
    ]
