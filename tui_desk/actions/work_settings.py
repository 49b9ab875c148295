"""Actions of the settings that supervisors keep: checklists; sorts of work and closed periods."""

from __future__ import annotations

from tui_desk.actions.common import SELECTED
from tui_desk.actions.registry import N_, Action
from tui_desk.actions.work import SUPERVISOR

CHECKLISTS = "checklists"
TIME = "time"

ACTIONS = (
    Action(
        "new_checklist",
        N_("New checklist"),
        N_("Write down tasks that belong together."),
        (CHECKLISTS,),
        keys=("N",),
        command="tui-desk checklist new NAME --item TASK",
        needs=(SUPERVISOR,),
        hint=2,
    ),
    Action(
        "edit_checklist",
        N_("Edit checklist"),
        N_("Its name, its category, its tasks; what came from it stays as it is."),
        (CHECKLISTS,),
        keys=("e",),
        command="tui-desk checklist set NAME --item TASK",
        needs=(SELECTED, SUPERVISOR),
        hint=3,
    ),
    Action(
        "set_aside_checklist",
        N_("Set aside or bring back"),
        N_("Offer it and apply it no more, or again."),
        (CHECKLISTS,),
        keys=("x",),
        command="tui-desk checklist remove NAME",
        needs=(SELECTED, SUPERVISOR),
        hint=4,
    ),
    Action(
        "new_activity",
        N_("New activity"),
        N_("A sort of work that time is recorded for, such as travel."),
        (TIME,),
        keys=("N",),
        command="tui-desk time activity NAME",
        argument=N_("name"),
        needs=(SUPERVISOR,),
        hint=2,
    ),
    Action(
        "rename_activity",
        N_("Rename activity"),
        N_("What was recorded goes with it."),
        (TIME,),
        keys=("e",),
        command="tui-desk time activity NAME --rename NEW",
        argument=N_("name"),
        needs=(SELECTED, SUPERVISOR),
        hint=3,
    ),
    Action(
        "billable_activity",
        N_("Billable or not"),
        N_("What a new entry of it is unless it says otherwise."),
        (TIME,),
        keys=("b",),
        command="tui-desk time activity NAME --billable",
        needs=(SELECTED, SUPERVISOR),
        hint=4,
    ),
    Action(
        "set_aside_activity",
        N_("Set aside or bring back"),
        N_("Offer it no more, or again."),
        (TIME,),
        keys=("x",),
        command="tui-desk time activity NAME --set-aside",
        needs=(SELECTED, SUPERVISOR),
    ),
    Action(
        "close_period",
        N_("Close period"),
        N_("Close the time until a day: no entry of it is added, changed or removed any more."),
        (TIME,),
        keys=("c",),
        command="tui-desk time close DAY",
        argument=N_("day"),
        needs=(SUPERVISOR,),
        hint=5,
    ),
    Action(
        "idle_pause",
        N_("Pause of the clock"),
        N_(
            "After how many minutes without a key clocks are held: for yourself, or as a supervisor for everybody."
        ),
        (TIME,),
        keys=("i",),
        command="tui-desk time idle MINUTES",
        argument=N_("minutes"),
        hint=6,
    ),
)
