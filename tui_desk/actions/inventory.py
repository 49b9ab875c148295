"""Actions of the lists beside the queue: assets, people, suspended mail, the outbox."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need

BROWSE = "browse"
DETAILS = "details"
ASSETS = "assets"
ASSET = "asset"
PEOPLE = "people"
PERSON = "person"
SUSPENDED = "suspended"
SUSPENDED_MAIL = "suspended_mail"
OUTBOX = "outbox"
PAGER = "pager"

HELD = Need("held", N_("It is not held: only what has not begun to leave has a time that can be changed."))
RETRYABLE = Need(
    "retryable",
    N_("Nothing to retry: no recipient of this message failed, is unknown or waits for another attempt."),
)
STOPPABLE = Need(
    "stoppable", N_("It has left already, or was cancelled: only a held or waiting message can be stopped.")
)

ACTIONS = (
    Action(
        "search",
        N_("Search"),
        N_("Narrow the list as you type; Esc shows all again."),
        (BROWSE,),
        keys=("/",),
        argument=N_("words"),
        hint=3,
    ),
    Action(
        "sort_list",
        N_("Sort"),
        N_("Choose what the list is sorted by; the same one again turns it round."),
        (ASSETS, PEOPLE),
        keys=("z",),
        command="tui-desk asset list --sort ORDER",
        argument=N_("order"),
        hint=7,
    ),
    Action(
        "details_down",
        N_("Details down"),
        N_("Scroll the details of the selected line."),
        (DETAILS,),
        keys=("J",),
        counted=True,
    ),
    Action(
        "details_up",
        N_("Details up"),
        N_("Scroll the details back."),
        (DETAILS,),
        keys=("K",),
        counted=True,
    ),
    # -- assets -----------------------------------------------------------------------------------------------------
    Action(
        "new_asset",
        N_("New asset"),
        N_("Write down a computer, a phone or anything else that is looked after."),
        (ASSETS,),
        keys=("N",),
        command="tui-desk asset new TAG NAME",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_asset",
        N_("Edit asset"),
        N_("Change what is known about it."),
        (ASSETS, ASSET),
        keys=("e",),
        command="tui-desk asset set TAG …",
        needs=(SELECTED, WRITER),
        hint=4,
    ),
    Action(
        "asset_state",
        N_("State"),
        N_("Move it along its life: in stock, in use, in repair, retired."),
        (ASSETS, ASSET),
        keys=("s",),
        command="tui-desk asset state TAG STATE",
        argument=N_("state"),
        needs=(SELECTED, WRITER),
        hint=4,
    ),
    Action(
        "asset_relations",
        N_("Relations"),
        N_("Installed on, connected to, part of: note one, or take one away."),
        (ASSETS, ASSET),
        keys=("L",),
        command="tui-desk asset relate TAG KIND OTHER",
        needs=(SELECTED, WRITER),
        hint=6,
    ),
    Action(
        "retire",
        N_("Retire or bring back"),
        N_("Take it out of use, or back into it; what hangs on it is asked for, and its history stays."),
        (ASSETS, ASSET),
        keys=("x",),
        command="tui-desk asset retire TAG",
        needs=(SELECTED, WRITER),
        hint=5,
        guard="asks",
    ),
    Action(
        "show_retired",
        N_("Show retired"),
        N_("Show retired assets too, or hide them."),
        (ASSETS,),
        keys=("v",),
        command="tui-desk asset list --retired",
        hint=6,
    ),
    # -- people -----------------------------------------------------------------------------------------------------
    Action(
        "go_people",
        N_("Go to people"),
        N_("Everybody who ever wrote, and what is known about them."),
        (GLOBAL,),
        keys=("g p",),
        command="tui-desk person list",
    ),
    # -- suspended mail ---------------------------------------------------------------------------------------------
    Action(
        "accept",
        N_("Accept"),
        N_("Make a new ticket of it, as well as it can be read."),
        (SUSPENDED, SUSPENDED_MAIL),
        keys=("a",),
        command="tui-desk suspended accept ID",
        needs=(SELECTED, WRITER),
        hint=2,
    ),
    Action(
        "join_ticket",
        N_("Join"),
        N_("Put it into the conversation of a ticket."),
        (SUSPENDED, SUSPENDED_MAIL),
        keys=("m",),
        command="tui-desk suspended join ID NUMBER",
        argument=N_("number"),
        needs=(SELECTED, WRITER),
        hint=3,
    ),
    Action(
        "retry_mail",
        N_("Try again"),
        N_("Process it as if it had just arrived, after what stopped it was repaired."),
        (SUSPENDED, SUSPENDED_MAIL),
        keys=("r",),
        command="tui-desk suspended retry ID",
        needs=(SELECTED, WRITER),
        hint=4,
    ),
    Action(
        "drop",
        N_("Drop"),
        N_("Set it aside for good; its source stays in the ledger. Asks first."),
        (SUSPENDED, SUSPENDED_MAIL),
        keys=("D",),
        command="tui-desk suspended drop ID",
        needs=(SELECTED, WRITER),
        hint=5,
        guard="asks",
    ),
    # -- outbox -----------------------------------------------------------------------------------------------------
    *(
        Action(f"outbox_{name}", title, explanation, (OUTBOX,), keys=(str(number),), command=command)
        for number, (name, title, explanation, command) in enumerate(
            (
                ("waiting", N_("Outbox: waiting"), N_("What has not left yet."), "tui-desk outbox list"),
                (
                    "failed",
                    N_("Outbox: failed"),
                    N_("What failed, bounced or is unknown: somebody must look."),
                    "tui-desk outbox list --state failed",
                ),
                (
                    "all",
                    N_("Outbox: all"),
                    N_("Everything, also what was sent."),
                    "tui-desk outbox list --all",
                ),
            ),
            start=1,
        )
    ),
    Action(
        "next_outbox",
        N_("Next filter"),
        N_("Waiting, failed or all: the one to the right."),
        (OUTBOX,),
        keys=("tab", "right"),
        in_palette=False,
    ),
    Action(
        "previous_outbox",
        N_("Previous filter"),
        N_("Waiting, failed or all: the one to the left."),
        (OUTBOX,),
        keys=("shift+tab", "left"),
        in_palette=False,
    ),
    Action(
        "retry_send",
        N_("Retry"),
        N_(
            "Send again to the recipients that failed, are unknown or wait for another attempt, the same bytes; "
            "what is held leaves now."
        ),
        (OUTBOX,),
        keys=("r", "Y"),
        command="tui-desk outbox retry ID",
        needs=(SELECTED, WRITER, RETRYABLE),
        hint=2,
    ),
    Action(
        "leave_at",
        N_("Leaves at"),
        N_("Let a held message leave at another time, or now."),
        (OUTBOX,),
        keys=("H",),
        command="tui-desk outbox send ID --at WHEN",
        argument=N_("when"),
        needs=(SELECTED, WRITER, HELD),
        hint=4,
    ),
    Action(
        "cancel_send",
        N_("Cancel"),
        N_("Stop a message that has not left; its text returns to a draft."),
        (OUTBOX,),
        keys=("X",),
        command="tui-desk outbox cancel ID",
        needs=(SELECTED, WRITER, STOPPABLE),
        hint=3,
        guard="kept",
    ),
    # -- reading ----------------------------------------------------------------------------------------------------
    Action(
        "line_down",
        N_("Down"),
        N_("Scroll down."),
        (PAGER,),
        keys=("j", "down"),
        in_palette=False,
        counted=True,
    ),
    Action("line_up", N_("Up"), N_("Scroll up."), (PAGER,), keys=("k", "up"), in_palette=False, counted=True),
    Action(
        "page_down",
        N_("Page down"),
        N_("Scroll a page down."),
        (PAGER,),
        keys=("pagedown", "space", "ctrl+f", "ctrl+d"),
        in_palette=False,
        counted=True,
    ),
    Action(
        "page_up",
        N_("Page up"),
        N_("Scroll a page up."),
        (PAGER,),
        keys=("pageup", "ctrl+b", "ctrl+u"),
        in_palette=False,
        counted=True,
    ),
    Action("first", N_("First"), N_("To the beginning."), (PAGER,), keys=("g g", "home"), in_palette=False),
    Action("last", N_("Last"), N_("To the end."), (PAGER,), keys=("G", "end"), in_palette=False),
)
