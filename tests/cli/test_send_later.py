"""Sending later by commands only: a time in words, what waits for it, and what a round of sync makes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cli.command import Command
from tests.support.days import FAR_DAY
from tests.support.smtp_sink import SmtpSink


@pytest.fixture
def number(desk: Command, smtp_sink: SmtpSink) -> str:
    """A ticket on a desk that can send."""
    smtp_sink.plan.offer_starttls = False
    added = desk(
        "settings", "fallback-sender", "--address", "desk@desk.test", "--smtp-host", smtp_sink.host,
        "--smtp-port", str(smtp_sink.port), "--smtp-security", "none",
    )  # fmt: skip
    assert added.code == 0, added.err
    made = desk(
        "ticket", "new", "--subject", "Printer", "--requester", "anna@customer.test", "--body", "x", "--json"
    )
    assert made.code == 0, made.err
    return str(made.json["number"])


def test_a_reply_waits_for_its_time_and_leaves_when_it_is_let_go(
    desk: Command, number: str, smtp_sink: SmtpSink
) -> None:
    written = desk("ticket", "reply", number, "--body", "We come.", "--at", "tomorrow 9", "--json")
    assert written.code == 0, written.err
    leaves = datetime.fromisoformat(written.json["held_until"])
    assert leaves.astimezone().strftime("%H:%M") == "09:00"
    assert leaves > datetime.now(UTC)
    outbox_id = str(written.json["outbox_id"])
    (row,) = desk("outbox", "list", "--json").json
    assert (row["delivery"]["state"], row["delivery"]["later"], row["delivery"]["stopped"]) == (
        "held",
        True,
        False,
    )
    assert "09:00 (in " in desk("outbox", "list").out
    assert "leaves " in desk("ticket", "show", number).out
    done = desk("sync", "--once", "--json")
    assert (done.json["sent"], done.json["held"]) == (0, 1), done.err
    moved = desk("outbox", "send", outbox_id, "--at", f"{FAR_DAY}T08:00Z", "--json")
    assert moved.json["leave_at"].startswith(f"{FAR_DAY}T08:00:00")
    let_go = desk("outbox", "send", outbox_id)
    assert (let_go.code, let_go.out.strip()) == (0, "The message leaves now.")
    done = desk("sync", "--once", "--json")
    assert (done.json["sent"], done.json["held"]) == (1, 0), done.err
    assert len(smtp_sink.mails) == 1
    assert desk("outbox", "send", outbox_id).code == 1


def test_what_came_meanwhile_is_told_and_confirmed(desk: Command, number: str, smtp_sink: SmtpSink) -> None:
    written = desk("ticket", "reply", number, "--body", "We come.", "--at", "in 2 days", "--json")
    outbox_id = str(written.json["outbox_id"])
    agent = desk("agent", "add", "ben", "--name", "Ben")
    assert agent.code == 0, agent.err
    noted = desk("ticket", "note", number, "--body", "Wait with that.", "--as", "ben")
    assert noted.code == 0, noted.err
    assert desk("sync", "--once", "--json").json["held"] == 1
    (row,) = desk("outbox", "list", "--json").json
    assert row["delivery"]["stopped"] is True
    assert row["delivery"]["cause"] == "Ben has written since."
    asked = desk("outbox", "send", outbox_id)
    assert asked.code == 1
    assert "--confirm newer_message" in asked.err
    assert desk("outbox", "send", outbox_id, "--confirm", "newer_message").code == 0
    assert desk("sync", "--once", "--json").json["sent"] == 1


def test_a_time_that_is_not_understood_is_wrong_usage(desk: Command, number: str) -> None:
    for typed, named in (
        ("tomorow 9", "“tomorow”"),
        ("1/12", "two different days"),
        ("2020-01-01", "is over"),
    ):
        answer = desk("ticket", "reply", number, "--body", "x", "--at", typed)
        assert answer.code == 2, typed
        assert named in answer.err
    both = desk("ticket", "reply", number, "--body", "x", "--at", "tomorrow", "--now")
    assert both.code == 2
    assert desk("outbox", "list", "--json").json == []
