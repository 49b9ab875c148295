"""Actions on the work of a ticket (pane Work), and on the lists of work over all tickets."""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.registry import N_, Action
from tui_desk.actions.tickets import ONE, TICKET

WORK = "work"
"""Pane Work of the ticket screen: nearer than the ticket, so its keys come first while that pane is open."""

ACTIONS = (
    Action(
        "pane_work",
        N_("Work"),
        N_("Tasks, time, approvals and purchases of this ticket."),
        (TICKET,),
        keys=("5",),
        command="tui-desk task list --ticket N",
    ),
    Action(
        "add_work",
        N_("Add work"),
        N_("Add a task, a checklist, time …: choose what."),
        (TICKET,),
        keys=("+",),
        command="tui-desk task add N TITLE",
        needs=(ONE, WRITER),
    ),
)
