"""Actions of the queue: what it shows, and a ticket written down."""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.registry import N_, Action
from tui_desk.actions.ticket_needs import BOTH, QUEUE

ACTIONS = (
    Action(
        "filter",
        N_("Filter"),
        N_("Narrow the view as you type: words, status:open, priority:high, from:name, assignee:me …"),
        (QUEUE,),
        keys=("/",),
        command="tui-desk ticket list --query Q",
        argument=N_("query"),
        values="query",
        hint=7,
    ),
    Action(
        "clear",
        N_("Clear"),
        N_("Take away the filter, then what is told at the bottom. Never leaves tui-desk; q twice does."),
        (QUEUE,),
        keys=("escape",),
        in_palette=False,
    ),
    *(
        Action(
            f"view_{view}",
            title,
            explanation,
            (QUEUE,),
            keys=(str(number),),
            command=f"tui-desk ticket list --view {view}",
        )
        for number, (view, title, explanation) in enumerate(
            (
                ("mine", N_("View: mine"), N_("Unresolved tickets assigned to you.")),
                ("unassigned", N_("View: unassigned"), N_("Unresolved tickets nobody has taken.")),
                ("open", N_("View: all open"), N_("Every unresolved ticket.")),
                ("pending", N_("View: pending"), N_("Tickets that wait for the requester or somebody else.")),
                ("resolved", N_("View: resolved"), N_("Tickets that are resolved or closed.")),
                ("all", N_("View: everything"), N_("Every ticket there is.")),
            ),
            start=1,
        )
    ),
    Action(
        "next_view",
        N_("Next view"),
        N_("The view to the right."),
        (QUEUE,),
        keys=("tab", "right"),
        in_palette=False,
    ),
    Action(
        "previous_view",
        N_("Previous view"),
        N_("The view to the left."),
        (QUEUE,),
        keys=("shift+tab", "left"),
        in_palette=False,
    ),
    Action(
        "sort",
        N_("Sort"),
        N_("Sort by last change, by age, by priority or by what is due first."),
        (QUEUE,),
        keys=("S",),
        command="tui-desk ticket list --sort updated|created|priority|due",
        argument="updated|created|priority|due",
        values="sorts",
    ),
    Action(
        "new_ticket",
        N_("New ticket"),
        N_("Write down a call, a visit or a chat as a ticket."),
        BOTH,
        keys=("N",),
        command="tui-desk ticket new --subject S --requester A --channel phone --body TEXT",
        needs=(WRITER,),
        hint=13,
    ),
)
