"""From one ticket to the next: what loses most by waiting and why, putting off, and where one is after the work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tui_desk.contracts.flow import (
    AddReminder,
    ExplainUrgency,
    ListReminders,
    NextTicket,
    RemoveReminder,
    SnoozeTicket,
    WakeTicket,
)
from tui_desk.contracts.own_settings import OwnSettings, ShowOwnSettings
from tui_desk.core import moment_text
from tui_desk.core.enums import AfterWork
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.linear import lists
from tui_desk.linear.questions import ChangedMind, chosen, line
from tui_desk.linear.session import Session
from tui_desk.rules.own_settings import read_own
from tui_desk.rules.until import read_until
from tui_desk.screens.choices import Choice


def own_settings(session: Session) -> OwnSettings:
    """The agent's own settings as they hold at this terminal."""
    above: dict[str, Any] = {name: read_own(name, text) for name, text in session.options.own.items()}
    return replace(session.ask(ShowOwnSettings()), **above)


def next_urgent(session: Session, argument: str) -> None:
    """Bring the ticket that loses most by waiting, say why, and read it."""
    from tui_desk.linear.reading import show

    here = {session.ticket.number: session.ticket.version} if session.ticket is not None else {}
    session.brought.update(here)
    found = session.ask(NextTicket(tuple(session.brought.items())))
    if found.again:
        session.brought = dict(here)
        found = session.ask(NextTicket(tuple(here.items())))
    if not found.number or found.number in here:
        session.say(
            _("Nothing else waits for you.") if here else _("Nothing waits for you."),
            _("What is pending, snoozed or taken by others is left out."),
        )
        return
    session.brought[found.number] = found.version
    more = ngettext("{count} more waits.", "{count} more wait.", found.others).format(count=found.others)
    session.say(
        _("#{number} comes next: {why}.").format(number=found.number, why=found.sentence.rstrip(".")),
        more if found.others else "",
    )
    show(session, found.number)


def urgency(session: Session, argument: str) -> None:
    """What makes the ticket urgent, reason by reason."""
    found = session.ask(ExplainUrgency(session.number()))
    for reason in found.reasons:
        session.say(
            _("{points} points: {reason}").format(points=f"{reason.points:+}", reason=reason.sentence)
        )
    session.say(
        _("{count} points. The ticket with the most comes first with next.").format(count=found.score)
    )
    if found.left_out:
        session.say(found.left_out)


def went_away(session: Session, number: int) -> None:
    """A ticket was resolved or put off: stay, go on, or back to the list, as the agent has set it."""
    if session.ticket is None or session.ticket.number != number:
        return
    after = own_settings(session).after
    if after is AfterWork.STAY:
        return
    if after is AfterWork.NEXT:
        from tui_desk.linear.reading import show

        try:
            following = lists.neighbour(session, 1)
        except UsageError:
            pass
        else:
            show(session, following)
            return
    lists.go_queue(session, "")


def snooze(session: Session, argument: str) -> None:
    """Put off until a moment or an answer; remind; bring back; take a reminder away."""
    ticket, now = session.here(), session.now()
    said = argument
    if not said:
        if ticket.snooze is not None:
            session.say(_("It is put off. now brings it back."))
        said = line(session, _("Until when? tomorrow 9, fri, 3d, answer; remind before it only reminds you:"))
    if not said:
        raise ChangedMind
    word, _blank, rest = said.partition(" ")
    if word.casefold() in ("remind", _("remind")):
        remind(session, rest)
    elif said.casefold() in ("now", _("now")) and ticket.snooze is not None:
        session.changed(WakeTicket(ticket.number))
    elif said.casefold() in ("reminders", _("reminders")):
        _take_reminder_away(session)
    else:
        session.changed(
            SnoozeTicket(ticket.number, read_until(said, now), session.read_up_to.get(ticket.number)),
            repeatable=True,
        )
        went_away(session, ticket.number)


def remind(session: Session, typed: str) -> None:
    """A reminder for oneself."""
    now = session.now()
    at = read_until(typed or line(session, _("Remind you when?")), now)
    if at is None:
        raise UsageError(_("A reminder needs a moment: tomorrow 9, 2h, fri."))
    text = line(session, _("What is it about, in a line?"))
    session.ask(AddReminder(session.number(), at, text))
    session.say(_("You will be reminded {when}.").format(when=moment_text.told(at, now)))


def _take_reminder_away(session: Session) -> None:
    now = session.now()
    choices = [
        Choice(str(one.id), f"{moment_text.told(one.due_at, now)} {safe_line(one.text, 60)}")
        for one in session.ask(ListReminders(session.number()))
    ]
    if not choices:
        session.say(_("You have no reminder here."))
        return
    session.ask(RemoveReminder(int(chosen(session, "", _("Remove which reminder?"), choices))))
    session.say(_("The reminder is removed."))
