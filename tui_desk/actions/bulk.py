"""Marks in the queue, and what is only done to tags."""

from __future__ import annotations

from tui_desk.actions.common import SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import BOTH, ONE, QUEUE

BULK_REPLY = "bulk_reply"

MARKED = Need("marked", N_("Nothing is marked: x marks a ticket, M all of this view."))
WAS_MARKED = Need("was_marked", N_("Nothing was marked before."))

ACTIONS = (
    Action(
        "mark",
        N_("Mark"),
        N_(
            "Mark the ticket, or take its mark away, and go down. With marks, a, I, s, p, c, T, #, m, ! and r are for all that are "
            "marked, and show what will happen first."
        ),
        (QUEUE,),
        keys=("x",),
        counted=True,
        command="tui-desk ticket bulk N... set status=resolved",
        needs=(SELECTED,),
        hint=10,
    ),
    Action(
        "mark_range",
        N_("Mark a range"),
        N_("Begin a range of marks here, and end it with the same key; Esc forgets it."),
        (QUEUE,),
        keys=("V",),
        needs=(SELECTED,),
    ),
    Action(
        "mark_query",
        N_("Mark by query"),
        N_("Mark everything of this view and filter, or what of it fits a query that you type."),
        (QUEUE,),
        keys=("M",),
        command="tui-desk ticket bulk --query Q set status=resolved",
        argument=N_("query"),
        values="query",
    ),
    Action(
        "only_marked",
        N_("Only the marked"),
        N_("Show only what is marked, wherever it is; again: the whole view."),
        (QUEUE,),
        keys=("*",),
        needs=(MARKED,),
    ),
    Action(
        "mark_again",
        N_("Mark again"),
        N_("Mark what was marked last: before Esc, or before something was done to all of it."),
        (QUEUE,),
        keys=("X",),
        needs=(WAS_MARKED,),
    ),
    Action(
        "tag",
        N_("Tags"),
        N_("Add tags or take some away: vpn adds one, -vpn takes it away."),
        BOTH,
        keys=("#",),
        guard="undo",
        command="tui-desk ticket bulk N tag vpn,-spam",
        argument=N_("tags"),
        values="tags",
        needs=(ONE, WRITER),
        repeatable=True,
    ),
    # -- one text for all that are marked -----------------------------------------------------------------------------
    Action(
        "send_marked",
        N_("Look and send"),
        N_("Show what each of them would get, and send it when you say so."),
        (BULK_REPLY,),
        keys=("ctrl+s", "ctrl+enter"),
        guard="asks",
        command="tui-desk ticket bulk N... reply --body TEXT",
        needs=(WRITER,),
        hint=1,
        while_typing=True,
    ),
    Action(
        "send_marked_resolved",
        N_("Send and resolve"),
        N_("The same, and set the tickets to resolved."),
        (BULK_REPLY,),
        keys=("ctrl+x",),
        guard="asks",
        command="tui-desk ticket bulk N... reply --body TEXT --status-after resolved",
        needs=(WRITER,),
        hint=2,
        while_typing=True,
    ),
    Action(
        "clear_text",
        N_("Discard text"),
        N_("Throw the text away. Asks first."),
        (BULK_REPLY,),
        keys=("f8",),
        while_typing=True,
        guard="asks",
    ),
    Action(
        "leave_text",
        N_("Leave"),
        N_("Back to the list; the text is kept, and the marks too."),
        (BULK_REPLY,),
        keys=("escape",),
        hint=4,
        while_typing=True,
        in_palette=False,
    ),
)
