"""A way out that fails is told where its mailbox is shown, and no longer than it lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.ports import wait_until
from tests.support.smtp_sink import Cut, SmtpSink
from tests.workers.desk import SUPPORT, Desk
from tests.workers.test_send import add_sender, once, put
from tui_desk.contracts.conversation import RetrySend
from tui_desk.contracts.mailboxes import FallbackSender, MailboxView, ShowFallbackSender, ShowMailbox
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import MailboxState, Role
from tui_desk.models import Setting
from tui_desk.services import fallback_sender, mailboxes, unanswered
from tui_desk.services.actor import Actor
from tui_desk.services.doctor import Surroundings, examine
from tui_desk.services.finding import Finding
from tui_desk.services.outbox import retry
from tui_desk.services.send_routes import Route
from tui_desk.services.send_trouble import forget_trouble
from tui_desk.services.settings_store import FALLBACK_SENDER

ROOT = Actor(None, "root", "Root", Role.ADMIN)


def view(desk: Desk) -> MailboxView:
    with desk.database.reading() as session:
        return mailboxes.show_mailbox(session, ROOT, ShowMailbox(SUPPORT))


def fallback(desk: Desk) -> FallbackSender:
    with desk.database.reading() as session:
        return fallback_sender.show(session, ROOT, ShowFallbackSender())


def findings(desk: Desk, subject: str) -> list[Finding]:
    around = Surroundings(utc_now(), {}, False, (0, 0))
    return [each for each in examine(desk.database.url, around) if each.subject.startswith(subject)]


def test_a_server_that_cannot_be_reached_is_told_until_something_leaves(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    mailbox = add_sender(desk, smtp_sink)
    assert (view(desk).healthy, view(desk).sending_problem) == (True, "")
    desk.change_mailbox(mailbox, smtp_port=1)
    put(desk, mailbox)
    assert once(desk) == (0, 0, 1)
    shown = view(desk)
    assert "refuses connections" in shown.sending_problem
    assert "1 message waits" in shown.sending_problem
    assert (shown.state, shown.healthy, shown.receiving) == (MailboxState.ACTIVE, False, True)
    assert shown.health == shown.sending_problem
    (told,) = findings(desk, "sending")
    assert (told.subject, told.level) == (f"sending {SUPPORT}", "fail")
    assert "refuses connections" in told.sentence
    (outbox,) = findings(desk, "outbox")
    assert "1 message waits for a server that fails" in outbox.sentence
    desk.change_mailbox(mailbox, smtp_port=smtp_sink.port)
    wait_until(lambda: once(desk)[2] == 0, what="the second attempt")
    assert (view(desk).healthy, view(desk).sending_problem) == (True, "")
    assert findings(desk, "sending") == []
    (outbox,) = findings(desk, "outbox")
    assert outbox.level == "ok"


def test_what_a_server_says_about_one_message_is_no_trouble_of_the_mailbox(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    mailbox = add_sender(desk, smtp_sink)
    smtp_sink.plan.replies = {"busy@x.test": "451 4.2.0 later"}
    put(desk, mailbox, "busy@x.test")
    assert once(desk) == (0, 0, 1)
    assert view(desk).sending_problem == ""
    assert findings(desk, "sending") == []


def test_a_repeat_after_no_answer_is_no_trouble(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    smtp_sink.plan.cut = Cut.AFTER_DOT
    put(desk, mailbox)
    assert once(desk) == (0, 0, 1)
    later = utc_now() + timedelta(minutes=1)
    with desk.database.writing() as session:
        unproved = unanswered.claim_unknown(session, Route(mailbox), [Route(mailbox)], "me", later)
        assert unproved is not None
        unanswered.settle_unknown(session, unproved, False, later)
    assert view(desk).sending_problem == ""
    assert findings(desk, "sending") == []


def test_a_message_that_a_person_sends_again_is_no_trouble(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    out = put(desk, mailbox, "no address")
    assert once(desk) == (0, 1, 0)
    with desk.database.writing() as session:
        retry(session, ROOT, RetrySend(out))
    assert view(desk).sending_problem == ""
    assert findings(desk, "sending") == []


def test_asking_again_for_what_a_dead_server_holds_up_does_not_hide_it(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    mailbox = add_sender(desk, smtp_sink)
    desk.change_mailbox(mailbox, smtp_port=1)
    out = put(desk, mailbox)
    assert once(desk) == (0, 0, 1)
    before = view(desk).sending_problem
    with desk.database.writing() as session:
        retry(session, ROOT, RetrySend(out))
    assert view(desk).sending_problem == before != ""


def test_both_directions_are_told_and_another_setting_begins_anew(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(desk, smtp_sink)
    desk.change_mailbox(
        mailbox, smtp_port=1, last_problem="The login was refused.", last_problem_at=utc_now()
    )
    put(desk, mailbox)
    once(desk)
    shown = view(desk)
    assert "The login was refused." in shown.health
    assert "Sending fails" in shown.health
    assert not shown.receiving
    with desk.database.writing() as session:
        forget_trouble(session, mailbox, utc_now())
    assert view(desk).sending_problem == ""
    assert findings(desk, "sending") == []
    desk.change_mailbox(mailbox, state="paused")
    assert "Sending" not in view(desk).health


def test_the_fallback_sender_is_told_of_in_the_same_way(desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = desk.add_mailbox(None)
    set_fallback(desk, smtp_host=smtp_sink.host, smtp_port=1)
    put(desk, mailbox)
    assert once(desk) == (0, 0, 1)
    assert "refuses connections" in fallback(desk).problem
    assert view(desk).sending_problem == "", "the fallback sender's trouble is its own"
    (told,) = findings(desk, "sending")
    assert told.subject == "sending noreply@desk.test"
    assert "fallback-sender --test" in told.advice
    set_fallback(desk, smtp_host=smtp_sink.host, smtp_port=smtp_sink.port)
    wait_until(lambda: once(desk)[2] == 0, what="the second attempt")
    assert fallback(desk).problem == ""


def set_fallback(desk: Desk, **values: Any) -> None:
    with desk.database.writing() as session:
        row = session.get(Setting, FALLBACK_SENDER) or Setting(key=FALLBACK_SENDER, value=None)
        row.value = {
            "address": "noreply@desk.test",
            "name": "",
            "smtp_security": "none",
            "smtp_user": "",
            **values,
        }
        session.add(row)
