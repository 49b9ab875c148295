"""The way in: ``tui-desk`` opens the interface, ``tui-desk NOUN VERB`` is the command line.

Without a noun neither click nor SQLAlchemy is imported before the queue is painted.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


class InterfaceOptions:
    """What the interface takes from the command line. (A dataclass would cost more than all else before the first picture.)"""

    def __init__(self, database: str = "", login: str = "", theme: str = "", linear: bool = False) -> None:
        self.database = database
        self.login = login
        self.theme = theme
        self.linear = linear


_NAMES = {"--db": "database", "--as": "login", "--theme": "theme"}


def interface_options(arguments: Sequence[str]) -> InterfaceOptions | None:
    """The options when ``arguments`` ask for the interface; None when they are a command (or wrong, or ask for help)."""
    found: dict[str, str] = {}
    linear = False
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name == "--linear" and not equals:
            linear = True
            continue
        if name not in _NAMES or (not equals and not rest):
            return None
        found[_NAMES[name]] = value if equals else rest.pop(0)
    return InterfaceOptions(**found, linear=linear)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run tui-desk; answers the exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    options = interface_options(words)
    if options is not None:
        # What is imported now stays: looking for garbage among it costs a tenth of the start. On again after the first picture.
        gc.disable()
        from tui_desk.terminal.first_picture import show_first_picture

        named = (options.database, options.login, options.theme)
        opening = None if options.linear else show_first_picture(named)  # before all else
        from tui_desk.interface import run_interface

        return run_interface(named, options.linear, opening)
    from tui_desk.cli.main import run

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
