"""Assets into files and out of them by commands only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Answer, Command


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


@pytest.fixture
def stocked(desk: Command) -> Command:
    """A desk with two assets, one of which wants to be calculated."""
    good(desk("asset", "new", "LT-1", "=1+1", "owner=eva@client.test", "cost=12.50", "--json"))
    good(desk("asset", "new", "LT-2", "Screen", "location=Room 1", "--json"))
    return desk


def test_out_and_in_again(stocked: Command, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    assert good(stocked("asset", "export", str(path), "--json")) == {"file": str(path), "assets": 2}
    assert "LT-1,'=1+1,,,,eva@client.test" in path.read_text()
    seen = good(stocked("asset", "import", str(path), "--json"))
    assert (seen["new"], seen["changed"], seen["unchanged"], seen["refused"]) == (0, 0, 2, 0)
    assert seen["applied"] is False
    path.write_text(path.read_text().replace("Screen", "Big screen").replace("LT-1", "LT-9"))
    dry = stocked("asset", "import", str(path))
    assert dry.code == 0
    assert "1 new · 1 changed · 0 as they are · 0 refused" in dry.out
    assert "name: Screen → Big screen" in dry.out
    assert "Nothing was written" in dry.out
    assert stocked("asset", "show", "LT-9").code == 3
    done = good(stocked("asset", "import", str(path), "--apply", "--json"))
    assert done["applied"] is True
    assert good(stocked("asset", "show", "LT-9", "--json"))["name"] == "=1+1"
    good(stocked("ticket", "undo", "--event", str(done["event"]), "--json"))
    assert stocked("asset", "show", "LT-9").code == 3
    assert good(stocked("asset", "show", "LT-2", "--json"))["name"] == "Screen"


def test_standard_output(stocked: Command) -> None:
    answer = stocked(
        "asset",
        "export",
        "-",
        "--columns",
        "tag,location",
        "--query",
        "room",
        "--delimiter",
        "semicolon",
        "--bom",
    )
    assert (answer.code, answer.out.splitlines()) == (0, ["\ufefftag;location", "LT-2;Room 1"])
    assert stocked("asset", "export", "-", "--json").code == 2


def test_what_is_wrong_is_told(stocked: Command, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    assert stocked("asset", "import", str(path)).code == 3
    path.write_text("colour\nred\n")
    wrong = stocked("asset", "import", str(path))
    assert wrong.code == 2
    assert "No column of the file is the tag" in wrong.err
    path.write_text("Etikett,name\nN-1,x\nLT-1,y\nLT-1,z\n")
    refused = stocked("asset", "import", str(path), "--map", "etikett=tag", "--apply")
    assert refused.code == 1
    assert "line 4 is refused. “LT-1” stands in line 3 already." in refused.err
    assert stocked("asset", "show", "N-1").code == 3
    assert stocked("asset", "import", str(path), "--map", "nonsense").code == 2
    taken = good(
        stocked("asset", "import", str(path), "--map", "etikett=tag", "--apply", "--skip-refused", "--json")
    )
    assert (taken["new"], taken["changed"], taken["refused"]) == (1, 1, 1)
    assert good(stocked("asset", "show", "N-1", "--json"))["name"] == "x"
    there = stocked("asset", "export", str(path))
    assert there.code == 1
    assert "is there already" in there.err


def test_lists_in_an_order(stocked: Command) -> None:
    tags = [
        one["tag"] for one in good(stocked("asset", "list", "--sort", "location", "--descending", "--json"))
    ]
    assert tags == ["LT-1", "LT-2"]
    assert stocked("asset", "list", "--sort", "colour").code == 2
    people = good(stocked("person", "list", "--sort", "last_contact", "--json"))
    assert [one["addresses"] for one in people] == [["eva@client.test"]]
