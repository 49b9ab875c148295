"""What this installation is told from outside: flags, environment, files, defaults, and where each value came from.

Order: command line > environment > user file > system file > default. The files are TOML:
``~/.config/tui-desk/config.toml`` and ``/etc/tui-desk/config.toml``.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from tui_desk.core.chosen_preset import chosen_preset
from tui_desk.core.errors import ConfigurationError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.kept_look import kept
from tui_desk.core.safe_text import safe_line
from tui_desk.core.values import dataclass

if TYPE_CHECKING:
    from tui_desk.rules.themes import Theme
    from tui_desk.settings_file import SettingsFile

SYSTEM_FILE = Path("/etc/tui-desk/config.toml")
VARIABLES = {
    "database": "TUI_DESK_DATABASE",
    "agent": "TUI_DESK_AGENT",
    "downloads": "TUI_DESK_DOWNLOADS",
    "programs": "TUI_DESK_PROGRAMS",
    "preset": "TUI_DESK_PRESET",
    "theme": "TUI_DESK_THEME",
    "motion": "TUI_DESK_MOTION",
    "linear": "TUI_DESK_LINEAR",
    "images": "TUI_DESK_IMAGES",
    "links": "TUI_DESK_LINKS",
    "after": "TUI_DESK_AFTER",
    "signal": "TUI_DESK_SIGNAL",
    "quiet": "TUI_DESK_QUIET",
    "quiet_weekends": "TUI_DESK_QUIET_WEEKENDS",
    "silent": "TUI_DESK_SILENT",
}
OWN = ("after", "signal", "quiet", "quiet_weekends", "silent")
PRESETS = ("desk", "vim", "emacs")
"""Key maps to choose from; ``actions.presets`` has them."""
IMAGES = ("auto", "kitty", "iterm2", "sixel", "blocks")
LINKS = ("auto", "on", "off")
"""How pictures are drawn, and whether addresses are made to open."""
MOTIONS = ("full", "reduced")
"""Whether figures that count the seconds do so."""


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
    key_lines: tuple[tuple[str, int], ...] = ()
    """In which lines of it, from 1."""
    preset: Value = Value("desk", "default")
    """The key map that ``keys`` change."""
    theme: Value = Value("auto", "default")
    """A name of ``rules.themes``, or of a file of one's own."""
    own_theme: Theme | None = None
    """What that file says."""
    motion: Value = Value("full", "default")
    linear: Value = Value("", "default")
    """Whether the desk is shown as lines (yes, no); empty: where the terminal can do nothing else."""
    images: Value = Value("auto", "default")
    links: Value = Value("auto", "default")
    own: tuple[tuple[str, Value], ...] = ()
    """What stands above the agent's own settings of the desk at this terminal: after, signal, quiet, quiet_weekends, silent."""
    problems: tuple[str, ...] = ()
    """What is wrong with the files, in sentences with file and line: the default stands in for each."""

    @property
    def is_linear(self) -> bool:
        """Whether the desk is shown as lines: as somebody said, else where the terminal can do nothing else."""
        return self.linear.value == "yes" or (not self.linear.value and os.environ.get("TERM") == "dumb")

    @property
    def allows_programs(self) -> bool:
        """Whether ``$EDITOR`` and other programs may be started (off for a forced command under a service user)."""
        return self.programs.value.lower() not in ("no", "false", "0", "off")


