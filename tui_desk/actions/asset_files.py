"""Assets as files: written from the list, read with a look at what would change."""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.inventory import ASSETS
from tui_desk.actions.registry import N_, Action, Need

ASSET_IMPORT = "asset_import"

WORK = Need("import_work", N_("Nothing to do: every asset is as the file says, or its row is refused."))

ACTIONS = (
    Action(
        "export_assets",
        N_("Export"),
        N_("Write the assets of the list into a CSV file."),
        (ASSETS,),
        keys=("E",),
        command="tui-desk asset export FILE",
        argument=N_("file"),
    ),
    Action(
        "import_assets",
        N_("Import"),
        N_("Read assets from a CSV file: what would change is shown first."),
        (ASSETS,),
        keys=("I",),
        command="tui-desk asset import FILE",
        argument=N_("file"),
        needs=(WRITER,),
    ),
    Action(
        "apply_import",
        N_("Do it"),
        N_("Do all that is shown, as one deed; asks first."),
        (ASSET_IMPORT,),
        keys=("a",),
        command="tui-desk asset import FILE --apply",
        needs=(WRITER, WORK),
        hint=2,
        guard="asks",
    ),
    Action(
        "import_empty",
        N_("Empty cells"),
        N_("Let empty cells clear what is there, or leave it."),
        (ASSET_IMPORT,),
        keys=("c",),
        command="tui-desk asset import FILE --keep-empty",
        hint=3,
    ),
    Action(
        "import_match",
        N_("Match by"),
        N_("Let the tag or the serial say which asset a row is about."),
        (ASSET_IMPORT,),
        keys=("m",),
        command="tui-desk asset import FILE --match serial",
        hint=4,
    ),
)
