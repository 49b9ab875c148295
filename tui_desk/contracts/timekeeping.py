"""Time worked on tickets: entries, the clock that runs, sheets, totals, and what supervisors set for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tasks import RowChanged
from tui_desk.contracts.work import TimeEntryView, TimerView
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class AddTime(Request[RowChanged]):
    """Whole minutes of one day. ``warnings`` of the answer tell what overlaps.

    ``began_at`` is known where the hours were named. ``activity`` is its name; ``billable`` None: as the activity says.
    ``agent`` is a login; empty: the acting one. Supervisors write for others too.
    """

    number: int
    minutes: int
    day: date
    began_at: datetime | None = None
    task_id: int | None = None
    activity: str = ""
    billable: bool | None = None
    note: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SetTime(Request[RowChanged]):
    """Correct some of an entry; ``None`` leaves it alone. ``minutes`` without ``began_at`` keeps when it began, if that was known and the
    day stays. ``version`` guards a colleague's change (0: don't check)."""

    id: int
    version: int = 0
    number: int | None = None
    minutes: int | None = None
    day: date | None = None
    began_at: datetime | None = None
    activity: str | None = None
    billable: bool | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveTime(Request[RowChanged]):
    id: int


@dataclass(frozen=True, slots=True)
class ShowTime(Request[TimeEntryView]):
    id: int


@dataclass(frozen=True, slots=True)
class ListTime(Request[tuple[TimeEntryView, ...]]):
    """Entries, the newest day first. ``agent``: a login (``me``); empty: of everybody, for supervisors, or of the ticket that is named."""

    ticket: int | None = None
    agent: str = ""
    first: date | None = None
    last: date | None = None
    limit: int = 500


@dataclass(frozen=True, slots=True)
class SheetRow:
    ticket: int
    subject: str
    minutes: tuple[int, ...]
    """Monday to Sunday."""

    @property
    def total(self) -> int:
        return sum(self.minutes)


@dataclass(frozen=True, slots=True)
class SheetView:
    agent: str
    agent_name: str
    monday: date
    rows: tuple[SheetRow, ...]
    entries: tuple[TimeEntryView, ...]
    """What the rows are made of."""
    billable: int
    closed_until: date | None

    @property
    def days(self) -> tuple[int, ...]:
        """Minutes of each day."""
        return tuple(sum(row.minutes[day] for row in self.rows) for day in range(7))

    @property
    def total(self) -> int:
        return sum(self.days)


@dataclass(frozen=True, slots=True)
class ShowSheet(Request[SheetView]):
    """The week that holds ``day``, of an agent (empty: the acting one; others for supervisors)."""

    day: date
    agent: str = ""


GROUPS = ("ticket", "organization", "agent", "activity")
Group = Literal["ticket", "organization", "agent", "activity"]


@dataclass(frozen=True, slots=True)
class TimeTotal:
    key: str
    """A number, a login or a name; empty: none."""
    label: str
    minutes: int
    billable: int
    entries: int


@dataclass(frozen=True, slots=True)
class ReportTime(Request[tuple[TimeTotal, ...]]):
    """Totals, the largest first. Without days: of all time. ``organization`` and ``ticket`` narrow it."""

    by: Group = "ticket"
    first: date | None = None
    last: date | None = None
    ticket: int | None = None
    organization: str = ""


@dataclass(frozen=True, slots=True)
class ShowTimer(Request[TimerView | None]):
    """The acting agent's clock; None where none runs or is paused."""


@dataclass(frozen=True, slots=True)
class StartTimer(Request[RowChanged]):
    """Run the clock on a ticket, or go on with it where it is paused there. One that runs elsewhere is stopped into an entry first.

    ``id`` of the answer is the entry that was written then, else 0.
    """

    number: int
    task_id: int | None = None
    activity: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PauseTimer(Request[RowChanged]):
    """Hold the clock, or (``since``) from that moment on: nobody pressed a key since. Not where the agent did something after it."""

    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopTimer(Request[RowChanged]):
    """Stop the clock and write what it shows as an entry: whole minutes, rounded; ``minutes`` instead where given.

    ``discard`` writes nothing. ``id`` is the entry's, 0 where nothing was written.
    """

    minutes: int | None = None
    note: str | None = None
    discard: bool = False


@dataclass(frozen=True, slots=True)
class ActivityView:
    id: int
    name: str
    billable: bool
    active: bool


@dataclass(frozen=True, slots=True)
class ListActivities(Request[tuple[ActivityView, ...]]):
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class SaveActivity(Request[ActivityView]):
    """Make an activity, or (``id``) change one."""

    name: str
    billable: bool = False
    active: bool = True
    id: int | None = None


@dataclass(frozen=True, slots=True)
class TimeSettings:
    closed_until: date | None
    """No entry on or before this day is added, changed or removed."""
    idle_minutes: int
    """After so many minutes without a key a clock is paused; 0: never. The desk's, unless the agent has set one."""
    own_idle_minutes: int | None
    """The acting agent's own; None: the desk's."""


@dataclass(frozen=True, slots=True)
class ShowTimeSettings(Request[TimeSettings]):
    pass


@dataclass(frozen=True, slots=True)
class ClosePeriod(Request[TimeSettings]):
    """Close all days until ``until``; None opens all."""

    until: date | None


@dataclass(frozen=True, slots=True)
class SetIdlePause(Request[TimeSettings]):
    """After how many minutes without a key the acting agent's clock is paused (0: never; None: as the desk says).

    ``desk``: the desk's own value, for supervisors.
    """

    minutes: int | None
    desk: bool = False
