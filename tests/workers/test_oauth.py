"""OAuth2 at work: a real Dovecot that takes tokens only, renewal by one of many, deaths in the middle of it, warnings in time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.oauth_server import CLIENT, SECRET, OAuthServer, running_oauth_server
from tests.support.ports import PATIENCE, wait_until
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.contracts.mailboxes import ShowMailbox
from tui_desk.contracts.oauth import (
    DevicePrompt,
    DeviceSignIn,
    FinishSignIn,
    OAuthClient,
    SignInWatch,
    StartSignIn,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Authentication, OAuthProvider, Role
from tui_desk.core.errors import Refused
from tui_desk.mail.connection import CA_FILE_VARIABLE
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth_refusals import SignInError
from tui_desk.mail.smtp import open_smtp
from tui_desk.models import Agent, Setting
from tui_desk.services.actor import Actor
from tui_desk.services.mailbox_servers import smtp_of
from tui_desk.services.mailboxes import show_mailbox
from tui_desk.services.oauth_state import SignIn, key_of, read_sign_in, write_sign_in
from tui_desk.services.oauth_tokens import access_token
from tui_desk.services.send_routes import Route
from tui_desk.services.sign_in import device_sign_in, finish_sign_in, start_sign_in

pytestmark = pytest.mark.dovecot


@pytest.fixture
def server(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    monkeypatch.setenv(CA_FILE_VARIABLE, str(certificates.ca_file))
    with running_oauth_server(certificates.good) as running:
        yield running


@pytest.fixture
def token_dovecot(server: OAuthServer, certificates: Certificates) -> Iterator[Dovecot]:
    url = f"{server.plain_url}/introspect"
    with running_dovecot(certificates, introspection_url=url, mechanisms="xoauth2 oauthbearer") as running:
        yield running


def client_at(server: OAuthServer) -> OAuthClient:
    return OAuthClient(
        OAuthProvider.CUSTOM,
        CLIENT,
        SECRET,
        auth_url=f"{server.url}/authorize",
        token_url=f"{server.url}/token",
        device_url=f"{server.url}/device",
        scope="mail",
    )


def admin(desk: Desk) -> Actor:
    with desk.database.writing() as session:
        agent = Agent(login="boss", name="Boss", role=Role.ADMIN.value, created_at=utc_now())
        session.add(agent)
        session.flush()
        assert agent.id is not None
        return Actor(agent.id, "boss", "Boss", Role.ADMIN)


def sign_in(desk: Desk, server: OAuthServer, mailbox_id: int, actor: Actor) -> None:
    """By pasted code, as a person does."""
    started = start_sign_in(desk.database, actor, StartSignIn(mailbox_id, client_at(server)))
    ended = server.sign_in_at(started.address, SUPPORT)
    finish_sign_in(desk.database, actor, FinishSignIn(mailbox_id, started, ended))


def state_of(desk: Desk, mailbox_id: int) -> SignIn:
    with desk.database.reading() as session:
        found = read_sign_in(session, mailbox_id)
    assert found is not None
    return found


def change(desk: Desk, mailbox_id: int, **values: Any) -> None:
    """As time does it."""
    state = state_of(desk, mailbox_id)
    with desk.database.writing() as session:
        write_sign_in(session, mailbox_id, replace(state, **values))


def expire(desk: Desk, mailbox_id: int) -> None:
    past = utc_now() - timedelta(hours=2)
    change(desk, mailbox_id, obtained_at=past, expires_at=past + timedelta(hours=1))


def token_mailbox(desk: Desk, dovecot: Dovecot, **settings: Any) -> int:
    secured = {
        "imap_host": "localhost",
        "imap_port": dovecot.imaps_port,
        "imap_security": "tls",
        "imap_user": SUPPORT,
    }
    return desk.add_mailbox(None, SUPPORT, **{**secured, "start": "all", **settings})


def test_mail_comes_in_and_answers_leave_by_token_and_tokens_are_encrypted(
    desk: Desk, server: OAuthServer, token_dovecot: Dovecot
) -> None:
    actor = admin(desk)
    mailbox = token_mailbox(desk, token_dovecot, password_secret="old")
    sign_in(desk, server, mailbox, actor)
    token_dovecot.deliver(SUPPORT, mail(1))
    assert desk.sync().created == 1
    with desk.database.reading() as session:
        stored = str(session.get_one(Setting, key_of(mailbox)).value)
        view = show_mailbox(session, actor, ShowMailbox(SUPPORT))
    secrets = [*server.access, *server.refresh, SECRET]
    assert not any(secret in stored for secret in secrets)
    assert not any(secret in repr(view) for secret in secrets)
    assert view.auth is Authentication.OAUTH2
    assert not view.has_password
    assert view.sign_in is not None
    assert view.sign_in.warning == ""
    expire(desk, mailbox)
    token_dovecot.deliver(SUPPORT, mail(2))
    assert desk.sync().created == 1
    assert server.renewals == 1


def test_many_renew_once(desk: Desk, server: OAuthServer) -> None:
    """Threads here, processes below: each opens the same desk."""
    mailbox = desk.add_mailbox(None)
    sign_in(desk, server, mailbox, admin(desk))
    expire(desk, mailbox)
    gate = threading.Barrier(6)

    def ask() -> str:
        gate.wait(PATIENCE)
        return access_token(desk.database, mailbox)

    with ThreadPoolExecutor(6) as pool:
        tokens = {each.result() for each in [pool.submit(ask) for _number in range(6)]}
    assert len(tokens) == 1
    assert server.renewals == 1


PROCESS = """
import sys
from tui_desk.db.engine import open_database
from tui_desk.services.oauth_tokens import access_token
database = open_database(sys.argv[1])
sys.stdin.readline()
print(access_token(database, int(sys.argv[2])))
"""


def start_process(url: str, mailbox: int, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS, url, str(mailbox)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def test_two_processes_renew_once(desk: Desk, server: OAuthServer, database_url: str) -> None:
    mailbox = desk.add_mailbox(None)
    sign_in(desk, server, mailbox, admin(desk))
    expire(desk, mailbox)
    processes = [start_process(database_url, mailbox) for _number in range(2)]
    answers = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        answers.append(process.communicate(timeout=PATIENCE)[0].strip())
        assert process.returncode == 0
    assert answers[0] == answers[1] != ""
    assert server.renewals == 1


@pytest.mark.parametrize("point", ["oauth.claimed", "oauth.answered", "oauth.stored"])
def test_a_death_while_renewing_is_survived_or_told_truthfully(
    desk: Desk, server: OAuthServer, database_url: str, point: str
) -> None:
    mailbox = desk.add_mailbox(None)
    sign_in(desk, server, mailbox, admin(desk))
    expire(desk, mailbox)
    process = start_process(database_url, mailbox, TUI_DESK_FAULT=point)
    process.communicate("go\n", timeout=PATIENCE)
    assert process.returncode == -9
    later = lambda: utc_now() + timedelta(minutes=10)  # noqa: E731 - the lease of the dead has run out
    if point != "oauth.answered":
        assert access_token(desk.database, mailbox, clock=later) in server.access
        return
    with pytest.raises(MailServerError, match="interrupted before its answer was stored") as caught:
        access_token(desk.database, mailbox, clock=later)
    assert caught.value.cause is Cause.LOGIN
    assert caught.value.sentence.startswith("Sign in again")


def test_an_answer_that_never_came_is_told_as_that(desk: Desk, server: OAuthServer) -> None:
    """The server has replaced the refresh token, and nobody here knows the new one."""
    mailbox = desk.add_mailbox(None)
    sign_in(desk, server, mailbox, admin(desk))
    expire(desk, mailbox)
    server.plan.swallow = 1
    with pytest.raises(MailServerError) as first:
        access_token(desk.database, mailbox)
    assert first.value.cause is Cause.CLOSED
    with pytest.raises(MailServerError, match="interrupted"):
        access_token(desk.database, mailbox)


def test_where_tokens_are_not_replaced_a_lost_answer_costs_nothing(desk: Desk, server: OAuthServer) -> None:
    mailbox = desk.add_mailbox(None)
    sign_in(desk, server, mailbox, admin(desk))
    expire(desk, mailbox)
    server.plan.swallow, server.plan.rotate = 1, False
    with pytest.raises(MailServerError):
        access_token(desk.database, mailbox)
    assert access_token(desk.database, mailbox) in server.access
    assert state_of(desk, mailbox).renewing == -1


def test_a_server_in_trouble_is_asked_again_and_the_old_token_used_meanwhile(
    desk: Desk, server: OAuthServer
) -> None:
    mailbox = desk.add_mailbox(None)
    sign_in(desk, server, mailbox, admin(desk))
    held = access_token(desk.database, mailbox)
    soon = utc_now() + timedelta(minutes=1)
    change(desk, mailbox, expires_at=soon, obtained_at=soon - timedelta(hours=1))
    server.plan.answers = [(503, b"busy")]
    assert access_token(desk.database, mailbox) == held
    assert access_token(desk.database, mailbox) != held


def test_a_refused_sign_in_is_told_everybody_and_not_hammered(
    desk: Desk, server: OAuthServer, token_dovecot: Dovecot
) -> None:
    actor = admin(desk)
    mailbox = token_mailbox(desk, token_dovecot)
    sign_in(desk, server, mailbox, actor)
    server.revoke_all()
    expire(desk, mailbox)
    with desk.running_worker():
        wait_until(lambda: desk.status().intake_problems != (), what="the banner")
        (problem,) = desk.status().intake_problems
        assert "Sign in again" in problem
        asked = server.renewals
        for _again in range(3):
            with pytest.raises(MailServerError):
                access_token(desk.database, mailbox)
        assert server.renewals == asked == 1
        token_dovecot.deliver(SUPPORT, mail(1))
        sign_in(desk, server, mailbox, actor)  # mends it at once: nobody waits for the end of a back-off
        wait_until(lambda: len(desk.tickets()) == 1, 110, "the mail")
        wait_until(lambda: desk.status().intake_problems == (), what="the end of the banner")


def test_a_revoked_access_token_is_replaced_before_its_time(
    desk: Desk, server: OAuthServer, token_dovecot: Dovecot
) -> None:
    mailbox = token_mailbox(desk, token_dovecot)
    sign_in(desk, server, mailbox, admin(desk))
    server.access.clear()
    change(desk, mailbox, obtained_at=utc_now() - timedelta(minutes=5))
    token_dovecot.deliver(SUPPORT, mail(1))
    assert desk.sync().created == 1
    assert server.renewals == 1


def test_the_end_of_a_sign_in_is_told_before_it_comes(desk: Desk, server: OAuthServer) -> None:
    server.plan.refresh_expires_in = 7 * 86400
    actor = admin(desk)
    mailbox = desk.add_mailbox(None)
    sign_in(desk, server, mailbox, actor)
    change_success(desk, mailbox)
    assert desk.status().intake_problems == ()
    state = state_of(desk, mailbox)
    assert state.ends_at is not None
    began = state.ends_at - timedelta(days=7)
    change(desk, mailbox, ends_at=began + timedelta(days=1), life_began_at=began - timedelta(days=6))
    (told,) = desk.status().intake_problems
    assert "sign in again before" in told
    # Renewing the access token does not put off an end that the server has told.
    server.plan.refresh_expires_in, server.plan.rotate = 86400, False
    expire(desk, mailbox)
    access_token(desk.database, mailbox)
    assert len(desk.status().intake_problems) == 1
    with desk.database.reading() as session:
        view = show_mailbox(session, actor, ShowMailbox(SUPPORT))
    assert not view.healthy
    assert "sign in again" in view.health


def change_success(desk: Desk, mailbox: int) -> None:
    desk.change_mailbox(mailbox, last_success_at=utc_now())


def test_a_device_code_signs_in_and_a_stop_changes_nothing(desk: Desk, server: OAuthServer) -> None:
    actor, mailbox = admin(desk), desk.add_mailbox(None)
    prompts: list[DevicePrompt] = []

    def approve(prompt: DevicePrompt) -> None:
        prompts.append(prompt)
        server.type_code(prompt.code, SUPPORT)

    server.plan.slow_down = 0
    device_sign_in(desk.database, actor, DeviceSignIn(mailbox, client_at(server), SignInWatch(approve)))
    assert access_token(desk.database, mailbox) in server.access
    before = state_of(desk, mailbox)
    watch = SignInWatch(lambda prompt: watch.stop.set())
    with pytest.raises(Refused, match="stopped"):
        device_sign_in(desk.database, actor, DeviceSignIn(mailbox, client_at(server), watch))
    with pytest.raises(SignInError, match="declined"):
        device_sign_in(
            desk.database,
            actor,
            DeviceSignIn(mailbox, None, SignInWatch(lambda prompt: server.type_code(prompt.code, ""))),
        )
    assert state_of(desk, mailbox) == before


def test_mail_leaves_by_token(
    desk: Desk, server: OAuthServer, smtp_sink: SmtpSink, token_dovecot: Dovecot
) -> None:
    """A kept connection that the server closes is opened again with the token of then."""
    smtp = {"smtp_host": "localhost", "smtp_port": smtp_sink.port, "smtp_security": "starttls"}
    mailbox = token_mailbox(desk, token_dovecot, **smtp)
    sign_in(desk, server, mailbox, admin(desk))
    smtp_sink.plan.tokens, smtp_sink.plan.mechanisms = Newest(server), ("XOAUTH2",)
    with desk.database.reading() as session:
        address, credentials = smtp_of(desk.database, session, Route(mailbox))
    assert credentials is not None
    with open_smtp(address, credentials) as sender:
        sender.send(mail(1), SUPPORT, ["anna@customer.test"])
        expire(desk, mailbox)
        server.access.clear()
        smtp_sink.drop_connections()
        sender.send(mail(2), SUPPORT, ["anna@customer.test"])
    assert [each.user for each in smtp_sink.mails] == [SUPPORT, SUPPORT]
    assert server.renewals == 1


class Newest(dict[str, str]):
    """Whatever access token the authorisation server gave out last."""

    def __init__(self, server: OAuthServer, user: str = SUPPORT) -> None:
        super().__init__({user: ""})
        self._server = server

    def get(self, key: str, default: object = None) -> Any:
        return list(self._server.access)[-1]
