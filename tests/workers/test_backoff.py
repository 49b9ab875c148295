"""How servers that refuse are left alone (X-A13): slowly enough that no account is locked, and not a moment after the repair.

Hours go by in these tests, so the worker's timer is one that leaps over its waits and notes how long they were to be.
"""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.ports import refusing_port, wait_until
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail
from tests.workers.leaping_timer import Leaping
from tests.workers.test_send import add_sender, item, put, states
from tui_desk.core.clock import utc_now
from tui_desk.db.secrets import encrypt
from tui_desk.services import send_routes
from tui_desk.services.send_queue import Schedule
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.leasing import Leases
from tui_desk.workers.send import SendLoop

HOUR = 3600.0
STEPS = frozenset({1.0, 2.0, 5.0, 10.0, 20.0, 45.0, 120.0, 480.0, 900.0})
"""Pauses of every kind but the one that makes the hour full."""
WRONG = "wrong-secret"
AT_ONCE = Schedule(backoff=(0.0,) * 1_000, unknown=0.0)


def most_in_an_hour(times: list[float]) -> int:
    """The largest number of ``times`` that lie within one hour."""
    return max((sum(begin <= each < begin + HOUR for each in times) for begin in times), default=0)


@pytest.mark.dovecot
def test_refused_logins_come_slower_and_slower_and_the_right_password_at_once(
    desk: Desk, dovecot: Dovecot
) -> None:
    """Of the two hours in the middle nothing is really waited; the last pause of fifteen minutes is cut short by the repair."""
    leaping = Leaping(leaps=9)
    refused = dovecot.log().count("auth failed")
    mailbox = desk.add_mailbox(dovecot, password_secret=encrypt(desk.database.url, WRONG))
    dovecot.deliver(SUPPORT, mail(1))
    with desk.running_worker(timer=leaping.timer):
        wait_until(lambda: len(leaping.pauses) == 10, what="ten refused logins")
        wait_until(lambda: dovecot.log().count("auth failed") == refused + 10, what="the server's own count")
        assert leaping.pauses == [120.0, 480.0, *[900.0] * 8]
        assert most_in_an_hour(leaping.begun) <= 6
        assert desk.mailbox(mailbox).failures == 10
        desk.change_mailbox(mailbox, password_secret=encrypt(desk.database.url, dovecot.users[SUPPORT]))
        wait_until(
            lambda: len(desk.tickets()) == 1, what="the mail, long before the fifteen minutes are over"
        )
        wait_until(lambda: desk.mailbox(mailbox).last_problem == "", what="the problem to be over")
    assert dovecot.log().count("auth failed") == refused + 10


def test_a_server_that_is_down_is_asked_again_within_45_seconds(
    desk: Desk, certificates: Certificates
) -> None:
    leaping = Leaping(leaps=9)
    with refusing_port() as port:
        mailbox = desk.add_mailbox(
            None,
            imap_host="127.0.0.1",
            imap_port=port,
            imap_security="none",
            imap_user="u",
            password_secret=encrypt(desk.database.url, "p"),
            start="all",
        )
        with desk.running_worker(timer=leaping.timer):
            wait_until(lambda: len(leaping.pauses) == 10, what="ten attempts")
            assert leaping.pauses == [1.0, 2.0, 5.0, 10.0, 20.0, *[45.0] * 5]
            with HostileImap(certificates.good, {1: mail(1)}) as server:
                desk.change_mailbox(mailbox, imap_port=server.port)
                wait_until(lambda: len(desk.tickets()) == 1, what="the mail")


