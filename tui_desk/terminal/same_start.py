"""What makes one start like another: the words of the command line, the variables, the settings files, the size of the terminal.

Whatever decides which desk is opened, for whom and in which look goes into one sign (:func:`sign_of_start`), without reading any of
it: the first picture is found by it before the settings are. The standard library's small modules only; each import would delay it.
"""

from __future__ import annotations

import os
import sys
from binascii import crc32
from collections.abc import Sequence

_NAMES = (
    *("TERM", "COLORTERM", "NO_COLOR", "TMUX", "COLORFGBG", "TERM_PROGRAM", "LC_TERMINAL"),
    *("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"),
    *("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOGNAME", "USER", "LNAME", "USERNAME"),
)
"""Variables that change what a screen shows, beside our own."""
_OURS = "TUI_DESK_"
_SEPARATOR = b"\0"
_SYSTEM_FILE = "/etc/tui-desk/config.toml"


def state_folder() -> str:
    """Where state is kept, as platformdirs says it (XDG Base Directory Specification on Linux)."""
    if sys.platform == "linux":
        return _xdg("XDG_STATE_HOME", "~/.local/state")
    import platformdirs

    return str(platformdirs.user_state_path("tui-desk"))


def sign_of_start(named: Sequence[str], columns: int, lines: int) -> str:
    """The sign of a start on a terminal of that size; ``named``: database, login and theme as the command line says them.

    Eight hexadecimal digits. Two that are the same by chance cost a moment: what was shown in error is taken away when the settings are read.
    """
    ours = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith(_OURS))
    look = [os.environ.get(name, "\1") for name in _NAMES]
    parts = [*named, *look, *ours, str(os.getuid()), f"{columns}x{lines}", _place(named[0])]
    text = "\0".join(parts).encode("utf-8", "surrogateescape")
    return f"{crc32(_SEPARATOR.join((text, *map(_content, _files())))):08x}"


def _place(database: str) -> str:
    """The working folder, where a database is named by its place in it."""
    named = database or os.environ.get(f"{_OURS}DATABASE", "")
    return os.getcwd() if named and "://" not in named and not named.startswith("/") else ""


def _files() -> tuple[str, ...]:
    """Settings and what was chosen on the screen: small files, if they are there."""
    config = _xdg("XDG_CONFIG_HOME", "~/.config") if sys.platform == "linux" else ""
    state = state_folder()
    return f"{config}/config.toml", _SYSTEM_FILE, f"{state}/look.json", f"{state}/preset"


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _xdg(variable: str, usual: str) -> str:
    """As platformdirs: a folder that is not absolute does not count."""
    folder = os.environ.get(variable, "")
    return f"{folder if os.path.isabs(folder) else os.path.expanduser(usual)}/tui-desk"
