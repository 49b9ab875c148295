"""The one list of actions. A module per group of screens declares its own ``ACTIONS``; they come together here."""

from __future__ import annotations

from tui_desk.actions import (
    administration,
    approvals,
    asset_files,
    bulk,
    checks,
    common,
    conversation,
    deliveries,
    documents,
    flow,
    history,
    inventory,
    licences,
    macros,
    notices,
    people,
    purchases,
    queue,
    reading,
    tickets,
    views,
    work,
    work_settings,
    writing,
)
from tui_desk.actions.registry import Action, Keys, Registry

ALL: tuple[Action, ...] = (
    *common.ACTIONS,
    *queue.ACTIONS,
    *tickets.ACTIONS,
    *conversation.ACTIONS,
    *views.ACTIONS,
    *bulk.ACTIONS,
    *flow.ACTIONS,
    *work.ACTIONS,
    *work_settings.ACTIONS,
    *approvals.ACTIONS,
    *writing.ACTIONS,
    *checks.ACTIONS,
    *inventory.ACTIONS,
    *asset_files.ACTIONS,
    *licences.ACTIONS,
    *administration.ACTIONS,
    *history.ACTIONS,
    *notices.ACTIONS,
    *people.ACTIONS,
    *macros.ACTIONS,
    *documents.ACTIONS,
    *reading.ACTIONS,
    *purchases.ACTIONS,
    *deliveries.ACTIONS,
)


def registry(keys: Keys | None = None, preset: str = "desk") -> Registry:
    """Every action of the product with the keys of ``preset``, and a person's own keys where given."""
    if preset == "desk":
        return Registry(ALL, keys)
    # Most have the keys as they are declared: the others are not even read then.
    from tui_desk.actions.presets import WITH_ALT_COUNTS, WITH_COUNTS, keys_of_preset

    return Registry(ALL, keys, keys_of_preset(preset), preset in WITH_COUNTS, preset in WITH_ALT_COUNTS)
