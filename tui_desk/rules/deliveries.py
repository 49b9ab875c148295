"""What became of a message, of what became of it for each recipient. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tui_desk.core.enums import DeliveryState

WORST_FIRST = (
    DeliveryState.UNKNOWN,
    DeliveryState.FAILED,
    DeliveryState.BOUNCED,
    DeliveryState.SENDING,
    DeliveryState.QUEUED,
    DeliveryState.HELD,
    DeliveryState.CANCELLED,
    DeliveryState.SENT,
)
"""States in the order in which they worry an agent: the state of a message is the first that any recipient has."""


def worst(states: Iterable[DeliveryState]) -> DeliveryState:
    """The most worrying of some states; sent when there are none."""
    return min(states, key=WORST_FIRST.index, default=DeliveryState.SENT)
