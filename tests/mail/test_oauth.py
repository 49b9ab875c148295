"""OAuth2: the grants against a strict authorisation server, the token against a real Dovecot and an SMTP server; nothing leaks."""

from __future__ import annotations

import base64
import json
import logging
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.oauth_server import CLIENT, SECRET, OAuthServer, running_oauth_server
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates
from tui_desk.core.enums import OAuthProvider
from tui_desk.core.errors import ConfigurationError, DeskError, UsageError
from tui_desk.mail import imap_open, oauth
from tui_desk.mail.connection import CA_FILE_VARIABLE, Credentials, Security, ServerAddress
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth import Pending, TokenSet
from tui_desk.mail.oauth_client import Client, provider_client
from tui_desk.mail.oauth_refusals import SignInError
from tui_desk.mail.sasl import initial_response
from tui_desk.mail.smtp import open_smtp

USER = "support@desk.test"
RAW = b"From: support@desk.test\r\nSubject: hi\r\n\r\nHello.\r\n"


@pytest.fixture
def server(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    monkeypatch.setenv(CA_FILE_VARIABLE, str(certificates.ca_file))
    with running_oauth_server(certificates.good) as running:
        yield running


@pytest.fixture(params=["plain login xoauth2", "plain login oauthbearer xoauth2"])
def token_dovecot(
    request: pytest.FixtureRequest, server: OAuthServer, certificates: Certificates
) -> Iterator[Dovecot]:
    url = f"{server.plain_url}/introspect"
    with running_dovecot(certificates, introspection_url=url, mechanisms=request.param) as running:
        yield running


def client_of(server: OAuthServer, **changes: str) -> Client:
    settings = {
        "auth_url": f"{server.url}/authorize",
        "token_url": f"{server.url}/token",
        "device_url": f"{server.url}/device",
        "scope": "mail offline_access",
        **changes,
    }
    return provider_client(OAuthProvider.CUSTOM, CLIENT, SECRET, **settings)


def by_code(server: OAuthServer) -> TokenSet:
    client, state, verifier = client_of(server), oauth.new_secret(), oauth.new_secret()
    ended = server.sign_in_at(oauth.authorization_url(client, state, verifier, USER), USER)
    return oauth.exchange_code(client, oauth.code_from(ended, state), verifier)


# The grants


def test_a_pasted_address_gives_tokens_and_works_once(server: OAuthServer) -> None:
    client, state, verifier = client_of(server), oauth.new_secret(), oauth.new_secret()
    ended = server.sign_in_at(oauth.authorization_url(client, state, verifier, USER), USER)
    code = oauth.code_from(f"  {ended[:40]}\n  {ended[40:]} ", state)
    tokens = oauth.exchange_code(client, code, verifier)
    assert server.access[tokens.access][0] == USER
    assert tokens.refresh in server.refresh
    assert tokens.expires_in == 3600
    with pytest.raises(SignInError) as caught:
        oauth.exchange_code(client, code, verifier)
    assert caught.value.code == "invalid_grant"


def test_a_code_is_of_no_use_without_our_verifier(server: OAuthServer) -> None:
    client, state = client_of(server), oauth.new_secret()
    ended = server.sign_in_at(oauth.authorization_url(client, state, oauth.new_secret(), USER), USER)
    with pytest.raises(SignInError):
        oauth.exchange_code(client, oauth.code_from(ended, state), oauth.new_secret())


def test_a_code_alone_is_taken_and_an_address_of_another_sign_in_is_not() -> None:
    assert oauth.code_from("4/0AbC-_x", "s") == oauth.code_from("4%2F0AbC-_x", "s") == "4/0AbC-_x"
    assert oauth.code_from("http://localhost/?state=s&code=4%2F0AbC", "s") == "4/0AbC"
    assert oauth.code_from("?code=abc&state=s", "s") == "abc"
    for wrong in ("http://localhost/?code=abc&state=other", "http://localhost/?code=abc", "code=abc&state="):
        with pytest.raises(UsageError, match="another sign-in"):
            oauth.code_from(wrong, "s")
    for nothing in ("", "  ", "http://localhost/?state=s", "x" * 50_000):
        with pytest.raises(UsageError):
            oauth.code_from(nothing, "s")
    with pytest.raises(SignInError, match="declined"):
        oauth.code_from("http://localhost/?error=access_denied&state=s", "s")


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_a_code_or_an_error_for_people(text: str) -> None:
    said = ""
    with suppress(DeskError):
        said = oauth.code_from(text, "state")
    assert said.isascii()
    assert said.isprintable()


def test_a_device_code_is_polled_until_somebody_typed_it(server: OAuthServer) -> None:
    server.plan.interval = 0
    client = client_of(server)
    device = oauth.start_device(client)
    assert device.address.endswith("/activate")
    assert device.user_code in device.complete_address
    server.plan.slow_down = 1
    slower = oauth.poll_device(client, device, 1.0)
    assert isinstance(slower, Pending)
    assert slower.interval == 6.0
    assert oauth.poll_device(client, device, 6.0) == Pending(6.0)
    server.type_code(device.user_code, USER)
    assert isinstance(oauth.poll_device(client, device, 6.0), TokenSet)
    assert device.device_code not in repr(device)


def test_declined_and_expired_device_codes_end_it(server: OAuthServer) -> None:
    server.plan.interval = 0
    client = client_of(server)
    device = oauth.start_device(client)
    server.type_code(device.user_code, "")
    with pytest.raises(SignInError, match="declined"):
        oauth.poll_device(client, device, 1.0)
    with pytest.raises(SignInError, match="in time"):
        oauth.poll_device(client, replace(device, device_code="other"), 1.0)


def test_renewal_replaces_the_refresh_token_or_keeps_it(server: OAuthServer) -> None:
    first, client = by_code(server), client_of(server)
    second = oauth.refresh(client, first.refresh)
    assert second.refresh != first.refresh
    assert second.access != first.access
    with pytest.raises(SignInError) as caught:
        oauth.refresh(client, first.refresh)
    assert caught.value.cause is Cause.LOGIN
    assert caught.value.sentence.startswith("Sign in again")
    assert first.refresh not in str(caught.value)
    assert "Trace" not in str(caught.value)
    server.plan.rotate = False
    assert oauth.refresh(client, second.refresh).refresh == second.refresh


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (500, b"<html>oops</html>", Cause.ANSWER),
        (429, {"error": "slow"}, Cause.ANSWER),
        (503, {"error": "invalid_grant"}, Cause.ANSWER),
        (200, b"[1, 2]", Cause.PROTOCOL),
        (200, b"\xff\xfe", Cause.PROTOCOL),
        (200, b"[" * 200_000, Cause.PROTOCOL),
        (200, b'{"a": "' + b"x" * 300_000 + b'"}', Cause.PROTOCOL),
        (200, {"access_token": "a\x01b", "refresh_token": "r"}, Cause.PROTOCOL),
        (200, {"access_token": 5}, Cause.PROTOCOL),
        (200, {"access_token": "a", "token_type": "mac"}, Cause.PROTOCOL),
        (200, {"error": "invalid_grant"}, Cause.LOGIN),
        (400, {"error": "invalid_client"}, Cause.LOGIN),
        (400, {"error": ["x"], "error_description": {"a": 1}}, Cause.LOGIN),
    ],
)
def test_whatever_the_server_says_is_one_sentence(
    server: OAuthServer, status: int, body: dict[str, object] | bytes, cause: Cause
) -> None:
    server.plan.answers = [(status, body)]
    with pytest.raises(MailServerError) as caught:
        oauth.refresh(client_of(server), "rt.secret")
    assert caught.value.cause is cause
    assert "rt.secret" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_server_cannot_write_to_the_terminal_nor_give_our_secrets_back(server: OAuthServer) -> None:
    evil = f"\x1b]0;owned\x07 {SECRET} rt.secret \u202e{'x' * 9000}"
    server.plan.answers = [(400, {"error": "\x1b[2Jinvalid", "error_description": evil})]
    with pytest.raises(SignInError) as caught:
        oauth.refresh(client_of(server), "rt.secret")
    text = str(caught.value)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert SECRET not in text
    assert "rt.secret" not in text
    assert len(text) < 600


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(60, 60), ("90", 90), ("nan", 3600), (-5, 0), (True, 3600), (1e300, 366 * 86400), (None, 3600)],
)
def test_lifetimes_of_any_shape(server: OAuthServer, value: object, seconds: int) -> None:
    server.plan.answers = [(200, {"access_token": "a", "refresh_token": "r", "expires_in": value})]
    assert oauth.refresh(client_of(server), "old").expires_in == seconds


