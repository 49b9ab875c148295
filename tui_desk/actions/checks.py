"""Actions on the check of a draft: asking for it while writing, deciding it, and what its author does with the answer."""

from __future__ import annotations

from tui_desk.actions.common import WRITER
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import TICKET
from tui_desk.actions.writing import COMPOSE

DRAFT_CHECK = "draft_check"

ACTIONS = (
    Action(
        "check_draft",
        N_("Have it checked"),
        N_(
            "Ask a colleague to check this draft before it leaves; later: see the answer, or take the question back."
        ),
        (COMPOSE,),
        keys=("ctrl+r",),
        command="tui-desk ticket draft check N --by LOGIN",
        argument=N_("login"),
        needs=(WRITER, Need("mail", N_("A note needs no check: it never leaves the desk."))),
        hint=8,
        while_typing=True,
    ),
    Action(
        "check_draft",
        N_("Check of a draft"),
        N_(
            "Check the draft that a colleague asks you about. Of your own: send what was approved, take over what was changed, or "
            "take the question back."
        ),
        (TICKET,),
        keys=("E",),
        command="tui-desk ticket draft approve ID",
        needs=(
            WRITER,
            Need("check", N_("No draft here is being checked. Ctrl+R asks a colleague, while one writes.")),
        ),
    ),
    Action(
        "approve_draft",
        N_("Approve, or give back"),
        N_(
            "As it stands, it is approved; changed by you, your text goes back to its author, who sees what is changed."
        ),
        (DRAFT_CHECK,),
        keys=("ctrl+s", "ctrl+enter"),
        command="tui-desk ticket draft approve ID",
        needs=(WRITER,),
        hint=1,
        while_typing=True,
    ),
    Action(
        "refuse_draft",
        N_("Refuse"),
        N_("It should not leave so; say in a word why."),
        (DRAFT_CHECK,),
        keys=("ctrl+x",),
        command="tui-desk ticket draft refuse ID --comment WHY",
        argument=N_("why"),
        needs=(WRITER,),
        hint=2,
        while_typing=True,
        guard="asks",
    ),
    Action(
        "leave_check",
        N_("Later"),
        N_("Decide nothing now; asks when you have changed the text."),
        (DRAFT_CHECK,),
        keys=("escape",),
        hint=3,
        while_typing=True,
    ),
)
