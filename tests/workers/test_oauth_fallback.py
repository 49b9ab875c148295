"""The fallback sender logs in by OAuth2 as a mailbox does; its end is told in the banner, since nobody reads there."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from tests.support.oauth_server import OAuthServer
from tests.support.smtp_sink import SmtpSink
from tests.workers.desk import Desk
from tests.workers.test_oauth import Newest, admin, client_at, server
from tests.workers.test_send import item, once, put
from tui_desk.contracts.mailboxes import (
    CheckStep,
    FallbackSender,
    SaveFallbackSender,
    ShowFallbackSender,
    TestFallbackSender,
)
from tui_desk.contracts.oauth import FALLBACK, DeviceSignIn, FinishSignIn, SignInWatch, StartSignIn
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Authentication, Security
from tui_desk.core.errors import NotFound
from tui_desk.mail.failure import MailServerError
from tui_desk.models import Event, Setting
from tui_desk.services import fallback_sender
from tui_desk.services.actor import Actor
from tui_desk.services.mailbox_check import test_fallback_sender as check
from tui_desk.services.oauth_state import key_of, read_sign_in, write_sign_in
from tui_desk.services.oauth_tokens import access_token
from tui_desk.services.send_queue import Schedule
from tui_desk.services.sign_in import device_sign_in, finish_sign_in, start_sign_in
from tui_desk.workers.supervisor import run_worker

__all__ = ["server"]
ADDRESS = "no-reply@desk.test"


def save(desk: Desk, actor: Actor, sink: SmtpSink | None = None, **values: Any) -> FallbackSender:
    sender = FallbackSender(
        ADDRESS,
        "Desk",
        smtp_host="localhost",
        smtp_port=sink.port if sink else 1,
        smtp_security=Security.STARTTLS,
        auth=Authentication.OAUTH2,
    )
    return fallback_sender.save(desk.database, actor, SaveFallbackSender(replace(sender, **values)))


def sign_in(desk: Desk, server: OAuthServer, actor: Actor) -> None:
    started = start_sign_in(desk.database, actor, StartSignIn(FALLBACK, client_at(server)))
    assert "no-reply%40desk.test" in started.address
    finish_sign_in(
        desk.database, actor, FinishSignIn(FALLBACK, started, server.sign_in_at(started.address, ADDRESS))
    )


def shown(desk: Desk, actor: Actor) -> FallbackSender:
    with desk.database.reading() as session:
        return fallback_sender.show(session, actor, ShowFallbackSender())


def change(desk: Desk, **values: Any) -> None:
    with desk.database.writing() as session:
        state = read_sign_in(session, FALLBACK)
        assert state is not None
        write_sign_in(session, FALLBACK, replace(state, **values))


def test_mail_leaves_by_token_and_no_secret_is_seen(
    desk: Desk, server: OAuthServer, smtp_sink: SmtpSink
) -> None:
    actor = admin(desk)
    saved = save(desk, actor, smtp_sink)
    assert saved.sign_in is not None
    assert (saved.auth, saved.smtp_user, saved.has_password) == (Authentication.OAUTH2, ADDRESS, False)
    assert saved.sign_in.warning == "Nobody has signed in yet."
    sign_in(desk, server, actor)
    smtp_sink.plan.tokens, smtp_sink.plan.mechanisms = Newest(server, ADDRESS), ("XOAUTH2",)
    tested = check(desk.database, actor, TestFallbackSender())
    assert all(step.ok for step in tested), tested
    put(desk, desk.add_mailbox(None))
    assert once(desk) == (1, 0, 0)
    assert [mail.user for mail in smtp_sink.mails] == [ADDRESS]
    view = shown(desk, actor)
    assert view.sign_in is not None
    assert (view.problem, view.sign_in.warning) == ("", "")
    with desk.database.reading() as session:
        stored = str([session.get_one(Setting, key_of(FALLBACK)).value, *session.exec(select(Event))])
    assert not any(secret in stored + repr(view) for secret in (*server.access, *server.refresh))
    past = utc_now() - timedelta(hours=2)
    change(desk, obtained_at=past, expires_at=past + timedelta(hours=1))
    put(desk, None, number=2)
    assert once(desk) == (1, 0, 0)
    assert server.renewals == 1


def test_what_was_put_off_is_tried_at_once_when_somebody_signs_in(desk: Desk, server: OAuthServer) -> None:
    actor = admin(desk)
    save(desk, actor)
    out = put(desk, None)
    done = run_worker(
        desk.database, threading.Event(), once=True, schedule=Schedule(backoff=(86_400, 86_400))
    )
    assert (done.sent, done.failed, done.held) == (0, 0, 1)
    assert item(desk, out).next_attempt_at > utc_now()
    sign_in(desk, server, actor)
    assert item(desk, out).next_attempt_at <= utc_now()


def test_its_end_is_told_to_everybody(desk: Desk, server: OAuthServer) -> None:
    actor = admin(desk)
    save(desk, actor)
    assert desk.status().intake_problems == (f"{ADDRESS}: Nobody has signed in yet.",)
    sign_in(desk, server, actor)
    assert desk.status().intake_problems == ()
    soon = utc_now() + timedelta(days=1)
    change(desk, ends_at=soon, life_began_at=soon - timedelta(days=30))
    (told,) = desk.status().intake_problems
    assert told.startswith(f"{ADDRESS}: The sign-in ends on")
    server.revoke_all()
    past = utc_now() - timedelta(hours=2)
    change(desk, obtained_at=past, expires_at=past + timedelta(hours=1))
    with pytest.raises(MailServerError, match="Sign in again"):
        access_token(desk.database, FALLBACK)
    (told,) = desk.status().intake_problems
    assert "Sign in again" in told
    sign_in(desk, server, actor)
    assert desk.status().intake_problems == ()


def test_a_device_code_signs_in(desk: Desk, server: OAuthServer) -> None:
    actor = admin(desk)
    with pytest.raises(NotFound, match="no fallback sender"):
        start_sign_in(desk.database, actor, StartSignIn(FALLBACK, client_at(server)))
    save(desk, actor)
    watch = SignInWatch(lambda prompt: server.type_code(prompt.code, ADDRESS))
    state = device_sign_in(desk.database, actor, DeviceSignIn(FALLBACK, client_at(server), watch))
    assert state.warning == ""
    assert access_token(desk.database, FALLBACK) in server.access


def test_changing_keeps_the_sign_in_and_a_password_forgets_it(desk: Desk, server: OAuthServer) -> None:
    actor = admin(desk)
    save(desk, actor)
    (untried,) = check(desk.database, actor, TestFallbackSender())
    assert untried == CheckStep("smtp", "sign_in", False, untried.sentence)
    assert "nobody has signed in" in untried.sentence
    sign_in(desk, server, actor)
    renamed = save(desk, actor, name="Help")
    assert renamed.sign_in is not None
    assert (renamed.name, renamed.sign_in.warning) == ("Help", "")
    assert access_token(desk.database, FALLBACK) in server.access
    back = save(desk, actor, auth=Authentication.PASSWORD, smtp_user=ADDRESS, password="s3cret")
    assert (back.auth, back.sign_in, back.has_password) == (Authentication.PASSWORD, None, True)
    assert desk.status().intake_problems == ()
    (step,) = check(
        desk.database, actor, TestFallbackSender(replace(back, auth=Authentication.OAUTH2, password=None))
    )
    assert "Save it first" in step.sentence
    save(desk, actor)
    save(desk, actor, address="")
    with desk.database.reading() as session:
        assert read_sign_in(session, FALLBACK) is None
