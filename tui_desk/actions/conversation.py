"""Actions on the messages of the ticket that is read."""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import MESSAGE, ONE, RAW, TICKET

ATTACHMENT = Need("attachment", N_("This message has no attachment."))
OUTGOING = Need("outgoing", N_("This message did not leave by mail."))
STOPPABLE = Need(
    "stoppable", N_("It has left already, or was cancelled: only a held or waiting message can be stopped.")
)
HELD = Need("held", N_("It is not held: only what has not begun to leave has a time that can be changed."))
RETRYABLE = Need(
    "retryable",
    N_("Nothing to retry: no recipient of this message failed, is unknown or waits for another attempt."),
)
REDUCED = Need("reduced", N_("All of this message is here."))
FROM_OUTSIDE = Need("from_outside", N_("It is no mail from outside, or the only message of this ticket."))
RECOGNISED = Need("recognised", N_("The text names nothing of the inventory that could be linked."))
SUGGESTION = Need("suggestion", N_("Nothing suggests that this belongs to another ticket."))
FOLDED = Need("folded", N_("Nothing is folded in this message."))

FIND = "find"
"""While one searches a conversation: nearer than the ticket, so n and N go on and do not write."""

ACTIONS = (
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
        command="tui-desk ticket attachment ID --folder FOLDER",
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
