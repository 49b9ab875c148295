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
from tui_desk.core.lean_hash import digest
from tui_desk.core.safe_text import safe_block
from tui_desk.terminal.first_picture import keep_picture, take_away

_FIRST_ROWS = 70
"""More lines than a terminal has; the list reads on by itself."""

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_desk.app import DeskApp
    from tui_desk.rules.themes import Theme
    from tui_desk.settings import Settings
    from tui_desk.terminal.first_picture import Opening
    from tui_desk.terminal.grid import Grid


def run_interface(
    named: Sequence[str] = ("", "", ""), linear: bool = False, opening: Opening | None = None
) -> int:
    """Open the desk and show it until the person leaves; answers the exit code. Errors are told on stderr.

    ``named``: database, login and theme as the command line says them; ``opening``: what the terminal shows already.
    """
    from tui_desk.settings import load_settings

    with ExitStack() as not_started:
        if opening is not None:
            not_started.callback(take_away, opening)
        try:
            settings = load_settings(*(one or None for one in named))
            return show_desk(settings, linear, named, opening, not_started)
        except DeskError as error:
            not_started.close()  # before it is told: the terminal as it was
            sys.stderr.write(safe_block(f"{error.sentence}\n{error.hint}".strip()) + "\n")
            return error.exit_code


def show_desk(
    settings: Settings,
    linear: bool = False,
    named: Sequence[str] | None = None,
    opening: Opening | None = None,
    not_started: ExitStack | None = None,
) -> int:
    """The desk of ``settings`` on this terminal until the person leaves, a worker beside it; answers the exit code.

    ``linear``: as lines, whatever the settings say. ``named`` tells such starts from others (None: none is like this one), ``opening`` is
    what the terminal shows already and ``not_started`` takes it away. Raises DeskError for what stops it before the first screen.
    """
    not_started = not_started or ExitStack()
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if linear or (settings.is_linear and (is_terminal or settings.linear.value)):
        not_started.close()
        from tui_desk.linear_interface import show_lines

        return show_lines(settings, asked=linear or bool(settings.linear.value))
    from tui_desk.core.kept_look import was_light
    from tui_desk.rules.themes import meant

    if not is_terminal:
        raise UsageError(
            _("The interface needs a terminal."), _("For scripts there is the command line: tui-desk --help")
        )
    light = was_light(settings.state_folder, os.environ)
    theme = settings.own_theme or meant(settings.theme.value, light)

    def give_back() -> None:
        """What is shown is another desk's, or what takes time is told on the terminal itself."""
        nonlocal opening
        not_started.close()
        opening = None

    if opening is not None and not opening.shows(_names(settings, theme)):
        give_back()

    with ExitStack() as ended:
        app = _application(settings, light, ended, give_back)
        app.opening = opening
        not_started.pop_all()
        from tui_desk.screens.looks import theme_of

        app.run()
        if named is not None:
            app.keep_picture(partial(_keep, settings, named, _names(settings, theme_of(app))))
        return app.return_code or 0


def _names(settings: Settings, theme: Theme) -> tuple[str, ...]:
    """What a picture shows: the desk, for whom, in which theme."""
    database = settings.database.value
    place = database if "://" in database else str(Path(database).expanduser().absolute())
    return place, settings.agent.value, theme.name


def _application(
    settings: Settings, light: bool, ended: ExitStack, takes_time: Callable[[], None]
) -> DeskApp:
    """The application with its desk open and its worker kept; both end with ``ended``. ``takes_time`` comes before an upgrade."""
    from tui_desk.bootstrap import open_gateway
    from tui_desk.contracts.queue import ListTickets
    from tui_desk.contracts.queue_layout import ShowQueueLayout

    gateway, made = open_gateway(settings, takes_time)
    ended.callback(gateway.close)
    gateway.follow()  # before the first reading: nothing that is committed behind it is missed
    layout = gateway.ask_now(ShowQueueLayout())
    first_page = gateway.ask_now(ListTickets(limit=_FIRST_ROWS, group=layout.group, with_due=layout.with_due))
    from tui_desk.terminal.quick_classes import install_quick_classes

    install_quick_classes()  # before there are any
    from tui_desk.app import DeskApp
    from tui_desk.attached_worker import WorkerKeeper
    from tui_desk.db.files import is_read_only
    from tui_desk.screens.host import AppOptions

    starts_worker = gateway.url.path is None or not is_read_only(gateway.url.path)
    if starts_worker:
        keeper = WorkerKeeper(settings)
        ended.callback(keeper.stop)
        keeper.start()
    return DeskApp(
        gateway,
        AppOptions(
            state_folder=settings.state_folder,
            desk=digest(str(gateway.url))[:12],
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
            theme=settings.theme.value,
            theme_from=settings.theme.source,
            own_theme=settings.own_theme,
            is_light=light,
            login=settings.agent.value,
            motion=settings.motion.value,
            motion_from=settings.motion.source,
            own={name: value.value for name, value in settings.own},
            images=settings.images.value,
            links=settings.links.value,
            first_page=first_page,
            layout=layout,
            starts_worker=starts_worker,
        ),
    )


def _keep(
    settings: Settings, named: Sequence[str], names: tuple[str, ...], sequence: str, grid: Grid
) -> None:
    """What the queue looked like last, for the next such start."""
    keep_picture(
        settings.state_folder, named, names, sequence, list(zip(grid.chars, grid.styles, strict=True))
    )
