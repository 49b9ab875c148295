"""The password of an account: decrypted, or printed by a command that the admin named. Never logged, never part of an error."""

from __future__ import annotations

import shlex
import subprocess

from tui_desk.core.errors import ConfigurationError, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_name
from tui_desk.db import secrets
from tui_desk.db.url import DatabaseUrl

COMMAND_SECONDS = 15
MAX_OUTPUT = 64 * 1024


def password_for(url: DatabaseUrl, stored: str, command: str) -> str:
    """The password: what ``command`` prints, else what is stored (encrypted); empty where there is neither.

    Raises ConfigurationError, Unavailable or Refused with what is wrong; the password itself is in none of them.
    """
    if command.strip():
        return run_password_command(command)
    return secrets.decrypt(url, stored) if stored else ""


def run_password_command(command: str) -> str:
    """The first line that ``command`` prints. No shell: words are split as a shell would, nothing else is interpreted.

    It has 15 seconds and no terminal to ask on.
    """
    words = split_command(command)
    program = visible_name(words[0])
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise ConfigurationError(
            _("The password command {program} was not found.").format(program=program),
            _("Name it with its whole path."),
        ) from error
    except subprocess.TimeoutExpired:
        # Without a cause: the exception carries what the command had printed.
        raise Unavailable(
            _("The password command {program} did not end within {seconds} seconds.").format(
                program=program, seconds=COMMAND_SECONDS
            ),
            _("It must print the password without asking anything."),
        ) from None
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else _("it cannot be run")
        raise ConfigurationError(
            _("The password command {program} cannot be run: {cause}.").format(program=program, cause=cause)
        ) from None
    if done.returncode != 0:
        raise Unavailable(
            _("The password command {program} failed with exit code {code}.").format(
                program=program, code=done.returncode
            ),
            _complaint(done.stderr),
        )
    password = done.stdout[:MAX_OUTPUT].decode("utf-8", "replace").split("\n", 1)[0].rstrip("\r")
    if not password:
        raise Unavailable(_("The password command {program} printed nothing.").format(program=program))
    return password


def split_command(command: str) -> list[str]:
    """The words of a command line. Raises ConfigurationError for one that cannot be read."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ConfigurationError(
            _("The password command cannot be read: a quotation mark has no end.")
        ) from error
    if not words or "\0" in command:
        raise ConfigurationError(_("The password command is empty."))
    return words


def _complaint(stderr: bytes) -> str:
    """The first line of what the command said on its error output, which is not where passwords are printed."""
    lines = stderr[:4096].decode("utf-8", "replace").strip().splitlines()
    return safe_line(lines[0], 200) if lines else ""