def test_no_redirect_is_followed(server: OAuthServer) -> None:
    server.plan.redirect_to = "http://127.0.0.1:9/token"
    with pytest.raises(MailServerError, match="302"):
        oauth.refresh(client_of(server), "rt.secret")


def test_a_certificate_that_nobody_vouches_for_ends_it(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CA_FILE_VARIABLE, str(certificates.ca_file))
    with running_oauth_server(certificates.self_signed) as server:
        with pytest.raises(MailServerError) as caught:
            oauth.refresh(client_of(server), "rt.secret")
        assert caught.value.cause.is_certificate
        assert not server.requests


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com/token",
        "ftp://x/",
        "https://",
        "https://u:p@x.example/",
        "https://x y/",
        "javascript:1",
        "https://[",
        "https://x:99999/",
    ],
)
def test_secrets_go_to_encrypted_addresses_only(url: str) -> None:
    with pytest.raises(ConfigurationError):
        provider_client(OAuthProvider.CUSTOM, CLIENT, token_url=url)
    assert provider_client(OAuthProvider.CUSTOM, CLIENT, token_url="http://127.0.0.1:8/t").token_url


def test_the_providers_addresses_and_scopes() -> None:
    microsoft = provider_client(OAuthProvider.MICROSOFT, "id", tenant="contoso.example")
    assert microsoft.token_url == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
    assert microsoft.scope.split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ]
    google = provider_client(OAuthProvider.GOOGLE, "id", "secret")
    query = dict(urllib.parse.parse_qsl(oauth.authorization_url(google, "s", "v", USER).partition("?")[2]))
    assert query["scope"] == "https://mail.google.com/"
    assert query["access_type"] == "offline"
    assert query["login_hint"] == USER
    assert query["state"] == "s"
    assert "client_secret" not in query
    with pytest.raises(ConfigurationError, match="Google allows no"):
        oauth.start_device(google)
    with pytest.raises(ConfigurationError):
        provider_client(OAuthProvider.MICROSOFT, "id", tenant="../evil")
    with pytest.raises(ConfigurationError):
        provider_client(OAuthProvider.MICROSOFT, " ")


