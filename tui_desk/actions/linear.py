"""What the linear mode has besides the actions of the screens: reading on, and what a line of text needs that a screen shows by itself.

The linear mode (:mod:`tui_desk.linear`) is asked by names of actions; their words, needs and help are those of the catalogue.
"""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.registry import N_, Action, Need, Registry
from tui_desk.actions.writing import COMPOSE

LINEAR = "linear"

ACTIONS = (
    Action(
        "list",
        N_("List"),
        N_("Read the list from its beginning, a sentence for each ticket; a number says how many."),
        (LINEAR,),
        argument=N_("how many"),
        hint=1,
    ),
    Action(
        "more",
        N_("More"),
        N_(
            "Read on: the next tickets of the list; in a ticket the next message. An empty line does the same."
        ),
        (LINEAR,),
        hint=1,
        needs=(Need("more", N_("There is nothing more to read.")),),
    ),
    Action(
        "before",
        N_("Before"),
        N_("The tickets before these; in a ticket the message before this one."),
        (LINEAR,),
        hint=1,
    ),
    Action("first", N_("First"), N_("The first message of the ticket."), ("linear_ticket",)),
    Action("last", N_("Last"), N_("The newest message of the ticket."), ("linear_ticket",)),
    Action("again", N_("Again"), N_("Read the same message again."), ("linear_ticket",)),
    Action("where", N_("Where am I"), N_("The ticket or the list one is in, and how it stands."), (LINEAR,)),
    Action("views", N_("Views"), N_("All views with how many tickets are in them."), (LINEAR,), hint=1),
    Action(
        "draft_read",
        N_("Read the text"),
        N_("Read what is written so far, with its recipients and files."),
        (COMPOSE,),
    ),
    Action(
        "strike",
        N_("Strike"),
        N_("Take the last line away; it is told."),
        (COMPOSE,),
        guard="asks",
    ),
    Action(
        "draft_to",
        N_("To"),
        N_("Whom it goes to, with commas between."),
        (COMPOSE,),
        argument=N_("addresses"),
    ),
    Action(
        "draft_cc",
        N_("Cc"),
        N_("Who gets a copy, with commas between."),
        (COMPOSE,),
        argument=N_("addresses"),
    ),
    Action(
        "draft_bcc",
        N_("Bcc"),
        N_("Who gets a hidden copy."),
        (COMPOSE,),
        argument=N_("addresses"),
        needs=(WRITER,),
    ),
)
TICKET_ONLY = "linear_ticket"

ALIASES = {
    "next": "next_urgent",
    "open": "go_ticket",
    "search": "filter",
    "queue": "go_queue",
    "view": "choose_view",
    "tags": "tag",
    "tasks": "go_tasks",
    "approvals": "go_approvals",
    "notifications": "go_notifications",
    "outbox": "go_outbox",
    "suspended": "go_suspended",
    "sheet": "go_sheet",
    "quotes": "fold",
    "details": "pane_details",
    "history": "pane_history",
    "links": "pane_links",
    "work": "pane_work",
    "messages": "pane_conversation",
    "files": "open_attachment",
    "decide": "decide_approval",
    "read": "draft_read",
    "to": "draft_to",
    "cc": "draft_cc",
    "bcc": "draft_bcc",
    "canned": "insert_canned",
    "later": "send_later",
    "resolve": "send_resolved",
    "edit": "editor",
}
"""Names people say for what the catalogue calls otherwise; one that no action here has is tried as it stands."""

HELP = {
    "undo": N_(
        "Take back what you did last: a mail until it leaves, a change for two minutes; later, after asking."
    ),
    "choose_view": N_("Go to a view by its name, such as mine, unassigned, open, or a saved one."),
    "help": N_(
        "What can be done now, and why the rest cannot. help all: everything; help and a word: what is about it."
    ),
    "back": N_("Back to the list."),
    "fold": N_("Read the quoted text of this message."),
    "log_contact": N_("Write down a phone call, a chat or a visit; like a note, it never leaves the desk."),
    "open_attachment": N_("Read a text file of this message; no program is ever started for it."),
    "timer": N_("Run the clock on this ticket; again: hold it, or stop it and write down what it shows."),
    "macro": N_("Do several things at once. What it will do is told first; undo takes all of it back."),
    "snooze": N_("Put it off: tomorrow 9, fri, 3d, answer, now; remind fri 9; reminders takes one away."),
    "insert_canned": N_("Put in a text of the desk by its shortcut or name, filled in for this ticket."),
    "discard": N_("Throw the draft away. Asks first."),
    "save_view": N_("Keep this view, search and order under a name."),
    "tick": N_("The task is done, or open again; say its number."),
    "merge": N_(
        "Put this ticket into another one, or several into this one. Asks first; undo takes it back."
    ),
    "previous_message": N_("The message before this one."),
    "next_message": N_("The message after this one."),
    "find": N_("Search the conversation for words."),
}
"""What an action does, where the help of the screens speaks of keys and of what one sees."""

REASONS = {
    "selected": N_("Nothing is named: say its number behind the action."),
    "ticket": N_("No ticket is open: say its number behind the action, such as take #12."),
    "work_task": N_("There is no task here: add task makes one."),
    "work_time": N_("There is no time entry here: add time makes one."),
    "work_item": N_("There is no work here: add task, add time or add checklist makes some."),
    "work_approval": N_("There is no approval here: approvals lists all."),
    "was_marked": N_("Marks are for the screen; here it is: tui-desk ticket bulk --query Q."),
    "marked": N_("Marks are for the screen; here it is: tui-desk ticket bulk --query Q."),
    "repeatable": N_("There is nothing to repeat: change a ticket first."),
}
"""Why something cannot be done now, where the reason of the screens speaks of keys."""


def linear_registry() -> Registry:
    """Every action of the product, and those of the linear mode before them."""
    from tui_desk.actions.catalogue import ALL

    return Registry((*ACTIONS, *ALL))
