"""Handing a file, a mail or its text to a program of the machine tui-desk runs on, where the desk allows it."""

from __future__ import annotations

import signal

from tui_desk.contracts.desk import ShowSettings
from tui_desk.contracts.reading import Content, PipeContent, PipeResult
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.reader import ReaderDialog


async def pipe(screen: BaseScreen, content: Content, number: int, name: str, argument: str) -> None:
    """Ask for a command where ``argument`` has none, run it, and show what it wrote. Whatever fails, nothing is lost or changed."""
    if not screen.host.options.programs:
        raise Refused(_("No program may be started in this session: the account is shared."))
    allowed = (await screen.ask(ShowSettings())).pipe_commands
    if not allowed:
        raise Refused(
            _("This desk starts no programs for what people send."),
            _("An admin can allow some: Settings → Desk, Programs."),
        )
    command = argument or await screen.prompt(
        _("Give {name} to which program?").format(name=name),
        "" if "*" in allowed or "," in allowed else allowed,
        detail=_(
            "Allowed: {commands}. It runs on the machine tui-desk runs on; what it writes is shown."
        ).format(commands=allowed),
    )
    if not command or not command.strip():
        return
    screen.say(_("{command} is running …").format(command=command.strip()), stays=True)
    result = await screen.ask(PipeContent(content, number, command.strip()))
    screen.say(ended(result), level="done" if result.status == 0 else "error")
    if result.output or result.errors:
        screen.app.push_screen(ReaderDialog(f"| {result.command}", _shown(result)))


def ended(result: PipeResult) -> str:
    """How it ended, in a sentence."""
    if result.timed_out:
        return _("{command} took too long and was ended.").format(command=result.command)
    if result.status < 0:
        try:
            name = signal.Signals(-result.status).name
        except ValueError:
            name = str(-result.status)
        return _("{command} was ended by {signal}.").format(command=result.command, signal=name)
    if result.status:
        return _("{command} failed: exit status {status}.").format(
            command=result.command, status=result.status
        )
    return _("{command} is done.").format(command=result.command)


def _shown(result: PipeResult) -> str:
    parts = [ended(result)] if result.status or result.timed_out else []
    if result.errors:
        parts.append(result.errors)
    if result.output:
        parts.append(result.output)
    return "\n\n".join(parts)
