"""Themes of a person's own: TOML files in the folder ``themes`` beside the settings file, read and checked line by line.

``base`` names the theme of ours whose colours hold for what the file leaves out, ``[colors]`` has the tokens of
``rules.themes`` as ``#rrggbb``. A file with a mistake is no theme: it is told with its line, and the default stands in.
"""

from __future__ import annotations

import difflib
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import platformdirs

from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.core.values import dataclass
from tui_desk.rules import themes
from tui_desk.rules.colours import is_colour, is_light
from tui_desk.rules.themes import Theme
from tui_desk.settings_file import SettingsFile, read_settings_file

SYSTEM_FOLDER = Path("/etc/tui-desk/themes")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_LARGEST = 64 * 1024
"""Bytes of a file; a theme has some thirty lines."""
_BASES = tuple(name for name, theme in themes.BUILT_IN.items() if not theme.ansi)


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """What a file says. ``theme`` is None where something is wrong, ``problems`` says what: sentences with path and line."""

    path: Path
    theme: Theme | None
    problems: tuple[str, ...] = ()


def folders() -> tuple[Path, ...]:
    """Where themes are looked for; the first that has a name wins."""
    return platformdirs.user_config_path("tui-desk") / "themes", SYSTEM_FOLDER


def own_themes(places: Sequence[Path] | None = None) -> dict[str, ThemeFile]:
    """Every file of the folders, by name."""
    found: dict[str, ThemeFile] = {}
    for place in places if places is not None else folders():
        for path in sorted(place.glob("*.toml")) if place.is_dir() else ():
            found.setdefault(path.stem, read_theme(path))
    return found


def own_theme(name: str, places: Sequence[Path] | None = None) -> ThemeFile | None:
    """The file of that name, None where there is none."""
    if not _NAME.match(name):
        return None
    for place in places if places is not None else folders():
        if (path := place / f"{name}.toml").is_file():
            return read_theme(path)
    return None


def about(name: str) -> str:
    """What a theme of ours is for, in a few words."""
    return {
        "auto": _("dark or light, as the terminal is"),
        "contrast": _("high contrast, as the terminal is"),
        "safe": _("no red and green, as the terminal is"),
        "terminal": _("the terminal's own colours, as it is"),
        "dark": _("light on dark"),
        "light": _("dark on light"),
        "contrast-dark": _("high contrast on black"),
        "contrast-light": _("high contrast on white"),
        "safe-dark": _("no red and green, on dark"),
        "safe-light": _("no red and green, on light"),
        "terminal-dark": _("the terminal's own 16, on dark"),
        "terminal-light": _("the terminal's own 16, on light"),
        "none": _("no colours: signs and reverse video"),
    }[name]


def choose_from() -> tuple[str, ...]:
    """Names that one may choose: families, ours, one's own without a mistake."""
    own = (name for name, file in own_themes().items() if file.theme is not None)
    return (*themes.FAMILIES, *themes.BUILT_IN, *own)


def unknown(name: str) -> tuple[str, str]:
    """A sentence and a hint about a name that no theme has."""
    names = choose_from()
    near = difflib.get_close_matches(name, names, 1)
    hint = _("Perhaps {name}.").format(name=near[0]) if near else ""
    return (
        _("There is no theme {name}.").format(name=safe_line(name, 40)),
        hint or _("Themes: {names}.").format(names=", ".join(names)),
    )


def as_file(theme: Theme) -> str:
    """The theme as a file to begin one's own with."""
    base = theme.name if theme.name in _BASES else "dark" if theme.dark else "light"
    rows = (f'{name} = "{theme.colors[name]}"' for name in themes.TOKENS)
    return "\n".join([f'base = "{base}"', "", "[colors]", *rows])


def faint_pairs(theme: Theme) -> tuple[str, ...]:
    """What of it is hard to read, in sentences."""
    sentence = _("{ink} on {ground} has a contrast of {found}, less than {least}")
    return tuple(
        sentence.format(ink=ink, ground=ground, found=f"{found:.1f}", least=theme.least)
        for ink, ground, found in themes.too_faint(theme)
    )


def hard_to_read(file: ThemeFile) -> tuple[str, ...]:
    """That a theme is hard to read, in a sentence; nothing where it is not, or is none."""
    count = len(tuple(themes.too_faint(file.theme))) if file.theme is not None else 0
    if not count:
        return ()
    told = ngettext(
        "{path}: {count} ink is hard to read on its ground; tui-desk theme check {path} says which.",
        "{path}: {count} inks are hard to read on their grounds; tui-desk theme check {path} says which.",
        count,
    )
    return (told.format(path=file.path, count=count),)


def read_theme(path: Path) -> ThemeFile:
    """Read one file. Never raises for what is in it."""
    try:
        found = path.stat()
    except OSError:
        found = None  # the reader says why it cannot be read
    if found is not None and not stat.S_ISREG(found.st_mode):  # a pipe would never end
        return ThemeFile(path, None, (_at(path, 1, _("this is no file")),))
    if found is not None and found.st_size > _LARGEST:
        return ThemeFile(path, None, (_at(path, 1, _("this is too large for a theme")),))
    file = read_settings_file(path)
    problems = [*file.problems, *_wrong(path, file)]
    if problems:
        return ThemeFile(path, None, tuple(problems))
    base = themes.BUILT_IN[str(file.content.get("base", "dark"))]
    colors = {**base.colors, **_table(file)}
    return ThemeFile(
        path,
        Theme(path.stem, not is_light(colors["background"]), colors, source=str(path), least=base.least),
    )


def _table(file: SettingsFile) -> dict[str, str]:
    table = file.content.get("colors", {})
    return {name: str(value).lower() for name, value in table.items()} if isinstance(table, dict) else {}


def _at(path: Path, line: int, cause: str) -> str:
    return _("{path}, line {line}: {cause}.").format(path=path, line=line, cause=cause)


def _wrong(path: Path, file: SettingsFile) -> Iterator[str]:
    def at(place: tuple[str, ...], cause: str) -> str:
        return _at(path, file.lines.get(place, file.lines.get(place[:1], 1)), cause)

    if not _NAME.match(path.stem):
        yield at((), _("the file's name may have small letters, digits, - and _ only"))
    elif themes.known(path.stem):
        yield at((), _("a theme of tui-desk has this name: give the file another one"))
    for name in file.content:
        if name not in ("base", "colors"):
            yield at(
                (name,), _("there is no “{name}”, only base and colors").format(name=safe_line(name, 40))
            )
    if file.content.get("base", "dark") not in _BASES:
        yield at(("base",), _("base is one of {names}").format(names=", ".join(_BASES)))
    table = file.content.get("colors", {})
    if not isinstance(table, dict):
        yield at(("colors",), _("“colors” must be a table"))
        return
    for name, value in table.items():
        place = ("colors", name)
        if name not in themes.TOKENS:
            yield at(place, _unknown_token(name))
        elif not (isinstance(value, str) and is_colour(value)):
            yield at(place, _('“{name}” must be a colour such as "#1c1c1c"').format(name=name))


def _unknown_token(name: str) -> str:
    near = difflib.get_close_matches(name, themes.TOKENS, 1)
    if near:
        sentence = _("there is no colour “{name}”; did you mean {near}")
        return sentence.format(name=safe_line(name, 40), near=near[0])
    return _("there is no colour “{name}”").format(name=safe_line(name, 40))
