"""Documents and the expiry calendar by commands only, on each database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Answer, Command, on_desk
from tests.services.document_files import PNG, pdf
from tui_desk.core.clock import utc_now


def good(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    return answer.json


def day(days: int) -> str:
    return (utc_now().astimezone().date() + timedelta(days=days)).isoformat()


@pytest.fixture
def asset(desk: Command) -> str:
    assert desk("asset", "new", "LT-0042", "ThinkPad", f"warranty_until={day(20)}").code == 0
    return "asset:LT-0042"


def test_a_document_from_its_file_to_another_one(
    desk: Command, asset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bill.pdf").write_bytes(pdf("Invoice 77"))
    Path("prices.csv").write_text("Article,Price\nLaptop,1299\n")
    made = good(desk("document", "add", asset, "bill.pdf", "--kind", "invoice", "--json"))
    assert (made["subject"], made["subject_name"], made["kind"], made["content_type"]) == (
        "asset",
        "LT-0042",
        "invoice",
        "application/pdf",
    )
    assert desk("document", "add", asset, "prices.csv").out.startswith("prices.csv is kept with LT-0042.")
    rows = good(desk("document", "list", asset, "--json"))
    assert [one["filename"] for one in rows] == ["prices.csv", "bill.pdf"]
    assert [one["id"] for one in good(desk("document", "list", "--query", "BILL", "--json"))] == [made["id"]]
    assert "LT-0042" in desk("document", "list").out
    number, prices = str(made["id"]), str(rows[0]["id"])
    assert "Invoice 77" in good(desk("document", "show", number, "--json"))["text"]
    shown = desk("document", "show", prices).out
    assert "Article  Price" in shown
    assert good(desk("document", "show", prices, "--json"))["table"] == [
        ["Article", "Price"],
        ["Laptop", "1299"],
    ]

    saved = good(desk("document", "save", number, "out/", "--json"))
    assert Path(saved["path"]) == tmp_path / "out" / "bill.pdf"
    again = desk("document", "save", number, "out/bill.pdf")
    assert (again.code, "nothing was overwritten" in again.err) == (1, True)
    assert desk("document", "save", number, "out/bill.pdf", "--force").code == 0
    assert desk("document", "save", number).code == 1, "bill.pdf is here"

    assert "is removed" in desk("document", "remove", number).out
    assert desk("document", "show", number).code == 3
    assert len(good(desk("document", "list", asset, "--json"))) == 1


def test_what_cannot_be_is_told(desk: Command, asset: str, tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    file.write_bytes(PNG)
    for what, code in (
        ("LT-0042", 2),
        ("asset:", 2),
        ("ticket:7", 2),
        ("asset:ghost", 3),
        ("purchase:P9", 3),
        ("purchase:x", 3),
        ("purchase:99999999999999999999", 3),
        ("invoice:R-1", 3),
        ("licence:Ghost", 3),
    ):
        answer = desk("document", "add", what, str(file))
        assert (answer.code, bool(answer.err), answer.out) == (code, True, ""), what
    assert desk("document", "add", asset, str(tmp_path / "none")).code == 2
    assert desk("document", "add", asset, str(file), "--kind", "nonsense").code == 2
    assert desk("document", "show", "4711").code == 3
    assert (
        "640 × 480"
        in desk("document", "show", str(good(desk("document", "add", asset, str(file), "--json"))["id"])).out
    )


def test_what_ends_is_listed(desk: Command, asset: str) -> None:
    assert desk("asset", "new", "LT-2", "Old one", f"warranty_until={day(-5)}").code == 0
    assert desk("asset", "new", "LT-3", "New one", f"warranty_until={day(200)}").code == 0
    rows = good(desk("expiry", "list", "--within", "90d", "--json"))
    assert [(row["name"], row["day"], row["kind"], row["meaning"]) for row in rows] == [
        ("LT-2 Old one", day(-5), "warranty", "ends"),
        ("LT-0042 ThinkPad", day(20), "warranty", "ends"),
    ]
    assert [row["days"] for row in rows] == [-5, 20]
    assert len(good(desk("expiry", "list", "--within", "all", "--json"))) == 3
    assert len(good(desk("expiry", "list", "--within", "1y", "--kind", "warranty", "--json"))) == 3
    assert good(desk("expiry", "list", "--kind", "licence", "--json")) == []
    assert [row["name"] for row in good(desk("expiry", "list", "--query", "thinkpad", "--json"))] == [
        "LT-0042 ThinkPad"
    ]
    shown = desk("expiry", "list").out
    assert "5 days over" in shown
    assert "20 days" in shown
    assert desk("expiry", "list", "--query", "ghost").out == "Nothing ends in that time.\n"
    for wrong in ("soon", "-3", "3x", "99999d"):
        assert desk("expiry", "list", "--within", wrong).code == 2


def test_a_team_is_set_to_be_told(desk: Command) -> None:
    assert desk("team", "add", "Store").code == 0
    assert good(desk("settings", "set", "expiry_team=store", "--json"))["expiry_team"] == "Store"
    assert desk("settings", "set", "expiry_team=ghosts").code == 3
    assert good(desk("settings", "set", "expiry_team=", "--json"))["expiry_team"] == ""


def test_documents_go_along_into_backups_and_other_databases(tmp_path: Path) -> None:
    desk = on_desk(str(tmp_path / "desk.db"))
    assert desk("asset", "new", "LT-0042", "ThinkPad").code == 0
    (tmp_path / "kept.txt").write_text("Signed on Monday.")
    (tmp_path / "gone.txt").write_text("Signed on Tuesday.")
    for name in ("kept.txt", "gone.txt"):
        assert desk("document", "add", "asset:LT-0042", str(tmp_path / name)).code == 0
    assert desk("document", "remove", "2").code == 0
    event = str(good(desk("history", "--asset", "LT-0042", "--json"))[0]["id"])

    assert desk("backup", str(tmp_path / "all.tar")).code == 0
    restored, copied = on_desk(str(tmp_path / "restored.db")), on_desk(str(tmp_path / "copied.db"))
    assert restored("restore", str(tmp_path / "all.tar")).code == 0
    assert desk("db", "copy", "--to", str(tmp_path / "copied.db")).code == 0
    for other in (restored, copied):
        assert good(other("document", "show", "1", "--json"))["text"] == "Signed on Monday."
        assert other("ticket", "undo", "--event", event).code == 0
        assert good(other("document", "show", "2", "--json"))["text"] == "Signed on Tuesday."
        assert other("db", "check").code == 0
        assert other("audit", "verify").code == 0
