"""Actions of macros: on a ticket, and in the settings where macros, canned replies and templates are kept."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action
from tui_desk.actions.tickets import ONE, QUEUE, TICKET

KEPT = "kept"
"""What the lists of canned replies, macros and templates share."""
CANNED = "canned"
MACROS = "macros"
_SECTIONS = (
    (
        "canned",
        N_("Canned replies"),
        N_("Texts that are sent often, with their variables."),
        "tui-desk canned list",
    ),
    ("macros", N_("Macros"), N_("Several things done at once."), "tui-desk macro list"),
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
        needs=(ONE, WRITER),
        hint=9,
    ),
    Action(
        "new_canned",
        N_("New canned reply"),
        N_("Write a text that is sent often; its variables are filled in for each ticket."),
        (CANNED,),
        keys=("N",),
        command="tui-desk canned new NAME --text TEXT",
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
    ),
)
