"""IMAPClient without its cost, its memory of what passed and its trust in lengths."""

from __future__ import annotations

import imaplib
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import imapclient
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

__all__ = ["QuietClient"]

# A library's log is for programmers; without a handler Python prints its warnings among our own lines.
logging.getLogger("imapclient").addHandler(logging.NullHandler())

_LITERAL_LIMIT = 1 << 30
"""Bytes of one literal: imaplib asks for that much memory before the first byte has come."""


class _Bounded:
    """Before imaplib's classes: no literal beyond the limit, no endless talk where an end is set, and no list of the last
    lines (the LOGIN among them)."""

    sock: socket.socket
    answer_by: float | None = None
    """Of the monotonic clock: when the last line has to have come."""

    def readline(self) -> bytes:
        if self.answer_by is not None:
            left = self.answer_by - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            usual = self.sock.gettimeout()
            self.sock.settimeout(left if usual is None else min(usual, left))
        return bytes(super().readline())  # type: ignore[misc]  # of the class it is mixed into

    def read(self, size: int) -> bytes:
        if size > _LITERAL_LIMIT:
            raise imaplib.IMAP4.abort(f"unexpected literal of {size} bytes")
        return bytes(super().read(size))  # type: ignore[misc]  # as above

    def _log(self, line: str) -> None:
        """imaplib keeps the last ten lines for its debug output."""


class _TlsConnection(_Bounded, IMAP4_TLS):  # type: ignore[misc]  # IMAPClient has no types
    pass


class _ClearConnection(_Bounded, IMAP4WithTimeout):  # type: ignore[misc]  # as above
    pass


class QuietClient(imapclient.IMAPClient):  # type: ignore[misc]  # as above
    """An IMAPClient whose imaplib does not format every literal for a log nobody reads (debug level 5)."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._imap.debug = 0

    @contextmanager
    def answers_within(self, seconds: float) -> Iterator[None]:
        """All that is asked inside the block has to be answered in so many seconds together, or in less where one answer
        usually gets less, however much else the server says meanwhile. Raises TimeoutError."""
        connection = self._imap
        connection.answer_by = time.monotonic() + seconds
        try:
            yield
        finally:
            connection.answer_by = None
            with suppress(OSError):
                self._set_read_timeout()

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - IMAPClient's name
        seconds = self._timeout.connect
        if self.ssl:
            return _TlsConnection(self.host, self.port, self.ssl_context, seconds)
        return _ClearConnection(self.host, self.port, seconds)
