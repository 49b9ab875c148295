"""Actions of licences and contracts."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need

LICENCES = "licences"
LICENCE = "licence"
CONTRACTS = "contracts"
CONTRACT = "contract"
AGREEMENTS = "agreements"
"""Both lists: one tab each."""

SEAT = Need("seat", N_("The cursor is on no seat: a assigns one."))
KEY = Need("licence_key", N_("No key is kept for it: e writes one down."))
ENDS = Need("ends", N_("It has no end, so there is nothing to renew."))
COVERED = Need("covered", N_("The cursor is on no asset: a adds one."))

ACTIONS = (
    Action(
        "go_licences",
        N_("Go to licences and contracts"),
        N_("Who uses which licence, which contract covers what, and what ends."),
        (GLOBAL,),
        keys=("g l",),
        command="tui-desk licence list",
    ),
    Action(
        "tab_licences",
        N_("Licences"),
        N_("The licences, with their seats."),
        (AGREEMENTS,),
        keys=("1",),
        command="tui-desk licence list",
    ),
    Action(
        "tab_contracts",
        N_("Contracts"),
        N_("Maintenance, leases, extended warranties and subscriptions."),
        (AGREEMENTS,),
        keys=("2",),
        command="tui-desk contract list",
    ),
    Action(
        "other_tab",
        N_("The other list"),
        N_("Licences or contracts."),
        (AGREEMENTS,),
        keys=("tab", "shift+tab", "left", "right"),
        in_palette=False,
    ),
    Action(
        "show_wanting",
        N_("Show what needs care"),
        N_("Show only what is over, ends soon, or is used more than there are seats; again shows all."),
        (AGREEMENTS,),
        keys=("w",),
        command="tui-desk licence list --wanting",
        hint=7,
    ),
    Action(
        "show_retired",
        N_("Show retired"),
        N_("Show retired ones too, or hide them."),
        (AGREEMENTS,),
        keys=("v",),
        command="tui-desk licence list --retired",
        hint=6,
    ),
    # -- licences ---------------------------------------------------------------------------------------------------
    Action(
        "new_licence",
        N_("New licence"),
        N_("Write down a licence: its seats, its key, when it expires."),
        (LICENCES,),
        keys=("N",),
        command="tui-desk licence new NAME …",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_licence",
        N_("Edit licence"),
        N_("Change what is known about it, its number of seats and its key."),
        (LICENCES, LICENCE),
        keys=("e",),
        command="tui-desk licence set NAME …",
        needs=(SELECTED, WRITER),
        hint=4,
    ),
    Action(
        "assign_seat",
        N_("Assign a seat"),
        N_("Give a seat to a person or to an asset, as long as one is left."),
        (LICENCES, LICENCE),
        keys=("a",),
        command="tui-desk licence assign NAME WHO",
        argument=N_("person or asset"),
        needs=(SELECTED, WRITER),
        hint=3,
    ),
    Action(
        "release_seat",
        N_("Release the seat"),
        N_("Take the seat back from who has it; the history keeps that they had it."),
        (LICENCE,),
        keys=("r",),
        command="tui-desk licence release NAME WHO",
        needs=(SEAT, WRITER),
        hint=4,
        guard="undo",
    ),
    Action(
        "licence_key",
        N_("Show the key"),
        N_("Show the licence key in the clear. Asks first: that you looked is recorded."),
        (LICENCE,),
        keys=("K",),
        command="tui-desk licence key NAME",
        needs=(SELECTED, WRITER, KEY),
        hint=5,
        guard="asks",
    ),
    Action(
        "retire_licence",
        N_("Retire or bring back"),
        N_("Set the licence aside, or take it back; its history stays."),
        (LICENCES, LICENCE),
        keys=("x",),
        command="tui-desk licence retire NAME",
        needs=(SELECTED, WRITER),
        hint=6,
        guard="again",
    ),
    # -- contracts --------------------------------------------------------------------------------------------------
    Action(
        "new_contract",
        N_("New contract"),
        N_("Write down a contract: what it is about, when it ends, when notice is due."),
        (CONTRACTS,),
        keys=("N",),
        command="tui-desk contract new NAME …",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_contract",
        N_("Edit contract"),
        N_("Change what is known about it."),
        (CONTRACTS, CONTRACT),
        keys=("e",),
        command="tui-desk contract set NAME …",
        needs=(SELECTED, WRITER),
        hint=4,
    ),
    Action(
        "renew_contract",
        N_("Renew"),
        N_("Begin its next period, as long as this one or until another day. Asks first."),
        (CONTRACTS, CONTRACT),
        keys=("R",),
        command="tui-desk contract renew NAME",
        argument=N_("last day"),
        needs=(SELECTED, WRITER, ENDS),
        hint=3,
        guard="asks",
    ),
    Action(
        "cover_asset",
        N_("Cover an asset"),
        N_("Say that the contract covers an asset."),
        (CONTRACT,),
        keys=("a",),
        command="tui-desk contract cover NAME TAG",
        argument=N_("asset"),
        needs=(SELECTED, WRITER),
        hint=3,
    ),
    Action(
        "uncover_asset",
        N_("Cover it no more"),
        N_("Take the asset under the cursor out of the contract."),
        (CONTRACT,),
        keys=("r",),
        command="tui-desk contract uncover NAME TAG",
        needs=(COVERED, WRITER),
        hint=5,
        guard="undo",
    ),
    Action(
        "retire_contract",
        N_("Retire or bring back"),
        N_("Set the contract aside, or take it back; its history stays."),
        (CONTRACTS, CONTRACT),
        keys=("x",),
        command="tui-desk contract retire NAME",
        needs=(SELECTED, WRITER),
        hint=6,
        guard="again",
    ),
    # K shows the key here, so the details are scrolled by other keys
    Action(
        "details_down",
        N_("Details down"),
        N_("Scroll what is known about it."),
        (LICENCE,),
        keys=("J", "ctrl+e"),
        in_palette=False,
    ),
    Action(
        "details_up",
        N_("Details up"),
        N_("Scroll it back."),
        (LICENCE,),
        keys=("ctrl+y",),
        in_palette=False,
    ),
)
