"""Licences and contracts by commands."""

from __future__ import annotations

import pytest

from tests.cli.command import Command

SECRET = "AAAA-BBBB-CCCC-1234"


def person(desk: Command, name: str) -> str:
    answer = desk("person", "new", name, "--address", f"{name.lower()}@client.test", "--json")
    assert answer.code == 0, answer.err
    return str(answer.json["id"])


def test_a_licence_lives_its_life_by_commands(desk: Command) -> None:
    number = person(desk, "Otto")
    desk("asset", "new", "LT-1", "Laptop")
    made = desk(
        "licence", "new", "Editor", "seats=2", "product=Editor Pro", "cost=99.90", "expires_on=2999-12-31",
        "--key-stdin", "--json", text=f"{SECRET}\n",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert (made.json["seats"], made.json["used"], made.json["has_key"]) == (2, 0, True)
    assert made.json["expiry"] == "running"
    assert SECRET not in made.out
    assert desk("licence", "assign", "editor", "otto@client.test").code == 0
    held = desk("licence", "assign", "Editor", "lt-1", "--asset", "--json")
    assert [seat["holder"] for seat in held.json["holders"]] == ["LT-1 Laptop", "Otto"]
    refused = desk("licence", "assign", "Editor", "otto@client.test")
    assert refused.code == 1
    assert "has a seat of Editor already" in refused.err
    person(desk, "Pia")
    full = desk("licence", "assign", "Editor", "Pia", "--json")
    assert full.code == 1
    assert "No seat of Editor is left: 2 of 2 are in use" in full.json["error"]
    over = desk("licence", "assign", "Editor", "Pia", "--over")  # the one who made the desk is its admin
    assert over.code == 0, over.err
    assert "! 3 of 2, 1 too many" in over.out
    assert [one["name"] for one in desk("licence", "list", "--wanting", "--json").json] == ["Editor"]
    assert desk("licence", "release", "Editor", "pia", "--json").json["used"] == 2
    assert desk("licence", "release", "Editor", number, "--json").json["used"] == 1
    assert desk("licence", "release", "Editor", number).code == 3
    assert desk("licence", "release", "Editor", "LT-1", "--asset", "--json").json["used"] == 0
    changed = desk("licence", "set", "Editor", "seats=", "expires_on=2000-01-01", "name=Editor 2", "--json")
    assert (changed.json["seats"], changed.json["expiry"], changed.json["name"]) == (None, "over", "Editor 2")
    assert changed.json["has_key"] is True
    assert desk("person", "show", "otto@client.test", "--json").json["licences"] == []
    assert desk("licence", "retire", "Editor 2", "--json").json["retired"] is True
    assert desk("licence", "list", "--json").json == []
    assert "retired" in desk("licence", "list", "--retired").out
    assert desk("licence", "retire", "Editor 2", "--not").code == 0


def test_a_key_is_printed_by_its_own_command_alone(desk: Command) -> None:
    assert desk("licence", "new", "Editor", "--key-stdin", text=f"{SECRET}\n").code == 0
    printed = ""
    for words in (
        ("licence", "show", "Editor"),
        ("licence", "show", "Editor", "--json"),
        ("licence", "list", "--json"),
        ("history", "--licence", "Editor", "--json"),
        ("history", "--json"),
        ("doctor", "--json"),
    ):
        answer = desk(*words)
        assert answer.code == 0 or words[0] == "doctor", answer.err
        printed += answer.out
    assert SECRET not in printed
    shown = desk("licence", "key", "Editor")
    assert (shown.code, shown.out.strip()) == (0, SECRET)
    assert desk("licence", "key", "Editor", "--json").json == {"licence": "Editor", "key": SECRET}
    history = desk("history", "--licence", "Editor")
    assert history.out.count("looked at the licence key") == 2
    assert SECRET not in history.out
    assert desk("licence", "set", "Editor", "--no-key", "--json").json["has_key"] is False
    assert desk("licence", "key", "Editor").code == 3


def test_a_contract_lives_its_life_by_commands(desk: Command) -> None:
    desk("asset", "new", "PR-1", "Printer")
    made = desk(
        "contract", "new", "Printers", "kind=lease", "supplier=Copyland", "starts_on=2998-01-01",
        "ends_on=2998-12-31", "notice_days=31", "renews=yes", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert (made.json["kind"], made.json["notice_by"], made.json["renews"]) == ("lease", "2998-11-30", True)
    assert desk("contract", "cover", "printers", "pr-1", "--json").json["covered"] == 1
    assert [one["name"] for one in desk("contract", "list", "--asset", "PR-1", "--json").json] == ["Printers"]
    assert "PR-1 Printer" in desk("contract", "show", "Printers").out
    assert desk("contract", "renew", "Printers", "--json").json["ends_on"] == "2999-12-31"
    longer = desk("contract", "renew", "Printers", "--until", "3000-06-30", "--json")
    assert (longer.json["starts_on"], longer.json["ends_on"]) == ("3000-01-01", "3000-06-30")
    assert desk("contract", "uncover", "Printers", "PR-1", "--json").json["assets"] == []
    assert desk("contract", "set", "Printers", "renews=no", "number=L-7", "--json").json["number"] == "L-7"
    assert "renews" not in desk("contract", "show", "Printers").err
    assert desk("contract", "retire", "Printers", "--json").json["retired"] is True
    assert desk("contract", "list", "--json").json == []
    sentences = [event["sentence"] for event in desk("history", "--contract", "Printers", "--json").json]
    assert any("ends from 2998-12-31 to 2999-12-31" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("licence", "show", "Ghost"), 3),
        (("licence", "key", "Ghost"), 3),
        (("licence", "new", "Y", "seats=many"), 2),
        (("licence", "new", "Y", "seats=-4"), 2),
        (("licence", "new", "Y", "colour=red"), 2),
        (("licence", "new", "X"), 1),
        (("licence", "new", "Y", "--key-stdin"), 2),
        (("licence", "set", "X"), 2),
        (("licence", "set", "X", "--no-key", "--key-stdin"), 2),
        (("licence", "assign", "X", "nobody@client.test"), 3),
        (("licence", "assign", "X", "99999999999"), 3),
        (("licence", "assign", "X", "T-1", "--asset"), 3),
        (("licence", "release", "X", "nobody"), 3),
        (("contract", "new", "Y", "kind=marriage"), 2),
        (("contract", "new", "Y", "renews=maybe"), 2),
        (("contract", "new", "Y", "kind="), 2),
        (("contract", "new", "Y", "notice_days=3"), 2),
        (("contract", "renew", "C"), 2),
        (("contract", "renew", "C", "--until", "soon"), 2),
        (("contract", "cover", "C", "T-1"), 3),
        (("history", "--licence", "Ghost"), 3),
        (("history", "--licence", "X", "--contract", "C"), 2),
    ],
)
def test_what_makes_no_sense_is_a_sentence(sqlite_desk: Command, words: tuple[str, ...], code: int) -> None:
    assert sqlite_desk("licence", "new", "X").code == 0
    assert sqlite_desk("contract", "new", "C").code == 0
    answer = sqlite_desk(*words, text="")
    assert (answer.code, "Traceback" in answer.err) == (code, False), answer
    assert answer.err.strip()


def test_empty_lists_are_no_error(desk: Command) -> None:
    assert desk("licence", "list", "--json").json == []
    assert desk("contract", "list", "--json").json == []
    assert "No licences" in desk("licence", "list").out
    assert "No contracts" in desk("contract", "list").out
