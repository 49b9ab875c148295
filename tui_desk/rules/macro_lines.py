"""What macros and templates say about a ticket, a line each: ``priority=high``, ``tags=vpn,-new``, ``Order it | days=2``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui_desk.core.enums import Channel, Priority, TicketStatus, TicketType
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.checklist_lines import line_of, read_line

MACRO_FIELDS = ("status", "priority", "type", "assignee", "team", "category", "tags")
TEMPLATE_FIELDS = ("channel", "priority", "type", "assignee", "team", "category", "tags")
ME, NOBODY = "me", "nobody"
_CHOICES: dict[str, tuple[str, ...]] = {
    "status": tuple(TicketStatus),
    "priority": tuple(Priority),
    "type": tuple(TicketType),
    "channel": tuple(one for one in Channel if one is not Channel.EMAIL),
}
_CHECKLIST = "checklist="


def read_fields(lines: Iterable[str], allowed: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` lines as values by name, in the order of ``allowed``. Raises UsageError, naming what is not understood."""
    found: dict[str, str] = {}
    for line in filter(str.strip, lines):
        name, equals, value = line.partition("=")
        name = name.strip().lower()
        if not equals or name not in allowed:
            raise UsageError(
                _("“{line}” is not understood.").format(line=safe_line(line.strip(), 80)),
                _("A line is NAME=VALUE; the names are: {names}.").format(names=", ".join(allowed)),
            )
        if name in found:
            raise UsageError(_("“{name}” is said twice.").format(name=name))
        found[name] = checked_value(name, value)
    return {name: found[name] for name in allowed if name in found}


def checked_value(name: str, value: str) -> str:
    """A field's value as it is kept: what has a fixed set of values in its own words. Raises UsageError."""
    value = safe_line(value, 300).strip()
    if name == "tags":
        return ",".join(dict.fromkeys(filter(None, map(_tag, value.split(",")))))
    if name == "assignee" and value.lower() in (ME, NOBODY, ""):
        return value.lower() or NOBODY
    if name not in _CHOICES:
        return value
    wanted = value.lower().replace(" ", "_")
    if wanted not in _CHOICES[name]:
        raise UsageError(
            _("“{value}” is no value of {name}.").format(value=safe_line(value, 40), name=name),
            _("One of: {values}.").format(values=", ".join(_CHOICES[name])),
        )
    return wanted


def _tag(text: str) -> str:
    """A tag, with ``-`` before it where it is taken away."""
    tag = text.strip().lower()
    away = tag.startswith("-")
    name = tag.lstrip("+-").strip()
    return f"-{name}" if away and name else name


def in_order(fields: Mapping[str, object]) -> dict[str, str]:
    """Fields as text, in the order in which they are set; a database may keep them in another one."""
    known = dict.fromkeys((*TEMPLATE_FIELDS, *MACRO_FIELDS))
    return {name: str(fields[name]) for name in ("status", *known) if name in fields}


def field_lines(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The lines that :func:`read_fields` reads."""
    return tuple(f"{name}={value}" for name, value in fields.items())


def tags_after(tags: Iterable[str], change: str) -> tuple[str, ...]:
    """The tags of a ticket when those of ``change`` were added, and those with ``-`` taken away."""
    kept = set(tags)
    for one in filter(None, change.split(",")):
        if one.startswith("-"):
            kept.discard(one[1:])
        else:
            kept.add(one)
    return tuple(sorted(kept))


def checklist_named(line: str) -> str:
    """The checklist that a line puts on the ticket as a whole; empty for a task."""
    return line[len(_CHECKLIST) :].strip() if line.lower().startswith(_CHECKLIST) else ""


def read_tasks(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines of tasks and checklists as they are kept. Raises UsageError."""
    return tuple(_task(line.strip()) for line in lines if line.strip())


def _task(line: str) -> str:
    name = checklist_named(line)
    if line.lower().startswith(_CHECKLIST):
        if not name:
            raise UsageError(_("Which checklist? Write checklist=NAME."))
        return f"{_CHECKLIST}{safe_line(name, 80)}"
    one = read_line(safe_line(line, 2_000))
    return line_of(one.title, one.assignee, one.team, one.days, one.blocking, one.notes)
