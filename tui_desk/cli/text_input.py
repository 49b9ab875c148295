"""Text and passwords that a command takes: from an option, a file, standard input, or a prompt without echo."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _


def text_of(body: str | None, body_file: str | None, *, required: bool = True) -> str:
    """What ``--body`` or ``--body-file`` (``-``: standard input) gives.

    Raises UsageError when both or (where required) none is there, NotFound when the file cannot be read.
    """
    if body is not None and body_file is not None:
        raise UsageError(_("Give --body or --body-file, not both."))
    if body is not None:
        return body
    if body_file is None:
        if required:
            raise UsageError(
                _("There is no text."),
                _("Give it with --body TEXT or --body-file FILE (- is standard input)."),
            )
        return ""
    if body_file == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        return Path(body_file).expanduser().read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise NotFound(
            _("The file {path} cannot be read: {cause}.").format(path=body_file, cause=error.strerror)
        ) from error


def existing_files(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The absolute paths of files to attach. Raises NotFound for one that is not there."""
    found = []
    for path in paths:
        file = Path(path).expanduser()
        if not file.is_file():
            raise NotFound(_("There is no file {path} to attach.").format(path=path), _("Nothing was sent."))
        found.append(str(file.absolute()))
    return tuple(found)


def password(from_stdin: bool, command: str | None, *, ask: bool) -> str | None:
    """The password of ``--password-stdin``, or typed at a prompt; None when a command prints it or none is given.

    Raises UsageError for both at once.
    """
    if from_stdin and command:
        raise UsageError(_("Give --password-stdin or --password-command, not both."))
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if command or not ask or not sys.stdin.isatty():
        return None
    typed: str = click.prompt(
        _("Password (empty: none)"), hide_input=True, default="", show_default=False, err=True
    )
    return typed or None


def client_secret(from_stdin: bool) -> str | None:
    """The first line of standard input, which may be empty (no secret); None where none was promised: the stored one stays."""
    return sys.stdin.readline().strip() if from_stdin else None


def pasted_line() -> str:
    """A line that a person pastes, empty for none: of standard input, or of the terminal once a pipe with a secret has ended.

    Raises UsageError where there is no terminal.
    """
    line = sys.stdin.readline()
    if line or sys.stdin.isatty():
        return line
    try:
        with Path("/dev/tty").open(encoding="utf-8", errors="replace") as terminal:
            return terminal.readline()
    except OSError as error:
        raise UsageError(
            _("Standard input has ended, and there is no terminal to paste the address into."),
            _("Run it in a terminal. Nothing was changed."),
        ) from error
