"""Snooze, reminders, the next ticket and one's own settings by commands only, on each database."""

from __future__ import annotations

from datetime import timedelta

from tests.cli.command import Command
from tests.cli.test_work import good
from tests.support.days import FAR_DAY
from tui_desk.core.clock import utc_now


def new(desk: Command, subject: str, *more: str) -> str:
    words = ("ticket", "new", "--subject", subject, "--requester", "anna@customer.test", "--body", "x", *more)
    return str(good(desk(*words, "--json"))["number"])


def test_from_one_ticket_to_the_next(desk: Command) -> None:
    plain, fire = new(desk, "Lamp"), new(desk, "Fire", "--priority", "critical")
    first = good(desk("ticket", "next", "--json"))
    assert (first["number"], first["others"]) == (int(fire), 1)
    assert "critical, nobody has taken it" in first["sentence"]
    assert good(desk("ticket", "next", "--without", fire, "--json"))["number"] == int(plain)
    assert good(desk("ticket", "next", "--without", fire, "--without", plain, "--json"))["number"] == 0
    assert "nobody has taken it" in desk("ticket", "why", plain).out
    assert "is snoozed until" in desk("ticket", "snooze", fire, f"{FAR_DAY} 09:00").out
    assert [row["number"] for row in good(desk("ticket", "list", "--view", "snoozed", "--json"))] == [
        int(fire)
    ]
    assert good(desk("ticket", "show", fire, "--json"))["snooze"]["until"].startswith(FAR_DAY)
    assert good(desk("ticket", "next", "--json"))["number"] == int(plain)
    assert desk("ticket", "wake", fire).code == 0
    assert desk("ticket", "wake", fire).code == 1
    assert "until the requester writes" in desk("ticket", "snooze", fire, "answer").out
    wrong = desk("ticket", "snooze", fire, "soonish")
    assert (wrong.code, "soonish" in wrong.err) == (2, True)
    assert desk("ticket", "undo", fire).code == 0
    assert good(desk("ticket", "show", fire, "--json"))["snooze"] is None


def test_reminders(desk: Command) -> None:
    number = new(desk, "Lamp")
    made = good(desk("reminder", "add", number, "in 2h", "Call", "--json"))
    assert (made["ticket"], made["text"]) == (int(number), "Call")
    assert made["due_at"] > (utc_now() + timedelta(hours=1)).isoformat()
    assert "Call" in desk("reminder", "list").out
    assert good(desk("reminder", "list", "--ticket", number, "--json"))[0]["id"] == made["id"]
    assert desk("reminder", "remove", str(made["id"])).code == 0
    assert desk("reminder", "remove", str(made["id"])).code == 3
    assert good(desk("reminder", "list", "--json")) == []


def test_ones_own_settings(desk: Command) -> None:
    words = ("after=next", "quiet=22-7", "quiet_weekends=yes", "silent=rated,expiry", "signal=bell")
    good(desk("settings", "own", *words, "--json"))
    assert good(desk("settings", "own", "--json")) == {
        "after": "next",
        "signal": "bell",
        "silent": ["rated", "expiry"],
        "quiet": "22:00-07:00",
        "quiet_weekends": True,
    }
    for wrong in ("after=home", "quiet=late", "silent=everything", "nothing=1"):
        assert desk("settings", "own", wrong).code == 2, wrong
    assert good(desk("settings", "own", "silent=", "quiet=", "--json"))["silent"] == []
