"""``mailbox login`` as a person uses it: addresses and codes on stderr, one document on stdout, nothing secret anywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Answer, Command
from tests.support.oauth_server import CLIENT, SECRET, OAuthServer, running_oauth_server
from tests.support.ports import PATIENCE, wait_until
from tests.support.tls import Certificates
from tests.terminal.pty_app import PtyApp
from tui_desk.mail.connection import CA_FILE_VARIABLE

USER = "support@desk.test"


@pytest.fixture
def server(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    monkeypatch.setenv(CA_FILE_VARIABLE, str(certificates.ca_file))
    with running_oauth_server(certificates.good) as running:
        yield running


def add(desk: Command) -> None:
    added = desk(
        "mailbox", "add", USER, "--imap-host", "127.0.0.1", "--imap-port", "1", "--imap-security", "none",
        "--auth", "oauth2", "--json",
    )  # fmt: skip
    assert added.code == 0, added.err
    assert added.json["auth"] == "oauth2"
    assert added.json["has_password"] is False
    assert "signed in" in added.json["health"]


def endpoints(server: OAuthServer) -> tuple[str, ...]:
    return (
        "--provider", "custom", "--client-id", CLIENT, "--client-secret-stdin", "--scope", "mail",
        "--auth-url", f"{server.url}/authorize", "--token-url", f"{server.url}/token",
        "--device-url", f"{server.url}/device",
    )  # fmt: skip


def test_by_device(sqlite_desk: Command, server: OAuthServer) -> None:
    add(sqlite_desk)
    answers: list[Answer] = []
    words = ("mailbox", "login", USER, *endpoints(server), "--json")
    thread = threading.Thread(target=lambda: answers.append(sqlite_desk(*words, text=f"{SECRET}\n")))
    thread.start()
    wait_until(lambda: bool(server.devices), what="the device code")
    (device,) = server.devices.values()
    server.type_code(device.user_code, USER)
    thread.join(PATIENCE)
    (answer,) = answers
    assert answer.code == 0, answer.err
    assert device.user_code in answer.err
    assert f"{server.url}/activate" in answer.err
    assert answer.json["sign_in"]["warning"] == ""
    assert answer.json["sign_in"]["has_client_secret"] is True
    shown = sqlite_desk("mailbox", "show", USER)
    assert "OAuth2" in shown.out
    listed = sqlite_desk("mailbox", "list")
    everything = answer.out + answer.err + shown.out + listed.out
    assert not any(secret in everything for secret in (SECRET, *server.access, *server.refresh))


def test_by_pasted_address_as_a_process(sqlite_desk: Command, server: OAuthServer, tmp_path: Path) -> None:
    """The address is printed, and what is pasted is read after it: two ends of one terminal."""
    add(sqlite_desk)
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_desk", "mailbox", "login", USER, "--code", *endpoints(server)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TUI_DESK_DATABASE": str(tmp_path / "desk.db")},
    )
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(f"{SECRET}\n")
    process.stdin.flush()
    said = ""
    while not (found := re.search(r"https://\S+response_type=code\S+", said)):
        line = process.stderr.readline()
        assert line, said
        said += line
    out, err = process.communicate(server.sign_in_at(found.group(0), USER) + "\n", timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "OAuth2" in out
    assert server.access


PIPED = """
import subprocess, sys
words = [sys.executable, "-m", "tui_desk", *sys.argv[2:]]
raise SystemExit(subprocess.run(words, input=sys.argv[1] + "\\n", text=True).returncode)
"""


def test_the_secret_comes_by_a_pipe_and_the_address_by_the_terminal(
    sqlite_desk: Command, server: OAuthServer, tmp_path: Path
) -> None:
    add(sqlite_desk)
    words = ("mailbox", "login", USER, "--code", *endpoints(server))
    environment = {"TUI_DESK_DATABASE": str(tmp_path / "desk.db")}
    with PtyApp(["-c", PIPED, SECRET, *words], columns=200, env=environment) as terminal:
        terminal.wait_text("paste it here")
        found = re.search(rb"https://\S+response_type=code\S+", terminal.output)
        assert found is not None
        terminal.press(server.sign_in_at(found.group(0).decode(), USER), "\n")
        assert terminal.wait_exit() == 0, terminal.text()
    assert server.access


def test_a_pipe_without_the_address_and_no_terminal_is_refused(
    sqlite_desk: Command, server: OAuthServer, tmp_path: Path
) -> None:
    add(sqlite_desk)
    done = subprocess.run(
        [sys.executable, "-m", "tui_desk", "mailbox", "login", USER, "--code", *endpoints(server)],
        input=f"{SECRET}\n",
        capture_output=True,
        text=True,
        env={**os.environ, "TUI_DESK_DATABASE": str(tmp_path / "desk.db")},
        timeout=PATIENCE,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 2, done.stderr
    assert "no terminal" in done.stderr


def test_what_is_wrong_is_said_and_changes_nothing(sqlite_desk: Command, server: OAuthServer) -> None:
    add(sqlite_desk)
    nothing = sqlite_desk("mailbox", "login", USER, "--code", *endpoints(server), text=f"{SECRET}\n\n")
    assert (nothing.code, "pasted" in nothing.err) == (2, True)
    other = f"{SECRET}\nhttp://localhost:48719/?code=abc&state=other\n"
    assert sqlite_desk("mailbox", "login", USER, "--code", *endpoints(server), text=other).code == 2
    refused = sqlite_desk("mailbox", "login", USER, "--code", *endpoints(server), text=f"{SECRET}\nabc\n")
    assert refused.code == 1
    assert "used up" in refused.err
    assert sqlite_desk("mailbox", "login", USER, "--provider", "microsoft").code == 2  # no client id
    clear = sqlite_desk(
        "mailbox",
        "login",
        USER,
        "--provider",
        "custom",
        "--client-id",
        "x",
        "--token-url",
        "http://away.example/t",
    )
    assert clear.code == 2
    assert "https" in clear.err
    google = sqlite_desk("mailbox", "login", USER, "--provider", "google", "--client-id", "x", "--device")
    assert google.code == 2
    assert "--code" in google.err
    tested = sqlite_desk("mailbox", "test", USER)
    assert tested.code == 1
    assert "mailbox login" in tested.out
    both = sqlite_desk("mailbox", "set", USER, "--auth", "oauth2", "--password-stdin", text="x\n")
    assert both.code == 2
    back = sqlite_desk("mailbox", "set", USER, "--password-stdin", "--json", text="x\n")
    assert back.code == 0, back.err
    assert back.json["auth"] == "password"
    assert back.json["sign_in"] is None


def test_the_doctor_tells_of_sign_ins(sqlite_desk: Command, server: OAuthServer) -> None:
    add(sqlite_desk)
    found = {one["subject"]: one for one in sqlite_desk("doctor", "--json").json["checks"]}
    assert found[f"sign-in {USER}"]["level"] == "fail"
    assert "mailbox login" in found[f"sign-in {USER}"]["advice"]


def test_the_fallback_sender_signs_in_by_its_address(sqlite_desk: Command, server: OAuthServer) -> None:
    sender = ("settings", "fallback-sender")
    servers = ("--smtp-host", "127.0.0.1", "--smtp-port", "1", "--smtp-security", "none")
    assert sqlite_desk("mailbox", "login", "no-reply@desk.test", *endpoints(server), text="\n").code == 3
    both = sqlite_desk(*sender, "--address", "no-reply@desk.test", *servers, "--auth", "oauth2",
                       "--password-stdin", text="x\n")  # fmt: skip
    assert both.code == 2, both.err
    saved = sqlite_desk(*sender, "--address", "no-reply@desk.test", *servers, "--auth", "oauth2", "--json")
    assert saved.code == 0, saved.err
    assert (saved.json["auth"], saved.json["smtp_user"]) == ("oauth2", "no-reply@desk.test")
    assert "signed in" in saved.json["sign_in"]["warning"]
    doctor = {one["subject"]: one for one in sqlite_desk("doctor", "--json").json["checks"]}
    assert doctor["sign-in no-reply@desk.test"]["level"] == "fail"
    answers: list[Answer] = []
    words = ("mailbox", "login", "No-Reply@desk.test", *endpoints(server), "--json")
    thread = threading.Thread(target=lambda: answers.append(sqlite_desk(*words, text=f"{SECRET}\n")))
    thread.start()
    wait_until(lambda: bool(server.devices), what="the device code")
    (device,) = server.devices.values()
    server.type_code(device.user_code, "no-reply@desk.test")
    thread.join(PATIENCE)
    (answer,) = answers
    assert answer.code == 0, answer.err
    assert "fallback-sender --test" in answer.err
    assert answer.json["sign_in"]["warning"] == ""
    shown = sqlite_desk(*sender)
    assert "OAuth2" in shown.out
    assert not any(secret in answer.out + answer.err + shown.out for secret in (SECRET, *server.access))
    named = sqlite_desk(*sender, "--name", "Desk", "--json").json
    assert (named["auth"], named["sign_in"]["warning"]) == ("oauth2", "")
    back = sqlite_desk(*sender, "--password-stdin", "--json", text="secret\n").json
    assert (back["auth"], back["sign_in"], back["has_password"]) == ("password", None, True)
