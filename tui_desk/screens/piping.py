"""Handing a file, a mail or its text to a program of the machine tui-desk runs on, where the desk allows it."""

from __future__ import annotations

import asyncio
import signal
from threading import Event

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui_desk.actions.reading import PROGRAMS
from tui_desk.contracts.desk import ShowSettings
from tui_desk.contracts.reading import Content, PipeContent, PipeResult
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.reader import ReaderDialog

_QUICK = 0.5
"""Seconds in which most programs are done: nothing is shown for them."""


async def pipe(screen: BaseScreen, content: Content, number: int, name: str, argument: str) -> None:
    """Ask for a command where ``argument`` has none, run it, and show what it wrote. Whatever fails, nothing is lost or changed."""
    if not screen.host.options.programs:
        raise Refused(_(PROGRAMS.reason))
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
    result = await _run(screen, PipeContent(content, number, command.strip(), Event()))
    screen.say(ended(result), level="done" if result.status == 0 else "error")
    if result.output or result.errors:
        screen.app.push_screen(ReaderDialog(f"| {result.command}", _shown(result)))


async def _run(screen: BaseScreen, request: PipeContent) -> PipeResult:
    """Ask for it; what takes longer can be stopped."""
    assert request.stop is not None
    running = asyncio.ensure_future(screen.ask(request))
    try:
        await asyncio.wait({running}, timeout=_QUICK)
        if not running.done():
            dialog = RunningDialog(request.command)
            running.add_done_callback(lambda _done: dialog.over())
            if await screen.answer_of(dialog):
                request.stop.set()
        return await running
    finally:
        request.stop.set()  # also where the application ends meanwhile


class RunningDialog(Dialog[bool]):
    """Says what is running until it is over; answers whether it shall be stopped."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self._command = command
        self._is_over = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            title = _("{command} is running …").format(command=safe_line(self._command, 200))
            yield Static(title, classes="dialog-title", markup=False)
            yield Static(_("Esc stops it; nothing is lost."), classes="dialog-detail", markup=False)

    def on_mount(self) -> None:
        if self._is_over:
            self.dismiss(False)

    def over(self) -> None:
        """It ended by itself."""
        self._is_over = True
        if self.is_current:
            self.dismiss(False)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key in ("escape", "ctrl+c", "q"):
            self.dismiss(True)


def ended(result: PipeResult) -> str:
    """How it ended, in a sentence."""
    if result.stopped:
        return _("{command} was stopped.").format(command=result.command)
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
