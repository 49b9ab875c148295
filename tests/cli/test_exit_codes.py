"""Every command with a wrong value is wrong usage (2), with the name of something that is not there it is not found (3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command, on_desk
from tests.cli.test_contract import new_ticket

MAILBOX = (
    "--imap-host", "127.0.0.1", "--imap-port", "1", "--imap-security", "none", "--password-command", "echo x",
)  # fmt: skip


@pytest.fixture(scope="module")
def small_desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A desk with one ticket, team, mailbox and asset; what the tests ask of it changes nothing."""
    desk = on_desk(str(tmp_path_factory.mktemp("small") / "desk.db"))
    assert new_ticket(desk) == 1
    for words in (
        ("team", "add", "Billing"),
        ("category", "add", "Hardware/Printer"),
        ("asset", "new", "LT-1", "Laptop"),
        ("mailbox", "add", "support@desk.test", *MAILBOX),
    ):
        answer = desk(*words)
        assert answer.code == 0, answer.err
    return desk


WRONG_USAGE = [
    "--db oracle://x ticket list",
    "flights",
    "ticket",
    "ticket fly",
    "ticket list --speed 5",
    "ticket list --sort colour",
    "ticket list --limit 0",
    "ticket list --limit many",
    "ticket list --query status:bogus",
    "ticket list --query -priority:hihg",
    "ticket list --query channel:pigeon",
    "ticket list --query type:thing",
    "ticket list --query stauts:open",
    "ticket show",
    "ticket show x",
    "ticket set 1",
    "ticket set 1 colour=red",
    "ticket set 1 status",
    "ticket set 1 status=",
    "ticket set 1 status=sleeping",
    "ticket set 1 priority=5",
    "ticket set 1 type=thing",
    "ticket set 1 subject=",
    "ticket set 1 requester=two@@x",
    "ticket reply 1",
    "ticket reply 1 --body a --body-file b",
    "ticket reply 1 --body x --status-after done",
    "ticket reply 1 --body x --to nonsense",
    "ticket reply 1 --body x --cc a@@b",
    "ticket reply 1 --body x --confirm nothing",
    "ticket forward 1 --body x",
    "ticket forward 1 --to nonsense --body x",
    "ticket note 1",
    "ticket note 1 --body x --kind email",
    "ticket new --requester a@b.test",
    "ticket new --subject x",
    "ticket new --subject x --requester a@@b.test",
    "ticket new --subject x --requester a@b.test --channel pigeon",
    "ticket new --subject x --requester a@b.test --priority 9",
    "ticket new --subject x --requester a@b.test --type thing",
    "ticket link 1 x",
    "ticket link 1 1 --kind friend",
    "ticket link 1 1",
    "ticket unlink x",
    "ticket attachment x",
    "ticket raw x",
    "ticket draft show x",
    "ticket draft save 1 --kind poem --body x",
    "ticket draft drop 1 --kind poem",
    "mailbox add",
    "mailbox add notanaddress",
    "mailbox add a@b.test --password-command true --after-import bogus",
    "mailbox add a@b.test --password-command true --after-import move:",
    "mailbox add a@b.test --password-command true --start yesterday",
    "mailbox add a@b.test --password-command true --start 2026-13-01",
    "mailbox add a@b.test --password-command true --imap-port 0",
    "mailbox add a@b.test --password-command true --imap-port ninety",
    "mailbox add a@b.test --password-command true --imap-security maybe",
    "mailbox add a@b.test --password-command true --smtp-security maybe",
    "mailbox add a@b.test --password-command true --imap-host two/parts",
    "mailbox add a@b.test --password-command true --imap-host h.test --imap-security none",
    "mailbox add a@b.test --password-command true --poll 1",
    "mailbox add a@b.test --password-command true --poll 100000",
    "mailbox add a@b.test --password-command true --password-stdin",
    "mailbox add a@b.test",
    "mailbox set support@desk.test",
    "mailbox set support@desk.test --after-import bogus",
    "mailbox set support@desk.test --start never",
    "mailbox set support@desk.test --address nonsense",
    "mailbox set support@desk.test --folder ''",
    "mailbox address add support@desk.test nonsense",
    "settings set undo_seconds=soon",
    "settings set undo_seconds=-1",
    "settings set undo_seconds=99999999",
    "settings set reopen_days=x",
    "settings set colour=red",
    "settings fallback-sender --address nonsense --smtp-host h.test",
    "settings fallback-sender --address a@b.test",
    "settings fallback-sender --address a@b.test --smtp-host h.test --smtp-port x",
    "asset new T N colour=red",
    "asset new T N cost=cheap",
    "asset new T N state=lost",
    "asset set LT-1 purchased_on=soon",
    "asset set LT-1",
    "asset list --limit 0",
    "person list --limit x",
    "agent add 'two words'",
    "agent add ben --role king",
    "agent add ben --email nonsense",
    "outbox list --state lost",
    "outbox show x",
    "suspended show x",
    "suspended join 1 x",
    "suspended list --limit 0",
    "db fly",
    "db copy",
    "db copy --to oracle://x",
    "backup",
    "explain",
    "import",
    "team add ''",
    "team add",
    "category add ''",
    "demo --pace 0",
]
NOT_FOUND = [
    "--as stranger ticket list",
    "ticket list --view noview",
    "view remove noview",
    "ticket list --query assignee:ghost",
    "ticket list --query team:ghosts",
    "ticket list --query category:ghosts",
    "ticket show 99",
    "ticket set 99 status=open",
    "ticket set 1 assignee=ghost",
    "ticket set 1 team=Ghosts",
    "ticket take 99",
    "ticket undo 99",
    "ticket spam 99",
    "ticket block 99",
    "ticket link 1 99",
    "ticket link 99 1",
    "ticket unlink 99",
    "ticket join 99",
    "ticket reply 99 --body x",
    "ticket reply 1 --body-file /nonexistent/file",
    "ticket reply 1 --body x --attach /nonexistent/file",
    "ticket forward 99 --to a@b.test --body x",
    "ticket note 99 --body x",
    "ticket attachment 99",
    "ticket raw 99",
    "ticket draft show 99",
    "ticket draft save 99 --body x",
    "ticket draft drop 99",
    "ticket draft drop 1",
    "ticket new --subject x --requester a@b.test --team Ghosts",
    "ticket new --subject x --requester a@b.test --assignee ghost",
    "mailbox show nowhere@desk.test",
    "mailbox set nowhere@desk.test --name x",
    "mailbox set support@desk.test --team Ghosts",
    "mailbox add a@b.test --password-command true --team Ghosts",
    "mailbox test nowhere@desk.test",
    "mailbox pause nowhere@desk.test",
    "mailbox resume nowhere@desk.test",
    "mailbox remove nowhere@desk.test",
    "mailbox reconcile nowhere@desk.test",
    "mailbox address add nowhere@desk.test a@b.test",
    "mailbox address add support@desk.test a@b.test --team Ghosts",
    "mailbox address remove support@desk.test a@b.test",
    "asset show XX-1",
    "asset set XX-1 name=x",
    "asset retire XX-1",
    "asset link XX-1 1",
    "asset link LT-1 99",
    "person show 99",
    "person show nobody@desk.test",
    "agent show ghost",
    "agent set ghost --name x",
    "agent add ben --team Ghosts",
    "team rename Ghosts Spirits",
    "team remove Ghosts",
    "outbox show 99",
    "outbox retry 99",
    "outbox cancel 99",
    "suspended show 99",
    "suspended accept 99",
    "suspended join 99 1",
    "suspended retry 99",
    "suspended drop 99",
    "backup verify /nonexistent.tar",
    "restore /nonexistent.tar",
    "import /nonexistent",
    "import imap:nowhere@desk.test/INBOX",
    "import /dev/null --mailbox nowhere@desk.test",
    "import /dev/null --team Ghosts",
    "explain /nonexistent.eml",
    "--db /nonexistent/x.db explain /dev/null",
    "--db /nonexistent/x.db db check",
    "--db /nonexistent/x.db db copy --to /tmp/never.db",
    "--db /nonexistent/x.db audit verify",
]


@pytest.mark.parametrize(
    ("line", "code"), [*((line, 2) for line in WRONG_USAGE), *((line, 3) for line in NOT_FOUND)]
)
def test_the_table_of_exit_codes(small_desk: Command, line: str, code: int) -> None:
    import shlex

    answer = small_desk(*shlex.split(line))
    assert answer.code == code, answer
    assert answer.err.strip()
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert "unexpected" not in answer.err
    assert "/nonexistent/x.db" not in line or not Path("/nonexistent").exists()


@pytest.mark.parametrize(
    "line",
    [
        "ticket show 99999999999", "ticket set 99999999999 status=open", "ticket unlink 99999999999",
        "ticket attachment 99999999999", "outbox show 9223372036854775808", "suspended show 99999999999",
        "person show 99999999999", "mailbox show 99999999999",
    ],
)  # fmt: skip
def test_a_number_no_row_can_have_is_not_found(desk: Command, line: str) -> None:
    answer = desk(*line.split())
    assert answer.code == 3, answer
    assert "unexpected" not in answer.err
