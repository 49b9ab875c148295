"""A settings file read as far as it can be: what is wrong names its line, and the rest counts.

TOML 1.0.0. A file with a mistake is read statement by statement, each by the standard library's reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui_desk.core.i18n import _

_ASSIGNED = re.compile(r"""\s*(?P<name>[A-Za-z0-9_."' -]+?)\s*=""")
_TABLE = re.compile(r"\s*\[")
_AT_LINE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """``content`` as far as it was read. ``lines`` says where a name stands, from 1 (``("keys", "take")``). ``problems`` are sentences
    with path and line; ``unread`` the names at the top of what is not in ``content`` because of them."""

    path: Path
    content: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Statement:
    line: int
    table: str
    text: str
    name: str


def read_settings_file(path: Path) -> SettingsFile:
    """Read the file; one that is not there is empty. Never raises for what is in it."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return SettingsFile(path)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        problem = _("{path} cannot be read: {cause}.").format(path=path, cause=cause)
        return SettingsFile(path, problems=(problem,), unread=frozenset({""}))
    return parse_settings(path, text.removeprefix("\ufeff").replace("\r\n", "\n"))


def parse_settings(path: Path, text: str) -> SettingsFile:
    """What ``text`` says; ``path`` is named in what is wrong with it."""
    import tomllib  # few have a settings file; the others need not wait for its reader

    statements = list(_statements(text))
    lines = {place: one.line for one in reversed(statements) for place in _places(one)}
    if "\ufffd" not in text:
        try:
            return SettingsFile(path, tomllib.loads(text), lines)
        except (tomllib.TOMLDecodeError, RecursionError):
            pass
    return _piecewise(path, statements, lines)


def _piecewise(
    path: Path, statements: list[_Statement], lines: Mapping[tuple[str, ...], int]
) -> SettingsFile:
    import tomllib

    content: dict[str, object] = {}
    problems: list[str] = []
    unread: set[str] = set()
    for one in statements:
        try:
            if "\ufffd" in one.text:
                raise ValueError(_("it is not UTF-8"))
            said = tomllib.loads(f"{one.table}\n{one.text}" if one.table else one.text)
            _merge(content, said)
        except (ValueError, RecursionError) as error:
            sentence = _("{path}, line {line}: {cause}.")
            found = _AT_LINE.search(str(error))
            before = 2 if one.table else 1
            line = one.line + (int(found[1]) - before if found and found[1] else 0)
            cause = (_AT_LINE.sub("", str(error)) or type(error).__name__).rstrip(".")
            problems.append(sentence.format(path=path, line=max(one.line, line), cause=cause))
            unread.add(_top(one))
    return SettingsFile(path, content, lines, tuple(problems), frozenset(unread))


def _statements(text: str) -> Iterator[_Statement]:
    """The statements of the file, each with the line of its table in front of it; an unfinished one ends where the next begins."""
    rows = text.split("\n")
    table, number = "", 0
    while number < len(rows):
        row = rows[number]
        start, number = number, number + 1
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        if _TABLE.match(row):
            table = row
            if not _reads(row):
                yield _Statement(start + 1, "", row, "")
            continue
        named = _ASSIGNED.match(row)
        chunk = row
        if named and not _reads(chunk):
            end = number
            while end < len(rows) and not _ASSIGNED.match(rows[end]) and not rows[end].startswith("["):
                chunk, end = f"{chunk}\n{rows[end]}", end + 1
                if _reads(chunk):
                    break
            number = end
        yield _Statement(start + 1, table, chunk, named["name"] if named else "")


def _reads(text: str) -> bool:
    import tomllib

    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _places(one: _Statement) -> Iterator[tuple[str, ...]]:
    """The names that a statement is about, the outer ones first."""
    table = tuple(_bare(part) for part in one.table.split("#")[0].strip(" []").split(".") if part.strip())
    name = _bare(one.name)
    parts = (name,) if one.name.strip().startswith(('"', "'")) else tuple(map(_bare, one.name.split(".")))
    for end in range(len(table) + len(parts) + 1):
        if end:
            yield (*table, *parts)[:end]


def _bare(name: str) -> str:
    return name.strip().strip("\"'")


def _top(one: _Statement) -> str:
    return next((place[0] for place in _places(one)), "")


def _merge(content: dict[str, object], said: Mapping[str, object]) -> None:
    """Raises ValueError for a name that was said before."""
    for name, value in said.items():
        known = content.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value)
        elif name in content:
            raise ValueError(_("“{name}” is said twice").format(name=name))
        else:
            content[name] = value
