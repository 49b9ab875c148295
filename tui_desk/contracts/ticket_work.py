"""What agents arrange among themselves about a ticket: the next action, and handing it over to another team."""

from __future__ import annotations

from datetime import date

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class SetNextAction(Request[FieldChanged]):
    """What is to be done next in the ticket, in a line, and until when; an empty text takes both away."""

    number: int
    text: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class HandOver(Request[FieldChanged]):
    """Give the ticket to a team (and one of its agents, by login), with a note that says how things stand."""

    number: int
    team: str
    note: str = ""
    assignee: str = ""
