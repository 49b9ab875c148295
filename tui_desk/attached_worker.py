"""The worker that runs beside the interface when no other does, in a process of its own: mail never makes a key wait."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from tui_desk.core.clock import utc_now
from tui_desk.core.errors import DeskError
from tui_desk.db.fast import open_reader
from tui_desk.db.url import DatabaseUrl, parse_database_url
from tui_desk.settings import Settings

_FIRST_LOOK_SECONDS = 1.5
"""After the first screen is painted: the worker's start costs a second of CPU that the screen needs first."""
_LOOK_SECONDS = 15.0
_END_SECONDS = 5.0


class WorkerKeeper:
    """Sees to it, as long as the interface runs, that some worker of this desk is alive. :meth:`stop` ends our own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._url = parse_database_url(settings.database.value)
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End our worker, if we have one: it finishes the mail it is at and gives its leases back."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=_END_SECONDS)
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.terminate()

    def _keep(self) -> None:
        wait = _FIRST_LOOK_SECONDS
        while not self._stopped.wait(wait):
            wait = _LOOK_SECONDS
            if self._process is not None and self._process.poll() is None:
                continue
            try:
                if not worker_is_alive(self._url):
                    self._process = _start(self._settings)
            except (DeskError, OSError):
                continue  # the queue's banner says that no worker runs; the next look may find the database again


def worker_is_alive(url: DatabaseUrl) -> bool:
    """Whether any worker of this desk has reported within its lease. Raises Unavailable."""
    reader = open_reader(url)
    try:
        now = reader.time_value(utc_now())
        return bool(reader.rows("SELECT 1 FROM lease WHERE name = 'worker' AND expires_at > ?", [now]))
    finally:
        reader.close()


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    """A worker that ends when its standard input does, that is with this process, however this one ends.

    The database is named in the environment, not in the arguments, which everybody on the host can read.
    """
    environment = {
        **os.environ,
        "TUI_DESK_DATABASE": settings.database.value,
        "TUI_DESK_AGENT": settings.agent.value,
    }
    settings.state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = os.open(settings.state_folder / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "tui_desk", "worker", "--attached"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    finally:
        os.close(log)
