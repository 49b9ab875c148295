"""Actions that lead from one ticket to the next, in the queue and while reading one."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, WRITER
from tui_desk.actions.registry import N_, Action
from tui_desk.actions.ticket_needs import ONE, QUEUE, TICKET

BOTH = (QUEUE, TICKET)

ACTIONS = (
    Action(
        "next_urgent",
        N_("Next"),
        N_("Bring the ticket that loses most by waiting, and say why; again: the one after it."),
        BOTH,
        keys=(">",),
        command="tui-desk ticket next",
        hint=6,
    ),
    Action(
        "snooze",
        N_("Snooze, remind"),
        N_(
            "Put the ticket off until a moment or an answer, or be reminded of it: tomorrow 9, fri, 3d, answer."
        ),
        BOTH,
        keys=("Z",),
        command="tui-desk ticket snooze N UNTIL",
        argument=N_("until when"),
        needs=(ONE, WRITER),
        repeatable=True,
    ),
    Action(
        "urgency",
        N_("Why now"),
        N_("What makes this ticket urgent for you, reason by reason."),
        (QUEUE,),
        keys=("w",),
        command="tui-desk ticket why N",
        needs=(ONE,),
    ),
    Action(
        "own_settings",
        N_("My settings"),
        N_("What follows the work on a ticket; how this terminal calls you, about what, and when not."),
        (GLOBAL,),
        keys=("g f",),
        command="tui-desk settings own NAME=VALUE",
    ),
    Action(
        "view_snoozed",
        N_("View: snoozed"),
        N_("Tickets that were put off: until when, and by whom."),
        (QUEUE,),
        keys=("7",),
        command="tui-desk ticket list --view snoozed",
    ),
    Action(
        "view_teams",
        N_("View: my teams"),
        N_("Unresolved tickets of the teams you belong to."),
        (QUEUE,),
        keys=("8",),
        command="tui-desk ticket list --view teams",
    ),
    Action(
        "view_overdue",
        N_("View: overdue"),
        N_("Unresolved tickets whose next action or an open task has passed its day."),
        (QUEUE,),
        keys=("9",),
        command="tui-desk ticket list --view overdue",
    ),
)
