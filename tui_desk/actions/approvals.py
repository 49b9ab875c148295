"""Actions on approvals: the list over all tickets, pane Work of a ticket, and who decides in whose place."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import ONE, TICKET
from tui_desk.actions.work import WORK

APPROVALS = "approvals"
SUBSTITUTES = "substitutes"

APPROVAL = Need("work_approval", N_("There is no approval under the cursor."))
DECIDABLE = Need("decidable", N_("It does not wait for you: its details say for whom."))
WAITING = Need("approval_waits", N_("It is decided already."))

ACTIONS = (
    Action(
        "go_approvals",
        N_("Go to approvals"),
        N_("Decisions that wait for you, and all others."),
        (GLOBAL,),
        keys=("g v",),
        command="tui-desk approval list",
    ),
    Action(
        "add_approval",
        N_("Ask for an approval"),
        N_("A decision by others, in steps, by mail or here; moves of the ticket can wait for it."),
        (TICKET,),
        command="tui-desk approval new N TITLE --step APPROVER",
        needs=(ONE, WRITER),
    ),
    Action(
        "open_approval",
        N_("Open the approval"),
        N_("Its steps, who was asked, what was said."),
        (WORK,),
        command="tui-desk approval show ID",
        needs=(APPROVAL,),
        in_palette=False,
    ),
    Action(
        "decide_approval",
        N_("Decide"),
        N_("Say yes or no, with a comment."),
        (APPROVALS, WORK),
        keys=("D",),
        command="tui-desk approval decide ID yes|no",
        needs=(APPROVAL, DECIDABLE),
        hint=2,
    ),
    Action(
        "edit_approval",
        N_("Change what is asked"),
        N_("Answers that were given before do not count then: all is asked anew."),
        (APPROVALS,),
        keys=("e",),
        command="tui-desk approval set ID",
        needs=(SELECTED, WRITER, WAITING),
        hint=4,
    ),
    Action(
        "remind_approval",
        N_("Remind"),
        N_("Ask those again by mail who have not answered; a new day where it is overdue."),
        (APPROVALS,),
        keys=("R",),
        command="tui-desk approval remind ID",
        needs=(SELECTED, WRITER, WAITING),
        hint=3,
    ),
    Action(
        "cancel_approval",
        N_("Take back"),
        N_("Nothing is asked any more, and answers that still come do not count."),
        (APPROVALS,),
        keys=("X",),
        command="tui-desk approval cancel ID",
        needs=(SELECTED, WRITER, WAITING),
        guard="asks",
    ),
    *(
        Action(f"approvals_{name}", title, explanation, (APPROVALS,), keys=(str(number),), command=command)
        for number, (name, title, explanation, command) in enumerate(
            (
                (
                    "open",
                    N_("Approvals: waiting"),
                    N_("What waits for you first, then what waits for others."),
                    "tui-desk approval list",
                ),
                (
                    "mine",
                    N_("Approvals: for me"),
                    N_("Only what waits for you."),
                    "tui-desk approval list --mine",
                ),
                (
                    "all",
                    N_("Approvals: all"),
                    N_("Decided ones too, newest first."),
                    "tui-desk approval list --all",
                ),
            ),
            start=1,
        )
    ),
    Action(
        "next_approvals",
        N_("Next filter"),
        N_("Waiting, for me or all: the one to the right."),
        (APPROVALS,),
        keys=("tab", "right"),
        in_palette=False,
    ),
    Action(
        "previous_approvals",
        N_("Previous filter"),
        N_("Waiting, for me or all: the one to the left."),
        (APPROVALS,),
        keys=("shift+tab", "left"),
        in_palette=False,
    ),
    Action(
        "show_substitutes",
        N_("Substitutes"),
        N_("Who decides while somebody is away."),
        (APPROVALS,),
        keys=("s",),
        command="tui-desk substitute list",
        hint=5,
    ),
    Action(
        "add_substitute",
        N_("Name a substitute"),
        N_("Say who decides from one day to another."),
        (SUBSTITUTES,),
        keys=("N",),
        command="tui-desk substitute add PERSON SUBSTITUTE --from DAY --until DAY",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "remove_substitute",
        N_("Remove"),
        N_("The substitute decides nothing any more."),
        (SUBSTITUTES,),
        keys=("X",),
        command="tui-desk substitute remove ID",
        needs=(SELECTED, WRITER),
        hint=3,
        guard="asks",
    ),
)
