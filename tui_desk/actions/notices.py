"""Actions of the list of notifications."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED
from tui_desk.actions.registry import N_, Action

NOTIFICATIONS = "notifications"

ACTIONS = (
    Action(
        "go_notifications",
        N_("Go to notifications"),
        N_("What you should see: mentions, hand-overs, drafts to check, decisions, dates that come near."),
        (GLOBAL,),
        keys=("g n",),
        command="tui-desk notification list",
    ),
    Action(
        "mark_read",
        N_("Mark as read"),
        N_("It leaves the list; v shows it again."),
        (NOTIFICATIONS,),
        keys=("x",),
        command="tui-desk notification read ID",
        needs=(SELECTED,),
        hint=2,
        guard="kept",
    ),
    Action(
        "mark_all_read",
        N_("Mark all as read"),
        N_("Nothing is deleted: v shows them. Asks first."),
        (NOTIFICATIONS,),
        keys=("X",),
        command="tui-desk notification read --all",
        hint=3,
        guard="asks",
    ),
    Action(
        "show_read",
        N_("Show read ones"),
        N_("Show what was read already too, or hide it."),
        (NOTIFICATIONS,),
        keys=("v",),
        command="tui-desk notification list --all",
        hint=4,
    ),
)
