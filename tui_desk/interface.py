"""Starting the interface: settings, the desk by the plain driver, a worker when none runs, then the application."""

from __future__ import annotations

import sys
from pathlib import Path

from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block


def run_interface(database: str = "", login: str = "", theme: str = "") -> int:
    """Open the desk and show it until the person leaves; answers the exit code. Errors are told on stderr."""
    from tui_desk.bootstrap import open_gateway
    from tui_desk.settings import load_settings

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _tell(
            _("The interface needs a terminal."),
            _("For scripts there is the command line: tui-desk --help"),
            2,
        )
    try:
        settings = load_settings(database or None, login or None)
        gateway, made = open_gateway(settings)
    except DeskError as error:
        return _tell(error.sentence, error.hint, error.exit_code)
    from tui_desk.app import DeskApp
    from tui_desk.attached_worker import WorkerKeeper
    from tui_desk.screens.host import AppOptions

    keeper = WorkerKeeper(settings)
    keeper.start()
    try:
        app = DeskApp(
            gateway,
            AppOptions(
                state_folder=settings.state_folder,
                downloads=Path(settings.downloads.value).expanduser(),
                start="mail" if made else "queue",
                session=gateway.actor.session,
                programs=settings.allows_programs,
                keys=settings.keys,
            ),
        )
        if theme:
            if theme not in app.available_themes:
                names = ", ".join(sorted(app.available_themes))
                return _tell(
                    _("There is no theme {name}.").format(name=theme),
                    _("Themes: {names}.").format(names=names),
                    2,
                )
            app.theme = theme
        app.run()
        return app.return_code or 0
    except DeskError as error:
        return _tell(error.sentence, error.hint, error.exit_code)
    finally:
        keeper.stop()
        gateway.close()


def _tell(sentence: str, hint: str, code: int) -> int:
    sys.stderr.write(safe_block(f"{sentence}\n{hint}" if hint else sentence) + "\n")
    return code
