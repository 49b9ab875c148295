"""A task of a checklist on one line: ``Order the laptop | assignee=ben | days=2 | optional``. Pure; read again as written."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

_BAR = re.compile(r"\|(?![^{}]*\})")
"""What parts a line; within braces it belongs to a variable (see ``rules.text_variables``)."""


class Line(NamedTuple):
    """What a line says. ``days``: due so many days after the checklist was put on a ticket."""

    title: str
    assignee: str = ""
    team: str = ""
    days: int | None = None
    blocking: bool = True
    notes: str = ""


def read_line(text: str) -> Line:
    """Raises UsageError, naming the part that is not understood."""
    title, *parts = [part.strip() for part in _BAR.split(text)]
    if not title:
        raise UsageError(_("A task needs a title: what is to be done."), _hint())
    found = Line(title)
    for part in filter(None, parts):
        name, _equals, value = part.partition("=")
        name, value = name.strip().lower(), value.strip()
        if name == "optional" and not value:
            found = found._replace(blocking=False)
        elif name == "days" and value.isascii() and value.isdigit() and len(value) < 5:
            found = found._replace(days=int(value))
        elif name == "assignee" and value:
            found = found._replace(assignee=value)
        elif name == "team" and value:
            found = found._replace(team=value)
        elif name == "notes" and value:
            found = found._replace(notes=value)
        else:
            raise UsageError(_("“{word}” is not understood in a task.").format(word=part), _hint())
    return found


def line_of(
    title: str,
    assignee: str = "",
    team: str = "",
    days: int | None = None,
    blocking: bool = True,
    notes: str = "",
) -> str:
    """The line that :func:`read_line` reads; a bar in a text becomes a slash, several lines of notes one."""
    parts = [_plain(title)]
    named = (("assignee", assignee), ("team", team), ("days", "" if days is None else str(days)))
    parts += [f"{name}={_plain(value)}" for name, value in named if value]
    if not blocking:
        parts.append("optional")
    if notes.strip():
        parts.append(f"notes={_plain(notes)}")
    return " | ".join(parts)


def _plain(text: str) -> str:
    return " ".join(_BAR.sub("/", text).split())


def _hint() -> str:
    return _("For example: Order the laptop | assignee=ben | team=IT | days=2 | optional | notes=by phone")
