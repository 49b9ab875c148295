"""Actions of reading: what was read before, links, header fields, programs, and files that are shown."""

from __future__ import annotations

from tui_desk.actions.common import SELECTED
from tui_desk.actions.documents import FILE
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import MESSAGE, ONE, RAW, READ, TICKET

ATTACHED = "attached"
"""While one reads an attachment."""
PROGRAMS = Need("programs", N_("No program may be started in this session: the account is shared."))

ACTIONS = (
    Action(
        "fold_read",
        N_("Unfold all"),
        N_(
            "Open every message that you read before; again: each is one line, and only what is new stands open."
        ),
        (TICKET,),
        keys=("*",),
        needs=(ONE, READ),
    ),
    Action(
        "copy_from",
        N_("Copy from here"),
        N_(
            "Copy the message's text, an address, or a link as it really is, over SSH too; links that lie are told."
        ),
        (TICKET,),
        keys=("U",),
        argument=N_("words of what is meant"),
        needs=(MESSAGE,),
    ),
    Action(
        "headers",
        N_("Header"),
        N_("The header fields of the mail, decoded, in their order; V shows the source."),
        (TICKET,),
        keys=("v",),
        command="tui-desk ticket raw MESSAGE",
        needs=(MESSAGE, RAW),
    ),
    Action(
        "pipe",
        N_("Pipe"),
        N_(
            "Give an attachment, the text or the source to a program that the desk allows, and read what it says."
        ),
        (TICKET, ATTACHED, FILE),
        keys=("|",),
        command="tui-desk ticket raw MESSAGE | PROGRAM",
        argument=N_("program and arguments"),
        needs=(PROGRAMS,),
    ),
    Action(
        "save_attachment",
        N_("Save"),
        N_("Write the attachment into a folder, never over a file that is there."),
        (ATTACHED,),
        keys=("w",),
        command="tui-desk ticket attachment ID --folder FOLDER",
        argument=N_("folder"),
        needs=(SELECTED,),
        hint=3,
    ),
)
