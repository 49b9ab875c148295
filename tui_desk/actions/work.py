"""Actions on the work of a ticket (pane Work), and on the lists of work over all tickets."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import ONE, QUEUE, TICKET

WORK = "work"
"""Pane Work of the ticket screen: nearer than the ticket, so its keys come first while that pane is open."""
TASKS = "tasks"
SHEET = "sheet"

TASK = Need("work_task", N_("Select a task first; + adds one."))
ENTRY = Need("work_time", N_("Select a time entry first; + adds one."))
ITEM = Need("work_item", N_("There is nothing here yet; + adds something."))
SUPERVISOR = Need("supervisor", N_("Only a supervisor or an admin may do this."))

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
    Action(
        "timer",
        N_("Clock"),
        N_(
            "Run the clock on this ticket, or on the task under the cursor; again: hold it, or stop it and write down what it "
            "shows. One that runs elsewhere is written down first."
        ),
        (QUEUE, TICKET, TASKS),
        keys=("t",),
        command="tui-desk time start N",
        needs=(ONE, WRITER),
    ),
    # -- what + offers ----------------------------------------------------------------------------------------------
    Action(
        "add_task",
        N_("Task"),
        N_("Something that is to be done, with an assignee and a day."),
        (TICKET,),
        command="tui-desk task add N TITLE",
        argument=N_("title"),
        needs=(ONE, WRITER),
    ),
    Action(
        "add_checklist",
        N_("Checklist"),
        N_("Tasks that belong together, as a supervisor wrote them down."),
        (TICKET,),
        command="tui-desk ticket checklist N NAME",
        argument=N_("name"),
        needs=(ONE, WRITER),
    ),
    Action(
        "add_time",
        N_("Time"),
        N_("What you worked: 1h30, 9:15-10:40, yesterday 45m."),
        (TICKET,),
        command="tui-desk time add N 1h30",
        needs=(ONE, WRITER),
    ),
    # -- pane Work --------------------------------------------------------------------------------------------------
    Action(
        "add_work",
        N_("Add work"),
        N_("Add a task, a checklist, time …: choose what."),
        (WORK,),
        keys=("+",),
        command="tui-desk task add N TITLE",
        needs=(ONE, WRITER),
        hint=2,
    ),
    Action(
        "tick",
        N_("Tick"),
        N_("The task is done, or open again."),
        (WORK, TASKS),
        keys=("x",),
        command="tui-desk task done ID",
        needs=(TASK, WRITER),
        hint=2,
        guard="again",
    ),
    Action(
        "edit_work",
        N_("Edit"),
        N_("Change what the cursor is on."),
        (WORK,),
        keys=("e",),
        command="tui-desk task set ID …",
        needs=(ITEM, WRITER),
        hint=3,
    ),
    Action(
        "begin_task",
        N_("Begin"),
        N_("The task is in progress, or only open again."),
        (WORK, TASKS),
        keys=("b",),
        command="tui-desk task set ID state=in_progress",
        needs=(TASK, WRITER),
        hint=4,
    ),
    Action(
        "give_task",
        N_("Give"),
        N_("Give the task to an agent, or to nobody."),
        (WORK, TASKS),
        keys=("a",),
        command="tui-desk task set ID assignee=LOGIN",
        argument=N_("login"),
        needs=(TASK, WRITER),
        hint=5,
    ),
    Action(
        "task_down",
        N_("Task down"),
        N_("Put the task below the next one."),
        (WORK,),
        keys=("J",),
        command="tui-desk task move ID down",
        needs=(TASK, WRITER),
    ),
    Action(
        "task_up",
        N_("Task up"),
        N_("Put the task above the one before."),
        (WORK,),
        keys=("K",),
        command="tui-desk task move ID up",
        needs=(TASK, WRITER),
    ),
    Action(
        "remove_work",
        N_("Delete"),
        N_("Delete what the cursor is on; u brings it back."),
        (WORK,),
        keys=("X", "delete"),
        command="tui-desk task remove ID",
        needs=(ITEM, WRITER),
        guard="undo",
    ),
    Action(
        "edit_task",
        N_("Edit task"),
        N_("Title, state, assignee, day, notes."),
        (WORK,),
        command="tui-desk task set ID …",
        needs=(TASK, WRITER),
    ),
    Action(
        "edit_task",
        N_("Edit task"),
        N_("Title, state, assignee, day, notes."),
        (TASKS,),
        keys=("e",),
        command="tui-desk task set ID …",
        needs=(TASK, WRITER),
        hint=3,
    ),
    Action(
        "remove_task",
        N_("Delete task"),
        N_("Delete the task; u brings it back."),
        (WORK,),
        command="tui-desk task remove ID",
        needs=(TASK, WRITER),
        guard="undo",
    ),
    Action(
        "edit_time",
        N_("Correct time"),
        N_("Correct the time entry; its history stays."),
        (WORK,),
        command="tui-desk time set ID …",
        needs=(ENTRY, WRITER),
    ),
    Action(
        "remove_time",
        N_("Delete time"),
        N_("Delete the time entry; u brings it back."),
        (WORK,),
        command="tui-desk time remove ID",
        needs=(ENTRY, WRITER),
        guard="undo",
    ),
    # -- my tasks ---------------------------------------------------------------------------------------------------
    Action(
        "go_tasks",
        N_("Go to my tasks"),
        N_("Your tasks and your teams', over all tickets, overdue first."),
        (GLOBAL,),
        keys=("g k",),
        command="tui-desk task list --mine",
    ),
    *(
        Action(f"tasks_{name}", title, explanation, (TASKS,), keys=(str(number),), command=command)
        for number, (name, title, explanation, command) in enumerate(
            (
                ("mine", N_("Tasks: mine"), N_("Yours and your teams'."), "tui-desk task list --mine"),
                ("late", N_("Tasks: late"), N_("Late ones of everybody."), "tui-desk task list --overdue"),
                ("open", N_("Tasks: all open"), N_("Of everybody."), "tui-desk task list"),
                ("all", N_("Tasks: everything"), N_("Those that are over, too."), "tui-desk task list --all"),
            ),
            start=1,
        )
    ),
    Action(
        "next_tasks",
        N_("Next filter"),
        N_("The filter to the right."),
        (TASKS,),
        keys=("tab",),
        in_palette=False,
    ),
    Action(
        "previous_tasks",
        N_("Previous filter"),
        N_("The filter to the left."),
        (TASKS,),
        keys=("shift+tab",),
        in_palette=False,
    ),
    Action(
        "undo",
        N_("Undo"),
        N_("Take back what you did last, while the line at the bottom offers it."),
        (TASKS, SHEET),
        keys=("u",),
        command="tui-desk ticket undo N",
        needs=(WRITER,),
    ),
    # -- the weekly sheet -------------------------------------------------------------------------------------------
    Action(
        "go_sheet",
        N_("Go to the time sheet"),
        N_("Your week: a row for each ticket, a column for each day."),
        (GLOBAL,),
        keys=("g w",),
        command="tui-desk time sheet",
    ),
    Action(
        "previous_week",
        N_("Week before"),
        N_("The week before this one."),
        (SHEET,),
        keys=("left", "h", "["),
        command="tui-desk time sheet --week DAY",
        hint=2,
    ),
    Action(
        "next_week",
        N_("Next week"),
        N_("The week after this one."),
        (SHEET,),
        keys=("right", "l", "]"),
        command="tui-desk time sheet --week DAY",
        hint=3,
    ),
    Action(
        "this_week",
        N_("This week"),
        N_("Back to today."),
        (SHEET,),
        keys=(".",),
        command="tui-desk time sheet",
    ),
    Action(
        "sheet_time",
        N_("Add time"),
        N_("Write down time on any ticket."),
        (SHEET,),
        keys=("N",),
        command="tui-desk time add N 1h30",
        argument=N_("number"),
        needs=(WRITER,),
        hint=4,
    ),
    Action(
        "correct_time",
        N_("Correct"),
        N_("Correct an entry of the ticket under the cursor."),
        (SHEET,),
        keys=("e",),
        command="tui-desk time set ID …",
        needs=(SELECTED, WRITER),
        hint=5,
    ),
    Action(
        "sheet_agent",
        N_("Whose"),
        N_("Show the week of another agent."),
        (SHEET,),
        keys=("a",),
        command="tui-desk time sheet --agent LOGIN",
        argument=N_("login"),
        needs=(SUPERVISOR,),
    ),
)
