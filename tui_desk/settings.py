"""What this installation is told from outside: flags, environment, files, defaults, and where each value came from.

Order: command line > environment > user file > system file > default. The files are TOML:
``~/.config/tui-desk/config.toml`` and ``/etc/tui-desk/config.toml``.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.values import dataclass

SYSTEM_FILE = Path("/etc/tui-desk/config.toml")
VARIABLES = {
    "database": "TUI_DESK_DATABASE",
    "agent": "TUI_DESK_AGENT",
    "downloads": "TUI_DESK_DOWNLOADS",
    "programs": "TUI_DESK_PROGRAMS",
}


@dataclass(frozen=True, slots=True)
class Value:
    """One setting and where it came from: ``flag``, the variable's name, the file's path, or ``default``."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the start needs. ``database`` is a path or URL, ``agent`` the login that acts."""

    database: Value
    agent: Value
    downloads: Value
    programs: Value
    state_folder: Path
    keys: Mapping[str, tuple[str, ...]]
    keys_file: str = ""
    """Where ``keys`` stand."""

    @property
    def allows_programs(self) -> bool:
        """Whether ``$EDITOR`` and other programs may be started (off for a forced command under a service user)."""
        return self.programs.value.lower() not in ("no", "false", "0", "off")


def load_settings(database: str | None = None, agent: str | None = None) -> Settings:
    """Read the settings; arguments are what the command line said.

    Raises ConfigurationError for a file that is not TOML or names a setting that does not exist.
    """
    user_file = platformdirs.user_config_path("tui-desk") / "config.toml"
    files = [(path, _read(path)) for path in (user_file, SYSTEM_FILE)]

    def pick(name: str, flag: str | None, default: str) -> Value:
        if flag:
            return Value(flag, "flag")
        if from_environment := os.environ.get(VARIABLES[name]):
            return Value(from_environment, VARIABLES[name])
        for path, content in files:
            if name in content:
                return Value(str(content[name]), str(path))
        return Value(default, "default")

    keys, keys_file = _keys(files)
    return Settings(
        database=pick("database", database, str(platformdirs.user_data_path("tui-desk") / "desk.db")),
        agent=pick("agent", agent, getpass.getuser()),
        downloads=pick("downloads", None, str(Path.home() / "Downloads")),
        programs=pick("programs", None, "yes"),
        state_folder=platformdirs.user_state_path("tui-desk"),
        keys=keys,
        keys_file=keys_file,
    )


def _read(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    import tomllib  # few have a settings file; the others need not wait for its reader

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            _("The settings file {path} cannot be read: {cause}.").format(
                path=path, cause=str(error).rstrip(".")
            )
        ) from error
    for name in content:
        if name not in (*VARIABLES, "keys"):
            raise ConfigurationError(
                _("{path} names a setting that does not exist: {name}.").format(path=path, name=name),
                _("Known are: {names}.").format(names=", ".join((*VARIABLES, "keys"))),
            )
    return content


def _keys(files: list[tuple[Path, dict[str, object]]]) -> tuple[dict[str, tuple[str, ...]], str]:
    """The person's own keys by action, and their file: ``[keys]`` with ``take = "i"`` or a list of keys."""
    for path, content in files:
        table = content.get("keys")
        if table is None:
            continue
        if not isinstance(table, dict):
            raise ConfigurationError(_("“keys” in {path} must be a table.").format(path=path))
        return {
            str(action): tuple(map(str, keys)) if isinstance(keys, list) else (str(keys),)
            for action, keys in table.items()
        }, str(path)
    return {}, ""
