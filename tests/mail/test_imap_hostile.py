"""IMAP against servers that lie, cut and listen in: no secret in clear, no truncated mail, one error for people."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.imap_hostile import HostileImap
from tests.support.tls import Certificates
from tui_desk.core.errors import ConfigurationError
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap import NotFetched, RawMessage, Reason
from tui_desk.mail.imap_idle import wait_for_mail
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.mail.imap_values import as_ranges, from_ranges, range_chunks

SECRET = "s3cret-passw0rd"
LOGIN = Credentials("support@desk.test", SECRET)
RAW = b"Subject: one\r\n\r\n" + b"0123456789\r\n" * 100


@pytest.fixture
def liar(certificates: Certificates) -> Iterator[HostileImap]:
    with HostileImap(certificates.good, {5: RAW, 6: RAW + b"2\r\n", 9: b"x"}) as server:
        yield server


def clear(server: HostileImap) -> ServerAddress:
    return ServerAddress("localhost", server.port, Security.NONE)


def fetch_all(server: HostileImap) -> list[RawMessage | NotFetched]:
    with open_mailbox(clear(server), LOGIN, timeout=60) as session:
        session.select("INBOX")
        return list(session.fetch_raw(session.uids()))


def nothing_secret_in(data: bytes) -> bool:
    forms = [
        SECRET.encode(),
        base64.b64encode(f"\0{LOGIN.user}\0{SECRET}".encode()),
        base64.b64encode(SECRET.encode()),
    ]
    return not any(form in data for form in forms) and b"LOGIN" not in data and b"AUTHENTICATE" not in data


@pytest.mark.parametrize(
    ("kind", "cause"),
    [("self_signed", Cause.SELF_SIGNED), ("expired", Cause.EXPIRED), ("wrong_name", Cause.WRONG_NAME)],
)
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_bad_certificate_is_refused_before_any_secret(
    certificates: Certificates, kind: str, cause: Cause, security: Security
) -> None:
    with HostileImap(getattr(certificates, kind), tls=security is Security.TLS) as server:
        address = ServerAddress("localhost", server.port, security, ca_file=str(certificates.ca_file))
        with pytest.raises(MailServerError) as caught, open_mailbox(address, LOGIN):
            pass
        assert caught.value.cause is cause
        assert nothing_secret_in(bytes(server.wire + server.inner))


def test_a_certificate_of_an_unknown_authority_is_refused(certificates: Certificates) -> None:
    with HostileImap(certificates.good, tls=True) as server:
        with (
            pytest.raises(MailServerError) as caught,
            open_mailbox(ServerAddress("localhost", server.port), LOGIN),
        ):
            pass
        assert caught.value.cause is Cause.UNTRUSTED
        assert nothing_secret_in(bytes(server.inner))


def test_the_ca_file_can_come_from_the_environment(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_DESK_CA_FILE", str(certificates.ca_file))
    with HostileImap(certificates.good, {5: RAW}, tls=True) as server:
        with open_mailbox(ServerAddress("localhost", server.port), LOGIN) as session:
            assert session.select("INBOX").exists == 1
        monkeypatch.setenv("TUI_DESK_CA_FILE", "/nowhere/ca.pem")
        with pytest.raises(ConfigurationError), open_mailbox(ServerAddress("localhost", server.port), LOGIN):
            pass


@pytest.mark.parametrize("lie", ["stripped", "NO", "BAD", "preauth", "garbage", "plain text goes on"])
def test_without_starttls_nothing_is_said(certificates: Certificates, lie: str) -> None:
    with HostileImap(certificates.good) as server:
        plan = server.plan
        if lie == "stripped":
            plan.offer_starttls = False
        elif lie == "preauth":
            plan.greeting = b"* PREAUTH [CAPABILITY IMAP4rev1] welcome back\r\n"
        elif lie == "garbage":
            plan.greeting = b"220 smtp.example ESMTP\r\n"
        elif lie == "plain text goes on":
            plan.answers["STARTTLS"] = [b"{tag} OK sure\r\n* CAPABILITY IMAP4rev1\r\n"]
        else:
            plan.answers["STARTTLS"] = [b"{tag} " + lie.encode() + b" not today\r\n"]
        address = ServerAddress(
            "localhost", server.port, Security.STARTTLS, ca_file=str(certificates.ca_file)
        )
        seconds = (
            2 if lie == "plain text goes on" else 60
        )  # that one ends by the limit only, whatever its cause is
        with (
            pytest.raises(MailServerError) as caught,
            open_mailbox(address, LOGIN, timeout=seconds, connect_timeout=60),
        ):
            pass
        assert nothing_secret_in(bytes(server.wire))
        expected = {
            "stripped": Cause.STARTTLS_MISSING,
            "preauth": Cause.PREAUTH,
            "NO": Cause.STARTTLS_REFUSED,
        }
        assert caught.value.cause is expected.get(lie, caught.value.cause)


def test_what_was_injected_before_tls_is_not_believed(certificates: Certificates) -> None:
    with HostileImap(certificates.good, {5: RAW}) as server:
        server.plan.before_tag["STARTTLS"] = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN X-FORGED\r\n* 1 EXISTS\r\n"
        address = ServerAddress(
            "localhost", server.port, Security.STARTTLS, ca_file=str(certificates.ca_file)
        )
        with open_mailbox(address, LOGIN) as session:
            assert "X-FORGED" not in session.capabilities
        assert nothing_secret_in(bytes(server.wire))


@pytest.mark.parametrize("cut", [0, 1, len(RAW) // 2, len(RAW) - 1, len(RAW)])
def test_a_cut_literal_is_no_mail(liar: HostileImap, cut: int) -> None:
    liar.plan.cut_literal_at = cut
    with open_mailbox(clear(liar), LOGIN, timeout=60) as session:
        session.select("INBOX")
        got: list[RawMessage | NotFetched] = []
        with pytest.raises(MailServerError) as caught:
            got.extend(session.fetch_raw(session.uids()))
        assert got == []
        assert caught.value.cause.is_network
    assert [message.uid for message in fetch_all(liar)] == [5, 6, 9]


def test_bytes_that_are_fewer_or_more_than_said_are_no_mail(liar: HostileImap) -> None:
    for lie in (1, -1, 10_000):
        liar.plan.size_lie = lie
        got = fetch_all(liar)
        assert [(message.uid, type(message)) for message in got] == [(uid, NotFetched) for uid in (5, 6, 9)]
        assert isinstance(got[0], NotFetched)
        assert (got[0].reason, got[0].raw, got[0].size) == (Reason.LENGTH, RAW, len(RAW) + lie)


@pytest.mark.parametrize(("lie", "reason"), [("nil_bodies", Reason.EMPTY), ("empty_literals", Reason.EMPTY)])
def test_nothing_is_no_mail(liar: HostileImap, lie: str, reason: Reason) -> None:
    setattr(liar.plan, lie, True)
    assert {message.reason for message in fetch_all(liar) if isinstance(message, NotFetched)} == {reason}
    liar.plan.fetch_without_data = True
    assert {message.reason for message in fetch_all(liar) if isinstance(message, NotFetched)} == {
        Reason.MISSING
    }


LIES = {
    "BYE": b"* BYE going down\r\n",
    "NO": b"{tag} NO [UNAVAILABLE] later\r\n",
    "BAD": b"{tag} BAD what\r\n",
    "garbage": b"\xff\xfe\x00garbage \x1b[2J\r\n",
    "html": b"<html>500</html>\r\n",
    "other tag": b"XYZ99 OK done\r\n",
    "endless literal": b"* 1 FETCH (UID 5 BODY[] {99999999999}\r\n",
    "half a line": b"* 1 FET",
    "cut": b"CUT",
}


@pytest.mark.parametrize("lie", list(LIES))
@pytest.mark.parametrize(
    "command", ["CAPABILITY", "AUTHENTICATE", "SELECT", "SEARCH", "FETCH", "STORE", "NOOP"]
)
def test_a_lie_at_any_command_is_one_plain_error_and_the_next_session_works(
    liar: HostileImap, command: str, lie: str
) -> None:
    liar.plan.answers[command] = [LIES[lie]]
    try:
        with open_mailbox(clear(liar), LOGIN, timeout=0.5, connect_timeout=2) as session:
            session.select("INBOX")
            got = list(session.fetch_raw(session.uids()))
            assert all(
                isinstance(message, RawMessage) and message.raw in liar.mails.values() for message in got
            )
            session.add_flag([5])
            session.noop()
    except MailServerError as error:
        sentence = str(error)
    else:
        # An answer of no meaning to this command may be passed over; then everything else was true.
        sentence = ""
    assert SECRET not in sentence
    assert "\x1b" not in sentence
    liar.plan.answers.clear()
    assert [message.uid for message in fetch_all(liar)] == [5, 6, 9]


def test_login_refusals_are_told_from_servers_that_cannot_say(liar: HostileImap) -> None:
    for answer, cause in (
        (b"{tag} NO [AUTHENTICATIONFAILED] wrong\r\n", Cause.LOGIN),
        (b"{tag} NO [UNAVAILABLE] database down\r\n", Cause.ANSWER),
        (b"* BYE too many connections\r\n", Cause.CLOSED),
        (b"CUT", Cause.CLOSED),
    ):
        liar.plan.answers["AUTHENTICATE"] = [answer]
        with pytest.raises(MailServerError) as caught, open_mailbox(clear(liar), LOGIN, timeout=60):
            pass
        assert caught.value.cause is cause, answer


def test_a_server_that_sends_the_password_back_does_not_get_it_shown(liar: HostileImap) -> None:
    encoded = base64.b64encode(f"\0{LOGIN.user}\0{SECRET}".encode())
    liar.plan.answers["AUTHENTICATE"] = [
        b"{tag} NO you said " + SECRET.encode() + b" or " + encoded + b"\r\n"
    ]
    with pytest.raises(MailServerError) as caught, open_mailbox(clear(liar), LOGIN):
        pass
    assert SECRET not in str(caught.value)
    assert encoded.decode() not in str(caught.value)


def test_login_without_sasl_quotes_everything(liar: HostileImap) -> None:
    liar.plan.capabilities = "IMAP4rev1"
    liar.plan.greeting = b"* OK hello\r\n"
    odd = Credentials('us"er name', 'pa"ss \\ {5}')
    with open_mailbox(clear(liar), odd):
        pass
    assert r'LOGIN "us\"er name" "pa\"ss \\ {5}"' in liar.commands
    liar.plan.capabilities = "IMAP4rev1 LOGINDISABLED"
    with pytest.raises(MailServerError) as caught, open_mailbox(clear(liar), odd):
        pass
    assert caught.value.cause is Cause.AUTH_MISSING


def test_each_call_is_one_command(liar: HostileImap) -> None:
    with open_mailbox(clear(liar), LOGIN) as session:
        before = len(liar.commands)
        session.select("Sent items")
        session.noop()
        session.add_flag([5, 6])
        assert len(liar.commands) == before + 3


def test_idle_that_the_server_refuses_is_an_error(liar: HostileImap) -> None:
    with open_mailbox(clear(liar), LOGIN, timeout=60) as session:
        session.select("INBOX")
        with pytest.raises(MailServerError):
            wait_for_mail(session, 5)  # announced, but unknown to this server


@pytest.mark.parametrize("bad", ["a\r\nb", "a\nb", "a\0b"])
def test_credentials_cannot_hold_a_line_break(bad: str) -> None:
    with pytest.raises(ConfigurationError):
        Credentials(bad, "x")
    with pytest.raises(ConfigurationError):
        Credentials("x", bad)


def test_clear_connections_stay_on_the_loopback() -> None:
    for host in ("mail.example.com", "10.0.0.1", "localhost.example.com", "127.0.0.1.example.com", "0.0.0.0"):
        with pytest.raises(ConfigurationError):
            ServerAddress(host, 143, Security.NONE)
    for host in ("localhost", "127.0.0.1", "127.3.2.1", "::1"):
        ServerAddress(host, 143, Security.NONE)
    confirmed = ServerAddress("mail.example.com", 143, Security.NONE, insecure_ok=True)
    assert replace(confirmed, port=144).port == 144
    for host in ("", "a b", "a\r\nb", "http://x", "x" * 300, "user@host"):
        with pytest.raises(ConfigurationError):
            ServerAddress(host, 993)
    for port in (0, -1, 65536):
        with pytest.raises(ConfigurationError):
            ServerAddress("mail.example.com", port)


@given(st.sets(st.integers(1, 4_294_967_295)) | st.sets(st.integers(1, 60)))
def test_ranges_say_the_same_uids(uids: set[int]) -> None:
    assert sorted(uids) == (from_ranges(as_ranges(uids)) if uids else [])
    chunks = list(range_chunks(uids, size=7))
    assert [uid for chunk in chunks for uid in chunk] == sorted(uids)
    assert all(len(as_ranges(chunk)) <= 4_000 for chunk in range_chunks(uids))


def test_one_mail_that_is_refused_keeps_no_other_back(liar: HostileImap) -> None:
    liar.plan.refused_uids = frozenset({6})
    got = {each.uid: each for each in fetch_all(liar)}
    assert got[6] == NotFetched(6, Reason.REFUSED)
    assert isinstance(got[5], RawMessage)
    assert isinstance(got[9], RawMessage)


def test_a_refusal_that_is_about_the_server_is_no_word_about_a_mail(liar: HostileImap) -> None:
    liar.plan.answers["FETCH"] = [b"{tag} NO [UNAVAILABLE] later\r\n"]
    with pytest.raises(MailServerError) as raised:
        fetch_all(liar)
    assert raised.value.cause is Cause.ANSWER


def test_a_server_that_only_asks_for_patience_is_left_alone_in_the_end(liar: HostileImap) -> None:
    """Dovecot says "Waiting for authentication process to respond" where it cannot log anybody in: each line is an answer in
    time, and no login ever comes of it."""
    liar.plan.endless = "AUTHENTICATE"
    with (
        pytest.raises(MailServerError) as caught,
        open_mailbox(clear(liar), LOGIN, timeout=30, login_timeout=1),
    ):
        pass
    assert caught.value.cause is Cause.TIMEOUT
