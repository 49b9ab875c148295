"""From outbox to a real Postfix (STARTTLS, login through Dovecot): messages a second, against a connection for each message.

    python -m benchmarks.sending            400 messages, three rounds in turns; medians and ratios
    python -m benchmarks.sending --mails N --rounds R

Both sides send the same bytes to the same server. "a connection each" is ``smtplib`` alone: no outbox, nothing on record.
"the same, on record" is our own outbox and sender that closes the connection after every message. Ours is the ordinary worker:
kept connections, commands together, every step on record before the next.
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
from pathlib import Path

from tests.support.dovecot import running_dovecot
from tests.support.postfix import Postfix, running_postfix
from tests.support.tls import make_certificates
from tests.workers.desk import SUPPORT, Desk, open_desk
from tests.workers.test_send import put
from tui_desk.db.secrets import encrypt
from tui_desk.services import send_routes
from tui_desk.workers import send, supervisor
from tui_desk.workers.send import SendLoop

TO = "anna@customer.test"
OURS = f"tui-desk (up to {send.CONNECTIONS} connections)"


def letters(count: int) -> list[bytes]:
    """The bytes that ``tests.workers.test_send.put`` queues."""
    return [
        f"From: {SUPPORT}\r\nMessage-ID: <out{number}@desk.test>\r\nSubject: {number}\r\n\r\nHello\r\n".encode()
        for number in range(count)
    ]


def a_connection_each(postfix: Postfix, count: int) -> float:
    """What a simple helpdesk does: connect, STARTTLS, log in, send, QUIT."""
    context = ssl.create_default_context(cafile=str(postfix.ca_file))
    begun = time.perf_counter()
    for raw in letters(count):
        with smtplib.SMTP("localhost", postfix.smtp_port) as client:
            client.starttls(context=context)
            client.login(SUPPORT, postfix.dovecot.users[SUPPORT])
            client.sendmail(SUPPORT, [TO], raw)
    return count / (time.perf_counter() - begun)


class _OnePerMessage(SendLoop):
    """A sender that keeps nothing."""

    def _send_one(self) -> bool:
        sent = super()._send_one()
        self._disconnect()
        return sent


def through_the_outbox(postfix: Postfix, folder: Path, count: int, loop: type[SendLoop]) -> float:
    """Messages a second of a worker that empties an outbox of ``count``."""
    with open_desk(f"sqlite:///{folder / 'desk.db'}") as desk:
        mailbox = _add(desk, postfix)
        for number in range(count):
            put(desk, mailbox, TO, number=number)
        supervisor.SendLoop = loop  # type: ignore[misc]
        try:
            begun = time.perf_counter()
            done = supervisor.run_worker(desk.database, threading.Event(), once=True)
            seconds = time.perf_counter() - begun
        finally:
            supervisor.SendLoop = SendLoop  # type: ignore[misc]
        assert done.sent == count, done
        with desk.database.reading() as session:
            assert len(send_routes.routes(session)) == 1
    return count / seconds


def _add(desk: Desk, postfix: Postfix) -> int:
    return desk.add_mailbox(
        None,
        smtp_host="localhost",
        smtp_port=postfix.smtp_port,
        smtp_security="starttls",
        smtp_user=SUPPORT,
        password_secret=encrypt(desk.database.url, postfix.dovecot.users[SUPPORT]),
    )


def _round(postfix: Postfix, folder: Path, mails: int) -> Iterator[tuple[str, float]]:
    few = max(20, mails // 4)
    yield "a connection each (smtplib, nothing on record)", a_connection_each(postfix, few)
    for kind, loop, count in (("the same, on record", _OnePerMessage, few), (OURS, SendLoop, mails)):
        place = folder / loop.__name__
        place.mkdir(parents=True)
        yield kind, through_the_outbox(postfix, place, count, loop)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory() as name,
        running_dovecot(make_certificates(Path(name))) as dovecot,
        running_postfix(dovecot) as postfix,
    ):
        os.environ["TUI_DESK_CA_FILE"] = str(postfix.ca_file)
        for number in range(options.rounds):
            for kind, rate in _round(postfix, Path(name) / str(number), options.mails):
                rates.setdefault(kind, []).append(rate)
    ours = statistics.median(list(rates.values())[-1])
    print(f"{'':50}{'messages/s':>12}{'ours is':>10}")
    for kind, found in rates.items():
        rate = statistics.median(found)
        print(f"{kind:50}{rate:12.1f}{ours / rate:9.1f}x")


if __name__ == "__main__":
    main()
