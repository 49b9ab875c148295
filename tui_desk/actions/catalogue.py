"""The one list of actions. A module per group of screens declares its own ``ACTIONS``; they come together here."""

from __future__ import annotations

from collections.abc import Mapping

from tui_desk.actions import (
    administration,
    approvals,
    asset_files,
    checks,
    common,
    deliveries,
    documents,
    history,
    inventory,
    licences,
    notices,
    people,
    purchases,
    tickets,
    work,
    work_settings,
    writing,
)
from tui_desk.actions.registry import Action, Registry

ALL: tuple[Action, ...] = (
    *common.ACTIONS,
    *tickets.ACTIONS,
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
    *documents.ACTIONS,
    *purchases.ACTIONS,
    *deliveries.ACTIONS,
)


def registry(keys: Mapping[str, tuple[str, ...]] | None = None) -> Registry:
    """Every action of the product, with a person's own keys where given."""
    return Registry(ALL, keys)
