"""How values are shown: the sign, the word and the colour of a status, an age, a date. One place, so that every screen
says the same. Signs carry the meaning where there is no colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.cells import cell_len

from tui_desk.core.enums import (
    Channel,
    DeliveryState,
    DraftKind,
    LinkKind,
    PresenceMode,
    Priority,
    TicketStatus,
    TicketType,
)
from tui_desk.core.i18n import _, pgettext


@dataclass(frozen=True, slots=True)
class Shown:
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


def status(value: TicketStatus) -> Shown:
    """A ticket's status."""
    shown = {
        TicketStatus.NEW: Shown("●", _("new"), "accent"),
        TicketStatus.OPEN: Shown("◐", _("open"), "success"),
        TicketStatus.PENDING: Shown("◌", _("pending"), "warning"),
        TicketStatus.ON_HOLD: Shown("‖", _("on hold"), "warning"),
        TicketStatus.RESOLVED: Shown("✓", _("resolved"), "muted"),
        TicketStatus.CLOSED: Shown("■", _("closed"), "muted"),
    }
    return shown[value]


def widest(texts: Iterable[str]) -> int:
    """Cells the longest of ``texts`` takes: how wide a column of them is in the reader's language."""
    return max(map(cell_len, texts))


def priority(value: Priority) -> Shown:
    """A ticket's priority."""
    shown = {
        Priority.LOW: Shown("▽", _("low"), "muted"),
        Priority.NORMAL: Shown("·", _("normal"), "muted"),
        Priority.HIGH: Shown("△", _("high"), "warning"),
        Priority.CRITICAL: Shown("▲", _("critical"), "error"),
    }
    return shown[value]


def channel(value: Channel) -> str:
    """How a ticket came."""
    words = {
        Channel.EMAIL: _("email"),
        Channel.PHONE: _("phone"),
        Channel.WALKIN: _("walk-in"),
        Channel.CHAT: _("chat"),
        Channel.FORM: _("form"),
        Channel.API: _("api"),
    }
    return words[value]


def ticket_type(value: TicketType) -> str:
    """What sort of ticket it is."""
    words = {
        TicketType.INCIDENT: _("incident"),
        TicketType.REQUEST: _("request"),
        TicketType.QUESTION: _("question"),
        TicketType.COMPLAINT: _("complaint"),
        TicketType.TASK: _("task"),
    }
    return words[value]


def delivery(value: DeliveryState) -> Shown:
    """The state of an outgoing message."""
    shown = {
        DeliveryState.HELD: Shown("◷", _("held"), "warning"),
        DeliveryState.QUEUED: Shown("◷", _("queued"), "muted"),
        DeliveryState.SENDING: Shown("➤", _("sending"), "accent"),
        DeliveryState.SENT: Shown("✓", _("sent"), "success"),
        DeliveryState.FAILED: Shown("✗", _("failed"), "error"),
        DeliveryState.BOUNCED: Shown("✗", _("bounced"), "error"),
        DeliveryState.UNKNOWN: Shown("?", _("unknown"), "error"),
        DeliveryState.CANCELLED: Shown("–", _("cancelled"), "muted"),
    }
    return shown[value]


def link(kind: LinkKind, outgoing: bool) -> str:
    """How a linked ticket relates to this one."""
    words = {
        LinkKind.RELATED: (_("related to"), _("related to")),
        LinkKind.DUPLICATE: (_("duplicate of"), _("has the duplicate")),
        LinkKind.PARENT: (_("parent of"), _("part of")),
        LinkKind.BLOCKS: (_("blocks"), _("blocked by")),
        LinkKind.FOLLOW_UP: (_("follow-up of"), _("has the follow-up")),
        LinkKind.SUGGESTED: (_("may belong to"), _("may have a part in")),
    }
    return words[kind][0 if outgoing else 1]


def presence(mode: PresenceMode, agent: str) -> str:
    """Who is at a ticket."""
    if mode is PresenceMode.WRITING:
        return _("✎ {agent} is writing").format(agent=agent)
    return _("◉ {agent} is looking").format(agent=agent)


def draft_kind(kind: DraftKind) -> str:
    """What is being written."""
    words = {
        DraftKind.REPLY: _("Reply"),
        DraftKind.REPLY_ALL: _("Reply to all"),
        DraftKind.NOTE: _("Internal note"),
        DraftKind.FORWARD: _("Forward"),
    }
    return words[kind]


def view_title(view: str) -> str:
    """A view's short title, for its tab."""
    words = {
        "mine": _("Mine"),
        "unassigned": _("Unassigned"),
        "open": pgettext("view", "Open"),
        "pending": pgettext("view", "Pending"),
        "resolved": pgettext("view", "Resolved"),
        "all": _("All"),
    }
    return words[view]


def age(since: datetime, now: datetime) -> str:
    """A span in at most four characters: 40s, 12m, 5h, 3d, 9w, 2y."""
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in (
        (31_557_600, _("y")),
        (604_800 * 2, ""),
        (86_400, _("d")),
        (3_600, _("h")),
        (60, _("m")),
    ):
        if seconds >= size:
            return f"{seconds // 604_800}{_('w')}" if not unit else f"{seconds // size}{unit}"
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


def size(count: int) -> str:
    """Bytes for a person."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
