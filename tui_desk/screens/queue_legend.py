"""What the signs of the queue mean, from where they are declared."""

from __future__ import annotations

from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.queue_parts import SNOOZED
from tui_desk.screens.queue_source import (
    ANSWERED,
    LOOKING,
    OVERDUE,
    SORTED,
    UNREAD,
    URGENT,
    WRITING,
    column_name,
)
from tui_desk.widgets.table_paint import LEFT


def queue_legend() -> tuple[tuple[str, str], ...]:
    """(sign, meaning) of each, in the order of the columns."""
    found = [
        (LEFT, _("It is no longer in this view; the line goes when the cursor leaves it")),
        (LOOKING, _("A colleague is looking at it")),
        (WRITING, _("A colleague is writing in it")),
        (SNOOZED, _("Snoozed: out of the views of work until a moment or an answer")),
    ]
    for status in TicketStatus:
        shown = words.status(status)
        found.append((shown.sign, _("Status: {word}").format(word=shown.word)))
    for priority in reversed(Priority):
        shown = words.priority(priority)
        told = _("Priority: {word}").format(word=shown.word)
        sign = shown.sign + URGENT.get(priority, "")
        if sign.strip():
            found.append((sign, f"{told} ({column_name('urgent')})"))
    return (
        *found,
        (UNREAD, _("Unread: you were notified of it and have not read that")),
        (ANSWERED, _("The requester has answered: the last word is theirs")),
        (OVERDUE, _("Before a day: it has passed, the ticket is overdue")),
        (SORTED, _("The list goes by this column")),
    )
