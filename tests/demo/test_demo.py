"""The demo without its screen: a new mail becomes a ticket, an answer is answered, and nothing is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command, on_desk
from tests.support.ports import PATIENCE, wait_until


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A running headless demo: what it printed about itself."""
    folder = tmp_path / "demo"
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_desk", "demo", "--headless", "--dir", str(folder), "--pace", "0.1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "TUI_DESK_DATABASE": str(tmp_path / "real.db"),
            "TUI_DESK_KEY_FILE": "/nonexistent/key",
        },
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(PATIENCE)
        process.stdout.close()
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "real.db").exists()
    assert process.returncode == 0


def messages(desk: Command, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk("ticket", "show", str(number), "--json").json["messages"]
    return found


def test_mail_comes_in_and_answers_are_answered(demo: dict[str, Any]) -> None:
    run = on_desk(demo["database"])

    def desk(*words: str, **environment: str) -> Any:
        return run(*words, TUI_DESK_AGENT=demo["agent"], TUI_DESK_KEY_FILE="", **environment)

    assert demo["tickets"] >= 40
    tickets = desk("ticket", "list", "--json").json
    assert {ticket["status"] for ticket in tickets} == {
        "new",
        "open",
        "pending",
        "on_hold",
        "resolved",
        "closed",
    }
    assert len(desk("suspended", "list", "--json").json) == 1

    def left() -> list[str]:
        return [row["delivery"]["state"] for row in desk("outbox", "list", "--json").json]

    wait_until(lambda: left() == ["failed"], what="what the demo sends leaves, but for one")

    def newest() -> int:
        return max(ticket["number"] for ticket in desk("ticket", "list", "--json").json)

    wait_until(lambda: newest() > demo["tickets"], what="a new mail becomes a ticket")

    vpn = next(ticket["number"] for ticket in tickets if "VPN" in ticket["subject"])
    before = len(messages(desk, vpn))
    sent = desk(
        "ticket", "reply", str(vpn), "--body", "Your certificate is **renewed**, please try again.", "--now"
    )
    assert sent.code == 0, sent.err
    wait_until(lambda: len(messages(desk, vpn)) == before + 2, what="the requester answers")
    reply, answer = messages(desk, vpn)[-2:]
    assert reply["delivery"]["state"] == "sent"
    assert [one["state"] for one in reply["delivery"]["recipients"]] == ["sent"]
    assert answer["direction"] == "in"
    assert answer["author_address"] == "greta.lindqvist@halden-finch.example"
    assert answer["why"]
    assert desk("audit", "verify").code == 0


def test_a_line_comes_at_once_and_the_next_demo_sweeps_what_a_killed_one_left(tmp_path: Path) -> None:
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tui_desk", "demo", "--headless", "--dir", str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    killed, other = start(), start()
    for process in (killed, other):
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline() == "Preparing the sample desk…\n".encode()
        assert process.stdout.readline()
    killed.kill()
    killed.communicate()
    assert len(list(tmp_path.iterdir())) == 2
    third = start()
    assert third.stdout is not None
    assert third.stdout.readline()
    assert len(list(tmp_path.iterdir())) == 2, (
        "of the killed one nothing is left, the living ones are untouched"
    )
    for process in (other, third):
        process.communicate()
        assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_the_sample_has_licences_and_contracts_that_end(demo: dict[str, Any]) -> None:
    run = on_desk(demo["database"])

    def desk(*words: str) -> Any:
        return run(*words, "--json", TUI_DESK_AGENT=demo["agent"], TUI_DESK_KEY_FILE="").json

    licences = {one["name"]: (one["used"], one["expiry"]) for one in desk("licence", "list")}
    assert licences == {
        "Office suite": (1, "running"),
        "PDF tools": (1, "over"),
        "Vectorworks, yearly": (3, "ending"),
    }
    assert desk("licence", "key", "Vectorworks, yearly")["key"] == "DEMO-7F3K-22QP-NOTREAL"
    contracts = desk("contract", "list")
    assert [(one["name"], one["covered"]) for one in contracts] == [
        ("Laptops, warranty plus two years", 1),
        ("Printers, service", 2),
    ]