def load_settings(
    database: str | None = None, agent: str | None = None, theme: str | None = None
) -> Settings:
    """Read the settings; arguments are what the command line said.

    What is wrong in a file is told in ``problems``, and the default stands in for it. Raises ConfigurationError where that is the
    database or the agent: to open another desk than the one that was meant would be worse than to open none.
    """
    user_file = platformdirs.user_config_path("tui-desk") / "config.toml"
    files = list(_files(user_file, SYSTEM_FILE))
    state_folder = platformdirs.user_state_path("tui-desk")
    problems = [problem for file in files for problem in (*file.problems, *_unknown(file))]

    def pick(name: str, flag: str | None, default: str) -> Value:
        if flag:
            return Value(flag, "flag")
        if from_environment := os.environ.get(VARIABLES[name]):
            return Value(from_environment, VARIABLES[name])
        for file in files:
            if name in ("database", "agent") and file.unread & {name, ""}:
                raise ConfigurationError(
                    file.problems[0],
                    _("Correct it, or say what is meant: --db, --as, {variable}.").format(
                        variable=VARIABLES[name]
                    ),
                )
            value = file.content.get(name)
            if isinstance(value, (str, bool, int, float)):
                return Value(str(value), str(file.path))
            if value is not None:
                problems.append(_at(file, (name,), _("“{name}” must be a text").format(name=name)))
        return Value(default, "default")

    keys, keys_file, lines = _keys(files, problems)
    login = pick("agent", agent, getpass.getuser())
    name, own_theme = _theme(pick("theme", theme, ""), login.value, files, state_folder, problems)
    return Settings(
        database=pick("database", database, str(platformdirs.user_data_path("tui-desk") / "desk.db")),
        agent=login,
        downloads=pick("downloads", None, str(Path.home() / "Downloads")),
        programs=pick("programs", None, "yes"),
        state_folder=state_folder,
        keys=keys,
        keys_file=keys_file,
        key_lines=tuple(lines.items()),
        own=tuple(_own({name: pick(name, None, "") for name in OWN}, files, problems)),
        preset=_preset(pick("preset", None, ""), files, state_folder, problems),
        theme=name,
        own_theme=own_theme,
        images=_one_of("images", pick("images", None, "auto"), IMAGES, files, problems),
        links=_one_of("links", pick("links", None, "auto"), LINKS, files, problems),
        linear=_linear(pick("linear", None, ""), files, problems),
        motion=_motion(pick("motion", None, ""), login.value, files, state_folder, problems),
        problems=tuple(problems),
    )


def _own(
    said: Mapping[str, Value], files: list[SettingsFile], problems: list[str]
) -> Iterator[tuple[str, Value]]:
    """What is said and right; of anything else the agent's own settings of the desk hold."""
    for name, value in said.items():
        if not value.value:
            continue
        from tui_desk.rules.own_settings import read_own  # few say anything

        try:
            read_own(name, value.value)
        except UsageError as error:
            file = next((one for one in files if str(one.path) == value.source), None)
            sentence = error.sentence.rstrip(".")
            problems.append(_at(file, (name,), sentence) if file else f"{value.source}: {sentence}.")
            continue
        yield name, value


def _files(*paths: Path) -> Iterator[SettingsFile]:
    for path in paths:
        if path.exists():
            from tui_desk.settings_file import read_settings_file  # few have a settings file

            yield read_settings_file(path)


def _preset(said: Value, files: list[SettingsFile], state_folder: Path, problems: list[str]) -> Value:
    """The preset of environment or file, else the one that was chosen on the screen; *desk* for one that there is not."""
    if not said.value:
        said = Value(chosen_preset(state_folder) or "desk", "chosen")
    if said.value in PRESETS:
        return said
    sentence = _("there is no preset “{name}”, only {names}").format(
        name=safe_line(said.value, 40), names=", ".join(PRESETS)
    )
    file = next((one for one in files if str(one.path) == said.source), None)
    problems.append(_at(file, ("preset",), sentence) if file else f"{said.source}: {sentence}.")
    return Value("desk", "default")


def _theme(
    said: Value, login: str, files: list[SettingsFile], state_folder: Path, problems: list[str]
) -> tuple[Value, Theme | None]:
    """The theme of flag, environment or file, else the one that the agent chose; *auto* for one that there is not or that is broken."""
    from tui_desk.rules.themes import DEFAULT, known

    default = Value(DEFAULT, "default")
    if not said.value:
        chosen = kept(state_folder, "theme", login)
        said = Value(chosen, "chosen") if chosen else default
    if known(said.value):
        return said, None
    from tui_desk.theme_files import hard_to_read, own_theme, unknown  # few have a theme of their own

    file = own_theme(said.value)
    if file is not None and file.theme is not None:
        problems += hard_to_read(file)
        return said, file.theme
    problems += file.problems if file is not None else [_said_by(said, "theme", files, *unknown(said.value))]
    return default, None


