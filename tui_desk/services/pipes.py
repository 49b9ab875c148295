"""Content handed to a program of this machine, where an admin allows it. No shell is involved, and no file name is part of a command."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from sqlmodel import Session

from tui_desk.contracts.reading import PipeContent, PipeResult
from tui_desk.core.errors import Refused, Unavailable, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.engine import Database
from tui_desk.rules.permissions import Permission
from tui_desk.rules.pipes import allows
from tui_desk.services.actor import Actor
from tui_desk.services.bounded_process import Ended, run_bounded
from tui_desk.services.content import bytes_of
from tui_desk.services.context import require
from tui_desk.services.settings_store import PIPE_COMMANDS, read_setting

SECONDS = 60.0
"""A program that takes longer is ended."""
_MOST_OUT = 1_000_000
_KEPT = frozenset(("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME", "GNUPGHOME"))
"""Variables that a program gets: none with a password, a key or the desk's address in it."""


def pipe(database: Database, actor: Actor, request: PipeContent) -> PipeResult:
    """Run the command and wait for it. Opens no transaction meanwhile. Raises NotFound, Refused, UsageError, Unavailable."""
    require(actor, Permission.VIEW)
    command = words_of(request.command)
    with database.reading() as session:
        _permit(session, command)
        content = bytes_of(session, request.content, request.id)[0]
    try:
        ended = run_bounded(
            command, content, seconds=SECONDS, most=_MOST_OUT, environment=_environment(), folder=Path("/")
        )
    except FileNotFoundError:
        raise UsageError(
            _("There is no program “{name}” on the machine tui-desk runs on.").format(
                name=safe_line(command[0], 80)
            )
        ) from None
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unavailable(
            _("{name} could not be started: {cause}.").format(
                name=safe_line(command[0], 80), cause=safe_line(cause)
            )
        ) from error
    return _result(request.command, ended)


def words_of(command: str) -> list[str]:
    """A command line as its program and arguments, with the quoting of a shell and nothing else of it. Raises UsageError."""
    try:
        words = shlex.split(command)
    except ValueError:
        raise UsageError(_("A quotation mark in the command has no end.")) from None
    if not words or not words[0]:
        raise UsageError(_("Name a program, such as: sha256sum"))
    return words


def _permit(session: Session, command: list[str]) -> None:
    allowed = str(read_setting(session, PIPE_COMMANDS) or "")
    if not allowed.strip():
        raise Refused(
            _("This desk starts no programs for what people send."),
            _("An admin can allow some: tui-desk settings set pipe_commands='sha256sum, pdftotext - -'"),
        )
    if not allows(allowed, command):
        raise Refused(
            _("This desk does not allow {command}.").format(command=safe_line(shlex.join(command), 200)),
            _("Allowed: {commands}.").format(commands=safe_line(allowed, 300)),
        )


def _environment() -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if name in _KEPT}, "TERM": "dumb"}


def _result(command: str, ended: Ended) -> PipeResult:
    errors = safe_block(ended.errors.decode("utf-8", "replace"), 20_000)
    if ended.cut:
        errors += "\n" + _("It was ended: it wrote more than is kept.")
    return PipeResult(
        safe_line(command),
        ended.status,
        safe_block(ended.out.decode("utf-8", "replace"), _MOST_OUT),
        errors.strip("\n"),
        ended.timed_out,
    )
