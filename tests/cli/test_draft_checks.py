"""Checks of drafts, merged tickets and ratings by commands only, on each database."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.command import Answer, Command


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


def new(desk: Command, subject: str = "Laptop") -> str:
    words = ("ticket", "new", "--subject", subject, "--requester", "anna@customer.test", "--body", "x")
    return str(good(desk(*words, "--json"))["number"])


@pytest.fixture
def number(desk: Command) -> str:
    """A ticket with a draft, on a desk with a colleague."""
    made = new(desk)
    assert desk("agent", "add", "ben", "--name", "Ben Otto").code == 0
    assert desk("ticket", "draft", "save", made, "--body", "It costs 300 euros.").code == 0
    return made


def test_a_draft_is_checked(desk: Command, number: str) -> None:
    asked = good(desk("ticket", "draft", "check", number, "--by", "ben", "--question", "Right?", "--json"))
    assert (asked["standing"], asked["reviewer_login"], asked["question"]) == ("waiting", "ben", "Right?")
    shown = good(desk("ticket", "show", number, "--json"))
    assert shown["reviews"][0]["id"] == asked["id"]
    assert shown["ratings"] == []
    (waiting,) = good(desk("ticket", "draft", "checks", "--as", "ben", "--json"))
    assert (waiting["for_me"], waiting["text"]) == (True, "It costs 300 euros.")
    listed = desk("ticket", "draft", "checks", "--as", "ben")
    assert "Right?" in listed.out
    assert "waiting" in listed.out

    review = str(asked["id"])
    refused = desk("ticket", "draft", "approve", review)
    assert (refused.code, "Somebody else was asked" in refused.err) == (1, True)
    changed = good(
        desk("ticket", "draft", "change", review, "--body", "It costs 290 euros.", "--as", "ben", "--json")
    )
    assert [(one["mark"], one["text"]) for one in changed["changes"]] == [
        ("-", "It costs 300 euros."),
        ("+", "It costs 290 euros."),
    ]
    sent = desk("ticket", "draft", "send", number)
    assert sent.code == 1
    taken = good(desk("ticket", "draft", "take-over", review, "--json"))
    assert (taken["standing"], taken["text"]) == ("approved", "It costs 290 euros.")


def test_refused_withdrawn_and_what_is_not_there(desk: Command, number: str) -> None:
    first = str(good(desk("ticket", "draft", "check", number, "--by", "ben", "--json"))["id"])
    assert desk("ticket", "draft", "refuse", first, "--as", "ben").code == 2
    done = good(desk("ticket", "draft", "refuse", first, "--comment", "Too dear", "--as", "ben", "--json"))
    assert (done["state"], done["comment"]) == ("refused", "Too dear")
    second = str(good(desk("ticket", "draft", "check", number, "--by", "ben", "--at-once", "--json"))["id"])
    assert good(desk("ticket", "draft", "withdraw", second, "--json"))["state"] == "withdrawn"
    assert desk("ticket", "draft", "withdraw", "4711").code == 3
    assert desk("ticket", "draft", "check", number, "--by", "nobody").code == 3
    assert desk("ticket", "draft", "check", "4711", "--by", "ben").code == 3
    assert desk("ticket", "draft", "send", number, "--kind", "forward").code == 3
    over = good(desk("ticket", "draft", "checks", "--all", "--json"))
    assert [one["state"] for one in over] == ["withdrawn", "refused"]


def test_a_merged_ticket_leads_to_the_other(desk: Command) -> None:
    kept, merged = new(desk), new(desk, "Toner")
    assert desk("ticket", "merge", kept, merged).code == 0
    for words in (("reply", merged, "--body", "x"), ("set", merged, "status=open"), ("take", merged)):
        told = desk("ticket", *words)
        assert told.code == 1
        assert f"#{merged} was merged into #{kept}" in told.err
        assert f"Work with #{kept}" in told.err


def test_settings_of_checks_surveys_and_phones(desk: Command) -> None:
    words = (
        "draft_checks=binding",
        "survey=resolved",
        "survey_hours=2",
        "survey_pause_days=7",
        "phone_region=es",
    )
    found = good(desk("settings", "set", *words, "--json"))
    assert [found[word.partition("=")[0]] for word in words] == ["binding", "resolved", 2, 7, "ES"]
    assert desk("settings", "set", "draft_checks=maybe").code == 2
    assert desk("settings", "set", "survey_hours=soon").code == 2
    person = good(desk("person", "new", "Mia", "phone=600 100 200", "--json"))
    assert (person["phone"], person["phone_shown"]) == ("+34 600 10 02 00", "600 10 02 00 (+34 600 10 02 00)")
    assert "600 10 02 00" in desk("person", "show", str(person["id"])).out
    assert good(desk("person", "show", str(person["id"]), "--json"))["satisfaction"]["asked"] == 0


def test_the_filter_knows_ratings(desk: Command) -> None:
    new(desk)
    assert good(desk("ticket", "list", "--query", "rated:good", "--json")) == []
    assert len(good(desk("ticket", "list", "--query=-rated:good", "--json"))) == 1
    assert desk("ticket", "list", "--query", "rated:splendid").code == 2
