"""How a mailbox sends, by commands: how many messages a minute, copies in Sent, and what is wrong with the way out."""

from __future__ import annotations

from tests.cli.command import Command

USER = "support@desk.test"
SERVERS = (
    "--imap-host", "127.0.0.1", "--imap-port", "1", "--imap-security", "none",
    "--smtp-host", "127.0.0.1", "--smtp-port", "1", "--smtp-security", "none",
)  # fmt: skip


def add(desk: Command, *more: str) -> None:
    added = desk("mailbox", "add", USER, *SERVERS, "--password-stdin", *more, text="secret\n")
    assert added.code == 0, added.err


def test_pace_and_copies_are_set_shown_and_taken_back(desk: Command) -> None:
    add(desk, "--send-per-minute", "30", "--sent-copies", "no")
    shown = desk("mailbox", "show", USER, "--json").json
    assert (shown["send_per_minute"], shown["sent_copies"]) == (30, "no")
    assert (shown["sending_problem"], shown["sent_copies_problem"], shown["receiving"]) == ("", "", True)
    told = desk("mailbox", "show", USER).out
    assert "30 messages a minute" in told
    assert "never" in told
    changed = desk("mailbox", "set", USER, "--send-per-minute", "0", "--json").json
    assert (changed["send_per_minute"], changed["sent_copies"]) == (0, "no")
    assert desk("mailbox", "set", USER, "--sent-copies", "auto", "--json").json["sent_copies"] == "auto"
    assert "as fast as the server takes it" in desk("mailbox", "show", USER).out


def test_what_is_no_number_or_no_wish_is_wrong_usage(desk: Command) -> None:
    add(desk)
    for wrong in (("--send-per-minute", "-1"), ("--send-per-minute", "x"), ("--sent-copies", "maybe")):
        answer = desk("mailbox", "set", USER, *wrong)
        assert answer.code == 2, answer.err
        assert wrong[1] in answer.err
    assert desk("mailbox", "show", USER, "--json").json["send_per_minute"] == 0


def test_the_fallback_sender_has_a_pace_of_its_own(desk: Command) -> None:
    words = ("settings", "fallback-sender", "--address", "no-reply@desk.test", "--smtp-host", "127.0.0.1",
             "--smtp-security", "none", "--send-per-minute", "1")  # fmt: skip
    assert desk(*words, "--json").json["send_per_minute"] == 1
    assert "1 message a minute" in desk("settings", "fallback-sender").out
    named = desk("settings", "fallback-sender", "--name", "Desk", "--json").json
    assert (named["name"], named["send_per_minute"], named["problem"]) == ("Desk", 1, "")


def test_a_list_tells_that_sending_fails_and_the_round_goes_on(desk: Command) -> None:
    add(desk)
    new = desk("ticket", "new", "--subject", "Printer", "--requester", "Anna <anna@x.test>", "--channel", "phone",
               "--body", "x", "--json")  # fmt: skip
    assert new.code == 0, new.err
    number = str(new.json["number"])
    assert desk("ticket", "reply", number, "--body", "Hello", "--now").code == 0
    desk("sync", "--once")
    (row,) = desk("mailbox", "list", "--json").json
    assert "Sending fails: " in row["sending_problem"]
    assert (row["healthy"], row["receiving"]) == (False, False)
    assert "Sending fails: " in row["health"]
    listed = desk("mailbox", "list").out
    assert "trouble" in listed
    found = desk("doctor", "--json")
    assert found.code == 1
    subjects = [check["subject"] for check in found.json["checks"]]
    assert f"sending {USER}" in subjects
    (outbox,) = [check for check in found.json["checks"] if check["subject"] == "outbox"]
    assert "waits for a server that fails" in outbox["sentence"]


def test_a_password_that_nobody_logs_in_with_is_refused(sqlite_desk: Command) -> None:
    words = ("settings", "fallback-sender", "--address", "no-reply@desk.test", "--smtp-host", "127.0.0.1",
             "--smtp-security", "none", "--password-stdin")  # fmt: skip
    refused = sqlite_desk(*words, text="secret\n")
    assert refused.code == 2, refused.out
    assert "--smtp-user" in refused.err
    assert "There is no fallback sender." in sqlite_desk("settings", "fallback-sender").out
    assert sqlite_desk(*words, "--smtp-user", "out", "--json", text="secret\n").json["has_password"] is True
    changed = sqlite_desk("settings", "fallback-sender", "--password-stdin", "--json", text="other\n")
    assert changed.json["has_password"] is True, changed.err
    nobody = sqlite_desk("settings", "fallback-sender", "--smtp-user", "", "--json")
    assert nobody.json["smtp_user"] == "", nobody.err
