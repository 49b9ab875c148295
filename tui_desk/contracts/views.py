"""Saved views: a query with an order and a name, one's own or shared; what the filter line completes; the queries one has asked."""

from __future__ import annotations

from enum import StrEnum

from tui_desk.contracts.field_changed import FieldChanged
from tui_desk.contracts.gateway import Request
from tui_desk.core.values import dataclass

HISTORY_LIMIT = 100


class Sharing(StrEnum):
    """Who sees a saved view besides its owner."""

    PRIVATE = "private"
    TEAM = "team"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class FilterNames:
    """What the filter line can complete: all agents, teams and categories; of tags, domains and assets a part. ``history`` are the
    queries of the acting agent, the latest first."""

    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowFilterNames(Request[FilterNames]):
    pass


@dataclass(frozen=True, slots=True)
class KeepQuery(Request[None]):
    """Remember what was asked, so that the acting agent can ask it again from any terminal."""

    query: str


@dataclass(frozen=True, slots=True)
class SavedView:
    """``view`` is one of the built-in views that ``query`` narrows. ``count`` is None where nobody asked for it; ``capped``: more."""

    id: int
    name: str
    query: str
    view: str
    sort: str
    owner: str
    sharing: Sharing
    team: str
    may_change: bool
    count: int | None = None
    capped: bool = False
    version: int = 0

    @property
    def shown_count(self) -> str:
        """The count as it is shown: ``1000+`` where counting stopped."""
        if self.count is None:
            return ""
        return f"{self.count}+" if self.capped else str(self.count)


@dataclass(frozen=True, slots=True)
class ListSavedViews(Request[tuple[SavedView, ...]]):
    """What the acting agent sees: one's own first, then those of one's teams, then those of the desk."""

    with_counts: bool = False


@dataclass(frozen=True, slots=True)
class SavedViewChanged(FieldChanged):
    """``view`` is None when it was removed; the events are what an undo takes back."""

    view: SavedView | None = None


@dataclass(frozen=True, slots=True)
class SaveView(Request[SavedViewChanged]):
    """Make a view (``id`` None) or change one. ``team`` is named where it is shared with one.

    Refused: the name is taken where it would be seen, or the acting agent may not share it so. UsageError: no name, or a query that makes
    no sense.
    """

    id: int | None
    name: str
    query: str = ""
    view: str = "open"
    sort: str = "updated"
    sharing: Sharing = Sharing.PRIVATE
    team: str = ""
    version: int = 0
    """The view's as it was read; Conflict where somebody changed the same of it since. 0: whatever it is."""


@dataclass(frozen=True, slots=True)
class RemoveView(Request[SavedViewChanged]):
    """Take a view away; undone, it is there again. Raises NotFound, Refused."""

    id: int
