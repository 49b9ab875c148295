"""How values are shown: the sign, the word and the colour of a status, an age, a date. One place, so that every screen
says the same. Signs carry the meaning where there is no colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rich.cells import cell_len

from tui_desk.contracts.queue import SnoozeView
from tui_desk.core import moment_text
from tui_desk.core.enums import (
    Channel,
    DeliveryState,
    Direction,
    DraftKind,
    LinkKind,
    MessageKind,
    PresenceMode,
    Priority,
    TicketStatus,
    TicketType,
)
from tui_desk.core.i18n import _, once_per_language, pgettext
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import link_note, link_word, word

if TYPE_CHECKING:
    from tui_desk.contracts.conversation import MessageView

V = TypeVar("V", bound=StrEnum)
_DAYS_NAMED = 7
"""A day is called by its name when it is less than so many days away."""


class Shown(NamedTuple):
    """A value for the eye: ``style`` is a cell style of the table, ``colour`` the same for running text."""

    sign: str
    word: str
    style: str

    @property
    def text(self) -> str:
        """Sign and word."""
        return f"{self.sign} {self.word}"

    @property
    def colour(self) -> str:
        """A theme variable for running text."""
        return _COLOURS[self.style]


_COLOURS = {
    "": "",
    "muted": "$muted",
    "strong": "bold",
    "accent": "$text-accent",
    "success": "$text-success",
    "warning": "$text-warning",
    "error": "$text-error",
    "note": "$text-secondary",
}


def shown(value: V, looks: Mapping[V, tuple[str, str]]) -> Shown:
    """A value by its sign and style in ``looks``, with the word the desk has for it."""
    sign, style = looks[value]
    return Shown(sign, word(value), style)


_STATUSES = {
    TicketStatus.NEW: ("●", "accent"),
    TicketStatus.OPEN: ("◐", "success"),
    TicketStatus.PENDING: ("◌", "warning"),
    TicketStatus.ON_HOLD: ("‖", "warning"),
    TicketStatus.RESOLVED: ("✓", "muted"),
    TicketStatus.CLOSED: ("■", "muted"),
}
_PRIORITIES = {
    Priority.LOW: ("▽", "muted"),
    Priority.NORMAL: ("·", ""),
    Priority.HIGH: ("△", "warning"),
    Priority.CRITICAL: ("▲", "error"),
}
_DELIVERIES = {
    DeliveryState.HELD: ("◷", "warning"),
    DeliveryState.QUEUED: ("◷", "muted"),
    DeliveryState.SENDING: ("➤", "accent"),
    DeliveryState.SENT: ("✓", "success"),
    DeliveryState.FAILED: ("✗", "error"),
    DeliveryState.BOUNCED: ("✗", "error"),
    DeliveryState.UNKNOWN: ("?", "error"),
    DeliveryState.CANCELLED: ("–", "muted"),
}


def status(value: TicketStatus) -> Shown:
    """A ticket's status."""
    return shown(value, _STATUSES)


def widest(texts: Iterable[str]) -> int:
    """Cells the longest of ``texts`` takes: how wide a column of them is in the reader's language."""
    return max(map(cell_len, texts))


def priority(value: Priority) -> Shown:
    """A ticket's priority."""
    return shown(value, _PRIORITIES)


def channel(value: Channel) -> str:
    """How a ticket came."""
    return word(value)


def ticket_type(value: TicketType) -> str:
    """What sort of ticket it is."""
    return word(value)


def delivery(value: DeliveryState) -> Shown:
    """The state of an outgoing message."""
    return shown(value, _DELIVERIES)


def link(kind: LinkKind, outgoing: bool) -> str:
    """How a linked ticket relates to this one."""
    return link_word(kind, outgoing)


def link_reason(note: str) -> str:
    """Why a ticket was suggested, or what an agent noted at a link."""
    return link_note(note)


