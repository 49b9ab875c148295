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
"""Bytes that may be on their way when a picture is begun, at most: no brake at 200 ms round trip."""
_QUEUED, _QUEUES = 0.06, 0.1
"""Seconds for which what is sent at a time may wait in a queue on its way, and from which on it is too long."""
_FREE = 0.03
"""Seconds below which there is no queue."""
_LEAST, _ENOUGH = 400, 16_000
"""Characters of a picture that go out at a time at least; from so many on it need not be parted."""
_REMEMBERED = 16
"""Answers of which the quickest says how long the way is without a queue."""
_PATIENCE = 5.0
"""Seconds after which a terminal is taken to answer no more."""


class Pace:
    """Counts what was sent against what was answered. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._answers = False
        """Whether the terminal answers such questions."""
        self._sent = self._asked = self._read = 0
        """Bytes in all: sent, sent before the last question, known to be read."""
        self._questions: deque[tuple[int, int, float]] = deque()
        """For each that is open: the bytes before it, those of them that went out together with it, and when it was asked."""
        self._took: deque[float] = deque(maxlen=_REMEMBERED)
        """Seconds that the last answers took."""
        self._at_a_time = _ENOUGH

    @property
    def most(self) -> int | None:
        """How much of a picture should go out at a time, so that a newer one need not wait for all of it; None: all.

        Only where a queue was seen to grow with what was sent: a long way alone is no reason to send little.
        """
        return self._at_a_time if self._at_a_time < _ENOUGH else None

    @property
    def waits(self) -> bool:
        """Whether an answer is under way."""
        return bool(self._questions)

    def sent(self, count: int, now: float) -> bytes:
        """So many bytes go out; the answer is what to send behind them."""
        self._sent += count
        if not self._answers or self._sent - self._asked < min(_ASK_EVERY, self._at_a_time):
            return b""
        self._asked = self._sent
        self._questions.append((self._sent, count, now))
        return QUESTION

    def answered(self, now: float) -> None:
        """The terminal has read all that came before the oldest open question."""
        self._answers = True
        if not self._questions:
            return
        asked, together, at = self._questions.popleft()
        self._took.append(now - at)
        queued = self._took[-1] - min(self._took)
        if queued > _QUEUES:
            self._at_a_time = max(_LEAST, min(_ENOUGH, int((asked - self._read) * _QUEUED / queued)))
        elif queued < _FREE and together >= self._at_a_time:  # little that comes soon says nothing of much
            self._at_a_time = min(_ENOUGH, 2 * self._at_a_time)
        self._read = asked

    def _window(self) -> float:
        """Bytes that may be on their way when a picture is begun; where the way itself is long, it holds more than the queue."""
        way = min(self._took, default=0.0)
        return min(_WINDOW, self._at_a_time * (1 + way / _QUEUED))

    def pause(self, now: float) -> float:
        """For how many seconds at most a new picture has to wait for an answer; 0: it may go out."""
        if not self._questions or self._sent - self._read <= self._window():
            return 0
        left = self._questions[0][2] + _PATIENCE - now
        if left > 0:
            return left
        self.forget()
        self._answers = False
        return 0

    def forget(self) -> None:
        """Nothing is on its way, or nobody will tell."""
        self._questions.clear()
        self._took.clear()
        self._at_a_time = _ENOUGH
        self._read = self._asked = self._sent
