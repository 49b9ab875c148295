"""Actions on tickets: in the queue and while reading one."""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.registry import N_, Action, Need

QUEUE = "queue"
TICKET = "ticket"

ONE = Need("ticket", N_("There is no ticket here."))
MESSAGE = Need("message", N_("There is no message here."))
ATTACHMENT = Need("attachment", N_("This message has no attachment."))
REQUESTER = Need("requester", N_("This ticket has no address to answer to."))
OUTGOING = Need("outgoing", N_("This message did not leave by mail."))
STOPPABLE = Need(
    "stoppable", N_("It has left already, or was cancelled: only a held or waiting message can be stopped.")
)
HELD = Need("held", N_("It is not held: only what has not begun to leave has a time that can be changed."))
RETRYABLE = Need(
    "retryable",
    N_("Nothing to retry: no recipient of this message failed, is unknown or waits for another attempt."),
)
RAW = Need("raw", N_("This message was not a mail: it has no source."))
REDUCED = Need("reduced", N_("All of this message is here."))
FROM_OUTSIDE = Need("from_outside", N_("It is no mail from outside, or the only message of this ticket."))
RECOGNISED = Need("recognised", N_("The text names nothing of the inventory that could be linked."))
SUGGESTION = Need("suggestion", N_("Nothing suggests that this belongs to another ticket."))
READ = Need("read", N_("You have not read this ticket before: every message stands open."))
FOLDED = Need("folded", N_("Nothing is folded in this message."))

REPEATABLE = Need("repeatable", N_("There is nothing to repeat: change a ticket first."))

BOTH = (QUEUE, TICKET)
FIND = "find"
"""While one searches a conversation: nearer than the ticket, so n and N go on and do not write."""

