"""`Z`: put a ticket off, be reminded of it, bring it back, take a reminder away. One line is read as a moment while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from textual.content import Content

from tui_desk.contracts.flow import (
    AddReminder,
    ListReminders,
    ReminderView,
    RemoveReminder,
    SnoozeTicket,
    WakeTicket,
)
from tui_desk.contracts.queue import SnoozeView
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core import moment_text
from tui_desk.core.clock import Clock
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.moments import read_moment
from tui_desk.rules.until import read_until
from tui_desk.screens import words
from tui_desk.screens.narrowing import NarrowingDialog

if TYPE_CHECKING:
    from tui_desk.screens.ticket_actions import TicketActions


class Choice(NamedTuple):
    """What can be done. ``at`` None of a snooze: until the requester writes."""

    kind: Literal["snooze", "remind", "wake", "remove", "wrong"]
    at: datetime | None = None
    reminder: int = 0
    text: str = ""


class PutOffDialog(NarrowingDialog[Choice]):
    """Nothing typed: the usual moments, and what is set already. A moment typed: snooze until then, or be reminded then."""

    def __init__(
        self, number: int, clock: Clock, snooze: SnoozeView | None, reminders: Sequence[ReminderView]
    ) -> None:
        super().__init__()
        self.title_text = _("Put #{number} off, or be reminded").format(number=number)
        self.placeholder = _("tomorrow 9, fri, 3d, 2h, answer")
        self.hint = _("Type a moment · Enter takes it · Esc leaves it as it is")
        self._clock, self._snooze, self._reminders = clock, snooze, reminders

    def found(self, typed: str) -> tuple[Sequence[Choice], int]:
        now = self._clock()
        if not typed:
            return (*self._back(), *_usual(now), *self._removals()), 0
        try:
            until = read_until(typed, now)
        except UsageError as error:
            return (Choice("wrong", text=error.sentence),), 0
        found = [Choice("snooze", until)]
        return (found if until is None else [*found, Choice("remind", until)]), 0

    def _back(self) -> Sequence[Choice]:
        return [Choice("wake")] if self._snooze is not None else []

    def _removals(self) -> Sequence[Choice]:
        """At the end: Enter right behind Z takes nothing away."""
        return [Choice("remove", one.due_at, one.id, one.text) for one in self._reminders[:5]]

    def label(self, value: Choice) -> Content:
        now = self._clock()
        when = moment_text.told(value.at, now) if value.at is not None else ""
        if value.kind == "snooze":
            text = (
                _("Snooze until {when}").format(when=when) if when else _("Snooze until the requester writes")
            )
        elif value.kind == "remind":
            text = _("Remind me {when}").format(when=when)
        elif value.kind == "wake":
            text = _("Bring it back now ({until})").format(
                until=words.snoozed(self._snooze, now) if self._snooze is not None else ""
            )
        elif value.kind == "remove":
            text = _("Remove the reminder: {when} {text}").format(when=when, text=safe_line(value.text, 60))
        else:
            return Content.assemble((safe_line(value.text, 200), "$text-error"))
        return Content(text.strip())

    def _take(self, index: int | None) -> None:
        if index is not None and 0 <= index < len(self._shown) and self._shown[index].kind != "wrong":
            super()._take(index)


def _usual(now: datetime) -> Sequence[Choice]:
    """The moments that are meant most often, each once, in their order; then the answer."""
    moments = sorted({read_moment(words, now) for words in ("2h", "tomorrow 9", "mon 9", "7d")})
    tomorrow = read_moment("tomorrow 9", now)
    return [Choice("snooze"), *(Choice("snooze", at) for at in moments), Choice("remind", tomorrow)]


async def put_off(screen: TicketActions, argument: str) -> None:
    """Ask what is meant (``argument``: until when, as typed) and do it. Raises DeskError."""
    number, clock = screen.ticket_number(), screen.host.options.clock
    if argument.strip():
        await _snooze(screen, number, read_until(argument, clock()), screen.seen_message())
        return
    seen, shown = screen.seen_message(), await screen.ask(ShowTicket(number))
    if seen is None:
        seen = max((one.id for one in shown.messages), default=None)
    reminders = await screen.ask(ListReminders(number))
    chosen = await screen.answer_of(PutOffDialog(number, clock, shown.snooze, reminders))
    if chosen is None:
        return
    if chosen.kind == "snooze":
        await _snooze(screen, number, chosen.at, seen)
    elif chosen.kind == "wake":
        await screen.change(WakeTicket(number))
    elif chosen.kind == "remind" and chosen.at is not None:
        await _remind(screen, number, chosen.at)
    else:
        await screen.ask(RemoveReminder(chosen.reminder))
        screen.say(_("The reminder is removed."), level="done")
        screen.look_at({number})


async def _snooze(screen: TicketActions, number: int, until: datetime | None, seen: int | None) -> None:
    """``seen``: the newest message there was when it was decided; an answer that came since is none that was seen."""
    await screen.change(SnoozeTicket(number, until, seen))
    await screen.went_away(number)


async def _remind(screen: TicketActions, number: int, at: datetime) -> None:
    """Ask what it is about, and keep the reminder."""
    told = moment_text.told(at, screen.host.options.clock())
    text = await screen.prompt(
        _("Reminder, {when}").format(when=told), detail=_("What it is about, in a line. Only you are told.")
    )
    if text is None:
        return
    await screen.ask(AddReminder(number, at, text))
    screen.say(
        _("You will be reminded {when}.").format(when=told), _("Z lists and removes it."), level="done"
    )
    screen.look_at({number})
