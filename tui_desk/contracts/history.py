"""The history: what happened to a ticket, an asset, a person, a setting, or in the whole desk."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import EventView
from tui_desk.core.values import dataclass

SETTINGS = "settings"
"""In place of a stream: everything that is neither a ticket's nor an asset's nor a person's."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, newest first, and whether there are newer and older ones."""

    events: tuple[EventView, ...]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True)
class ListEvents(Request[EventPage]):
    """What happened, newest first, by keyset of the event's id.

    ``stream``: ``ticket:12``, ``asset:3``, ``person:7``…, :data:`SETTINGS`, or empty for the whole desk. ``agent``: a login.
    At most one of ``older_than``, ``newer_than``, ``from_id`` (that one and older) and ``oldest`` says where the page begins.
    """

    stream: str = ""
    agent: str = ""
    since: datetime | None = None
    older_than: int | None = None
    newer_than: int | None = None
    from_id: int | None = None
    oldest: bool = False
    limit: int = 100


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One field or column, before and after, as people read it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EventDetails:
    """All of one event. ``together``: what else was done with it, and is taken back with it."""

    event: EventView
    changes: tuple[ValueChange, ...]
    together: tuple[str, ...]
    undone: bool


@dataclass(frozen=True, slots=True)
class ShowEvent(Request[EventDetails]):
    id: int
