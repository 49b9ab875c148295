"""Actions while writing: a reply, a note, a forward, a new ticket."""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.registry import N_, Action, Need

COMPOSE = "compose"
NEW_TICKET = "new_ticket"
PREVIEW = "preview"
WRITTEN = (COMPOSE, "bulk_reply")
"""Where a text is written that leaves."""

ACTIONS = (
    Action(
        "send",
        N_("Send"),
        N_("Send it (a note: keep it). It can be undone for some seconds."),
        (COMPOSE,),
        keys=("ctrl+s", "ctrl+enter"),
        command="tui-desk ticket reply N --body TEXT",
        needs=(WRITER,),
        hint=1,
        while_typing=True,
    ),
    Action(
        "send_later",
        N_("Send later"),
        N_("Let it leave at a time: tomorrow 9, fri 14:30, in 2h …"),
        (COMPOSE,),
        keys=("ctrl+g",),
        command="tui-desk ticket reply N --body TEXT --at WHEN",
        argument=N_("when"),
        needs=(WRITER, Need("mail", N_("A note does not leave: it is kept at once."))),
        hint=7,
        while_typing=True,
    ),
    Action(
        "editor",
        N_("Editor"),
        N_("Write in $EDITOR and come back with the text."),
        WRITTEN,
        keys=("ctrl+e",),
        hint=2,
        while_typing=True,
    ),
    Action(
        "attach",
        N_("Attach"),
        N_(
            "Add files: walk through folders, mark several, or type a path. A path that is pasted into the text is offered."
        ),
        (COMPOSE,),
        keys=("ctrl+t",),
        command="tui-desk ticket reply N --attach F",
        argument=N_("path"),
        needs=(WRITER,),
        hint=3,
        while_typing=True,
    ),
    Action(
        "detach",
        N_("Remove attachment"),
        N_("Take a file away from this draft."),
        (COMPOSE,),
        keys=("ctrl+o",),
        needs=(Need("attachment", N_("Nothing is attached.")),),
        while_typing=True,
        guard="kept",
    ),
    Action(
        "complete",
        N_("Complete"),
        N_(
            "Finish what is begun: a canned reply after ;, a ticket or asset after #, an asset's tag, in a note a name after @ (who is told). From To, Cc and Bcc: to the next field."
        ),
        WRITTEN,
        keys=("tab",),
        while_typing=True,
        in_palette=False,
    ),
    Action(
        "insert_canned",
        N_("Canned reply"),
        N_(
            "Put in a text of the desk, filled in for the ticket. While writing: ; and letters of its shortcut, then Tab."
        ),
        WRITTEN,
        keys=("ctrl+n",),
        command="tui-desk canned fill NAME N",
        needs=(WRITER,),
        hint=8,
        while_typing=True,
    ),
    Action(
        "recipients",
        N_("Recipients"),
        N_("Go to To, Cc and Bcc."),
        (COMPOSE,),
        keys=("ctrl+b",),
        hint=5,
        needs=(Need("mail", N_("An internal note has no recipients: it never leaves the desk.")),),
        while_typing=True,
    ),
    Action(
        "preview",
        N_("Preview"),
        N_("Show how it will leave: as it is read, as plain text, as HTML. Nothing is sent."),
        (COMPOSE,),
        keys=("f6",),
        needs=(Need("mail", N_("A note does not leave.")),),
        hint=9,
        while_typing=True,
    ),
    Action(
        "spelling",
        N_("Spelling"),
        N_("Go to the next word that may be misspelt: suggestions, your own words, another language."),
        (COMPOSE,),
        keys=("f7",),
        hint=10,
        while_typing=True,
    ),
    Action(
        "preview_read",
        N_("As it is read"),
        N_("The mail as its reader sees it."),
        (PREVIEW,),
        keys=("1",),
        hint=1,
    ),
    Action("preview_plain", N_("Plain text"), N_("The plain text of it."), (PREVIEW,), keys=("2",), hint=2),
    Action("preview_html", N_("HTML"), N_("The source of its HTML part."), (PREVIEW,), keys=("3",), hint=3),
    Action(
        "preview_next",
        N_("Next view"),
        N_("The next way to look at it."),
        (PREVIEW,),
        keys=("tab",),
        in_palette=False,
    ),
    Action(
        "send_resolved",
        N_("Send and resolve"),
        N_("Send it and set the ticket to resolved."),
        (COMPOSE,),
        keys=("ctrl+x",),
        command="tui-desk ticket reply N --body TEXT; tui-desk ticket set N status=resolved",
        needs=(WRITER, Need("mail", N_("A note does not resolve a ticket."))),
        hint=6,
        while_typing=True,
    ),
    Action(
        "discard",
        N_("Discard draft"),
        N_("Throw the draft away. Asks first."),
        (COMPOSE,),
        keys=("ctrl+k",),
        while_typing=True,
        guard="asks",
    ),
    Action(
        "keep",
        N_("Keep draft"),
        N_("Close; the draft is kept for later."),
        (COMPOSE,),
        keys=("escape",),
        hint=4,
        while_typing=True,
    ),
    Action(
        "create",
        N_("Create"),
        N_("Make the ticket."),
        (NEW_TICKET,),
        keys=("ctrl+s", "ctrl+enter"),
        command="tui-desk ticket new --subject S --requester A --channel phone --body TEXT",
        needs=(WRITER,),
        hint=1,
        while_typing=True,
    ),
    Action(
        "leave",
        N_("Leave"),
        N_("Close without making a ticket; asks when something was typed."),
        (NEW_TICKET,),
        keys=("escape",),
        hint=2,
        while_typing=True,
    ),
)
