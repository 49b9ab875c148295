"""Content handed to a program of this machine, where an admin allows it. No shell is involved, and no file name is part of a command."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from sqlmodel import Session

from tui_desk.contracts.reading import Content, PipeContent, PipeResult
from tui_desk.core.enums import DocumentSubject
from tui_desk.core.errors import Refused, Unavailable, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.engine import Database
from tui_desk.models import Attachment, Message
from tui_desk.rules.permissions import Permission
from tui_desk.rules.pipes import allows
from tui_desk.services.actor import Actor
from tui_desk.services.bounded_process import Ended, run_bounded
from tui_desk.services.content import bytes_of
from tui_desk.services.context import now, require
from tui_desk.services.document_subjects import find_subject, lock_subject
from tui_desk.services.documents import document_row
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.sending import lock_ticket
from tui_desk.services.settings_store import PIPE_COMMANDS, read_setting

SECONDS = 60.0
"""A program that takes longer is ended."""
_MOST_OUT = 1_000_000
_MOST_TOLD = 200
PIPED = "piped"
"""The event: something was given to a program."""
_KEPT = frozenset(("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME", "GNUPGHOME"))
"""Variables that a program gets: none with a password, a key or the desk's address in it."""


def pipe(database: Database, actor: Actor, request: PipeContent) -> PipeResult:
    """Write down who does it, run the command and wait for it. Opens no transaction meanwhile. Raises NotFound, Refused, UsageError, Unavailable."""
    require(actor, Permission.VIEW)
    command = words_of(request.command)
    with database.reading() as session:
        _permit(session, command)
        content = bytes_of(session, request.content, request.id)[0]
    with database.writing() as session:
        _write_down(session, actor, request, command)
    try:
        ended = run_bounded(
            command,
            content,
            seconds=SECONDS,
            most=_MOST_OUT,
            environment=_environment(),
            folder=Path("/"),
            stop=request.stop,
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


def _write_down(session: Session, actor: Actor, request: PipeContent, command: list[str]) -> None:
    """The event comes before the program starts: whatever happens to it, it is known who gave it what. Of the content nothing is told."""
    after = {
        "content": request.content.value,
        "id": request.id,
        "command": safe_line(shlex.join(command), _MOST_TOLD),
    }
    if request.content is Content.DOCUMENT:
        row = document_row(session, request.id)
        subject = find_subject(session, DocumentSubject(row.subject), row.subject_id, "")
        lock_subject(session, subject)
        record(session, actor, subject.stream, PIPED, now(session), after=after)
        return
    message_id = request.id
    if request.content is Content.ATTACHMENT:
        attachment = session.get(Attachment, request.id)
        message_id = (attachment.message_id if attachment is not None else None) or 0
    message = session.get(Message, message_id)
    if message is not None:  # the file of a draft is in no ticket yet
        lock_ticket(session, message.ticket_id)
        after["message"] = message_id
        record(session, actor, ticket_stream(message.ticket_id), PIPED, now(session), after=after)


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
        ended.stopped,
    )
