"""Merging tickets, splitting one, and what the dialogs for it show."""

from __future__ import annotations

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import TicketStatus
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class MergeTickets(Request[FieldChanged]):
    """Everything of ``sources`` goes to ``target``; they are closed and lead there. Undone as a whole, also days later."""

    target: int
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SplitTicket(Request[FieldChanged]):
    """Some messages of one ticket, of any kind, get a ticket of their own. The answer's ``number`` is the new one's.

    ``subject`` empty: that of the first of them.
    """

    message_ids: tuple[int, ...]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class MergeCandidate:
    """A ticket that another may be merged with. ``merged_into``: it was merged already, into that one."""

    number: int
    subject: str
    status: TicketStatus
    requester: str
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class SuggestMerge(Request[tuple[MergeCandidate, ...]]):
    """The tickets named by ``numbers`` (those that exist), else the other unresolved tickets of the same requester, newest first."""

    number: int
    numbers: tuple[int, ...] = ()
