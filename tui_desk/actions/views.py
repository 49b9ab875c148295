"""Actions on saved views, in the queue."""

from __future__ import annotations

from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import QUEUE

SAVED = Need("saved_view", N_("No saved view is shown: v chooses one."))

ACTIONS = (
    Action(
        "choose_view",
        N_("Choose a view"),
        N_(
            "All views with their counts: type a part of a name. F2 renames, F3 shares, F8 removes a saved one."
        ),
        (QUEUE,),
        keys=("v",),
        command="tui-desk view list",
        argument=N_("name"),
        hint=16,
    ),
    Action(
        "save_view",
        N_("Save as a view"),
        N_("Keep this filter, view and order under a name: for yourself, a team, or the desk."),
        (QUEUE,),
        keys=("W",),
        command="tui-desk view save NAME --query Q",
        argument=N_("name"),
    ),
    Action(
        "rename_view",
        N_("Rename the view"),
        N_("Give the saved view that is shown another name."),
        (QUEUE,),
        command="tui-desk view save NAME --as-name NEW",
        argument=N_("name"),
        needs=(SAVED,),
    ),
    Action(
        "share_view",
        N_("Share the view"),
        N_("Say who sees the saved view that is shown: you, a team, or the whole desk."),
        (QUEUE,),
        command="tui-desk view save NAME --share desk",
        needs=(SAVED,),
    ),
    Action(
        "remove_view",
        N_("Remove the view"),
        N_("Take the saved view that is shown away; u brings it back. No ticket is touched."),
        (QUEUE,),
        command="tui-desk view remove NAME",
        needs=(SAVED,),
        guard="undo",
    ),
    Action(
        "columns",
        N_("Columns and groups"),
        N_(
            "Choose the columns of the queue, their order and width, and what groups it. Kept for you, on any terminal."
        ),
        (QUEUE,),
        keys=("=",),
        command="tui-desk ticket list --columns number,subject,team",
        argument=N_("names in order, such as number,subject:40,team; or reset"),
    ),
    Action(
        "group",
        N_("Group"),
        N_("Group the queue by status, priority, assignee, team or what is due; none ends it."),
        (QUEUE,),
        command="tui-desk ticket list --group status",
        argument="status|priority|assignee|team|due|none",
        values="groups",
    ),
)
