"""Starting the interface: settings, the desk by the plain driver, a worker when none runs, then the application."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block

_FIRST_ROWS = 70
"""More lines than a terminal has; the list reads on by itself."""

if TYPE_CHECKING:
    from tui_desk.app import DeskApp
    from tui_desk.settings import Settings
    from tui_desk.terminal.grid import Grid


def run_interface(database: str = "", login: str = "", theme: str = "") -> int:
    """Open the desk and show it until the person leaves; answers the exit code. Errors are told on stderr."""
    from tui_desk.settings import load_settings

    try:
        return show_desk(load_settings(database or None, login or None), theme)
    except DeskError as error:
        sys.stderr.write(safe_block(f"{error.sentence}\n{error.hint}".strip()) + "\n")
        return error.exit_code


def show_desk(settings: Settings, theme: str = "") -> int:
    """The desk of ``settings`` on this terminal until the person leaves, a worker beside it; answers the exit code.

    Raises DeskError for what stops it before the first screen.
    """
    from tui_desk.terminal.first_picture import show_first_picture, take_away

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            _("The interface needs a terminal."), _("For scripts there is the command line: tui-desk --help")
        )
    names = (settings.database.value, settings.agent.value, theme)
    with ExitStack() as not_started, ExitStack() as ended:
        opening = show_first_picture(settings.state_folder, names)
        if opening is not None:
            not_started.callback(take_away, opening)
        app = _application(settings, theme, ended)
        app.opening = opening
        not_started.pop_all()
        app.run()
        app.keep_picture(partial(_keep, settings, names))
        return app.return_code or 0


def _application(settings: Settings, theme: str, ended: ExitStack) -> DeskApp:
    """The application with its desk open and its worker kept; both end with ``ended``."""
    from tui_desk.bootstrap import open_gateway
    from tui_desk.contracts.queue import ListTickets

    gateway, made = open_gateway(settings)
    ended.callback(gateway.close)
    first_page = gateway.ask_now(ListTickets(limit=_FIRST_ROWS))
    from tui_desk.app import DeskApp
    from tui_desk.attached_worker import WorkerKeeper
    from tui_desk.db.files import is_read_only
    from tui_desk.screens.host import AppOptions

    starts_worker = gateway.url.path is None or not is_read_only(gateway.url.path)
    if starts_worker:
        keeper = WorkerKeeper(settings)
        ended.callback(keeper.stop)
        keeper.start()
    app = DeskApp(
        gateway,
        AppOptions(
            state_folder=settings.state_folder,
            downloads=Path(settings.downloads.value).expanduser(),
            start="first_run" if made else "queue",
            session=gateway.actor.session,
            programs=settings.allows_programs,
            keys=settings.keys,
            keys_file=settings.keys_file,
            key_lines=dict(settings.key_lines),
            preset=settings.preset.value,
            preset_from=settings.preset.source,
            problems=settings.problems,
            own={name: value.value for name, value in settings.own},
            first_page=first_page,
            starts_worker=starts_worker,
        ),
    )
    if theme:
        if theme not in app.available_themes:
            raise UsageError(
                _("There is no theme {name}.").format(name=theme),
                _("Themes: {names}.").format(names=", ".join(sorted(app.available_themes))),
            )
        app.theme = theme
    return app


def _keep(settings: Settings, names: tuple[str, ...], sequence: str, grid: Grid) -> None:
    """What the queue looked like last, for the next start on such a terminal."""
    from tui_desk.terminal.first_picture import keep_picture, place_of_picture

    path = place_of_picture(settings.state_folder, names, os.terminal_size((grid.width, grid.height)))
    keep_picture(path, sequence, list(zip(grid.chars, grid.styles, strict=True)))
