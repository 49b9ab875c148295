"""Actions of documents and of the expiry calendar."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.inventory import ASSET, ASSETS
from tui_desk.actions.licences import CONTRACT, CONTRACTS, LICENCE, LICENCES
from tui_desk.actions.purchases import PURCHASE
from tui_desk.actions.registry import N_, Action

FILES = "files"
FILE = "file"
EXPIRY = "expiry"

ACTIONS = (
    Action(
        "documents",
        N_("Documents"),
        N_("Its files: invoices, manuals, contracts; read here, saved, added."),
        (ASSETS, ASSET, LICENCES, LICENCE, CONTRACTS, CONTRACT, PURCHASE),
        keys=("f",),
        command="tui-desk document list KIND:NAME",
        needs=(SELECTED,),
    ),
    Action(
        "add_document",
        N_("Add a file"),
        N_("Keep a copy of a file of this machine."),
        (FILES,),
        keys=("N",),
        command="tui-desk document add KIND:NAME FILE",
        argument=N_("path"),
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "save_document",
        N_("Save"),
        N_("Write the file to a folder of this machine; asks before it replaces one."),
        (FILES, FILE),
        keys=("w",),
        command="tui-desk document save ID FOLDER",
        argument=N_("folder"),
        needs=(SELECTED,),
        hint=3,
    ),
    Action(
        "remove_document",
        N_("Remove"),
        N_("Take the file away; u brings it back."),
        (FILES,),
        keys=("X", "delete"),
        command="tui-desk document remove ID",
        needs=(SELECTED, WRITER),
        hint=4,
        guard="undo",
    ),
    Action(
        "undo",
        N_("Undo"),
        N_("Take back what you did last, while the line at the bottom offers it."),
        (FILES,),
        keys=("u",),
        command="tui-desk ticket undo --event ID",
        needs=(WRITER,),
    ),
    # -- the expiry calendar ----------------------------------------------------------------------------------------
    Action(
        "go_expiry",
        N_("Go to the expiry calendar"),
        N_("Warranties, licences, contracts and invoices in the order of their ends."),
        (GLOBAL,),
        keys=("g x",),
        command="tui-desk expiry list",
    ),
    *(
        Action(f"expiry_{name}", title, explanation, (EXPIRY,), keys=(str(number),), command=command)
        for number, (name, title, explanation, command) in enumerate(
            (
                (
                    "30",
                    N_("Ends: 30 days"),
                    N_("What is over, and what ends within 30 days."),
                    "tui-desk expiry list --within 30d",
                ),
                (
                    "90",
                    N_("Ends: 90 days"),
                    N_("What is over, and what ends within 90 days."),
                    "tui-desk expiry list --within 90d",
                ),
                (
                    "365",
                    N_("Ends: a year"),
                    N_("What is over, and what ends within a year."),
                    "tui-desk expiry list --within 1y",
                ),
                (
                    "all",
                    N_("Ends: all"),
                    N_("Everything that ends, ever."),
                    "tui-desk expiry list --within all",
                ),
            ),
            start=1,
        )
    ),
    Action(
        "next_horizon",
        N_("Look further"),
        N_("The filter to the right."),
        (EXPIRY,),
        keys=("tab", "right"),
        in_palette=False,
    ),
    Action(
        "previous_horizon",
        N_("Look less far"),
        N_("The filter to the left."),
        (EXPIRY,),
        keys=("shift+tab", "left"),
        in_palette=False,
    ),
    Action(
        "expiry_kind",
        N_("Kind"),
        N_("Only warranties, licences, contracts or invoices, or all of them."),
        (EXPIRY,),
        keys=("t",),
        command="tui-desk expiry list --kind KIND",
        argument=N_("kind"),
        hint=4,
    ),
)
