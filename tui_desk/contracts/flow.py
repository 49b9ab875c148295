"""From one ticket to the next: what is put off, what one wants to be reminded of, and what loses most by waiting."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class SnoozeTicket(Request[FieldChanged]):
    """Take the ticket out of the views of work for everybody, until that moment (None: none is named) or until its requester
    writes, whichever comes first. A call that a colleague logs is a word of the requester, and a mail that did not arrive brings it
    back as well. One that is snoozed already gets the new moment."""

    number: int
    until: datetime | None = None
    seen_message_id: int | None = None
    """The newest message that whoever puts it off knew of: an answer that came since brings it back. None: all there are."""


@dataclass(frozen=True, slots=True)
class WakeTicket(Request[FieldChanged]):
    """End the snooze of a ticket now."""

    number: int


@dataclass(frozen=True, slots=True)
class ReminderView:
    """One of the acting agent's own reminders."""

    id: int
    ticket: int
    ticket_subject: str
    due_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AddReminder(Request[ReminderView]):
    """Tell the acting agent of the ticket at that moment."""

    number: int
    due_at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListReminders(Request[tuple[ReminderView, ...]]):
    """The acting agent's own, the next first; of one ticket, or of all."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveReminder(Request[ReminderView]):
    """Take one's own reminder away; answers what it was."""

    id: int


@dataclass(frozen=True, slots=True)
class NextTicket(Request["NextView"]):
    """The ticket that loses most by waiting, for the acting agent. ``seen``: (number, version) of those that were brought already:
    one that nobody touched since is brought again only when nothing else is left."""

    seen: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One thing that makes a ticket urgent, and its share of the score."""

    sentence: str
    points: int


@dataclass(frozen=True, slots=True)
class NextView:
    """What :class:`NextTicket` brings. ``number`` 0: nothing waits for this agent."""

    number: int
    version: int
    subject: str
    score: int
    sentence: str
    """Why, in short."""
    reasons: tuple[ReasonView, ...]
    again: bool = False
    """Everything was brought already: it begins anew."""
    others: int = 0
    """How many more were weighed that wait as well."""
    left_out: str = ""
    """Of a ticket that is explained: why :class:`NextTicket` does not bring it now; empty where it does."""


@dataclass(frozen=True, slots=True)
class ExplainUrgency(Request[NextView]):
    """Why a ticket is, or is not, urgent for the acting agent."""

    number: int
