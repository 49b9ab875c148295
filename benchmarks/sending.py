"""From outbox to a real Postfix (STARTTLS, login through Dovecot): messages a second, against a connection for each message.

    python -m benchmarks.sending            400 messages, three rounds in turns; medians and ratios
    python -m benchmarks.sending --mails N --rounds R

Both sides send the same bytes to the same server. "a connection each" is ``smtplib`` alone: no outbox, nothing on record.
"a connection each, on record" is our own outbox and sender that closes the connection after every message
(``SendLoop(per_connection=1)``). Ours is the ordinary sender: kept connections, commands together, every step on record before
the next. Beside messages a second stands what counts on a busy machine: CPU seconds of our process for a thousand messages.
"""

from __future__ import annotations

import argparse
import os
import smtplib
import ssl
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.dovecot import running_dovecot
from tests.support.postfix import Postfix, running_postfix
from tests.support.tls import make_certificates
from tests.workers.desk import SUPPORT, Desk, open_desk
from tests.workers.test_send import add_ticket, put
from tui_desk.core.clock import utc_now
from tui_desk.db.secrets import encrypt
from tui_desk.services import send_routes
from tui_desk.workers import send
from tui_desk.workers.context import WorkerContext
from tui_desk.workers.leasing import Leases
from tui_desk.workers.send import SendLoop

TO = "anna@customer.test"
OURS = f"tui-desk (up to {send.CONNECTIONS} connections)"


def letters(count: int) -> list[bytes]:
    """The bytes that ``tests.workers.test_send.put`` queues."""
    return [
        f"From: {SUPPORT}\r\nMessage-ID: <out{number}@desk.test>\r\nSubject: {number}\r\n\r\nHello\r\n".encode()
        for number in range(count)
    ]


@dataclass(frozen=True)
class Speed:
    """Messages a second, and CPU seconds of this process for a thousand messages."""

    rate: float
    cpu: float


@contextmanager
def measured(count: int, into: list[Speed]) -> Iterator[None]:
    """What ``count`` messages take in the block."""
    begun, cpu = time.perf_counter(), time.process_time()
    yield
    into.append(Speed(count / (time.perf_counter() - begun), (time.process_time() - cpu) * 1_000 / count))


def a_connection_each(postfix: Postfix, count: int, into: list[Speed]) -> None:
    """What a simple helpdesk does: connect, STARTTLS, log in, send, QUIT."""
    context = ssl.create_default_context(cafile=str(postfix.ca_file))
    with measured(count, into):
        for raw in letters(count):
            with smtplib.SMTP("localhost", postfix.smtp_port) as client:
                client.starttls(context=context)
                client.login(SUPPORT, postfix.dovecot.users[SUPPORT])
                client.sendmail(SUPPORT, [TO], raw)


def through_the_outbox(
    postfix: Postfix, folder: Path, count: int, into: list[Speed], per_connection: int = 0
) -> None:
    """A sender that empties an outbox of ``count`` answers, each in a ticket of its own."""
    folder.mkdir(parents=True)
    with open_desk(f"sqlite:///{folder / 'desk.db'}") as desk:
        mailbox = _add(desk, postfix)
        for number in range(count):
            put(desk, mailbox, TO, number=number, ticket=add_ticket(desk))
        with desk.database.reading() as session:
            ways = send_routes.routes(session)
        context = WorkerContext(desk.database, threading.Event(), Leases(desk.database, utc_now))
        with measured(count, into):
            SendLoop(context, ways[0], ways, per_connection=per_connection).drain()
        assert context.totals.sent == count, context.totals


def _add(desk: Desk, postfix: Postfix) -> int:
    return desk.add_mailbox(
        None,
        smtp_host="localhost",
        smtp_port=postfix.smtp_port,
        smtp_security="starttls",
        smtp_user=SUPPORT,
        password_secret=encrypt(desk.database.url, postfix.dovecot.users[SUPPORT]),
    )


def _round(postfix: Postfix, folder: Path, mails: int, found: dict[str, list[Speed]]) -> None:
    few = max(20, mails // 4)
    a_connection_each(postfix, few, found.setdefault("a connection each (smtplib, nothing on record)", []))
    each = found.setdefault("a connection each, on record", [])
    through_the_outbox(postfix, folder / "each", few, each, per_connection=1)
    through_the_outbox(postfix, folder / "ours", mails, found.setdefault(OURS, []))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found: dict[str, list[Speed]] = {}
    with (
        tempfile.TemporaryDirectory() as name,
        running_dovecot(make_certificates(Path(name))) as dovecot,
        running_postfix(dovecot) as postfix,
    ):
        os.environ["TUI_DESK_CA_FILE"] = str(postfix.ca_file)
        for number in range(options.rounds):
            _round(postfix, Path(name) / str(number), options.mails, found)
    ours = statistics.median(each.rate for each in found[OURS])
    print(f"{'':50}{'messages/s':>12}{'ours is':>10}{'CPU s/1000':>12}")
    for kind, speeds in found.items():
        rate = statistics.median(each.rate for each in speeds)
        cpu = statistics.median(each.cpu for each in speeds)
        print(f"{kind:50}{rate:12.1f}{ours / rate:9.1f}x{cpu:12.1f}")


if __name__ == "__main__":
    main()
