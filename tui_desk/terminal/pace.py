"""How far the terminal is behind: no picture goes out while much of the last ones is still on its way.

Pseudo-terminals, SSH and TCP swallow many kilobytes at once, so a slow line never blocks who writes; it only makes the screen late.
A terminal that tells its modes (DECRQM, as for DEC mode 2026) tells by its answer that it has read what came before the question.
Others are never asked, and never waited for.
"""

from __future__ import annotations

from collections import deque

QUESTION = b"\x1b[?2026$p"
_ASK_EVERY = 800
"""Bytes after which the terminal is asked again."""
_WINDOW = 1_200
"""Bytes that may be on their way when a picture is begun: 0.15 s at 8 kB/s, and no brake at 200 ms round trip."""
_PATIENCE = 5.0
"""Seconds after which a terminal is taken to answer no more."""


class Pace:
    """Counts what was sent against what was answered. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._answers = False
        """Whether the terminal answers such questions."""
        self._sent = self._asked = self._read = 0
        """Bytes in all: sent, sent before the last question, known to be read."""
        self._questions: deque[tuple[int, float]] = deque()
        """For each that is open: the bytes before it, and when it was asked."""

    @property
    def waits(self) -> bool:
        """Whether an answer is under way."""
        return bool(self._questions)

    def sent(self, count: int, now: float) -> bytes:
        """So many bytes go out; the answer is what to send behind them."""
        self._sent += count
        if not self._answers or self._sent - self._asked < _ASK_EVERY:
            return b""
        self._asked = self._sent
        self._questions.append((self._sent, now))
        return QUESTION

    def answered(self) -> None:
        """The terminal has read all that came before the oldest open question."""
        self._answers = True
        if self._questions:
            self._read = self._questions.popleft()[0]

    def pause(self, now: float) -> float:
        """For how many seconds at most a new picture has to wait for an answer; 0: it may go out."""
        if not self._questions or self._sent - self._read <= _WINDOW:
            return 0
        left = self._questions[0][1] + _PATIENCE - now
        if left > 0:
            return left
        self.forget()
        self._answers = False
        return 0

    def forget(self) -> None:
        """Nothing is on its way, or nobody will tell."""
        self._questions.clear()
        self._read = self._asked = self._sent
