"""Workers that die at random fault points and are started again until the work is done."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.e2e import nothing_lost_worker
from tests.support.ports import PATIENCE
from tui_desk.core import faults

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Killing:
    """Keeps ``count`` workers running; each is killed by itself with ``probability`` at every fault point it reaches.

    Hundreds of deaths need as many starts: workers are forked from a process that has everything imported.
    """

    url: str
    log: Path
    probability: float
    count: int = 2
    arguments: tuple[str, ...] = ()
    seed: int = 1
    deaths: int = 0
    processes: list[BaseProcess] = field(default_factory=list)

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        """Run until ``done``; AssertionError when that takes too long, or when a worker ends in any other way than by a kill."""
        deadline = time.monotonic() + seconds
        dice = random.Random(self.seed)
        forks = multiprocessing.get_context("forkserver")
        forks.set_forkserver_preload([__name__])
        try:
            while not done():
                assert time.monotonic() < deadline, f"not done after {seconds} s and {self.deaths} kills"
                self._bury()
                while len(self.processes) < self.count:
                    environment = {
                        **os.environ,
                        "TUI_DESK_FAULT": f"random:{self.probability}:{dice.randrange(1 << 30)}",
                        "TUI_DESK_FAULT_LOG": str(self.log),
                    }
                    process = forks.Process(
                        target=mortal, args=(environment, self.url, *self.arguments), daemon=True
                    )
                    process.start()
                    self.processes.append(process)
                time.sleep(0.1)
        finally:
            self._end()

    def _bury(self) -> None:
        for process in [each for each in self.processes if each.exitcode is not None]:
            assert process.exitcode == -signal.SIGKILL, f"a worker ended with {process.exitcode}"
            self.processes.remove(process)
            self.deaths += 1

    def _end(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join(PATIENCE)
        self.processes.clear()

    def hits(self) -> Counter[str]:
        """At which places workers died, and how often."""
        return Counter(self.log.read_text().split()) if self.log.exists() else Counter()


def mortal(environment: dict[str, str], url: str, *arguments: str) -> None:
    """A worker in a forked process, until it dies as ``environment`` says: what it is forked from has that of its own start."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a dying worker says is nobody's
    os.environ.clear()
    os.environ.update(environment)
    faults._PLAN = faults.plan_from(environment)
    nothing_lost_worker.work(url, *arguments)


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
