"""Who acts and how the desk stands. Small on purpose: the start imports it."""

from __future__ import annotations

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import Role
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class AgentView:
    id: int
    login: str
    name: str
    email: str
    role: Role
    active: bool
    teams: tuple[str, ...]
    signature: str


class WhoAmI(Request[AgentView]):
    """The acting agent."""


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """What the banner and the title line show."""

    agent: AgentView
    demo: bool
    mailboxes: int
    """Configured and not removed; 0 leads to Settings → Mail."""
    worker_alive: bool
    intake_problems: tuple[str, ...]
    """A sentence per mailbox that cannot be read or is stale."""
    suspended: int
    outbox_waiting: int
    """Messages that a recipient still waits for."""
    outbox_failed: int
    """Messages that did not reach a recipient."""
    notifications: int = 0
    """Notifications that the acting agent has not read; at most 100 are counted."""
    timer_ticket: int = 0
    """The ticket on which the acting agent's clock runs or is held; 0: none."""
    timer_minutes: int = 0
    timer_running: bool = False
    timer_idle: int = 0
    """After so many minutes without a key it is held; 0: never."""
    read_only: bool = False
    """The database can be read but not written: nothing can be changed, fetched or sent."""


class ShowStatus(Request[DeskStatus]):
    pass
