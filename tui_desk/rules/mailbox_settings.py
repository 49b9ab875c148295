"""The grammar of a mailbox's settings, checked before anything is stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tui_desk.core.enums import Security
from tui_desk.core.i18n import _
from tui_desk.rules.addresses import is_host_name, is_loopback


@dataclass(frozen=True, slots=True)
class Server:
    """One direction. ``label`` is what the form calls it: IMAP or SMTP."""

    label: str
    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a setting: a sentence, and what would be right."""

    sentence: str
    hint: str = ""


def server_problem(server: Server, *, insecure_ok: bool) -> Problem | None:
    """What is wrong with one direction; None when it may be tried."""
    if not server.host:
        return Problem(_("The {label} host is missing.").format(label=server.label))
    if not is_host_name(server.host):
        return Problem(
            _("“{host}” is not the name of an {label} host.").format(host=server.host, label=server.label),
            _("Give a name like mail.example.com, without a port or a scheme."),
        )
    if not 1 <= server.port <= 65535:
        return Problem(
            _("The {label} port {port} does not exist.").format(label=server.label, port=server.port),
            _("Ports are 1 to 65535; usual ones are 993 and 143 for IMAP, 465 and 587 for SMTP."),
        )
    if server.security is Security.NONE and not insecure_ok and not is_loopback(server.host):
        return Problem(
            _("Without TLS the password and all mail would travel to {host} in the clear.").format(
                host=server.host
            ),
            _("Choose TLS or STARTTLS, or confirm it with “insecure ok” (--insecure-ok)."),
        )
    return None


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


def poll_problem(seconds: int) -> Problem | None:
    if 1 <= seconds <= 86_400:
        return None
    return Problem(
        _("Looking for mail every {seconds} seconds is not possible.").format(seconds=seconds),
        _("It is 1 to 86400 seconds; 60 is usual."),
    )
