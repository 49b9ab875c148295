"""When a message leaves: the line that is read as one types, the decision about one that is held, and what is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui_desk.contracts.conversation import CancelSend, OutgoingView, Reschedule
from tui_desk.core import moment_text
from tui_desk.core.clock import Clock
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.moments import read_moment
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.compose_parts import GuardDialog
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field
from tui_desk.screens.message_line import UNDO_SECONDS, Offer


class When(NamedTuple):
    """A time that was named; None: now."""

    at: datetime | None


def when_of(typed: str, now: datetime, *, now_too: bool) -> When:
    """What ``typed`` says; ``now_too``: "now" is an answer as well. Raises UsageError."""
    if now_too and typed.strip().casefold() in {"now", _("now").casefold()}:
        return When(None)
    return When(read_moment(typed, now))


class SendAtDialog(Dialog[When]):
    """One line, read while it is typed; Enter takes it only when it is understood."""

    def __init__(self, clock: Clock, *, now_too: bool) -> None:
        super().__init__()
        self._clock, self._now_too = clock, now_too

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(_("Send at"), classes="dialog-title", markup=False)
            yield Field(id="typed")
            yield Static(self._examples(), classes="dialog-detail", id="reading", markup=False)
            yield Static(_("Enter takes it · Esc leaves"), classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def _examples(self) -> str:
        if self._now_too:
            return _("now, tomorrow 9, fri 14:30, in 2h, 1 dec, 2026-12-01 08:00")
        return _("tomorrow 9, fri 14:30, in 2h, 1 dec, 2026-12-01 08:00")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._read(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        found = self._read(event.value)
        if found is not None:
            self.dismiss(found)

    def _read(self, typed: str) -> When | None:
        """Show what ``typed`` says; None where it says nothing that is understood."""
        reading, now = self.query_one("#reading", Static), self._clock()
        reading.remove_class("-wrong", "-understood")
        if not typed.strip():
            reading.update(self._examples())
            return None
        try:
            found = when_of(typed, now, now_too=self._now_too)
        except DeskError as error:
            reading.add_class("-wrong")
            reading.update(safe_line(error.sentence, 200))
            return None
        reading.add_class("-understood")
        reading.update(moment_text.told(found.at, now) if found.at is not None else _("It leaves at once."))
        return found


async def ask_when(screen: BaseScreen, argument: str, *, now_too: bool) -> When | None:
    """What was said behind the action's name, else what is typed now; None: changed their mind. Raises UsageError."""
    clock = screen.host.options.clock
    if argument.strip():
        return when_of(argument, clock(), now_too=now_too)
    return await screen.answer_of(SendAtDialog(clock, now_too=now_too))


async def let_leave(
    screen: BaseScreen, outgoing: OutgoingView, leave_at: datetime | None, number: int
) -> None:
    """Let a held message of the ticket ``number`` leave then (None: now); what speaks against it is shown first."""
    clock = screen.host.options.clock
    result = await screen.ask(Reschedule(outgoing.outbox_id, leave_at))
    if result.findings:
        if not await screen.answer_of(GuardDialog(result.findings, clock(), _("Leave it held"))):
            screen.say(_("It stays held."))
            return
        codes = tuple(finding.code for finding in result.findings)
        result = await screen.ask(Reschedule(outgoing.outbox_id, leave_at, codes))
    if result.findings:  # something else meanwhile
        screen.say(result.findings[0].sentence, _("It stays held."), level="warning")
    elif leave_at is None:
        screen.say(_("On its way."), level="done")
    elif screen.host.actions.find(screen.scopes, "undo") is not None:
        screen.offer(leaving(number, outgoing.outbox_id, leave_at, clock(), ""))
    else:
        screen.say(
            _("It leaves {when}.").format(when=moment_text.told(leave_at, clock())),
            _("X takes it back"),
            level="done",
        )
    screen.reload()


def leaving(number: int, outbox_id: int, leave_at: datetime, now: datetime, notice: str) -> Offer:
    """The way back from a message that leaves the ticket ``number`` at a named time: ``u`` right afterwards, later in its ticket."""
    told = _("It leaves {when}.").format(when=moment_text.told(leave_at, now))
    sentence = _("#{number}: {what}").format(number=number, what=f"{notice} {told}".strip())
    until = min(leave_at, now + timedelta(seconds=UNDO_SECONDS))
    return Offer(CancelSend(outbox_id), until, lambda _seconds: sentence, _("u stops it"), number)


def stopping(number: int, outbox_id: int, held_until: datetime, notice: str) -> Offer:
    """The way back from a send in the ticket ``number``, as long as its undo window is open."""

    def leaves(seconds: int) -> str:
        told = ngettext("It leaves in {count} second.", "It leaves in {count} seconds.", seconds)
        what = f"{notice} {told.format(count=seconds)}".strip()
        return _("#{number}: {what}").format(number=number, what=what)

    return Offer(CancelSend(outbox_id), held_until, leaves, _("u stops it"), number)
