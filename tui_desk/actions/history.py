"""Actions on the history, and on where messages belong: taking a deed back, merging, splitting."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, WRITER
from tui_desk.actions.inventory import ASSET, PERSON
from tui_desk.actions.licences import CONTRACT, LICENCE
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import ONE, QUEUE, TICKET

HISTORY = "history"
"""A list of events: pane History of a ticket, the history of the desk, of an asset, of a person."""

EVENT = Need("event", N_("There is no event here."))
SEVERAL = Need("several_messages", N_("It has only one message: nothing would stay."))

ACTIONS = (
    Action(
        "undo_event",
        N_("Undo this"),
        N_(
            "Take back everything that was done together with this event, whoever did it and however long ago. Asks first, and "
            "says why where it cannot be done."
        ),
        (HISTORY,),
        keys=("u",),
        command="tui-desk ticket undo --event ID",
        needs=(EVENT, WRITER),
        hint=1,
        guard="asks",
    ),
    Action(
        "merge",
        N_("Merge"),
        N_(
            "Put this ticket into another one, or others into this one: messages, people and work go along, the old one is "
            "closed and leads there. Undone as a whole."
        ),
        (QUEUE, TICKET),
        keys=("m",),
        command="tui-desk ticket merge N OTHER...",
        argument=N_("number"),
        needs=(ONE, WRITER),
        guard="asks",
    ),
    Action(
        "split",
        N_("Split"),
        N_(
            "Give some messages a ticket of their own, with their files and the people who wrote them. Undone as a whole."
        ),
        (TICKET,),
        keys=("S",),
        command="tui-desk ticket split N --message ID --subject S",
        needs=(ONE, WRITER, SEVERAL),
        guard="asks",
    ),
    Action(
        "history",
        N_("History"),
        N_("Everything that happened to this, newest first."),
        (ASSET, PERSON, LICENCE, CONTRACT),
        keys=("H",),
        command="tui-desk history --asset TAG",
    ),
    Action(
        "go_history",
        N_("History"),
        N_("Everything that happened in the desk, newest first."),
        (GLOBAL,),
        keys=("g y",),
        command="tui-desk history",
    ),
)
