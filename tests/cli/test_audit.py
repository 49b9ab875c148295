"""``tui-desk audit``: an anchor is taken, kept outside, and shows later what the chains alone cannot."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from tests.cli.command import Command
from tests.cli.test_contract import new_ticket


def test_an_anchor_shows_a_cut_end(sqlite_desk: Command, tmp_path: Path) -> None:
    number = new_ticket(sqlite_desk)
    sqlite_desk("ticket", "set", str(number), "priority=high")
    kept = tmp_path / "desk.anchor"
    taken = sqlite_desk("audit", "anchor", "--file", str(kept), "--json")
    assert (taken.code, taken.json["file"]) == (0, str(kept))
    assert taken.json["events"] > taken.json["streams"] > 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert sqlite_desk("audit", "anchor").out.splitlines()[1:] == kept.read_text().splitlines()[1:]
    assert sqlite_desk("audit", "anchor", "--file", str(kept)).code == 1
    sqlite_desk("ticket", "set", str(number), "priority=low")
    whole = sqlite_desk("audit", "verify", "--anchor", str(kept))
    assert whole.code == 0
    assert "Every event follows" in whole.out
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute("DROP TRIGGER event_no_delete")
        connection.execute("DELETE FROM event WHERE position > 1 AND stream LIKE 'ticket:%'")
    assert sqlite_desk("audit", "verify").code == 0
    found = sqlite_desk("audit", "verify", "--anchor", str(kept))
    assert found.code == 1
    assert f"ticket:{number}: the end is cut off: the anchor knows 2 events, there are 1." in found.out
    told = sqlite_desk("audit", "verify", "--anchor", str(kept), "--json").json
    assert [(one["kind"], one["position"]) for one in told["broken"]] == [("cut", 2)]


def test_an_anchor_that_is_none_is_refused(sqlite_desk: Command, tmp_path: Path) -> None:
    new_ticket(sqlite_desk)
    wrong = tmp_path / "wrong"
    wrong.write_text("hello\n")
    assert sqlite_desk("audit", "verify", "--anchor", str(wrong)).code == 2
    assert sqlite_desk("audit", "verify", "--anchor", str(tmp_path / "none")).code == 3
