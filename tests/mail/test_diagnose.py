"""Every way a mailbox can be set up wrongly is named in one sentence, and the password is in none of them."""

from __future__ import annotations

import socket

import pytest

from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.ports import refusing_port
from tests.support.postfix import Postfix
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates
from tui_desk.core.enums import Security
from tui_desk.core.errors import UsageError
from tui_desk.mail import diagnose
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.diagnose import Step
from tui_desk.mail.providers import suggest

USER = "support@desk.test"
LOGIN = Credentials(USER, "support-secret")
WRONG = Credentials(USER, "wr0ng-secret")


def names(steps: list[Step]) -> list[tuple[str, bool]]:
    return [(step.step, step.ok) for step in steps]


def failed(steps: list[Step], step: str) -> str:
    """The sentence of the one failed step, which is the last."""
    assert [each.ok for each in steps] == [True] * (len(steps) - 1) + [False], steps
    assert steps[-1].step == step
    assert "secret" not in str(steps)
    return steps[-1].sentence


@pytest.mark.dovecot
def test_a_right_imap_account_passes_every_step(dovecot: Dovecot) -> None:
    for port, security in ((dovecot.imaps_port, Security.TLS), (dovecot.imap_port, Security.STARTTLS)):
        address = ServerAddress("localhost", port, security, ca_file=str(dovecot.ca_file))
        steps = diagnose.check_imap(address, LOGIN)
        assert names(steps) == [
            (name, True) for name in ("resolve", "connect", "tls", "greeting", "login", "folder")
        ]
        assert "0" in steps[-1].sentence


@pytest.mark.dovecot
def test_what_is_wrong_with_an_imap_account_is_named(dovecot: Dovecot) -> None:
    ca = str(dovecot.ca_file)
    right = ServerAddress("localhost", dovecot.imaps_port, ca_file=ca)
    assert "user name and password" in failed(diagnose.check_imap(right, WRONG), "login")
    missing = failed(diagnose.check_imap(right, LOGIN, "Importiert"), "folder")
    assert "no folder Importiert" in missing
    assert "INBOX, Sent" in missing.replace("Sent, Trash, INBOX", "INBOX, Sent").replace(
        "Trash, Sent, INBOX", "INBOX, Sent"
    )
    bad_name = ServerAddress("no-such-host.invalid", 993)
    assert "no server named no-such-host.invalid" in failed(diagnose.check_imap(bad_name, LOGIN), "resolve")
    with refusing_port() as port:
        closed = ServerAddress("localhost", port)
        assert f"port {closed.port}" in failed(diagnose.check_imap(closed, LOGIN), "connect")
    plain_port = ServerAddress("localhost", dovecot.imap_port, ca_file=ca)
    assert "does not speak TLS" in failed(diagnose.check_imap(plain_port, LOGIN, timeout=60), "tls")
    tls_port = ServerAddress("localhost", dovecot.imaps_port, Security.STARTTLS, ca_file=ca)
    assert "in time" in failed(diagnose.check_imap(tls_port, LOGIN, timeout=0.5), "greeting")
    unknown_authority = ServerAddress("localhost", dovecot.imaps_port)
    assert "authority" in failed(diagnose.check_imap(unknown_authority, LOGIN), "tls")


@pytest.mark.parametrize(
    ("kind", "words"),
    [("expired", "has expired"), ("wrong_name", "another name"), ("self_signed", "self-signed")],
)
def test_bad_certificates_are_named_for_both_directions(
    certificates: Certificates, kind: str, words: str
) -> None:
    files, ca = getattr(certificates, kind), str(certificates.ca_file)
    with HostileImap(files, tls=True) as imap, SmtpSink(files, implicit_tls=True) as smtp:
        assert words in failed(
            diagnose.check_imap(ServerAddress("localhost", imap.port, ca_file=ca), LOGIN), "tls"
        )
        assert words in failed(
            diagnose.check_smtp(ServerAddress("localhost", smtp.port, ca_file=ca), LOGIN), "tls"
        )


def test_stripped_starttls_is_named_for_both_directions(
    certificates: Certificates, smtp_sink: SmtpSink
) -> None:
    with HostileImap(certificates.good) as imap:
        imap.plan.offer_starttls = smtp_sink.plan.offer_starttls = False
        at = ServerAddress("localhost", imap.port, Security.STARTTLS)
        assert "does not offer STARTTLS" in failed(diagnose.check_imap(at, LOGIN), "tls")
        at = ServerAddress("localhost", smtp_sink.port, Security.STARTTLS)
        assert "does not offer STARTTLS" in failed(diagnose.check_smtp(at, LOGIN), "tls")


def test_a_server_that_says_nothing_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        at = ServerAddress("127.0.0.1", silent.getsockname()[1], Security.NONE)
        assert "in time" in failed(diagnose.check_imap(at, LOGIN, timeout=0.3), "greeting")
        assert "in time" in failed(diagnose.check_smtp(at, LOGIN, timeout=0.3), "greeting")


def test_what_is_wrong_with_smtp_is_named(smtp_sink: SmtpSink) -> None:
    at = ServerAddress("localhost", smtp_sink.port, Security.NONE)
    assert names(diagnose.check_smtp(at, None, USER))[-1] == ("sender", True)
    assert "no login" in failed(diagnose.check_smtp(at, LOGIN), "login")
    smtp_sink.plan.mail_reply = "553 5.7.1 not owned by you \x1b[2J"
    assert "\x1b" not in failed(diagnose.check_smtp(at, None, USER), "sender")
    assert smtp_sink.mails == []


@pytest.mark.dovecot
@pytest.mark.postfix
def test_a_right_smtp_account_passes_every_step_and_sends_nothing(postfix: Postfix, dovecot: Dovecot) -> None:
    ca = str(postfix.ca_file)
    for port, security in ((postfix.smtps_port, Security.TLS), (postfix.smtp_port, Security.STARTTLS)):
        address = ServerAddress("localhost", port, security, ca_file=ca)
        steps = diagnose.check_smtp(address, LOGIN, USER)
        assert names(steps) == [
            (name, True) for name in ("resolve", "connect", "tls", "greeting", "login", "sender")
        ]
        assert "user name and password" in failed(diagnose.check_smtp(address, WRONG, USER), "login")
    assert dovecot.messages(USER) == []


def test_known_providers_and_guesses() -> None:
    gmail = suggest("someone@gmail.com")
    assert (gmail.provider, gmail.known) == ("Gmail", True)
    assert (str(gmail.imap), str(gmail.smtp)) == ("imap.gmail.com:993", "smtp.gmail.com:465")
    assert any("app password" in note for note in gmail.notes)
    assert suggest("a@acme.onmicrosoft.com").smtp.security is Security.STARTTLS
    assert suggest("a@proton.me").imap.host == "127.0.0.1"
    assert suggest("anna@riseup.net").user == "anna"
    guess = suggest("help@Example.ORG")
    assert not guess.known
    assert (str(guess.imap), str(guess.smtp), guess.user) == (
        "imap.example.org:993",
        "smtp.example.org:465",
        "help@Example.ORG",
    )
    assert suggest("a@notgmail.com").known is False
    for bad in ("", "nobody", "a@b\r\n.test", "x@tuta.com"):
        with pytest.raises(UsageError):
            suggest(bad)
