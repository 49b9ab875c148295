"""Waiting for new mail: IDLE where the server has it (RFC 2177), a pause and NOOP where it has not.

A silent connection looks the same whether nothing happens or a router has forgotten it. So each wait is short, and its end asks
the server for an answer (DONE or NOOP): a connection that leads nowhere is noticed within :data:`PROOF_SECONDS` and
:data:`ANSWER_SECONDS` together, less than a minute.
"""

from __future__ import annotations

import os
import select
import ssl
import time
from contextlib import suppress
from typing import Any

from tui_desk.mail.imap import ImapSession

__all__ = ["ANSWER_SECONDS", "PROOF_SECONDS", "Wakeup", "prove_alive", "wait_for_mail"]

PROOF_SECONDS = 40.0
"""Of one IDLE or pause; then the server has to answer. RFC 2177 asks for a new IDLE within 29 minutes."""
ANSWER_SECONDS = 15.0
"""What a server has to answer DONE or NOOP in: neither makes it look at any mail."""


class Wakeup:
    """Ends a wait from any other thread. Stays set until :meth:`clear`."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def set(self) -> None:
        """End the wait that is going on, or the next one at its start."""
        with suppress(BlockingIOError):
            os.write(self._writer, b"!")

    def clear(self) -> None:
        """Let the next wait wait."""
        with suppress(BlockingIOError):
            while os.read(self._reader, 4096):
                pass

    def is_set(self) -> bool:
        """Whether the next wait would end at once."""
        return bool(select.select([self._reader], [], [], 0)[0])

    def fileno(self) -> int:
        """Readable when set."""
        return self._reader

    def close(self) -> None:
        """Give the two file descriptors back."""
        os.close(self._reader)
        os.close(self._writer)


def wait_for_mail(session: ImapSession, timeout: float, wakeup: Wakeup | None = None) -> bool:
    """Wait at most ``timeout`` seconds for new mail in the selected folder.

    True when the server says that there is more, False at the end of the time or when ``wakeup`` was set from another thread.
    Raises MailServerError when the connection is lost.
    """
    deadline = time.monotonic() + timeout
    idles = session.capabilities.idle
    while True:
        remaining = min(deadline - time.monotonic(), PROOF_SECONDS)
        if remaining <= 0 or (wakeup is not None and wakeup.is_set()):
            return False
        if idles:
            with session.explained():
                found = _idle_once(session, remaining, wakeup)
        else:
            _sleep(remaining, wakeup)
            found = prove_alive(session)
        if found:
            return True


def prove_alive(session: ImapSession) -> bool:
    """NOOP, to be answered soon; True when the server mentions new mail. Raises MailServerError when the connection is lost."""
    with session.explained(), session.client.answers_within(ANSWER_SECONDS):
        return _announced(session.client.noop()[1])


def _idle_once(session: ImapSession, seconds: float, wakeup: Wakeup | None) -> bool:
    """One IDLE that ends with the first thing the server says (DONE gathers the rest), True if that was new mail."""
    client = session.client
    before = _take(client._imap, "EXISTS")
    with client.answers_within(ANSWER_SECONDS):
        client.idle()
    if not _buffered(client) and not _take(client._imap, "EXISTS"):
        _poll(client.socket().fileno(), seconds, wakeup)
    with client.answers_within(ANSWER_SECONDS):
        _text, answers = client.idle_done()
    early = _take(client._imap, "EXISTS")
    return bool(before or early) or _announced(answers)


def _take(imap: Any, name: str) -> bool:
    """Whether an untagged answer of this name came; it is taken away."""
    return bool(imap.untagged_responses.pop(name, None))


def _announced(answers: list[Any]) -> bool:
    return any(len(answer) > 1 and answer[1] == b"EXISTS" for answer in answers)


def _buffered(client: Any) -> bool:
    """Whether something the server said lies in a buffer on our side, where poll() cannot see it."""
    imap = client._imap
    connection = client.socket()
    if isinstance(connection, ssl.SSLSocket) and connection.pending():
        return True
    if getattr(imap, "_readbuf", None):  # imaplib of Python 3.14
        return True
    peek = getattr(getattr(imap, "file", None), "peek", None)
    if peek is None:
        return False
    timeout = connection.gettimeout()
    connection.setblocking(False)
    try:
        return bool(peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        connection.settimeout(timeout)


def _poll(connection: int, seconds: float, wakeup: Wakeup | None) -> None:
    poller = select.poll()
    poller.register(connection, select.POLLIN)
    if wakeup is not None:
        poller.register(wakeup.fileno(), select.POLLIN)
    poller.poll(seconds * 1000)


def _sleep(seconds: float, wakeup: Wakeup | None) -> None:
    readers = [wakeup.fileno()] if wakeup is not None else []
    select.select(readers, [], [], max(0.0, seconds))
