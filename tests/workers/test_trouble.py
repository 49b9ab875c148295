"""A mailbox in trouble (X-A13): everybody is told within a minute, and it catches up by itself."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.support.dovecot import Dovecot
from tests.support.pace import in_time
from tests.support.ports import wait_until
from tests.workers.desk import BILLING, SUPPORT, Desk, mail
from tests.workers.leaping_timer import Leaping
from tui_desk.db.secrets import encrypt

pytestmark = pytest.mark.dovecot
TOLD_WITHIN = 60.0
"""Seconds from the trouble to the banner, by the promise; it takes about one where nothing else keeps the computer busy."""


def told(desk: Desk, *words: str) -> Callable[[], bool]:
    """Whether one banner has all of ``words``."""
    return lambda: any(
        all(word in problem.lower() for word in words) for problem in desk.status().intake_problems
    )


def told_in_time(desk: Desk, *words: str) -> None:
    """Wait for the banner; it has to come by the promise, on a machine that is not busy elsewhere."""
    began = time.monotonic()
    wait_until(told(desk, *words), what="the banner")
    assert in_time(time.monotonic() - began, TOLD_WITHIN), "told too late"


def all_is_well(desk: Desk) -> bool:
    return desk.status().intake_problems == ()


def test_a_wrong_password_is_told_and_the_right_one_used_at_once(desk: Desk, dovecot: Dovecot) -> None:
    """The repair on our side: nobody waits for the end of a back-off of two minutes."""
    mailbox = desk.add_mailbox(dovecot, password_secret=encrypt(desk.database.url, "wrong-secret"))
    dovecot.deliver(SUPPORT, mail(1))
    with desk.running_worker():
        told_in_time(desk, SUPPORT, "password")
        assert "wrong-secret" not in " ".join(desk.status().intake_problems)
        right = encrypt(desk.database.url, dovecot.users[SUPPORT])
        desk.change_mailbox(mailbox, password_secret=right)
        wait_until(
            lambda: len(desk.tickets()) == 1, 110, "the mail, before the back-off of 120 seconds is over"
        )
        wait_until(lambda: all_is_well(desk), what="the end of the banner")


def test_a_password_that_is_changed_at_the_server_is_told_and_comes_right_by_itself(
    desk: Desk, dovecot: Dovecot
) -> None:
    """The repair on the other side, while everything ran well before: the pauses between attempts are leaped over here."""
    user, right = "rotated@desk.test", "first-secret"
    dovecot.add_user(user, right)
    desk.add_mailbox(dovecot, user)
    leaping = Leaping(leaps=1_000)
    with desk.running_worker(timer=leaping.timer):
        dovecot.deliver(user, mail(1, to=user))
        wait_until(lambda: len(desk.tickets()) == 1, what="the first mail")
        dovecot.add_user(user, "second-secret")
        dovecot.stop()  # the session that is open is not asked for its password again
        dovecot.start()
        dovecot.deliver(user, mail(2, to=user))
        told_in_time(desk, user, "password")
        dovecot.add_user(user, right)
        # A login that the server has begun to look at may take its whole time, twice.
        wait_until(lambda: len(desk.tickets()) == 2, what="the second mail")
        wait_until(lambda: all_is_well(desk), what="the end of the banner")
    assert len(desk.messages()) == 2


def test_a_server_that_is_down_is_told_and_found_again(desk: Desk, dovecot: Dovecot) -> None:
    """Mail that comes while it is down is there afterwards, once."""
    mailbox = desk.add_mailbox(dovecot)
    desk.add_mailbox(dovecot, BILLING)
    with desk.running_worker():
        wait_until(lambda: desk.mailbox(mailbox).last_success_at is not None, what="the first look")
        dovecot.stop()
        told_in_time(desk, SUPPORT)
        told_in_time(desk, BILLING)
        dovecot.deliver_many(SUPPORT, [mail(number) for number in range(3)])
        dovecot.start()
        wait_until(lambda: len(desk.tickets()) == 3, what="the mail")
        wait_until(lambda: all_is_well(desk), what="the end of the banners")
    assert desk.verdicts() == ["created"] * 3
