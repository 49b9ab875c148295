"""Opening and closing the sample desk: a private folder, the loopback world beside it, and nothing left at the end."""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from tui_desk.core.clock import utc_now
from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _
from tui_desk.demo.texts import read, silent_addresses
from tui_desk.settings import Settings, Value, load_settings
from tui_desk.workers.holders import is_dead, new_holder

LOOPBACK = "127.0.0.1"
OWNER = "you"
_END_SECONDS = 5
_PREFIX = "demo-"
_HOLDER = "holder"
"""The file that says which process a demo's folder belongs to."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A sample desk that is ready: how to open it, and where its servers listen."""

    settings: Settings
    folder: Path
    address: str
    imap_port: int
    smtp_port: int
    password: str
    tickets: int


@contextmanager
def sample_desk(parent: Path | None = None, pace: float = 1.0) -> Iterator[Demo]:
    """A sample desk for the time of the block. ``pace`` stretches the simulated people's waiting times.

    Raises Unavailable when the loopback servers are not installed or do not start.
    """
    for module in ("pymap", "aiosmtpd"):
        if importlib.util.find_spec(module) is None:
            raise Unavailable(
                _("The demo needs {module}, which is not installed.").format(module=module),
                _("Install it with: pip install 'tui-desk[demo]'"),
            )
    folder = _private_folder(parent)
    # The real desk's key file and agent are none of the demo's business.
    for name in ("TUI_DESK_KEY_FILE", "TUI_DESK_DATABASE", "TUI_DESK_AGENT"):
        os.environ.pop(name, None)
    world = None
    try:
        password = secrets.token_urlsafe(12)
        world = _start_world(password, pace, folder)
        with _without_garbage_search():
            demo = _prepare(world, folder, password)
        yield demo
    finally:
        if world is not None:
            _end(world)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _without_garbage_search() -> Iterator[None]:
    """Almost everything that the preparation imports and makes stays: looking for garbage in it is a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _private_folder(parent: Path | None) -> Path:
    place = parent or platformdirs.user_cache_path("tui-desk")
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(place)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        (folder / _HOLDER).write_text(new_holder(), encoding="utf-8")
        return folder
    except OSError as error:
        raise Unavailable(
            _("The demo cannot make a folder in {place}: {cause}.").format(place=place, cause=error.strerror),
            _("Name another place with --dir."),
        ) from error


def _sweep(place: Path) -> None:
    """Take away what demos left that were killed, and so could not do it themselves."""
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError, UnicodeDecodeError):
            if is_dead((folder / _HOLDER).read_text(encoding="utf-8")):
                shutil.rmtree(folder, ignore_errors=True)


def _start_world(password: str, pace: float, folder: Path) -> subprocess.Popen[str]:
    log = os.open(folder / "world.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        world = subprocess.Popen(
            [sys.executable, "-m", "tui_desk.demo.world"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    finally:
        os.close(log)
    address = read("desk.toml")["address"]
    wanted = {
        "address": address,
        "user": address,
        "password": password,
        "silent": silent_addresses(),
        "pace": pace,
    }
    assert world.stdin is not None
    world.stdin.write(json.dumps(wanted) + "\n")
    world.stdin.flush()
    return world


def _prepare(world: subprocess.Popen[str], folder: Path, password: str) -> Demo:
    settings = replace(
        load_settings(),
        database=Value(str(folder / "desk.db"), "demo"),
        agent=Value(OWNER, "demo"),
        downloads=Value(str(folder / "downloads"), "demo"),
        state_folder=folder / "state",
    )
    # The imports below take as long as the world needs to come up.
    from tui_desk.bootstrap import open_desk
    from tui_desk.demo.sample import Account, fill

    desk = open_desk(settings)
    assert world.stdout is not None
    line = world.stdout.readline()
    if not line:
        raise Unavailable(
            _("The demo's mail server did not start."),
            (folder / "world.log").read_text(encoding="utf-8", errors="replace").strip()[-300:],
        )
    ports = json.loads(line)
    account = Account(LOOPBACK, ports["imap_port"], ports["smtp_port"], password)
    try:
        tickets = fill(desk.database, desk.actor, account, utc_now(), random.Random(1))
    finally:
        desk.database.close()
    return Demo(
        settings,
        folder,
        read("desk.toml")["address"],
        account.imap_port,
        account.smtp_port,
        password,
        tickets,
    )


def _end(world: subprocess.Popen[str]) -> None:
    if world.stdin is not None:
        world.stdin.close()
    try:
        world.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        world.kill()
        world.wait()
    if world.stdout is not None:
        world.stdout.close()