def test_no_account_is_locked_by_a_server_that_takes_every_other_login(
    desk: Desk, certificates: Certificates
) -> None:
    """Success resets the back-off; the budget of six refused logins an hour stays, and a new password ends that wait as well.

    The server offers IDLE and refuses it, so that the worker polls by its own timer.
    """
    with HostileImap(certificates.good, {1: mail(1)}) as server:
        server.plan.capabilities = "IMAP4rev1 UIDPLUS IDLE"
        server.plan.greeting = b"* OK hello\r\n"
        server.plan.answers = {
            "LOGIN": [b"{tag} NO [AUTHENTICATIONFAILED] no\r\n", b"{tag} OK welcome\r\n"] * 6,
            "NOOP": [b"{tag} OK nothing\r\n", b"CUT"] * 6,
        }
        leaping = Leaping(leaps=200, steps=STEPS, watch=lambda: len(logins(server)))
        mailbox = desk.add_mailbox(
            None,
            imap_host=server.host,
            imap_port=server.port,
            imap_security="none",
            imap_user="u",
            password_secret=encrypt(desk.database.url, WRONG),
            start="all",
            poll_seconds=20,
        )
        with desk.running_worker(timer=leaping.timer):
            wait_until(lambda: not STEPS.issuperset(leaping.pauses), what="the wait for the budget")
            refused = [
                begun
                for begun, number, before in zip(
                    leaping.begun, leaping.watched, [0, *leaping.watched], strict=False
                )
                if number > before and number % 2
            ]
            assert len(refused) == 6
            assert leaping.begun[-1] + leaping.pauses[-1] - refused[0] == pytest.approx(HOUR)
            assert len(desk.tickets()) == 1
            desk.change_mailbox(mailbox, password_secret=encrypt(desk.database.url, "right-secret"))
            wait_until(lambda: len(logins(server)) == 12, what="the next login, long before the hour is over")
        assert ["right-secret" in each for each in logins(server)] == [False] * 11 + [True]


def logins(server: HostileImap) -> list[str]:
    return [command for command in server.commands if command.startswith("LOGIN")]


def attempts(desk: Desk, hours: float, step: float) -> list[float]:
    """When a sender turned to its server in so many hours, each time with a loop of its own: its memory is the worker's."""
    leaping = Leaping()
    context = WorkerContext(
        desk.database,
        threading.Event(),
        Leases(desk.database, utc_now),
        timer=leaping.timer,
        schedule=AT_ONCE,
    )
    with desk.database.reading() as session:
        ways = send_routes.routes(session)
    begun, found, seen = leaping.seconds, [], 0
    while leaping.seconds - begun <= hours * HOUR:
        SendLoop(context, ways[0], ways).drain()
        failures = context.routes[ways[0]].failures
        if failures > seen:
            found.append(leaping.seconds - begun)
            seen = failures
        leaping.seconds += step
    return found


def test_a_way_out_that_refuses_the_login_is_asked_six_times_an_hour_at_most(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    smtp_sink.plan.users, smtp_sink.plan.auth_in_clear = {"u": "right"}, True
    mailbox = add_sender(desk, smtp_sink, smtp_user="u", password_secret=encrypt(desk.database.url, WRONG))
    outs = [put(desk, mailbox, number=number) for number in range(3)]
    times = attempts(desk, hours=3, step=60.0)
    assert times[:5] == [0.0, 120.0, 600.0, 1500.0, 2400.0]
    assert {later - earlier for earlier, later in pairwise(times[2:])} == {900.0}
    assert most_in_an_hour(times) <= 6
    assert smtp_sink.wire.count(b"AUTH ") == len(times), "one login tells all that wait"
    assert "password" in item(desk, outs[0]).cause
    assert [set(states(desk, out).values()) for out in outs] == [{"queued"}] * 3


def test_a_way_out_that_is_down_is_asked_every_45_seconds(desk: Desk) -> None:
    with refusing_port() as port:
        mailbox = desk.add_mailbox(None, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
        put(desk, mailbox)
        assert attempts(desk, hours=0.1, step=5.0)[:7] == [0.0, 5.0, 20.0, 65.0, 110.0, 155.0, 200.0]


def test_a_changed_way_out_is_tried_at_once_and_others_stay_as_they_are(
    desk: Desk, smtp_sink: SmtpSink
) -> None:
    """The new password counts within moments; the other account, that nobody repaired, is not asked anew because of it."""
    smtp_sink.plan.users, smtp_sink.plan.auth_in_clear = {"u": "right", "other": "right"}, True
    wrong = encrypt(desk.database.url, WRONG)
    repaired = add_sender(desk, smtp_sink, smtp_user="u", password_secret=wrong)
    other = add_sender(desk, smtp_sink, user="o@desk.test", smtp_user="other", password_secret=wrong)
    out, waits = put(desk, repaired, number=1), put(desk, other, number=2)
    with desk.running_worker(schedule=AT_ONCE):
        wait_until(
            lambda: all("password" in item(desk, each).cause for each in (out, waits)), what="both refusals"
        )
        desk.change_mailbox(repaired, password_secret=encrypt(desk.database.url, "right"))
        wait_until(lambda: set(states(desk, out).values()) == {"sent"}, 110, "sending, two minutes early")
    assert smtp_sink.wire.count(b"AUTH ") == 3
    assert set(states(desk, waits).values()) == {"queued"}
