"""Many processes and one ticket (X-C1): no update is lost, nobody is told that something is locked."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.services.correspondence import ticket
from tests.services.desk import open_desk
from tests.support.history import first_broken
from tests.support.pace import in_time
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import Priority
from tui_desk.models import Event, Setting, Ticket

WORKER = """
import sys, time
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.enums import Role
from tui_desk.db.engine import open_database
from tui_desk.services.actor import Actor
from tui_desk.services.dispatch import run
from tui_desk.services.settings_store import locked_setting

url, number, worker, rounds, agent = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
database = open_database(url)
actor = Actor(agent, "ana", "Ana", Role.AGENT)
print("ready", flush=True)
sys.stdin.readline()
slowest = []
for step in range(rounds):
    began = time.monotonic()
    run(database, actor, SetFields(number, subject=f"worker {worker} step {step}"))
    slowest.append(time.monotonic() - began)
    with database.writing() as session:
        row = locked_setting(session, "counter")
        row.value = (row.value or 0) + 1
        session.add(row)
slowest.sort()
print(slowest[int(len(slowest) * 0.99)], flush=True)
"""


def contend(url: str, number: int, agent: int, processes: int, rounds: int) -> list[float]:
    """Let processes change one ticket at the same time; answers the 99th percentile of each, in seconds."""
    root = Path(__file__).resolve().parents[2]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, url, str(number), str(one), str(rounds), str(agent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        for one in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    slow = []
    for process in running:
        out, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors
        slow.append(float(out))
    return slow


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("processes", "rounds"), [(4, 20), pytest.param(8, 500, marks=pytest.mark.slow)], ids=["small", "full"]
)
def test_eight_processes_lose_nothing(database_url: str, processes: int, rounds: int) -> None:
    with open_desk(database_url) as desk:
        number = ticket(desk)
        agent = desk.ana.agent_id
        assert agent is not None
        began = time.monotonic()
        slow = contend(database_url, number, agent, processes, rounds)
        print(f"{processes}×{rounds}: {time.monotonic() - began:.1f} s, p99 {max(slow) * 1000:.0f} ms")
        changes = processes * rounds
        with desk.database.reading() as session:
            assert session.get_one(Setting, "counter").value == changes
            assert session.get_one(Ticket, number).version == 1 + changes
            events = session.exec(
                select(Event).where(Event.stream == f"ticket:{number}").order_by(col(Event.position))
            ).all()
            assert len(events) == 1 + changes
            assert first_broken(events) is None
            chain = [(event.before, event.after) for event in events[1:]]
            assert all(one[1] == other[0] for one, other in itertools.pairwise(chain))
        assert desk.ask(ShowTicket(number)).priority is Priority.NORMAL
        assert in_time(max(slow), 5.0)
