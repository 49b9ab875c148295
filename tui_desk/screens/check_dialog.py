"""Trying a connection: every step with its sentence, while everything else goes on; Esc stops waiting for it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.contracts.mailboxes import CheckStep
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.dialogs import Dialog

_TICK = 1.0


class CheckDialog(Dialog[bool | None]):
    """Runs ``attempt`` and shows its steps. Answers whether all went well; None when the person did not wait."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,enter", "close", ""),
        ("j,down", "scroll(1)", ""),
        ("k,up", "scroll(-1)", ""),
    ]

    def __init__(self, what: str, attempt: Callable[[], Awaitable[tuple[CheckStep, ...]]]) -> None:
        super().__init__()
        self._what, self._attempt = what, attempt
        self._passed: bool | None = None
        self._begun = time.monotonic()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            title = _("Testing {what}").format(what=safe_line(self._what, 120))
            yield Static(title, classes="dialog-title", markup=False)
            with VerticalScroll(id="check-box", can_focus=False):
                yield Static("", id="check-steps", markup=False)
            yield Static(_("Esc stops the test"), classes="dialog-hint", id="check-hint", markup=False)

    def on_mount(self) -> None:
        self._waiting()
        self._clock = self.set_interval(_TICK, self._waiting)
        self.run_worker(self._try(), exit_on_error=False)

    def _waiting(self) -> None:
        seconds = int(time.monotonic() - self._begun)
        text = _("Connecting, logging in, looking at the folder …")
        if seconds >= 2:
            text += "  " + _("{seconds} s").format(seconds=seconds)
        self.query_one("#check-steps", Static).update(Content(text))

    async def _try(self) -> None:
        try:
            steps = await self._attempt()
        except DeskError as error:
            steps = (CheckStep("", "", False, str(error)),)
        except Exception as error:  # noqa: BLE001 - a dialog's worker is an action dispatcher of its own
            steps = (
                CheckStep(
                    "", "", False, _("The test itself failed ({kind}).").format(kind=type(error).__name__)
                ),
            )
        self._clock.stop()
        self._passed = bool(steps) and all(step.ok for step in steps)
        self.query_one("#check-steps", Static).update(
            steps_text(steps, self.query_one("#check-box").size.width)
        )
        verdict = _("Everything works.") if self._passed else _("Not everything works; nothing was changed.")
        self.query_one("#check-hint", Static).update(
            line(
                (verdict, "$text-success" if self._passed else "$text-error"),
                ("   " + _("Enter closes"), "$muted"),
            )
        )

    def action_close(self) -> None:
        """Close; the answer is what is known by now."""
        self.dismiss(self._passed)

    def action_scroll(self, lines: int) -> None:
        """Scroll the steps."""
        self.query_one("#check-box").scroll_relative(y=lines, animate=False)


def steps_text(steps: tuple[CheckStep, ...], width: int) -> Content:
    """The steps under each other in ``width`` cells, a heading for each direction."""
    lines: list[Content] = []
    direction = ""
    for step in steps:
        if step.direction != direction:
            direction = step.direction
            titles = {"imap": _("Receiving (IMAP)"), "smtp": _("Sending (SMTP)")}
            if lines:
                lines.append(Content(""))
            lines.append(line((titles.get(direction, direction), "bold $text-primary")))
        sign: Part = ("✓ ", "$text-success") if step.ok else ("✗ ", "$text-error bold")
        style = "" if step.ok else "$text-error"
        first, *more = wrap(safe_line(step.sentence, 600), max(20, width - 5)) or [""]
        lines.append(line("  ", sign, (first, style)))
        lines += [line("    ", (text, style)) for text in more]
    return Content("\n").join(lines)
