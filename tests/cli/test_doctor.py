"""The doctor sees what is wrong, says what to do, and makes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command, on_desk
from tests.cli.test_contract import new_ticket
from tests.support.dns_server import running_dns
from tests.support.imap_hostile import HostileImap
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates


def test_a_healthy_desk(desk: Command) -> None:
    new_ticket(desk)
    answer = desk("doctor", "--json")
    assert answer.code == 0, answer.out
    assert answer.json["ok"] is True
    subjects = {check["subject"] for check in answer.json["checks"]}
    assert {"python", "terminal", "database", "outbox", "mailboxes"} <= subjects


def test_without_a_desk_it_says_so_and_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    answer = on_desk(str(path))("doctor")
    assert answer.code == 0
    assert "no database" in answer.out
    assert not path.exists()


def test_open_files_and_damage_fail(sqlite_desk: Command, tmp_path: Path) -> None:
    new_ticket(sqlite_desk)
    path = tmp_path / "desk.db"
    path.chmod(0o644)
    answer = sqlite_desk("doctor")
    assert answer.code == 1
    assert "chmod 600" in answer.out
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[8192:40960] = bytes(32768)
    path.write_bytes(content)
    assert sqlite_desk("doctor").code == 1


def test_a_newer_database_is_told(sqlite_desk: Command, tmp_path: Path) -> None:
    new_ticket(sqlite_desk)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert sqlite_desk("doctor").code == 1
    answer = sqlite_desk("ticket", "list")
    assert answer.code == 1
    assert "newer" in answer.err


def test_a_changed_history_is_found(sqlite_desk: Command, tmp_path: Path) -> None:
    number = new_ticket(sqlite_desk)
    sqlite_desk("ticket", "set", str(number), "priority=high")
    assert sqlite_desk("audit", "verify").code == 0
    assert sqlite_desk("db", "check", "--json").json["problems"] == []
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET actor = 'nobody' WHERE id = (SELECT max(id) FROM event)")
    found = sqlite_desk("audit", "verify", "--json")
    assert found.code == 1
    assert [one["stream"] for one in found.json["broken"]] == [f"ticket:{number}"]
    assert sqlite_desk("db", "check").code == 1


def add_mailbox(desk: Command, imap: HostileImap, smtp: SmtpSink) -> None:
    added = desk(
        "mailbox", "add", "support@desk.test", "--imap-host", "localhost", "--imap-port", str(imap.port),
        "--imap-security", "tls", "--smtp-host", "localhost", "--smtp-port", str(smtp.port), "--smtp-security",
        "starttls", "--password-stdin", text="secret\n",
    )  # fmt: skip
    assert added.code == 0, added.err


def checks(desk: Command, *words: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in desk("doctor", "--json", *words).json["checks"]:
        found.setdefault(one["subject"], []).append(one)
    return found


def test_certificates_are_read_when_asked_for(
    desk: Command, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_DESK_CA_FILE", str(certificates.ca_file))
    with HostileImap(certificates.good, tls=True) as imap, SmtpSink(certificates.ends_soon) as smtp:
        smtp.plan.users = {"support@desk.test": "secret"}
        add_mailbox(desk, imap, smtp)
        assert not any(subject.startswith("server") for subject in checks(desk)), "no network unless asked"
        assert smtp.connections == 0
        found = checks(desk, "--servers")
        (receiving,), (sending,) = (found[f"server support@desk.test {way}"] for way in ("IMAP", "SMTP"))
        assert (receiving["level"], sending["level"]) == ("ok", "warn")
        assert "valid until" in receiving["sentence"]
        assert "ends in 8 days" in sending["sentence"]
        tested = desk("mailbox", "test", "support@desk.test", "--json").json
        (tls,) = [step for step in tested if (step["direction"], step["step"]) == ("smtp", "tls")]
        assert (tls["ok"], tls["warn"]) == (True, True)
        assert "ends in 8 days" in tls["sentence"]
    assert [one["level"] for one in checks(desk, "--servers")["server support@desk.test SMTP"]] == ["fail"]


def test_dns_is_asked_when_asked_for(
    desk: Command, certificates: Certificates, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = {("desk.test", "MX"): ["10 mx.desk.test."], ("desk.test", "TXT"): ['"v=spf1 +all"']}
    with HostileImap(certificates.good, tls=True) as imap, running_dns(zone) as server:
        monkeypatch.setenv("TUI_DESK_DNS_SERVER", server.address)
        add_mailbox(desk, imap, smtp_sink)
        assert desk("doctor").code == 0
        assert server.asked == []
        answer = desk("doctor", "--dns", "--json")
        assert answer.code == 1
        levels = [one["level"] for one in answer.json["checks"] if one["subject"] == "dns desk.test"]
        assert levels == ["ok", "fail", "warn", "ok"]
        tested = desk("mailbox", "test", "support@desk.test", "--dns", "--selector", "s1", "--json").json
        told = {step["step"]: step["ok"] for step in tested if step["direction"] == "dns"}
        assert told == {"mx": True, "spf": False, "dmarc": True, "dkim": False}
    assert desk("mailbox", "test", "support@desk.test", "--selector", "s1").code == 2
