"""The main job, whole: a customer's mail by SMTP into a real mailbox, a ticket, an answer typed into the real interface in a
real terminal, the answer in the customer's real mailbox, the customer's reply, and that reply in the same ticket."""

from __future__ import annotations

import email
import email.policy
import json
import os
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support.dovecot import Dovecot
from tests.support.ports import PATIENCE, wait_until
from tests.support.postfix import Postfix
from tests.terminal.pty_app import PtyApp

SUPPORT = "support@desk.test"
ANNA = "anna@customer.test"

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix]


@pytest.fixture
def environment(dovecot: Dovecot, empty_database_url: str) -> dict[str, str]:
    """What every tui-desk process of the test is told."""
    return {
        "TUI_DESK_DATABASE": empty_database_url,
        "TUI_DESK_CA_FILE": str(dovecot.ca_file),
        "TUI_DESK_KEY_FILE": str(Path.home() / "desk.key"),
        "EDITOR": "true",
    }


def _desk(environment: dict[str, str], *words: str, text: str = "") -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tui_desk", *words, "--json"],
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def configured(environment: dict[str, str], dovecot: Dovecot, postfix: Postfix) -> dict[str, str]:
    """A desk whose mailbox is Dovecot's, sending through Postfix."""
    words = ["mailbox", "add", SUPPORT, "--name", "Acme Support"]
    words += ["--imap-host", "localhost", "--imap-port", str(dovecot.imaps_port), "--imap-security", "tls"]
    words += ["--smtp-host", "localhost", "--smtp-port", str(postfix.smtps_port), "--smtp-security", "tls"]
    words += ["--imap-user", SUPPORT, "--smtp-user", SUPPORT, "--password-stdin"]
    _desk(environment, *words, text=dovecot.users[SUPPORT] + "\n")
    return environment


def _write(postfix: Postfix, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", postfix.smtp_port) as server:
        server.send_message(message)


def _mail(subject: str, body: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Anna Kunde <{ANNA}>", SUPPORT, subject
    message["Date"] = email.utils.format_datetime(email.utils.localtime())
    message["Message-ID"] = email.utils.make_msgid(domain="customer.test")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def _received(dovecot: Dovecot, user: str) -> list[EmailMessage]:
    found = (email.message_from_bytes(raw, policy=email.policy.default) for raw in dovecot.messages(user))
    return [message for message in found if isinstance(message, EmailMessage)]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=["80x24", "200x50"])
def test_from_the_customers_mail_to_the_customers_answer(
    configured: dict[str, str], dovecot: Dovecot, postfix: Postfix, size: tuple[int, int]
) -> None:
    with PtyApp(["-m", "tui_desk"], *size, env=configured) as app:
        app.wait_text("Queue")
        _write(postfix, _mail("Printer on fire", "Hello,\n\nthe printer is on fire. Please help.\n"))
        app.wait_text("Printer on fire")  # by itself: fetched by the worker beside the interface

        app.press("enter")
        app.wait_text("the printer is on fire. Please help.")
        app.press("r")
        app.wait_text(ANNA)
        app.press(*"Use the **red** extinguisher.")
        app.wait_text("Use the **red** extinguisher.")
        app.wait_for(lambda: any(line.strip().startswith("To ") and ANNA in line for line in app.text()))
        app.press("\x13")  # Ctrl+S
        app.wait_for(
            lambda: "held" in " ".join(app.text()).lower() or "leaves" in " ".join(app.text()).lower()
        )

        wait_until(lambda: len(_received(dovecot, ANNA)) == 1, what="the answer in the customer's mailbox")
        answer = _received(dovecot, ANNA)[0]
        assert answer["From"].addresses[0].addr_spec == SUPPORT
        assert answer["From"].addresses[0].display_name == "Acme Support"
        assert "[#1]" in answer["Subject"]
        plain, html = answer.get_body(("plain",)), answer.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert "Use the **red** extinguisher." in plain.get_content()
        assert "<strong>red</strong>" in html.get_content()
        assert answer["In-Reply-To"] in answer["References"]
        app.wait_text("sent")

        reply = _mail(
            "Re: " + str(answer["Subject"]),
            "It is out. Thank you!\n\nOn Monday Acme Support wrote:\n> Use the **red** extinguisher.\n",
            In_Reply_To=str(answer["Message-ID"]),
            References=f"{answer['References']} {answer['Message-ID']}",
        )
        _write(postfix, reply)
        app.wait_text("It is out. Thank you!")  # in the ticket that is open, by itself

    ticket = _desk(configured, "ticket", "show", "1")
    assert [(m["direction"], m["kind"]) for m in ticket["messages"]] == [
        ("in", "email"),
        ("out", "email"),
        ("in", "email"),
    ]
    assert ticket["messages"][2]["reply"].strip() == "It is out. Thank you!"
    assert [row["number"] for row in _desk(configured, "ticket", "list", "--query", "")] == [1]
    assert _desk(configured, "mailbox", "reconcile", SUPPORT)["agrees"] is True


def test_resolved_reopens_and_closed_gets_a_follow_up(
    configured: dict[str, str], dovecot: Dovecot, postfix: Postfix
) -> None:
    first = _mail("Slow laptop", "It is slow.")
    _write(postfix, first)
    wait_until(lambda: len(dovecot.messages(SUPPORT)) == 1, what="delivery")
    assert _desk(configured, "sync", "--once")["created"] == 1
    for status, outcome in (("resolved", "joined"), ("closed", "created")):
        _desk(configured, "ticket", "set", "1", f"status={status}")
        before = len(dovecot.messages(SUPPORT))
        _write(postfix, _mail("Re: Slow laptop", "Still slow.", In_Reply_To=str(first["Message-ID"])))
        # asked within this very round of the loop
        wait_until(lambda: len(dovecot.messages(SUPPORT)) == before + 1, what="delivery")  # noqa: B023
        assert _desk(configured, "sync", "--once")[outcome] == 1
        if status == "resolved":
            assert _desk(configured, "ticket", "show", "1")["status"] == "open"
    follow_up = _desk(configured, "ticket", "show", "2")
    assert [(link["kind"], link["number"]) for link in follow_up["links"]] == [("follow_up", 1)]


def test_without_smtp_the_fallback_sender_speaks_and_without_either_it_waits(
    configured: dict[str, str], dovecot: Dovecot, postfix: Postfix
) -> None:
    _write(postfix, _mail("Question", "Hello?"))
    wait_until(lambda: len(dovecot.messages(SUPPORT)) == 1, what="delivery")
    _desk(configured, "sync", "--once")
    _desk(configured, "mailbox", "set", SUPPORT, "--smtp-host", "")
    _desk(configured, "ticket", "reply", "1", "--body", "We look at it.", "--now")
    assert _desk(configured, "sync", "--once")["sent"] == 0
    waiting = _desk(configured, "outbox", "list")
    assert [row["delivery"]["state"] for row in waiting] == ["queued"]
    words = ["settings", "fallback-sender", "--address", "no-reply@desk.test", "--smtp-host", "localhost"]
    words += ["--smtp-port", str(postfix.smtps_port), "--smtp-security", "tls"]
    _desk(configured, *words)
    assert _desk(configured, "sync", "--once")["sent"] == 1
    wait_until(lambda: len(_received(dovecot, ANNA)) == 1, what="the answer")
    assert _received(dovecot, ANNA)[0]["From"].addresses[0].addr_spec == "no-reply@desk.test"
