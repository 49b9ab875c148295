"""Workers that die at random fault points and are started again until the work is done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.ports import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Killing:
    """Keeps ``count`` workers running; each is killed by itself with ``probability`` at every fault point it reaches."""

    url: str
    log: Path
    probability: float
    count: int = 2
    arguments: tuple[str, ...] = ()
    seed: int = 1
    deaths: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        """Run until ``done``; AssertionError when that takes too long, or when a worker ends in any other way than by a kill."""
        deadline = time.monotonic() + seconds
        dice = random.Random(self.seed)
        try:
            while not done():
                assert time.monotonic() < deadline, f"not done after {seconds} s and {self.deaths} kills"
                self._keep_running(dice)
                time.sleep(0.1)
        finally:
            self._end()

    def _keep_running(self, dice: random.Random) -> None:
        for process in list(self.processes):
            code = process.poll()
            if code is None:
                continue
            assert code == -signal.SIGKILL, f"a worker ended with {code}"
            self.processes.remove(process)
            self.deaths += 1
        while len(self.processes) < self.count:
            environment = {
                **os.environ,
                "TUI_DESK_FAULT": f"random:{self.probability}:{dice.randrange(1 << 30)}",
                "TUI_DESK_FAULT_LOG": str(self.log),
            }
            self.processes.append(start_worker(self.url, environment, *self.arguments))

    def _end(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait(PATIENCE)
        self.processes.clear()

    def hits(self) -> Counter[str]:
        """At which places workers died, and how often."""
        return Counter(self.log.read_text().split()) if self.log.exists() else Counter()


def start_worker(url: str, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """One worker process on the desk at ``url``."""
    command = [sys.executable, "-m", "tests.e2e.nothing_lost_worker", url, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def run_until_killed_at(
    url: str,
    point: str,
    log: Path,
    seconds: float,
    *arguments: str,
    prepare: Callable[[], None] = lambda: None,
) -> bool:
    """Start a worker that dies at ``point``; True when it did within ``seconds``."""
    environment = {**os.environ, "TUI_DESK_FAULT": point, "TUI_DESK_FAULT_LOG": str(log)}
    process = start_worker(url, environment, *arguments)
    try:
        prepare()
        return process.wait(seconds) == -signal.SIGKILL
    except subprocess.TimeoutExpired:
        return False
    finally:
        process.kill()
        process.wait()