ACTIONS = (
    # -- queue ------------------------------------------------------------------------------------------------------
    Action(
        "filter",
        N_("Filter"),
        N_("Narrow the view as you type: words, status:open, priority:high, from:name, assignee:me …"),
        (QUEUE,),
        keys=("/",),
        command="tui-desk ticket list --query Q",
        argument=N_("query"),
        hint=7,
    ),
    Action(
        "clear",
        N_("Clear"),
        N_("Take away the filter, then what is told at the bottom. Never leaves tui-desk; q twice does."),
        (QUEUE,),
        keys=("escape",),
        in_palette=False,
    ),
    *(
        Action(
            f"view_{view}",
            title,
            explanation,
            (QUEUE,),
            keys=(str(number),),
            command=f"tui-desk ticket list --view {view}",
        )
        for number, (view, title, explanation) in enumerate(
            (
                ("mine", N_("View: mine"), N_("Unresolved tickets assigned to you.")),
                ("unassigned", N_("View: unassigned"), N_("Unresolved tickets nobody has taken.")),
                ("open", N_("View: all open"), N_("Every unresolved ticket.")),
                ("pending", N_("View: pending"), N_("Tickets that wait for the requester or somebody else.")),
                ("resolved", N_("View: resolved"), N_("Tickets that are resolved or closed.")),
                ("all", N_("View: everything"), N_("Every ticket there is.")),
            ),
            start=1,
        )
    ),
    Action(
        "next_view",
        N_("Next view"),
        N_("The view to the right."),
        (QUEUE,),
        keys=("tab", "right"),
        in_palette=False,
    ),
    Action(
        "previous_view",
        N_("Previous view"),
        N_("The view to the left."),
        (QUEUE,),
        keys=("shift+tab", "left"),
        in_palette=False,
    ),
    Action(
        "sort",
        N_("Sort"),
        N_("Sort by last change, by age, by priority or by what is due first."),
        (QUEUE,),
        keys=("S",),
        command="tui-desk ticket list --sort updated|created|priority|due",
        argument="updated|created|priority|due",
        values="sorts",
    ),
    Action(
        "new_ticket",
        N_("New ticket"),
        N_("Write down a call, a visit or a chat as a ticket."),
        BOTH,
        keys=("N",),
        command="tui-desk ticket new --subject S --requester A --channel phone --body TEXT",
        needs=(WRITER,),
        hint=13,
    ),
    # -- both -------------------------------------------------------------------------------------------------------
    Action(
        "reply",
        N_("Reply"),
        N_("Answer the requester."),
        BOTH,
        keys=("r",),
        command="tui-desk ticket reply N --body TEXT",
        needs=(ONE, WRITER, REQUESTER),
        hint=5,
    ),
    Action(
        "reply_all",
        N_("Reply to all"),
        N_("Answer the requester and everybody in copy."),
        BOTH,
        keys=("R",),
        command="tui-desk ticket reply N --cc A --body TEXT",
        needs=(ONE, WRITER, REQUESTER),
    ),
    Action(
        "forward",
        N_("Forward"),
        N_("Pass the last mail on to somebody else, with its attachments and your words above."),
        BOTH,
        keys=("f",),
        command="tui-desk ticket forward N --to A --body TEXT",
        needs=(ONE, WRITER),
    ),
    Action(
        "note",
        N_("Note"),
        N_("Write an internal note: only agents see it, it never leaves the desk."),
        BOTH,
        keys=("n",),
        command="tui-desk ticket note N --body TEXT",
        needs=(ONE, WRITER),
        hint=9,
    ),
    Action(
        "take",
        N_("Take"),
        N_("Assign the ticket to yourself; a new one becomes open."),
        BOTH,
        keys=("I",),
        command="tui-desk ticket take N",
        needs=(ONE, WRITER),
        repeatable=True,
        hint=2,
    ),
    Action(
        "assign",
        N_("Assign"),
        N_("Give the ticket to an agent, or to nobody."),
        BOTH,
        keys=("a",),
        command="tui-desk ticket set N assignee=LOGIN",
        argument=N_("login"),
        needs=(ONE, WRITER),
        values="agents",
        repeatable=True,
        hint=4,
    ),
    Action(
        "status",
        N_("Status"),
        N_("New, open, pending, on hold, resolved or closed."),
        BOTH,
        keys=("s",),
        command="tui-desk ticket set N status=open",
        argument=N_("status"),
        needs=(ONE, WRITER),
        values="statuses",
        repeatable=True,
        hint=3,
    ),
    Action(
        "priority",
        N_("Priority"),
        N_("Low, normal, high or critical."),
        BOTH,
        keys=("p",),
        command="tui-desk ticket set N priority=high",
        argument=N_("priority"),
        needs=(ONE, WRITER),
        values="priorities",
        repeatable=True,
        hint=12,
    ),
    Action(
        "category",
        N_("Category"),
        N_("Say what the ticket is about; a new path is made."),
        BOTH,
        keys=("c",),
        command="tui-desk ticket set N category=Hardware/Printer",
        argument=N_("category"),
        needs=(ONE, WRITER),
        values="categories",
        repeatable=True,
    ),
    Action(
        "team",
        N_("Team"),
        N_("Hand the ticket to a team."),
        BOTH,
        keys=("T",),
        command="tui-desk ticket set N team=NAME",
        argument=N_("team"),
        needs=(ONE, WRITER),
        values="teams",
        repeatable=True,
    ),
    Action(
        "log_contact",
        N_("Log a contact"),
        N_("Write down a phone call, a chat or a visit; like a note, it never leaves the desk."),
        BOTH,
        keys=("C",),
        command="tui-desk ticket note N --kind phone --body TEXT",
        argument=N_("phone, chat or form"),
        needs=(ONE, WRITER),
        values="contacts",
    ),
    Action(
        "next_action",
        N_("Next action"),
        N_("Write down what is to be done next, and until when; it stands at the top of the ticket."),
        BOTH,
        keys=("A",),
        command="tui-desk ticket next-action N TEXT",
        argument=N_("what"),
        needs=(ONE, WRITER),
    ),
    Action(
        "hand_over",
        N_("Hand over"),
        N_("Give the ticket to another team with a note that says how things stand; the team is told."),
        BOTH,
        keys=("h",),
        command="tui-desk ticket hand-over N TEAM --note TEXT",
        argument=N_("team"),
        needs=(ONE, WRITER),
        values="teams",
        guard="asks",
    ),
    Action(
        "link",
        N_("Link"),
        N_("Link with another ticket (its number) or with an asset (its tag)."),
        BOTH,
        keys=("l",),
        command="tui-desk ticket link N OTHER",
        argument=N_("number or asset tag"),
        needs=(ONE, WRITER),
        values="tickets",
    ),
    Action(
        "repeat",
        N_("Repeat"),
        N_(
            "Do your last change again, on this ticket: status, priority, assignee, team, category and the like."
        ),
        BOTH,
        keys=(".",),
        command="tui-desk ticket set N NAME=VALUE",
        needs=(ONE, WRITER, REPEATABLE),
    ),
    Action(
        "copy",
        N_("Copy number"),
        N_("Put the ticket's number on the clipboard, over SSH too."),
        BOTH,
        keys=("y",),
        needs=(ONE,),
    ),
    Action(
        "undo",
        N_("Undo"),
        N_(
            "Take back what you did last, while the line at the bottom offers it: a mail until it leaves, a change for half "
            "a minute. Later, in a ticket: your last change of it, after asking. In the history (3): whatever the cursor is on."
        ),
        BOTH,
        keys=("u",),
        command="tui-desk ticket undo N",
        needs=(WRITER,),
        hint=97,
    ),
    Action(
        "spam",
        N_("Spam or not"),
        N_("Mark as spam and close, or take that back. Asks first."),
        BOTH,
        keys=("!",),
        command="tui-desk ticket spam N",
        needs=(ONE, WRITER),
        guard="asks",
    ),
    Action(
        "block",
        N_("Block or unblock"),
        N_("Hold all further mail of the requester as suspended mail, or lift that. Asks first."),
        BOTH,
        keys=("B",),
        command="tui-desk ticket block N",
        needs=(ONE, WRITER, REQUESTER),
        guard="asks",
    ),
    # -- reading one ------------------------------------------------------------------------------------------------
    Action(
        "open",
        N_("Open"),
        N_(
            "What is folded or attached here; on other pages the link, the piece of work or the event under the cursor."
        ),
        (TICKET,),
        keys=("enter",),
        in_palette=False,
    ),
    Action(
        "next_message",
        N_("Next message"),
        N_("The message below."),
        (TICKET,),
        keys=("J",),
        in_palette=False,
        counted=True,
    ),
    Action(
        "previous_message",
        N_("Previous message"),
        N_("The message above."),
        (TICKET,),
        keys=("K",),
        in_palette=False,
        counted=True,
    ),
    Action(
        "find",
        N_("Search here"),
        N_("Search the conversation as you type; then n and N go on and back, and Esc ends it."),
        (TICKET,),
        keys=("/",),
        argument=N_("words"),
        needs=(ONE,),
    ),
    Action(
        "find_next",
        N_("Next place"),
        N_("The next place that has what is searched for; after the last one, the first."),
        (FIND,),
        keys=("n",),
        hint=1,
        in_palette=False,
        counted=True,
    ),
    Action(
        "find_previous",
        N_("Previous place"),
        N_("The place before; before the first one, the last."),
        (FIND,),
        keys=("N",),
        hint=2,
        in_palette=False,
        counted=True,
    ),
    Action(
        "find_end",
        N_("End the search"),
        N_("Nothing is marked any more, and n writes a note again."),
        (FIND,),
        keys=("escape",),
        hint=3,
        in_palette=False,
    ),
    Action(
        "next_ticket", N_("Next ticket"), N_("The next ticket of the queue."), (TICKET,), keys=("]",), hint=14
    ),
    Action(
        "previous_ticket",
        N_("Previous ticket"),
        N_("The previous ticket of the queue."),
        (TICKET,),
        keys=("[",),
        hint=15,
    ),
    Action(
        "fold",
        N_("Fold"),
        N_(
            "Show or hide the quoted text and signature of this message; one that is a single line, since you read it before, "
            "opens first."
        ),
        (TICKET,),
        keys=("z", "space"),
        needs=(MESSAGE, FOLDED),
    ),
    Action(
        "open_attachment",
        N_("Open attachment"),
        N_(
            "Read an attachment here: text, tables, PDF, images, mails, invitations. No program is ever started for it by itself."
        ),
        (TICKET,),
        keys=("o",),
        needs=(MESSAGE, ATTACHMENT),
    ),
    Action(
        "save_attachment",
        N_("Save attachment"),
        N_("Write an attachment into a folder, never over a file that is there."),
        (TICKET,),
        keys=("O",),
        argument=N_("folder"),
        needs=(MESSAGE, ATTACHMENT),
    ),
    Action(
        "raw",
        N_("Source"),
        N_("The mail as it arrived, byte for byte but harmless."),
        (TICKET,),
        keys=("V",),
        command="tui-desk explain FILE",
        needs=(MESSAGE, RAW),
    ),
    Action(
        "fetch_original",
        N_("Fetch the original"),
        N_("Get all of a message that was too large to be fetched: its attachments from the mail server."),
        (TICKET,),
        keys=("F",),
        command="tui-desk ticket fetch-original MESSAGE",
        needs=(MESSAGE, WRITER, REDUCED),
    ),
    Action(
        "why",
        N_("Why here"),
        N_("The evidence that put this message into this ticket, and what makes the ticket urgent."),
        (TICKET,),
        keys=("w",),
        command="tui-desk ticket show N --json",
        needs=(MESSAGE,),
    ),
    Action(
        "delivery",
        N_("Delivery"),
        N_("What became of this message, recipient by recipient."),
        (TICKET,),
        keys=("d",),
        command="tui-desk outbox show N",
        needs=(MESSAGE, OUTGOING),
    ),
    Action(
        "retry",
        N_("Retry"),
        N_(
            "Send again to the recipients that failed, are unknown or wait for another attempt, the same bytes; "
            "what is held leaves now."
        ),
        (TICKET,),
        keys=("Y",),
        command="tui-desk outbox retry N",
        needs=(MESSAGE, WRITER, OUTGOING, RETRYABLE),
    ),
    Action(
        "leave_at",
        N_("Leaves at"),
        N_("Let a held message leave at another time, or now."),
        (TICKET,),
        keys=("H",),
        command="tui-desk outbox send N --at WHEN",
        argument=N_("when"),
        needs=(MESSAGE, WRITER, OUTGOING, HELD),
    ),
    Action(
        "cancel",
        N_("Cancel send"),
        N_("Stop a message that has not left; its text returns to a draft."),
        (TICKET,),
        keys=("X",),
        command="tui-desk outbox cancel N",
        needs=(MESSAGE, WRITER, OUTGOING, STOPPABLE),
        guard="kept",
    ),
    Action(
        "join",
        N_("Join suggested"),
        N_("Move these messages to the ticket they claim to belong to. Asks first."),
        (TICKET,),
        keys=("M",),
        command="tui-desk ticket join N",
        needs=(WRITER, SUGGESTION),
        guard="asks",
    ),
    Action(
        "link_recognised",
        N_("Link what is named"),
        N_("Link the asset or licence that the text of the ticket names."),
        (TICKET,),
        keys=("=",),
        command="tui-desk asset link TAG N",
        needs=(WRITER, RECOGNISED),
        hint=13,
    ),
    Action(
        "dismiss_recognised",
        N_("Not about that"),
        N_("The ticket is not about what its text names: it is not offered here again."),
        (TICKET,),
        keys=("-",),
        command="tui-desk ticket not-about N TAG",
        needs=(WRITER, RECOGNISED),
        guard="undo",
    ),
    Action(
        "move_out",
        N_("Not part of this"),
        N_("This mail does not belong here: give it a ticket of its own, with the people it brought."),
        (TICKET,),
        keys=("W",),
        command="tui-desk ticket move-out MESSAGE",
        needs=(MESSAGE, WRITER, FROM_OUTSIDE),
        guard="undo",
    ),
    Action(
        "edit_fields",
        N_("Fields of your own"),
        N_("Change what this desk wants to know of a ticket besides: its own fields."),
        (TICKET,),
        keys=("e",),
        command="tui-desk ticket set N field.NAME=VALUE",
        argument=N_("name=value"),
        needs=(ONE, WRITER),
    ),
    Action(
        "unlink",
        N_("Unlink"),
        N_("Take away a link to a ticket or asset."),
        (TICKET,),
        keys=("L",),
        command="tui-desk ticket unlink LINK",
        argument=N_("number or asset tag"),
        needs=(WRITER,),
        guard="asks",
    ),
    *(
        Action(f"pane_{pane}", title, explanation, (TICKET,), keys=(str(number),))
        for number, (pane, title, explanation) in enumerate(
            (
                ("conversation", N_("Conversation"), N_("All messages in order.")),
                ("details", N_("Details"), N_("Every field, the dates, who takes part.")),
                ("history", N_("History"), N_("Everything that happened, newest first.")),
                ("links", N_("Links"), N_("Linked tickets and assets.")),
            ),
            start=1,
        )
    ),
    Action(
        "next_pane", N_("Next pane"), N_("The pane to the right."), (TICKET,), keys=("tab",), in_palette=False
    ),
    Action(
        "previous_pane",
        N_("Previous pane"),
        N_("The pane to the left."),
        (TICKET,),
        keys=("shift+tab",),
        in_palette=False,
    ),
)
