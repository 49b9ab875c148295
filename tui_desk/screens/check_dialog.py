"""Trying a connection: every step with its sentence, while everything else goes on; Esc stops waiting for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from textwrap import wrap
from threading import Event
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.contracts.mailboxes import CheckStep, Watch
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.dialogs import Dialog
from tui_desk.screens.host import pace

_TICK = 1.0
Attempt = Callable[[Watch], Awaitable[tuple[CheckStep, ...]]]


class CheckDialog(Dialog[bool | None]):
    """Runs ``attempt`` and shows its steps as they are done. Answers whether all went well; None when it was stopped."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,enter", "close", ""),
        ("j,down", "scroll(1)", ""),
        ("k,up", "scroll(-1)", ""),
    ]

    def __init__(self, what: str, attempt: Attempt) -> None:
        super().__init__()
        self._what, self._attempt = what, attempt
        self._passed: bool | None = None
        self._steps: tuple[CheckStep, ...] = ()
        self._step_begun = time.monotonic()
        self._stop = Event()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            title = _("Testing {what}").format(what=safe_line(self._what, 120))
            yield Static(title, classes="dialog-title", markup=False)
            with VerticalScroll(id="check-box", can_focus=False):
                yield Static("", id="check-steps", markup=False)
            yield Static(_("Esc stops the test"), classes="dialog-hint", id="check-hint", markup=False)

    def on_mount(self) -> None:
        self._paint()
        self._clock = self.set_interval(pace(self.app, _TICK), self._paint)
        self.run_worker(self._try(), exit_on_error=False)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(
            self._paint
        )  # the lines are wrapped for the width that the steps have by then

    def on_unmount(self) -> None:
        self._stop.set()

    def _paint(self) -> None:
        """The steps so far, and what is under way."""
        box = self.query_one("#check-box")
        done = steps_text(self._steps, box.size.width)
        if self._passed is None:
            seconds = int(time.monotonic() - self._step_begun)
            waiting = f"  … {under_way(self._steps)}"
            if seconds >= 2:
                waiting += "  " + _("{seconds} s").format(seconds=seconds)
            done = Content("\n").join([*([done] if self._steps else []), line((waiting, "$muted"))])
        self.query_one("#check-steps", Static).update(done)
        box.scroll_end(animate=False)

    def _add(self, step: CheckStep) -> None:
        if self.is_attached and self._passed is None:
            self._steps, self._step_begun = (*self._steps, step), time.monotonic()
            self._paint()

    async def _try(self) -> None:
        loop = asyncio.get_running_loop()

        def told(step: CheckStep) -> None:
            with suppress(RuntimeError):  # the application has ended, maybe this very moment
                loop.call_soon_threadsafe(self._add, step)

        try:
            steps = await self._attempt(Watch(told, self._stop))
        except DeskError as error:
            steps = (*self._steps, CheckStep("", "", False, str(error)))
        except Exception as error:  # noqa: BLE001 - a dialog's worker is an action dispatcher of its own
            sentence = _("The test itself failed ({kind}).").format(kind=type(error).__name__)
            steps = (*self._steps, CheckStep("", "", False, sentence))
        if self._stop.is_set():
            return
        self._clock.stop()
        self._steps, self._passed = steps, bool(steps) and all(step.ok for step in steps)
        self._paint()
        verdict, style = _verdict(steps, passed=self._passed)
        self.query_one("#check-hint", Static).update(
            line(
                (verdict, style),
                ("   " + _("Enter closes"), "$muted"),
            )
        )

    def action_close(self) -> None:
        """Close; what is not done yet is not done any more."""
        self._stop.set()
        self.dismiss(self._passed)

    def action_scroll(self, lines: int) -> None:
        """Scroll the steps."""
        self.query_one("#check-box").scroll_relative(y=lines, animate=False)


def _verdict(steps: tuple[CheckStep, ...], *, passed: bool) -> tuple[str, str]:
    """What it comes to, and its colour."""
    if not passed:
        sent = any(step.direction == "round_trip" and step.step == "send" and step.ok for step in steps)
        told = _("Not everything works.") if sent else _("Not everything works; nothing was changed.")
        return told, "$text-error"
    if any(step.warn for step in steps):
        return _("It works; see to the lines with !."), "$text-warning"
    return _("Everything works."), "$text-success"


def under_way(steps: tuple[CheckStep, ...]) -> str:
    """What is tried after these steps."""
    last = steps[-1] if steps else None
    if last is not None and last.direction == "round_trip":
        return (
            _("Waiting for the mail, 2 minutes at most") if last.step == "send" else _("Looking at the mail")
        )
    if last is not None and last.direction == "dns":
        return _("Asking DNS")
    if last is None or not last.ok or last.step in ("folder", "sender", "sign_in"):
        return _("Looking up the server")
    if last.step == "resolve":
        return _("Connecting")
    if last.step != "login":
        return _("Greeting, encryption, login")
    return _("Opening the folder") if last.direction == "imap" else _("Asking whether the address may send")


def _sign(step: CheckStep) -> tuple[Part, str]:
    """The sign before a step, and the colour of its sentence."""
    if not step.ok:
        return ("✗ ", "$text-error bold"), "$text-error"
    return (("! ", "$text-warning bold"), "") if step.warn else (("✓ ", "$text-success"), "")


def steps_text(steps: tuple[CheckStep, ...], width: int) -> Content:
    """The steps under each other in ``width`` cells, a heading for each direction."""
    lines: list[Content] = []
    direction = ""
    for step in steps:
        if step.direction != direction:
            direction = step.direction
            titles = {
                "imap": _("Receiving (IMAP)"),
                "smtp": _("Sending (SMTP)"),
                "round_trip": _("Round trip"),
                "dns": _("The sender's domain (DNS)"),
            }
            if lines:
                lines.append(Content(""))
            lines.append(line((titles.get(direction, direction), "bold $text-primary")))
        sign, style = _sign(step)
        first, *more = wrap(safe_line(step.sentence, 600), max(20, width - 5)) or [""]
        lines.append(line("  ", sign, (first, style)))
        lines += [line("    ", (text, style)) for text in more]
    return Content("\n").join(lines)
