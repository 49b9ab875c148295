"""``tui-desk explain`` as a script sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

MAIL = b"From: Ana <ana@example.org>\nTo: it@example.net\nSubject: Printer\nMessage-ID: <1@example.org>\n\nBroken.\n"
KEYS = [
    "message_id",
    "in_reply_to",
    "references",
    "date",
    "subject",
    "from",
    "reply_to",
    "to",
    "cc",
    "delivered_to",
    "text",
    "authored",
    "reply",
    "quoted",
    "signature",
    "attachments",
    "kind",
    "bounce",
    "forwarded",
    "language",
    "defects",
    "decision",
]


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "TUI_DESK_DATABASE"}
    return subprocess.run(
        [sys.executable, "-m", "tui_desk", "explain", *arguments],
        capture_output=True,
        env=environment,
        check=False,
    )


def test_the_document(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    done = run("--json", str(path))
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert list(document) == KEYS
    assert document["from"] == [{"name": "Ana", "address": "ana@example.org"}]
    assert document["decision"] is None
    own = json.loads(run("--json", "--own", "ANA@example.org", str(path)).stdout)
    assert own["kind"] == "loop"


def test_a_file_that_fails_stops_nothing(tmp_path: Path) -> None:
    good, empty = tmp_path / "good.eml", tmp_path / "empty.eml"
    good.write_bytes(MAIL)
    empty.write_bytes(b"")
    done = run("--jsonl", str(empty), str(tmp_path / "missing.eml"), str(good))
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [Path(one["file"]).name for one in documents] == ["empty.eml", "missing.eml", "good.eml"]
    assert documents[0]["error"]
    assert documents[1]["error"]
    assert documents[2]["subject"] == "Printer"


def test_nothing_in_a_mail_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(
        MAIL.replace(b"Printer", b"\x1b]0;x\x07=?utf-8?q?=1B[c=C2=9B?=").replace(
            b"Broken", b"\x1b[c\xc2\x9b\xe2\x80\xae"
        )
    )
    for arguments in ((), ("--json",), ("--jsonl",)):
        shown = run(*arguments, str(path)).stdout.decode()
        assert not any(
            (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 or char == "\u202e"
            for char in shown
        )


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    done = run("--json", "--db", str(tmp_path / "none.db"), str(path))
    assert done.returncode == 3
    assert not (tmp_path / "none.db").exists()


def test_many_files_need_no_database_code(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    code = (
        "import sys\nfrom tui_desk.cli.explain import explain\n"
        f"explain(['--jsonl', {str(path)!r}], standalone_mode=False)\n"
        "print([name for name in ('sqlalchemy', 'sqlmodel', 'textual', 'imapclient') if name in sys.modules])"
    )
    environment = {key: value for key, value in os.environ.items() if key != "TUI_DESK_DATABASE"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert done.stdout.splitlines()[-1] == b"[]"
