"""``tui-desk approval`` and ``tui-desk substitute``: asked, decided, refused, kept steps, absences."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command import Command
from tests.cli.test_contract import new_ticket
from tui_desk.rules.approval_steps import StepProblem, read_step, step_line


@pytest.fixture
def team(desk: Command) -> Command:
    """A desk with the agents ana and ben beside its first admin, and one ticket."""
    number = new_ticket(desk)
    assert number == 1
    for login in ("ana", "ben"):
        done = desk("agent", "add", login, "--name", login.title(), "--email", f"{login}@desk.test")
        assert done.code == 0, done.err
    return desk


def test_asked_decided_and_shown(team: Command) -> None:
    words = [
        "approval",
        "new",
        "1",
        "A laptop",
        "--amount",
        "1299.90",
        "--currency",
        "eur",
        "--gate",
        "start",
    ]
    made = team(*words, "--step", "any:ben,boss@corp.test:3", "--as", "ana", "--json")
    assert made.code == 0, made.err
    assert made.json["state"] == "waiting"
    assert [one["address"] for one in made.json["steps"][0]["approvers"]] == [
        "ben@desk.test",
        "boss@corp.test",
    ]
    held = team("ticket", "set", "1", "status=open", "--as", "ana")
    assert held.code == 1
    assert "A laptop" in held.err
    assert [one["id"] for one in team("approval", "list", "--mine", "--as", "ben", "--json").json] == [1]
    refused = team("approval", "decide", "1", "yes", "--as", "ana")
    assert (refused.code, "yourself" in refused.err) == (1, True)
    done = team("approval", "decide", "1", "yes", "--comment", "fine", "--as", "ben", "--json")
    assert done.json["approval"]["state"] == "approved"
    assert team("approval", "list").out.strip() == "No approvals."
    shown = team("approval", "show", "1").out
    for word in ("A laptop", "1299.9", "EUR", "Ben <ben@desk.test>  yes: fine", "Step 1 (any): approved"):
        assert word in shown
    ticket = team("ticket", "show", "1", "--json").json
    assert [(one["title"], one["state"]) for one in ticket["approvals"]] == [("A laptop", "approved")]
    assert "Approval 1 [approved] A laptop" in team("ticket", "show", "1").out


def test_changed_taken_back_and_wrong(team: Command) -> None:
    made = team("approval", "new", "1", "A laptop", "--step", "ben", "--as", "ana", "--json")
    assert made.code == 0, made.err
    changed = team(
        "approval", "set", "1", "--title", "Two laptops", "--gate", "close", "--as", "ana", "--json"
    ).json
    assert (changed["title"], changed["gates"]) == ("Two laptops", ["close"])
    assert "no address to write from" in team("approval", "remind", "1", "--as", "ana").err
    assert team("approval", "cancel", "1", "--as", "ana", "--json").json["state"] == "cancelled"
    for code, *words in (
        (2, "new", "1", "x", "--step", "a: b: c: d"),
        (2, "new", "1", "x", "--step", "ben:soon"),
        (2, "new", "1", "x"),
        (2, "new", "1", "x", "--step", "ben", "--amount", "much"),
        (3, "new", "1", "x", "--step", "ghost"),
        (3, "new", "1", "x", "--chain", "ghost"),
        (3, "show", "4711"),
        (1, "decide", "1", "no"),
        (2, "decide", "1", "maybe"),
        (2, "remind", "1", "--due", "soon"),
    ):
        assert team("approval", *words).code == code, words


def test_kept_steps(team: Command) -> None:
    saved = team(
        "approval",
        "chain",
        "set",
        "Small",
        "--step",
        "all:ben,boss@corp.test:3",
        "--above",
        "100",
        "--currency",
        "EUR",
    )
    assert saved.code == 0, saved.err
    assert "Small" in team("approval", "chain", "list").out
    assert (
        team("approval", "new", "1", "x", "--chain", "small", "--as", "ana", "--json").json["steps"][0][
            "mode"
        ]
        == "all"
    )
    assert team("approval", "chain", "remove", "Small").code == 0
    assert team("approval", "chain", "list", "--json").json == []


def test_substitutes(team: Command) -> None:
    days = ("--from", "2000-01-01", "--until", "2999-01-01")
    assert team("substitute", "add", "ben", "ana", *days).code == 2  # ten years at most
    days = ("--from", "2026-01-01", "--until", "2035-01-01")
    added = team("substitute", "add", "ben", "ana", *days, "--note", "away", "--as", "ben", "--json")
    assert added.code == 0, added.err
    assert (added.json["person"], added.json["substitute"]) == ("Ben", "Ana")
    assert "away" in team("substitute", "list").out
    assert team("substitute", "add", "ben", "ana", *days, "--as", "ana").code == 1
    assert team("substitute", "remove", str(added.json["id"])).code == 0
    assert json.loads(team("substitute", "list", "--json").out) == []


NAMES = st.lists(
    st.from_regex(r"[a-z][a-z0-9.@-]{0,20}", fullmatch=True).filter(lambda name: name not in ("any", "all")),
    min_size=1,
    max_size=5,
    unique=True,
)


@given(
    st.sampled_from(["any", "all"]),
    NAMES,
    st.one_of(st.none(), st.integers(0, 9999)),
    st.one_of(st.none(), st.dates()),
)
def test_steps_are_read_as_they_are_written(
    mode: str, names: list[str], days: int | None, day: date | None
) -> None:
    due_on = day if days is None else None
    line = step_line(mode, tuple(names), days, due_on)
    assert read_step(line) == (mode, tuple(names), days, due_on)


@given(st.text(max_size=60))
def test_any_line_is_a_step_or_refused(line: str) -> None:
    try:
        mode, approvers, _days, _day = read_step(line)
    except StepProblem:
        return
    assert mode in ("any", "all")
    assert approvers