def _linear(said: Value, files: list[SettingsFile], problems: list[str]) -> Value:
    """yes, no, or nothing where nobody said anything that is one of them."""
    word = said.value.strip().casefold()
    if word in ("yes", "true", "on", "1"):
        return Value("yes", said.source)
    if word in ("no", "false", "off", "0"):
        return Value("no", said.source)
    if word:
        sentence = _("“linear” is yes or no, not “{value}”").format(value=safe_line(said.value, 40))
        problems.append(_said_by(said, "linear", files, sentence))
    return Value("", "default")


def _one_of(
    name: str, said: Value, allowed: tuple[str, ...], files: list[SettingsFile], problems: list[str]
) -> Value:
    """One of some words; the first of them for any other."""
    if said.value in allowed:
        return said
    sentence = _("“{name}” is one of {names}, not “{value}”").format(
        name=name, names=", ".join(allowed), value=safe_line(said.value, 40)
    )
    problems.append(_said_by(said, name, files, sentence))
    return Value(allowed[0], "default")


def _motion(
    said: Value, login: str, files: list[SettingsFile], state_folder: Path, problems: list[str]
) -> Value:
    """*full* or *reduced*, as :func:`_theme`."""
    if not said.value:
        said = Value(kept(state_folder, "motion", login) or "full", "chosen")
    if said.value in MOTIONS:
        return said
    sentence = _("there is no motion “{name}”, only {names}").format(
        name=safe_line(said.value, 40), names=", ".join(MOTIONS)
    )
    problems.append(_said_by(said, "motion", files, sentence))
    return Value("full", "default")


def _said_by(said: Value, name: str, files: list[SettingsFile], sentence: str, hint: str = "") -> str:
    """What is wrong with a value, and where it was said: file and line, variable or flag."""
    cause = f"{sentence.rstrip('.')}. {hint}".strip().rstrip(".")
    file = next((one for one in files if str(one.path) == said.source), None)
    if file is not None:
        return _at(file, (name,), cause)
    where = {"flag": f"--{name}: ", "chosen": ""}.get(said.source, f"{said.source}: ")
    return f"{where}{cause}."


def _at(file: SettingsFile, name: tuple[str, ...], sentence: str) -> str:
    return _("{path}, line {line}: {cause}.").format(
        path=file.path, line=file.lines.get(name, 1), cause=sentence
    )


def _unknown(file: SettingsFile) -> Iterator[str]:
    known = (*VARIABLES, "keys")
    for name in file.content:
        if name not in known:
            sentence = _("there is no setting “{name}”, only {names}")
            yield _at(file, (name,), sentence.format(name=safe_line(name, 40), names=", ".join(known)))


def _keys(
    files: list[SettingsFile], problems: list[str]
) -> tuple[dict[str, tuple[str, ...]], str, dict[str, int]]:
    """The person's own keys by action, their file, and their lines: ``[keys]`` with ``take = "i"`` or a list of keys."""
    for file in files:
        table = file.content.get("keys")
        if table is None:
            continue
        if not isinstance(table, dict):
            problems.append(_at(file, ("keys",), _("“keys” must be a table")))
            continue
        keys: dict[str, tuple[str, ...]] = {}
        lines: dict[str, int] = {}
        for place, value in _leaves(table, ()):
            name = ".".join(place)
            lines[name] = next(
                (n for n in (file.lines.get(("keys", *place)), file.lines.get(("keys",))) if n), 1
            )
            if isinstance(value, str):
                keys[name] = (value,)
            elif isinstance(value, list) and all(isinstance(one, str) for one in value):
                keys[name] = tuple(value)
            else:
                sentence = _("the keys of “{name}” must be a text or a list of texts")
                problems.append(_at(file, ("keys", *place), sentence.format(name=safe_line(name, 40))))
        return keys, str(file.path), lines
    return {}, "", {}


def _leaves(table: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), value
