"""The grammar of those settings of a mailbox that are words: what to do after import, where to start, folder, interval."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tui_desk.core.i18n import _

MOST_PER_MINUTE = 6_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a setting: a sentence, and what would be right."""

    sentence: str
    hint: str = ""


def after_import_problem(text: str) -> Problem | None:
    """``flag``, ``leave`` or ``move:FOLDER``."""
    if text in ("flag", "leave"):
        return None
    word, colon, folder = text.partition(":")
    if word == "move" and colon and folder.strip() and folder.isprintable():
        return None
    return Problem(
        _("“{text}” does not say what to do with mail that was imported.").format(text=text),
        _("It is flag, leave or move:FOLDER."),
    )


def start_problem(text: str) -> Problem | None:
    """``now``, ``all`` or an ISO date."""
    if text in ("now", "all"):
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return Problem(
            _("“{text}” does not say which mail to begin with.").format(text=text),
            _("It is now, all or a date like 2026-01-31."),
        )
    return None


def folder_problem(text: str) -> Problem | None:
    """The name of an IMAP folder: one line, not empty (it is encoded and quoted where it is used)."""
    if text and text.isprintable() and text == text.strip() and len(text) <= 200:
        return None
    return Problem(_("“{text}” is not the name of a folder.").format(text=text[:80]))


def authserv_problem(text: str) -> Problem | None:
    """Names of a server as they stand in Authentication-Results (RFC 8601, 2.2), parted by commas; or none."""
    names = authserv_names(text)
    if all(re.fullmatch(r"[A-Za-z0-9._/-]{1,255}", name) for name in names) and len(names) <= 20:
        return None
    return Problem(
        _("“{text}” does not name a server that checks senders.").format(text=text[:80]),
        _(
            "It is the first word of an Authentication-Results field, such as mx.example.org; several by commas."
        ),
    )


def authserv_names(text: str) -> tuple[str, ...]:
    """The names in such a setting, in lower case."""
    return tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))


def pace_problem(per_minute: int) -> Problem | None:
    """Messages a minute; 0 is no limit."""
    if 0 <= per_minute <= MOST_PER_MINUTE:
        return None
    return Problem(
        _("Sending {count} messages a minute is not possible.").format(count=per_minute),
        _("It is 1 to {most} messages a minute, or 0 for no limit.").format(most=MOST_PER_MINUTE),
    )


def poll_problem(seconds: int) -> Problem | None:
    if 1 <= seconds <= 86_400:
        return None
    return Problem(
        _("Looking for mail every {seconds} seconds is not possible.").format(seconds=seconds),
        _("It is 1 to 86400 seconds; 60 is usual."),
    )
