"""Paths of files as terminals put them in when files are dropped on them or pasted: quoted, escaped, as ``file://`` addresses.

GNOME Terminal, Konsole and foot quote in single quotes, iTerm2, Terminal.app, kitty and WezTerm escape by backslashes, Windows
Terminal quotes in double quotes, file managers copy ``file://`` addresses (RFC 8089), one a line.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes, urlsplit

MOST = 50
"""More at once are taken for text."""
_LONGEST = 4_096 * MOST
_LOCAL = ("", "localhost")
_WORD = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\]+""", re.DOTALL)
_IN_DOUBLE = re.compile(r'\\(["\\$`])')


def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """What ``text`` may mean where it consists of paths alone (absolute, ``~/…``, or ``file://`` of this machine): as a shell reads it,
    then each line as it stands, with bare blanks. Whoever asks looks which of them exists; none where anything else is in it."""
    trimmed = text.strip()
    if not trimmed or len(trimmed) > _LONGEST or "\0" in trimmed:
        return ()
    lines = [line.strip() for line in trimmed.splitlines() if line.strip()]
    found: list[tuple[str, ...]] = []
    for paths in (_words(trimmed), [_bare(line) for line in lines]):
        if paths and len(paths) <= MOST and all(map(_is_path, paths)):
            reading = tuple(dict.fromkeys(paths))
            if reading not in found:
                found.append(reading)
    return tuple(found)


def _is_path(path: str) -> bool:
    return path.startswith(("/", "~/")) and len(path.rstrip("/")) > 1 and not path.startswith("//")


def _bare(line: str) -> str:
    """A line that is one path: in one pair of quotation marks, an address, or as it stands."""
    for mark in "'\"":
        if len(line) > 1 and line[0] == line[-1] == mark and mark not in line[1:-1]:
            line = line[1:-1]
            break
    return _of_address(line)


def _words(text: str) -> list[str]:
    """As a shell reads them; nothing where a quotation mark is left open."""
    words: list[str] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        word, place = _word(text, place)
        if not word:
            return []
        words.append(_of_address(word))
    return words


def _word(text: str, place: int) -> tuple[str, int]:
    parts: list[str] = []
    while place < len(text) and not text[place].isspace():
        found = _WORD.match(text, place)
        if found is None:
            return "", place
        parts.append(_meant(found[0]))
        place = found.end()
    return "".join(parts), place


def _meant(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] == '"':
        return _IN_DOUBLE.sub(r"\1", part[1:-1])
    return part[1:] if part[0] == "\\" else part


def _of_address(path: str) -> str:
    """The path of a ``file://`` address of this machine; anything else as it is."""
    if not path.lower().startswith("file:/"):
        return path
    try:
        parts = urlsplit(path)
    except ValueError:
        return path
    raw = path[len("file:") :] if not path.lower().startswith("file://") else ""
    inside = raw or path[len("file://") + len(parts.netloc) :]
    if parts.netloc.lower() not in _LOCAL:
        return path
    named = unquote_to_bytes(inside).decode("utf-8", "surrogateescape")
    return path if "\0" in named else named