def presence(mode: PresenceMode, agent: str) -> str:
    """Who is at a ticket."""
    if mode is PresenceMode.WRITING:
        return _("✎ {agent} is writing").format(agent=agent)
    return _("◉ {agent} is looking").format(agent=agent)


def draft_kind(kind: DraftKind) -> str:
    """What is being written."""
    return word(kind)


def why_here(message: MessageView) -> str:
    """Why a message is in its ticket where no evidence is kept with it."""
    if message.kind is MessageKind.EMAIL and message.direction is Direction.IN:
        return _("It came by mail and opened a ticket: it belonged to none that was there.")
    return _("Nothing is recorded: it was written here.")


def message_kind(kind: MessageKind) -> str:
    """What sort of message it is: a call, a chat, a visit."""
    names = {
        MessageKind.NOTE: _("Note"),
        MessageKind.PHONE: _("Phone call"),
        MessageKind.CHAT: _("Chat"),
        MessageKind.FORM: _("Visit"),
    }
    return names.get(kind, kind.value)


def snoozed(snooze: SnoozeView, now: datetime) -> str:
    """How a ticket is put off, and by whom: “until Fri 27 Nov 09:00 · Ana”."""
    if snooze.until is None:
        return _("until the requester writes · {who}").format(who=safe_line(snooze.by, 40))
    when = moment_text.day_and_hour(snooze.until, now)
    return _("until {when} · {who}").format(when=when, who=safe_line(snooze.by, 40))


def snoozed_shortly(snooze: SnoozeView, now: datetime) -> str:
    """The same in a line of a list: “Fri 27 Nov 09:00 · Ana”."""
    when = moment_text.day_and_hour(snooze.until, now) if snooze.until is not None else _("answer")
    return f"{when} · {safe_line(snooze.by, 40)}"


def view_title(view: str) -> str:
    """A view's short title, for its tab."""
    words = {
        "mine": _("Mine"),
        "unassigned": _("Unassigned"),
        "open": pgettext("view", "Open"),
        "pending": pgettext("view", "Pending"),
        "resolved": pgettext("view", "Resolved"),
        "all": _("All"),
        "snoozed": _("Snoozed"),
        "teams": _("My teams"),
        "overdue": _("Overdue"),
    }
    return words[view]


_WEEK = 604_800


@once_per_language
def _age_units() -> tuple[tuple[int, str], ...]:
    """Seconds and their unit; between a fortnight and a year weeks count."""
    return ((31_557_600, _("y")), (_WEEK, _("w")), (86_400, _("d")), (3_600, _("h")), (60, _("m")))


def age(since: datetime, now: datetime) -> str:
    """A span in at most four characters: 40s, 12m, 5h, 3d, 9w, 2y."""
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in _age_units():
        if seconds >= (size if size != _WEEK else 2 * _WEEK):
            return f"{seconds // size}{unit}"
    return f"{seconds}{_('s')}"


def moment(at: datetime | None, now: datetime) -> str:
    """A point in time as the reader's clock shows it: today only the hour, this year without the year."""
    if at is None:
        return "–"
    local, today = at.astimezone(), now.astimezone()
    if local.date() == today.date():
        return local.strftime("%H:%M")
    if local.date() == (today - timedelta(days=1)).date():
        return _("yesterday {time}").format(time=local.strftime("%H:%M"))
    if local.year != today.year:
        return local.strftime("%Y-%m-%d %H:%M")
    month = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[local.month - 1]
    return f"{local:%d} {month} {local:%H:%M}"


def day(on: date, now: datetime) -> str:
    """A day as people say it: its name within a week, else its date."""
    away = (on - now.astimezone().date()).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if away in near:
        return near[away]
    if 1 < away < _DAYS_NAMED:
        return _("Mon Tue Wed Thu Fri Sat Sun").split()[on.weekday()]
    if on.year != now.astimezone().year:
        return on.isoformat()
    return f"{on:%d} {_('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec').split()[on.month - 1]}"


def size(count: int) -> str:
    """Bytes for a person."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
