"""Named places where a worker may be killed by a test, to prove that a death there loses and doubles nothing.

``reach("intake.stored")`` costs one comparison unless the environment asks for trouble:

* ``TUI_DESK_FAULT=intake.stored:3``  SIGKILL to this very process at the third time that place is reached (``:3`` optional);
* ``TUI_DESK_FAULT=random:0.02:7``    SIGKILL with that probability at every place, seeded with 7 (optional);
* ``TUI_DESK_FAULT_LOG=FILE``         appends the name of the place before dying there.
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Mapping

__all__ = ["POINTS", "plan_from", "reach"]

POINTS: tuple[str, ...] = (
    "intake.before_store",
    "intake.in_store",
    "intake.stored",
    "intake.parsed",
    "intake.in_process",
    "intake.before_commit",
    "intake.processed",
    "intake.before_settle",
    "intake.settled_on_server",
    "intake.settled",
    "outbox.before_claim",
    "outbox.in_claim",
    "outbox.claimed",
    "outbox.sending",
    "outbox.answered",
    "outbox.in_outcome",
    "outbox.recorded",
    "outbox.before_proof",
    "outbox.proved",
    "outbox.swept",
    "clock.released",
    "oauth.claimed",
    "oauth.answered",
    "oauth.stored",
)
"""Every place there is, in the order of the two journeys, and the renewal of a sign-in. ``reach`` refuses any other name."""


def plan_from(environment: Mapping[str, str]) -> Callable[[str], None] | None:
    """What ``reach`` does under ``environment``; None: nothing at all. ValueError for a place that does not exist."""
    wish = environment.get("TUI_DESK_FAULT", "")
    if not wish:
        return None
    log = environment.get("TUI_DESK_FAULT_LOG", "")
    name, _, rest = wish.partition(":")
    if name == "random":
        probability, _, seed = rest.partition(":")
        dice = random.Random(int(seed) if seed else os.getpid())
        limit = float(probability)
        return lambda point: _die(point, log) if dice.random() < limit else None
    if name not in POINTS:
        raise ValueError(f"TUI_DESK_FAULT: there is no place {name!r}")
    at = int(rest) if rest else 1
    seen: Counter[str] = Counter()

    def count(point: str) -> None:
        seen[point] += 1
        if point == name and seen[point] == at:
            _die(point, log)

    return count


def _die(point: str, log: str) -> None:
    if log:
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, f"{point}\n".encode())
        os.close(descriptor)
    os.kill(os.getpid(), signal.SIGKILL)


_PLAN = plan_from(os.environ)


def reach(point: str) -> None:
    """This process is at ``point``, one of :data:`POINTS`."""
    if _PLAN is not None:
        assert point in POINTS, point
        _PLAN(point)
