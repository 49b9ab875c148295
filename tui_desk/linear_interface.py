"""One terminal in the linear mode: the desk opened, a worker beside it, lines in and out. Knows no Textual."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tui_desk.core.i18n import _

if TYPE_CHECKING:
    from tui_desk.linear.console import LineConsole
    from tui_desk.settings import Settings


def show_lines(settings: Settings, asked: bool = True) -> int:
    """The desk of ``settings`` as lines until the person leaves; answers the exit code. Raises DeskError.

    ``asked``: somebody wants it so; else it is told why it is so.
    """
    from tui_desk.attached_worker import WorkerKeeper
    from tui_desk.bootstrap import open_gateway
    from tui_desk.db.files import is_read_only
    from tui_desk.linear.console import HungUp, terminal_console
    from tui_desk.linear.loop import run
    from tui_desk.linear.news import Watcher
    from tui_desk.linear.session import Options, Session

    gc.enable()  # the start of the screens puts it off until their first picture
    with ExitStack() as ended:
        gateway, made = open_gateway(settings)
        ended.callback(gateway.close)
        if gateway.url.path is None or not is_read_only(gateway.url.path):
            keeper = WorkerKeeper(settings)
            ended.callback(keeper.stop)
            keeper.start()
        console = ended.enter_context(terminal_console())
        options = Options(
            state_folder=settings.state_folder,
            downloads=Path(settings.downloads.value).expanduser(),
            session=gateway.actor.session,
            programs=settings.allows_programs,
            own={name: value.value for name, value in settings.own},
            desk=sha256(str(gateway.url).encode()).hexdigest()[:12],
            command=partial(_command, settings, console),
        )
        session = Session(gateway, console, options)
        watcher = Watcher(session)
        ended.callback(watcher.stop)
        watcher.start()
        try:
            run(session, _notices(settings, made, asked))
        except HungUp as gone:
            return 128 + gone.number
        return 0


def _notices(settings: Settings, made: bool, asked: bool) -> tuple[str, ...]:
    """What is told before the first prompt."""
    why = _("This terminal takes lines only, so here is the linear mode; TUI_DESK_LINEAR=0 forbids it.")
    return (
        *(() if asked else (why,)),
        *((_("A new desk was made. tui-desk mailbox add ADDRESS makes a mailbox."),) if made else ()),
        *settings.problems,
    )


def _command(settings: Settings, console: LineConsole, words: list[str]) -> None:
    """A line of the command line on this desk, as this agent. It is not run through a shell."""
    from tui_desk.cli.main import run

    sys.stdout.flush()
    before = {name: os.environ.get(name) for name in ("TUI_DESK_DATABASE", "TUI_DESK_AGENT")}
    os.environ["TUI_DESK_DATABASE"] = settings.database.value
    os.environ["TUI_DESK_AGENT"] = settings.agent.value
    try:
        with console.interruptible():
            run(words)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
    sys.stdout.flush()
