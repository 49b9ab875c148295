"""A desk at which others work: mail comes in, and twenty agents change tickets. What a key costs meanwhile, for ``benchmarks.terminal``.

    python -m benchmarks.busy_desk DESK

Runs until it is ended. Each agent changes a priority every two seconds; mails come as fast as the import takes them. Both at lower
priority than the interface, as a worker on a server of its own would leave it the processor.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from subprocess import DEVNULL, Popen

AGENTS = 20
_PACE = 2.0
"""Seconds between two deeds of one agent: people think between them, and so do these."""
_MAILS = 200


@contextmanager
def others_at_work(desk: Path) -> Iterator[None]:
    """While it lasts, others work at that desk. It needs the agents of ``desk_of_size``."""
    command = [sys.executable, "-m", "benchmarks.busy_desk", str(desk)]
    working = Popen(command, stdout=DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        working.kill()
        working.wait()


def _act(desk: Path, agent: int) -> None:
    from tui_desk.contracts.tickets import SetFields
    from tui_desk.core.enums import Priority, Role
    from tui_desk.core.errors import DeskError
    from tui_desk.db.url import parse_database_url
    from tui_desk.gateway import DeskGateway
    from tui_desk.services.actor import Actor

    name = "root" if agent == 1 else f"agent{agent}"
    role = Role.ADMIN if agent == 1 else Role.AGENT
    gateway = DeskGateway(parse_database_url(str(desk)), Actor(agent, name, name, role))
    choice = random.Random(agent)
    time.sleep(choice.random() * _PACE)
    while True:
        with suppress(DeskError):  # somebody else had it: the next one
            gateway.ask_now(SetFields(choice.randrange(1, 900), priority=choice.choice(list(Priority))))
        time.sleep(_PACE)


def _import(desk: Path) -> None:
    """Mail without end, a file of some hundred at a time."""
    import mailbox

    from tui_desk.cli.main import run

    with tempfile.TemporaryDirectory() as folder:
        for turn in count():
            path = Path(folder) / f"{turn}.mbox"
            box = mailbox.mbox(path)
            for number in range(_MAILS):
                box.add(
                    f"Message-ID: <{turn}.{number}@client.test>\nFrom: Otto <otto{number}@client.test>\nTo: desk@desk.test\n"
                    f"Subject: Paper jam {turn} {number}\nDate: Fri, 20 Nov 2026 09:00:00 +0000\n\n{'It is jammed. ' * 40}\n"
                )
            box.close()
            run(["--db", str(desk), "import", str(path)])
            path.unlink()


def _give_way() -> None:
    """Take turns behind all others. Where Linux schedules by sessions, nice(2) orders a session's own processes only (sched(7), autogroup)."""
    os.nice(10)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text("10")


def main() -> None:
    desk = Path(sys.argv[1])
    _give_way()
    for agent in range(1, AGENTS + 1):
        threading.Thread(target=_act, args=(desk, agent), daemon=True).start()
    _import(desk)


if __name__ == "__main__":
    main()
