"""What an agent has set for oneself: what follows the work on a ticket, and how the terminal calls."""

from __future__ import annotations

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import AfterWork, Signal
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class OwnSettings:
    after: AfterWork = AfterWork.STAY
    signal: Signal = Signal.NOTIFICATION
    silent: tuple[str, ...] = ()
    """Kinds (``rules.own_settings.KINDS``) that come without a signal; they are listed all the same."""
    quiet: str = ""
    """Hours of the day without a signal: ``22:00-07:00``; empty: none."""
    quiet_weekends: bool = False


@dataclass(frozen=True, slots=True)
class ShowOwnSettings(Request[OwnSettings]):
    """Those of the acting agent."""


@dataclass(frozen=True, slots=True)
class SaveOwnSettings(Request[OwnSettings]):
    """Set those of the acting agent; None keeps a value."""

    after: AfterWork | None = None
    signal: Signal | None = None
    silent: tuple[str, ...] | None = None
    quiet: str | None = None
    quiet_weekends: bool | None = None
