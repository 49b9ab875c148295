"""Where the key lies that the secrets of a database are encrypted with; asked without importing cryptography."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from tui_desk.db.url import DatabaseUrl


def key_file(url: DatabaseUrl) -> Path:
    """``TUI_DESK_KEY_FILE``, else beside an SQLite database (``desk.db.key``), else ``secret.key`` in the user's configuration."""
    named = os.environ.get("TUI_DESK_KEY_FILE")
    if named:
        return Path(named).expanduser()
    if url.path is not None:
        return url.path.with_name(url.path.name + ".key")
    return platformdirs.user_config_path("tui-desk") / "secret.key"
