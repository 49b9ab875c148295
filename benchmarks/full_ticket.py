"""Opening a ticket with 500 messages, 50 tasks and 2,000 events in the real interface, against one with 5 of each.

    python -m benchmarks.full_ticket [--runs 5]

From the Enter of ``:NUMBER`` until its newest message is on the screen of a pseudo-terminal (120×40) and the terminal has been quiet for half
a second: CPU of all threads of the process, both tickets in turns in one desk. Limit: 1.5 times the small one.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from benchmarks.key_press import _cpu, _until_quiet
from tests.services.desk import Desk, open_desk
from tests.terminal.pty_app import PtyApp
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.clock import utc_now
from tui_desk.models import Event, Lease, Message, Task
from tui_desk.models.base import table_of
from tui_desk.services.actor import Actor
from tui_desk.services.events import event_row, ticket_stream

LIMIT = 1.5
TEXT = "Good morning,\n\nthe printer on the third floor says “paper jam” again, although there is none.\nWe switched it off and on.\n\nKind regards\nOtto"


def fill(desk: Desk, subject: str, messages: int, tasks: int, events: int) -> int:
    """A ticket with so many of each; answers its number."""
    number = desk.ask(NewTicket(subject, "otto@client.test", TEXT))
    with desk.writing() as session:
        person = session.get_one(Message, 1).author_person_id
        rows = []
        for place in range(1, messages):
            inbound = place % 2 == 1
            rows.append(
                {
                    "ticket_id": number,
                    "kind": "email",
                    "direction": "in" if inbound else "out",
                    "mail_kind": "personal",
                    "author_person_id": person if inbound else None,
                    "author_agent_id": None if inbound else 3,
                    "author_name": "Otto" if inbound else "Ana Díaz",
                    "author_address": "otto@client.test",
                    "at": desk.now + timedelta(minutes=place),
                    "subject": subject,
                    "recipients_to": [["Desk", "desk@desk.test"]],
                    "text": f"{TEXT}\n\nmessage {place + 1} of {messages}",
                }
            )
        session.execute(insert(table_of(Message)), rows)
        session.execute(
            insert(table_of(Task)),
            [
                {
                    "ticket_id": number,
                    "position": place,
                    "title": f"Task {place}",
                    "created_at": desk.now,
                    "updated_at": desk.now,
                }
                for place in range(1, tasks + 1)
            ],
        )
        _events(desk, session, number, events)
    return number


def _events(desk: Desk, session: object, number: int, count: int) -> None:
    from sqlmodel import Session, col, select

    assert isinstance(session, Session)
    stream = ticket_stream(number)
    last = session.exec(
        select(Event).where(Event.stream == stream).order_by(col(Event.position).desc())
    ).first()
    assert last is not None
    position, previous, rows = last.position, last.hash, []
    actor: Actor = desk.ana
    for place in range(position + 1, count + 1):
        row = event_row(
            actor,
            stream,
            place,
            previous,
            "changed",
            desk.now,
            field="priority",
            before=place % 3,
            after=place % 3 + 1,
        )
        rows.append(row)
        previous = row["hash"]
    if rows:
        session.execute(insert(table_of(Event)), rows)


def open_in_turns(database: Path, numbers: dict[str, int], runs: int) -> dict[str, list[float]]:
    """CPU milliseconds of opening each, several times in one program."""
    environment = {
        "TUI_DESK_DATABASE": str(database),
        "HOME": str(database.parent),
        "TEXTUAL_ANIMATIONS": "none",
    }
    found: dict[str, list[float]] = {name: [] for name in numbers}
    with PtyApp(["-m", "tui_desk", "--as", "ana"], 120, 40, environment) as app:
        app.wait_text("▌")
        for run in range(runs + 1):
            for name, number in numbers.items():
                app.press(":")
                app.wait_text("action, #number")
                app.press(*str(number))
                _until_quiet(app, 0.5)
                cpu = _cpu(app.pid)
                app.press("enter")
                app.wait_text(f"of {name}", 120)
                _until_quiet(app, 0.5)
                if run:  # the first opening imports what is never imported again
                    found[name].append((_cpu(app.pid) - cpu) * 1e3)
                app.press("escape")
                app.wait_for(lambda: "Queue ›" in app.text()[0], 120)
                _until_quiet(app, 0.5)
    return found


def long_ticket(runs: int) -> float:
    """How many times as much the large ticket costs; says what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "desk.db"
        with open_desk(f"sqlite:///{database}") as desk:
            begun = time.perf_counter()
            numbers = {"5": fill(desk, "Small", 5, 5, 5), "500": fill(desk, "Large", 500, 50, 2_000)}
            with desk.writing() as session:
                session.add(Lease(name="worker", holder="benchmark", expires_at=utc_now().replace(year=2200)))
            print(f"made in {time.perf_counter() - begun:.1f} s")
        costs = open_in_turns(database, numbers, runs)
    small, large = (statistics.median(costs[name]) for name in ("5", "500"))
    print(f"5 messages, 5 tasks, 5 events:           {small:7.1f} ms CPU")
    print(f"500 messages, 50 tasks, 2,000 events:    {large:7.1f} ms CPU")
    return large / small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    ratio = long_ticket(parser.parse_args().runs)
    print(f"ratio {ratio:.2f} (limit {LIMIT})  {'ok' if ratio <= LIMIT else 'OVER THE LIMIT'}")


if __name__ == "__main__":
    main()
