"""Actions on what comes of an order: deliveries, and the supplier's invoices."""

from __future__ import annotations

from tui_desk.actions.common import SELECTED, WRITER
from tui_desk.actions.purchases import PURCHASE, PURCHASES
from tui_desk.actions.registry import N_, Action, Need

INVOICES = "invoices"
INVOICE = "invoice"

ON_ITS_WAY = Need("purchase_on_its_way", N_("It is not ordered yet, or it has ended."))
CLOSABLE = Need(
    "purchase_closable", N_("Only what has come in part is closed; what has not is cancelled with X.")
)
OPEN = Need("invoice_open", N_("Only an open invoice is changed; o opens it again."))
ACCEPTED = Need("invoice_accepted", N_("Only an accepted invoice is paid; a accepts it."))
REOPENABLE = Need("invoice_reopenable", N_("It is open, or it is paid."))

ACTIONS = (
    Action(
        "receive_goods",
        N_("Receive"),
        N_("Write down what came: pieces, tags and serial numbers. Assets and seats are made of it."),
        (PURCHASES, PURCHASE),
        keys=("V",),
        command="tui-desk purchase receive ID --line 1=3",
        needs=(SELECTED, WRITER, ON_ITS_WAY),
        hint=4,
    ),
    Action(
        "new_invoice",
        N_("Invoice"),
        N_("Write the supplier's invoice down; it is checked against order and receipts."),
        (PURCHASES, PURCHASE),
        keys=("I",),
        command="tui-desk invoice new ID NUMBER --line 1=3@1299.90",
        needs=(SELECTED, WRITER, ON_ITS_WAY),
        hint=4,
    ),
    Action(
        "purchase_invoices",
        N_("Its invoices"),
        N_("The invoices of this purchase: accept, refuse, pay, correct."),
        (PURCHASE,),
        keys=("i",),
        command="tui-desk invoice list --purchase ID",
        needs=(SELECTED,),
        hint=7,
    ),
    Action(
        "due_invoices",
        N_("Invoices to pay"),
        N_("Those that are open or accepted, of all purchases, the first due first."),
        (PURCHASES,),
        keys=("i",),
        command="tui-desk invoice list",
        hint=7,
    ),
    Action(
        "close_purchase",
        N_("Close"),
        N_("Nothing more is waited for although something is missing; asks why."),
        (PURCHASES, PURCHASE),
        keys=("Z",),
        command="tui-desk purchase close ID --reason TEXT",
        needs=(SELECTED, WRITER, CLOSABLE),
        guard="asks",
    ),
    # -- invoices ----------------------------------------------------------------------------------------------------
    Action(
        "accept_invoice",
        N_("Accept"),
        N_("It may be paid. Where it is not what was ordered and received, a reason is asked for and kept."),
        (INVOICES, INVOICE),
        keys=("a",),
        command="tui-desk invoice accept ID --reason TEXT",
        needs=(SELECTED, WRITER, OPEN),
        hint=2,
    ),
    Action(
        "refuse_invoice",
        N_("Refuse"),
        N_("It is not paid; asks why."),
        (INVOICES, INVOICE),
        keys=("R",),
        command="tui-desk invoice refuse ID --reason TEXT",
        needs=(SELECTED, WRITER, OPEN),
        hint=3,
        guard="asks",
    ),
    Action(
        "pay_invoice",
        N_("Paid"),
        N_("Write down that an accepted invoice was paid."),
        (INVOICES, INVOICE),
        keys=("p",),
        command="tui-desk invoice pay ID",
        needs=(SELECTED, WRITER, ACCEPTED),
        hint=4,
        guard="undo",
    ),
    Action(
        "reopen_invoice",
        N_("Open again"),
        N_("An accepted or refused invoice is to be looked at once more."),
        (INVOICES, INVOICE),
        keys=("o",),
        command="tui-desk invoice reopen ID",
        needs=(SELECTED, WRITER, REOPENABLE),
        guard="undo",
    ),
    Action(
        "edit_invoice",
        N_("Edit"),
        N_("Number, days and lines of an open invoice."),
        (INVOICES, INVOICE),
        keys=("e",),
        command="tui-desk invoice set ID --line 1=3@1299.90",
        needs=(SELECTED, WRITER, OPEN),
        hint=5,
    ),
    Action(
        "open_its_purchase",
        N_("Its purchase"),
        N_("What was ordered and what came."),
        (INVOICES, INVOICE),
        keys=("b",),
        command="tui-desk purchase show ID",
        needs=(SELECTED,),
        hint=6,
    ),
    Action(
        "open_ticket",
        N_("Open its ticket"),
        N_("The conversation it belongs to."),
        (INVOICES, INVOICE),
        keys=("t",),
        command="tui-desk ticket show N",
        needs=(SELECTED,),
    ),
    Action(
        "undo",
        N_("Undo"),
        N_("Take back what you did last, while the line at the bottom offers it."),
        (INVOICES, INVOICE),
        keys=("u",),
        command="tui-desk ticket undo N",
        needs=(WRITER,),
    ),
    Action(
        "invoices_open",
        N_("Invoices: to be paid"),
        N_("Open and accepted ones, the first due first."),
        (INVOICES,),
        keys=("1",),
        command="tui-desk invoice list",
    ),
    Action(
        "invoices_all",
        N_("Invoices: all"),
        N_("Paid and refused ones too."),
        (INVOICES,),
        keys=("2",),
        command="tui-desk invoice list --all",
    ),
    Action(
        "next_invoices",
        N_("Next filter"),
        N_("The other filter."),
        (INVOICES,),
        keys=("tab", "right", "shift+tab", "left"),
        in_palette=False,
    ),
)
