"""Actions of macros: on a ticket, and in the settings where macros, canned replies and templates are kept."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import ONE, QUEUE, TICKET
from tui_desk.actions.work import SUPERVISOR
from tui_desk.actions.writing import NEW_TICKET

KEPT = "kept"
"""What the lists of canned replies, macros and templates share."""
CANNED = "canned"
MACROS = "macros"
TEMPLATES = "templates"
RECURRING = "recurring"
RUNS = Need("runs", N_("It was ended: N lets its template come round anew."))
_SECTIONS = (
    (
        "canned",
        N_("Canned replies"),
        N_("Texts that are sent often, with their variables."),
        "tui-desk canned list",
    ),
    ("macros", N_("Macros"), N_("Several things done at once."), "tui-desk macro list"),
    ("templates", N_("Templates"), N_("Tickets to be."), "tui-desk template list"),
    (
        "recurring",
        N_("Recurring"),
        N_("Templates that become tickets by themselves."),
        "tui-desk template recurring",
    ),
)

ACTIONS = (
    Action(
        "go_canned",
        N_("Go to canned replies and macros"),
        N_("What is written down once and used often: canned replies, macros, templates of tickets."),
        (GLOBAL,),
        keys=("g c",),
        command="tui-desk canned list",
    ),
    *(
        Action(f"kept_{name}", title, explanation, (KEPT,), keys=(str(number),), command=command)
        for number, (name, title, explanation, command) in enumerate(_SECTIONS, start=1)
    ),
    Action(
        "next_kept",
        N_("Next section"),
        N_("The list to the right."),
        (KEPT,),
        keys=("tab", "right", "l"),
        in_palette=False,
    ),
    Action(
        "previous_kept",
        N_("Previous section"),
        N_("The list to the left."),
        (KEPT,),
        keys=("shift+tab", "left", "h"),
        in_palette=False,
    ),
    Action(
        "macro",
        N_("Macro"),
        N_(
            "Do several things at once: fields, tasks, a note, a reply. What it will do is shown first; u takes all of it back."
        ),
        (QUEUE, TICKET),
        keys=(";",),
        command="tui-desk ticket macro N NAME",
        argument=N_("name"),
        values="macros",
        needs=(ONE, WRITER),
        hint=8,
    ),
    Action(
        "new_canned",
        N_("New canned reply"),
        N_("Write a text that is sent often; its variables are filled in for each ticket."),
        (CANNED,),
        keys=("N",),
        command="tui-desk canned new NAME text=TEXT",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_canned",
        N_("Edit canned reply"),
        N_("Its name, its shortcut, its text, who is offered it."),
        (CANNED,),
        keys=("e",),
        command="tui-desk canned set NAME NAME=VALUE",
        needs=(SELECTED, WRITER),
        hint=3,
    ),
    Action(
        "set_aside_canned",
        N_("Set aside or bring back"),
        N_("Offer it no more, or again."),
        (CANNED,),
        keys=("x",),
        command="tui-desk canned set NAME active=no",
        needs=(SELECTED, WRITER),
        hint=4,
        guard="again",
    ),
    Action(
        "new_macro",
        N_("New macro"),
        N_("Write down several things that are done together."),
        (MACROS,),
        keys=("N",),
        command="tui-desk macro new NAME NAME=VALUE",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_macro",
        N_("Edit macro"),
        N_("Its name, what it does, who is offered it."),
        (MACROS,),
        keys=("e",),
        command="tui-desk macro set NAME NAME=VALUE",
        needs=(SELECTED, WRITER),
        hint=3,
    ),
    Action(
        "set_aside_macro",
        N_("Set aside or bring back"),
        N_("Offer it no more, or again."),
        (MACROS,),
        keys=("x",),
        command="tui-desk macro set NAME active=no",
        needs=(SELECTED, WRITER),
        hint=4,
        guard="again",
    ),
    Action(
        "new_template",
        N_("New template"),
        N_("Write down what is known of a ticket before anybody asks."),
        (TEMPLATES,),
        keys=("N",),
        command="tui-desk template new NAME NAME=VALUE",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_template",
        N_("Edit template"),
        N_("Its subject, its text, its fields, its tasks, who is offered it."),
        (TEMPLATES,),
        keys=("e",),
        command="tui-desk template set NAME NAME=VALUE",
        needs=(SELECTED, WRITER),
        hint=3,
    ),
    Action(
        "set_aside_template",
        N_("Set aside or bring back"),
        N_("Offer it no more, or again."),
        (TEMPLATES,),
        keys=("x",),
        command="tui-desk template set NAME active=no",
        needs=(SELECTED, WRITER),
        hint=4,
        guard="again",
    ),
    Action(
        "use_template",
        N_("Make a ticket"),
        N_("Write down a ticket of the template under the cursor."),
        (TEMPLATES,),
        keys=("t",),
        command="tui-desk template use NAME",
        needs=(SELECTED, WRITER),
        hint=5,
    ),
    Action(
        "choose_template",
        N_("Template"),
        N_("Fill the form as a template says; what is typed already stays."),
        (NEW_TICKET,),
        keys=("ctrl+t",),
        command="tui-desk template use NAME",
        argument=N_("name"),
        needs=(WRITER,),
        hint=3,
        while_typing=True,
    ),
    Action(
        "new_recurring",
        N_("New recurring ticket"),
        N_("Let a template become a ticket: daily, weekly or monthly."),
        (RECURRING,),
        keys=("N",),
        command="tui-desk template repeat NAME RULE",
        argument=N_("template"),
        needs=(SUPERVISOR,),
        hint=2,
    ),
    Action(
        "edit_recurring",
        N_("When"),
        N_("On which days, and at what time."),
        (RECURRING,),
        keys=("e",),
        command="tui-desk template repeat NAME RULE",
        argument=N_("rule"),
        needs=(SELECTED, RUNS, SUPERVISOR),
        hint=3,
    ),
    Action(
        "pause_recurring",
        N_("Pause or resume"),
        N_("Make no tickets of it for a while, or go on; dates that went by make none."),
        (RECURRING,),
        keys=("p",),
        command="tui-desk template pause ID",
        needs=(SELECTED, RUNS, SUPERVISOR),
        hint=4,
        guard="again",
    ),
    Action(
        "end_recurring",
        N_("End"),
        N_("It comes round no more. Asks first."),
        (RECURRING,),
        keys=("D",),
        command="tui-desk template end ID",
        needs=(SELECTED, RUNS, SUPERVISOR),
    ),
)