# The token on IMAP


def secure(dovecot: Dovecot) -> ServerAddress:
    return ServerAddress("localhost", dovecot.imaps_port, Security.TLS)


def test_dovecot_takes_the_token_by_either_mechanism(server: OAuthServer, token_dovecot: Dovecot) -> None:
    token_dovecot.deliver(USER, RAW)
    tokens = by_code(server)
    for length in (32, 3000):
        server.plan.token_length = length
        tokens = oauth.refresh(client_of(server), tokens.refresh)
        with imap_open.open_mailbox(
            secure(token_dovecot), Credentials(USER, tokens.access, is_token=True)
        ) as session:
            assert session.select("INBOX").exists == 1


def test_a_token_that_dovecot_refuses_is_renewed_once(server: OAuthServer, token_dovecot: Dovecot) -> None:
    tokens, asked = by_code(server), []

    def source(refused: str) -> str:
        asked.append(refused)
        return tokens.access if refused else "at.stale"

    with imap_open.open_mailbox(secure(token_dovecot), Credentials(USER, "", source=source)) as session:
        assert session.folders()
    assert asked == ["", "at.stale"]


def test_a_refusal_is_a_login_problem_that_names_oauth_and_no_token(
    server: OAuthServer, token_dovecot: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stale = Credentials(USER, "at.stale-token", is_token=True)
    with (
        pytest.raises(MailServerError, match="OAuth2") as caught,
        imap_open.open_mailbox(secure(token_dovecot), stale),
    ):
        pass
    assert caught.value.cause is Cause.LOGIN
    assert "at.stale-token" not in str(caught.value) + repr(stale) + caplog.text
    assert base64.b64encode(b"at.stale-token").decode() not in caplog.text


def test_a_server_without_oauth_is_told_nothing(dovecot: Dovecot, certificates: Certificates) -> None:
    address = ServerAddress("localhost", dovecot.imaps_port, Security.TLS, ca_file=str(certificates.ca_file))
    with (
        pytest.raises(MailServerError, match="OAUTHBEARER") as caught,
        imap_open.open_mailbox(address, Credentials(USER, "at.x", is_token=True)),
    ):
        pass
    assert caught.value.cause is Cause.AUTH_MISSING


# The token on SMTP


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("length", [20, 3000])
def test_smtp_takes_the_token_after_starttls(
    smtp_sink: SmtpSink, certificates: Certificates, mechanism: str, length: int
) -> None:
    token = "at." + "x" * length
    smtp_sink.plan.tokens = {USER: token}
    smtp_sink.plan.mechanisms = ("PLAIN", mechanism)
    address = ServerAddress("localhost", smtp_sink.port, Security.STARTTLS, ca_file=str(certificates.ca_file))
    with open_smtp(address, Credentials(USER, token, is_token=True)) as sender:
        sender.send(RAW, USER, ["anna@customer.test"])
    assert smtp_sink.mails[0].user == USER
    assert b"AUTH " + mechanism.encode() in smtp_sink.inner
    assert token.encode() not in smtp_sink.wire
    assert b"AUTH" not in smtp_sink.wire
    first = initial_response(mechanism, Credentials(USER, token, is_token=True), address)
    lines = bytes(smtp_sink.inner).split(b"\r\n")
    assert (first in lines) is (length > 300)  # RFC 4954: a long one follows the 334


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_smtp_refuses_a_stale_token_once_and_takes_the_next(
    smtp_sink: SmtpSink, certificates: Certificates, mechanism: str
) -> None:
    smtp_sink.plan.tokens = {USER: "at.good"}
    smtp_sink.plan.mechanisms = (mechanism,)
    address = ServerAddress("localhost", smtp_sink.port, Security.STARTTLS, ca_file=str(certificates.ca_file))
    with open_smtp(
        address, Credentials(USER, "", source=lambda old: "at.good" if old else "at.old")
    ) as sender:
        assert sender.connection.usable
    with (
        pytest.raises(MailServerError, match="OAuth2") as caught,
        open_smtp(address, Credentials(USER, "at.old", is_token=True)),
    ):
        pass
    assert caught.value.cause is Cause.LOGIN
    assert "at.old" not in str(caught.value)
    assert "401" in str(caught.value) or "invalid_token" in str(caught.value)


def test_no_token_in_clear_away_from_this_machine() -> None:
    from tui_desk.mail.sasl import mechanism_for

    away = ServerAddress("mail.example.org", 143, Security.NONE, insecure_ok=True)
    with pytest.raises(MailServerError, match="not encrypted"):
        mechanism_for(["XOAUTH2"], away)
    assert mechanism_for(["xoauth2"], ServerAddress("127.0.0.1", 143, Security.NONE)) == "XOAUTH2"


def test_the_first_message_is_as_the_standard_says() -> None:
    """RFC 7628, 4.1 (its example), and Google's for XOAUTH2."""
    address = ServerAddress("server.example.com", 143)
    login = Credentials("user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", is_token=True)
    assert base64.b64decode(initial_response("OAUTHBEARER", login, address)) == (
        b"n,a=user@example.com,\x01host=server.example.com\x01port=143\x01"
        b"auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
    )
    assert base64.b64decode(initial_response("XOAUTH2", login, address)) == (
        b"user=user@example.com\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
    )
    assert json.dumps(str(login)).count("vF9") == 0
