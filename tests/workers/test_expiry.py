"""The real worker tells agents of what ends: once, also by two workers that are killed at it, and after weeks in which none ran."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import select

from tests.support.ports import PATIENCE
from tests.workers.desk import Desk
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.models import Agent, ExpiryAlert, Licence, Notification

ROOT = Path(__file__).resolve().parents[2]


def today() -> date:
    return utc_now().astimezone().date()


def fill(desk: Desk, days: list[int]) -> None:
    """Licences that end in so many days, and an admin to be told."""
    at = utc_now()
    with desk.database.writing() as session:
        session.add(Agent(login="root", name="Root", role=Role.ADMIN.value, created_at=at))
        session.add_all(
            Licence(
                name=f"L{index}", expires_on=today() + timedelta(days=ahead), created_at=at, updated_at=at
            )
            for index, ahead in enumerate(days)
        )


def steps(desk: Desk) -> list[int]:
    with desk.database.reading() as session:
        return sorted(session.exec(select(ExpiryAlert.days)), reverse=True)


def told(desk: Desk) -> Counter[str]:
    with desk.database.reading() as session:
        return Counter(session.exec(select(Notification.text).where(Notification.kind == "expiry")))


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def worker(desk: Desk) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own; killed at the end, wherever it is."""
    url = desk.database.url
    command = [sys.executable, "-m", "tests.support.chaos_worker", str(url.path or url.dsn)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)


def test_workers_that_are_killed_tell_everything_once(desk: Desk) -> None:
    ahead = [*range(8, 24), *range(31, 55)]
    fill(desk, ahead)
    for enough in (5, len(ahead) // 2):
        with worker(desk), worker(desk):
            until(lambda enough=enough: len(steps(desk)) >= enough)
    with desk.running_worker():
        until(lambda: len(steps(desk)) == len(ahead))
    assert Counter(steps(desk)) == {30: 16, 90: 24}
    assert set(told(desk).values()) == {1}
    assert len(told(desk)) == len(ahead)


def test_after_weeks_without_a_worker_the_nearest_step_is_told(desk: Desk) -> None:
    fill(desk, [85, 200])
    of_the_first = []
    for run, days in enumerate((0, 0, 80, 82)):
        mark(desk, run, days)
        with desk.running_worker(clock=lambda days=days: utc_now() + timedelta(days=days)):
            until(lambda run=run: any(f"M{run}" in text for text in told(desk)))
        of_the_first.append(sum("L0" in text for text in told(desk).elements()))
    assert of_the_first == [1, 1, 2, 2], "30 days before nobody was there, and nobody tells it now"
    with desk.database.reading() as session:
        first = select(ExpiryAlert.days).where(ExpiryAlert.subject_id == 1)
        assert sorted(session.exec(first)) == [7, 90]


def mark(desk: Desk, run: int, days: int) -> None:
    """Something that is told in that run, whatever else is: the worker has looked when it was."""
    at = utc_now()
    ends = today() + timedelta(days=days + 20)
    with desk.database.writing() as session:
        session.add(Licence(name=f"M{run}", expires_on=ends, created_at=at, updated_at=at))
