"""The life of an asset, and what its relations with others may be. Pure; ``docs/assets.md`` draws it from here."""

from __future__ import annotations

from datetime import date

from tui_desk.core.enums import AssetRelationKind, AssetState

TRANSITIONS: dict[AssetState, frozenset[AssetState]] = {
    AssetState.ORDERED: frozenset({AssetState.IN_STOCK, AssetState.IN_USE, AssetState.RETIRED}),
    AssetState.IN_STOCK: frozenset({AssetState.IN_USE, AssetState.REPAIR, AssetState.RETIRED}),
    AssetState.IN_USE: frozenset({AssetState.IN_STOCK, AssetState.REPAIR, AssetState.RETIRED}),
    AssetState.REPAIR: frozenset({AssetState.IN_USE, AssetState.IN_STOCK, AssetState.RETIRED}),
    AssetState.RETIRED: frozenset({AssetState.IN_STOCK}),
}
HIERARCHY = frozenset({AssetRelationKind.INSTALLED_ON, AssetRelationKind.PART_OF})
"""Relations that lead upwards: followed from one asset to the next, they never come back to where they began."""
WARNED_DAYS = 30
"""A ticket warns of what ends within so many days."""


def may_follow(before: AssetState, after: AssetState) -> bool:
    """Whether an asset that is ``before`` may become ``after`` (staying is always allowed)."""
    return before is after or after in TRANSITIONS[before]


def next_states(state: AssetState) -> tuple[AssetState, ...]:
    """What an asset may become, in the order of a life."""
    return tuple(after for after in AssetState if after in TRANSITIONS[state])


def is_warned_of(ends_on: date | None, today: date) -> bool:
    """Whether a ticket warns of this end: it is over, or near. The last day itself is not over."""
    return ends_on is not None and (ends_on - today).days <= WARNED_DAYS
