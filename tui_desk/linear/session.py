"""What one linear session knows: the list and the ticket one is in, what can be taken back, and how it asks and tells."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.linear import LINEAR, TICKET_ONLY, linear_registry
from tui_desk.actions.registry import Registry
from tui_desk.actions.ticket_needs import QUEUE, TICKET
from tui_desk.actions.work import WORK
from tui_desk.contracts.conversation import MessageView
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.queue import PresenceView, TicketPage
from tui_desk.contracts.status import AgentView, DeskStatus
from tui_desk.contracts.tickets import FieldChanged, ReportPresence, ShowTicket, TicketView
from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.enums import PresenceMode
from tui_desk.core.errors import DeskError, NotFound
from tui_desk.core.i18n import _
from tui_desk.linear.console import Console

T = TypeVar("T")

LIST_SCOPES = (LINEAR, QUEUE, WORK, GLOBAL)
TICKET_SCOPES = (LINEAR, TICKET_ONLY, TICKET, WORK, GLOBAL)
PAGE = 10
"""Tickets that are read at once."""
NEWEST = 60
"""Messages of a ticket that are read from the desk at once."""


class Desk(Protocol):
    """The gateway, as far as it answers at once."""

    def ask_now(self, request: Request[T]) -> T:
        """Carry out ``request`` in this thread. Raises DeskError."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What the start decides; as ``screens.host.AppOptions`` has it. ``desk`` tells desks apart; ``command`` runs a line of the command line of this desk."""

    state_folder: Path
    downloads: Path
    session: str
    programs: bool = True
    own: Mapping[str, str] = field(default_factory=dict)
    desk: str = ""
    command: Callable[[list[str]], None] | None = None
    clock: Clock = utc_now
    page: int = PAGE


def in_words(sentence: str) -> str:
    """A sentence of the screens without the dots between its parts, which are read out as signs."""
    return sentence.replace(" · ", ", ")


class Offer(NamedTuple):
    """One's last deed, in that ticket (0: in none), and the way back: ``request`` until ``until``. ``leaves`` is when a mail of it leaves."""

    request: Request[Any]
    number: int
    until: datetime
    sentence: str
    leaves: datetime | None = None


@dataclass(slots=True)
class Session:
    """One person at one terminal."""

    desk: Desk
    console: Console
    options: Options
    registry: Registry = field(default_factory=linear_registry)
    agent: AgentView | None = None
    status: DeskStatus | None = None

    view: str = "open"
    query: str = ""
    sort: str = "updated"
    saved: str = ""
    """The saved view that is shown."""
    page: TicketPage | None = None

    ticket: TicketView | None = None
    reading: int | None = None
    """The id of the message that was read last; None: none yet."""
    rest: list[str] = field(default_factory=list)
    """Parts of it that are still to be read."""
    read_up_to: dict[int, int] = field(default_factory=dict)
    """By ticket: the newest message that was read to its end here."""
    events_at_opening: dict[int, int] = field(default_factory=dict)
    """By ticket: how many events it had when it was opened; what is merged into it later is new the next time."""
    events_read: dict[int, int] = field(default_factory=dict)
    """The same, where it was read to its end since."""
    told_up_to: dict[int, int] = field(default_factory=dict)
    """By ticket: the newest message that was announced here."""
    presence: PresenceMode = PresenceMode.VIEWING
    is_reported: bool = False
    """The desk knows that one is at the open ticket."""
    elsewhere: str = ""
    """Who else is at the ticket, as it was told last."""

    offer: Offer | None = None
    last_change: Request[Any] | None = None
    doubtful: dict[Hashable, str] = field(default_factory=dict)
    """Tokens of what the desk did not answer (see ``core.tokens.token_for``)."""
    brought: dict[int, int] = field(default_factory=dict)
    newest_notification: int | None = None
    is_over: bool = False

    # -- asking and telling --------------------------------------------------------------------------------------------
    def ask(self, request: Request[T]) -> T:
        """Carry out ``request``. Raises DeskError."""
        return self.desk.ask_now(request)

    def say(self, *sentences: str) -> None:
        """Append a line of these sentences; empty ones are left out."""
        text = " ".join(one.strip() for one in sentences if one.strip())
        if text:
            self.console.say(text)

    def now(self) -> datetime:
        return self.options.clock()

    # -- where one is --------------------------------------------------------------------------------------------------
    @property
    def scopes(self) -> tuple[str, ...]:
        """Where actions are looked for."""
        return TICKET_SCOPES if self.ticket is not None else LIST_SCOPES

    @property
    def prompt(self) -> str:
        """Short, since it is heard before every line."""
        if self.ticket is not None:
            return f"#{self.ticket.number}> "
        return f"{self.saved or self.view}> "

    def number(self) -> int:
        """The ticket that an action applies to. Raises NotFound."""
        return self.here().number

    def here(self) -> TicketView:
        """The ticket that is open. Raises NotFound."""
        if self.ticket is None:
            raise NotFound(_("No ticket is open."), _("open and its number opens one; list reads the list."))
        return self.ticket

    def message(self) -> MessageView | None:
        """The message that was read last."""
        if self.ticket is None:
            return None
        return next((one for one in self.ticket.messages if one.id == self.reading), None)

    def report(self, mode: PresenceMode | None) -> tuple[PresenceView, ...]:
        """Tell the desk that one is at the open ticket (None: has left it); who else is. From any thread.

        Presence is a courtesy: what keeps it from working is told by what matters.
        """
        ticket = self.ticket
        if ticket is None or (mode is None and not self.is_reported):
            return ()
        self.is_reported = mode is not None
        try:
            seen, events = self.read_up_to.get(ticket.number, 0), self.events_read.get(ticket.number, 0)
            return self.ask(ReportPresence(ticket.number, self.options.session, mode, seen, events))
        except DeskError:
            return ()

    def look_again(self) -> None:
        """Read the open ticket anew."""
        if self.ticket is not None:
            wanted = max(NEWEST, len(self.ticket.messages))
            self.ticket = self.ask(ShowTicket(self.ticket.number, wanted))

    def changed(self, request: Request[FieldChanged], repeatable: bool = False) -> FieldChanged:
        """Carry out a change, tell it, and keep the way back. Raises DeskError."""
        from tui_desk.linear.taking_back import offer_of_change

        done = self.ask(request)
        self.say(in_words(done.sentence))
        if done.event_ids:
            self.offer = offer_of_change(done, self.now())
        if repeatable:
            self.last_change = request
        self.look_again()
        return done
