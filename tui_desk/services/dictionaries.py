"""Where Hunspell's dictionaries are, and one's own words: text files, one a line."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from tui_desk.core.errors import Unavailable, UsageError
from tui_desk.core.i18n import _

_SYSTEM = (
    "/usr/share/hunspell",
    "/usr/local/share/hunspell",
    "/usr/share/myspell",
    "/usr/share/myspell/dicts",
    "/opt/homebrew/share/hunspell",
    "/Library/Spelling",
)
_LONGEST = 80
_MOST_WORDS = 50_000


def own_folder() -> Path:
    """Where a person may put dictionaries; ``words.txt`` in it are the words of whoever uses this account of the machine."""
    return platformdirs.user_config_path("tui-desk") / "dictionaries"


def folders() -> Iterator[Path]:
    """All places that are looked at: the person's own, then those of ``$DICPATH`` (as Hunspell reads it), without it the system's."""
    yield own_folder()
    named = os.environ.get("DICPATH")
    if named is not None:
        yield from (Path(one) for one in named.split(os.pathsep) if one.startswith("/"))
        return
    yield platformdirs.user_data_path("hunspell")
    yield from map(Path, _SYSTEM)


def dictionaries() -> dict[str, Path]:
    """Name (``en_US``) and path without its ending of every dictionary; the first place that has a name counts."""
    found: dict[str, Path] = {}
    for folder in folders():
        try:
            names = sorted(path.stem for path in folder.glob("*.aff"))
        except OSError:
            continue
        for name in names:
            if not name.startswith("hyph_") and (folder / f"{name}.dic").is_file():
                found.setdefault(name.replace("-", "_"), folder / name)
    return found


def _own_file(login: str) -> Path:
    """Where an agent's words are written: where many share an account of the machine, each has a file, and one login is no path."""
    if not login or login == getpass.getuser():
        return own_folder() / "words.txt"
    return own_folder() / f"words-{re.sub(r'[^A-Za-z0-9._-]', '_', login)[:_LONGEST]}.txt"


def own_words(login: str = "") -> frozenset[str]:
    """The words of this account of the machine and of the agent ``login``, as they were written down."""
    return frozenset().union(*map(_words_of, {own_folder() / "words.txt", _own_file(login)}))


def _words_of(path: Path) -> frozenset[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            lines = [line.strip() for _count, line in zip(range(_MOST_WORDS), file, strict=False)]
    except OSError:
        return frozenset()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def keep_own_word(word: str, login: str = "") -> Path:
    """Write ``word`` down for the agent ``login``. Raises UsageError for what is no word, Unavailable where the file cannot be written."""
    trimmed = word.strip()
    if (
        not trimmed
        or len(trimmed) > _LONGEST
        or any(char.isspace() or not char.isprintable() for char in trimmed)
    ):
        raise UsageError(_("“{word}” is not one word.").format(word=trimmed[:_LONGEST]))
    path = _own_file(login)
    if trimmed in own_words(login):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+", encoding="utf-8") as file:
            file.seek(0)
            whole = file.read()
            file.write(f"{'' if not whole or whole.endswith(chr(10)) else chr(10)}{trimmed}\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unavailable(_("{path} cannot be written: {reason}.").format(path=path, reason=reason)) from None
    return path
