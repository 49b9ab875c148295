"""``tui-desk demo``: a sample desk with its own loopback mail server. Nothing outside is touched, nothing is left."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from tui_desk.cli.base import DeskCommand, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import tell
from tui_desk.core.i18n import _


@click.command(
    "demo",
    cls=DeskCommand,
    help=_("Open a sample desk with its own loopback mail server: try everything, harm nothing."),
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help=_("Where the demo's private folder is made; it is removed at the end."),
)
@click.option(
    "--headless", is_flag=True, help=_("Servers and worker only, for scripts: prints how to reach them.")
)
@click.option(
    "--pace", type=click.FloatRange(0.01, 60), default=1.0, help=_("Stretches the requesters' waiting times.")
)
@click.option("--linear", is_flag=True, help=_("As lines, for screen readers."))
@pass_invocation
def demo(_run: Invocation, folder: Path | None, headless: bool, pace: float, linear: bool) -> None:
    """Run the demo until the person leaves."""
    tell(_("Preparing the sample desk…"))
    from tui_desk.demo.start import sample_desk

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    with sample_desk(folder, pace) as desk:
        if headless:
            _serve(desk)
            return
        from tui_desk.interface import show_desk

        code = show_desk(desk.settings, linear)
    if code:
        raise click.exceptions.Exit(code)
    tell(_("The demo desk is gone. To begin a real one: tui-desk"))


def _stop(_number: int, _frame: Any) -> None:
    """End as with Ctrl+C, so that everything is cleaned up."""
    raise KeyboardInterrupt


def _serve(desk: Any) -> None:
    """Servers and a worker until standard input ends or a signal comes."""
    from tui_desk.attached_worker import WorkerKeeper

    keeper = WorkerKeeper(desk.settings)
    keeper.start()
    try:
        reach = {
            "database": desk.settings.database.value,
            "agent": desk.settings.agent.value,
            "address": desk.address,
            "host": "127.0.0.1",
            "imap_port": desk.imap_port,
            "smtp_port": desk.smtp_port,
            "user": desk.address,
            "password": desk.password,
            "tickets": desk.tickets,
        }
        print(json.dumps(reach), flush=True)
        ended = threading.Event()
        threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
        ended.wait()
    except KeyboardInterrupt:
        pass
    finally:
        keeper.stop()


def _wait_for_end(ended: threading.Event) -> None:
    """Whoever started us closes our standard input when done."""
    sys.stdin.read()
    ended.set()
