"""Actions on purchases: the list over all tickets, one purchase, pane Work of a ticket, and what supervisors set for them."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import ONE, TICKET
from tui_desk.actions.work import SUPERVISOR, WORK

PURCHASES = "purchases"
PURCHASE = "purchase"
PURCHASE_SETTINGS = "purchase_settings"

BOUGHT = Need("work_purchase", N_("There is no purchase under the cursor."))
EDITABLE = Need("purchase_editable", N_("It is ordered already, or cancelled: its lines stay as they are."))
ASKABLE = Need("purchase_askable", N_("Its approval was asked already: the state says what came of it."))
APPROVED = Need("purchase_approved", N_("Only what is approved can be ordered; a asks for the approval."))
CANCELLABLE = Need("purchase_cancellable", N_("It cannot be cancelled any more."))

ACTIONS = (
    Action(
        "go_purchases",
        N_("Go to purchases"),
        N_("What is asked for, ordered and received, over all tickets."),
        (GLOBAL,),
        keys=("g b",),
        command="tui-desk purchase list",
    ),
    Action(
        "add_purchase",
        N_("Purchase"),
        N_("Something to be bought: articles, prices, who pays."),
        (TICKET,),
        command="tui-desk purchase new N TITLE --line LINE",
        needs=(ONE, WRITER),
    ),
    Action(
        "open_purchase",
        N_("Open the purchase"),
        N_("Its lines, its approval, its order, what came of it."),
        (WORK,),
        command="tui-desk purchase show ID",
        needs=(BOUGHT,),
        in_palette=False,
    ),
    Action(
        "edit_purchase",
        N_("Edit purchase"),
        N_("Its lines, supplier and cost centre; what was decided before does not count then."),
        (WORK,),
        command="tui-desk purchase set ID …",
        needs=(BOUGHT, WRITER, EDITABLE),
        in_palette=False,
    ),
    Action(
        "cancel_purchase",
        N_("Cancel purchase"),
        N_("Nothing is bought; asks why."),
        (WORK,),
        command="tui-desk purchase cancel ID --reason TEXT",
        needs=(BOUGHT, WRITER, CANCELLABLE),
        in_palette=False,
        guard="asks",
    ),
    # -- the list and one of them -----------------------------------------------------------------------------------
    Action(
        "new_purchase",
        N_("New purchase"),
        N_("Ask for something to be bought on a ticket."),
        (PURCHASES,),
        keys=("N",),
        command="tui-desk purchase new N TITLE --line LINE",
        argument=N_("number"),
        needs=(WRITER,),
        hint=6,
    ),
    Action(
        "edit_purchase",
        N_("Edit"),
        N_("Its lines, supplier and cost centre; what was decided before does not count then."),
        (PURCHASES, PURCHASE),
        keys=("e",),
        command="tui-desk purchase set ID …",
        needs=(SELECTED, WRITER, EDITABLE),
        hint=2,
    ),
    Action(
        "ask_purchase",
        N_("Ask for approval"),
        N_("Ask those whom its total names; where nobody has to decide, it is approved at once."),
        (PURCHASES, PURCHASE),
        keys=("a",),
        command="tui-desk purchase ask ID",
        needs=(SELECTED, WRITER, ASKABLE),
        hint=3,
    ),
    Action(
        "order_purchase",
        N_("Order"),
        N_("Give it a number and a day, and send the order to the supplier if you wish."),
        (PURCHASES, PURCHASE),
        keys=("O",),
        command="tui-desk purchase order ID --mail",
        needs=(SELECTED, WRITER, APPROVED),
        hint=4,
    ),
    Action(
        "cancel_purchase",
        N_("Cancel"),
        N_("Nothing is bought; asks why. An order that has not left is stopped."),
        (PURCHASES, PURCHASE),
        keys=("X",),
        command="tui-desk purchase cancel ID --reason TEXT",
        needs=(SELECTED, WRITER, CANCELLABLE),
        guard="asks",
    ),
    Action(
        "open_ticket",
        N_("Open its ticket"),
        N_("The conversation it belongs to."),
        (PURCHASES, PURCHASE),
        keys=("t",),
        command="tui-desk ticket show N",
        needs=(SELECTED,),
        hint=5,
    ),
    Action(
        "undo",
        N_("Undo"),
        N_("Take back what you did last, while the line at the bottom offers it."),
        (PURCHASES, PURCHASE),
        keys=("u",),
        command="tui-desk ticket undo N",
        needs=(WRITER,),
    ),
    *(
        Action(f"purchases_{name}", title, explanation, (PURCHASES,), keys=(str(number),), command=command)
        for number, (name, title, explanation, command) in enumerate(
            (
                (
                    "open",
                    N_("Purchases: open"),
                    N_("With something left to do."),
                    "tui-desk purchase list",
                ),
                (
                    "draft",
                    N_("Purchases: to ask or order"),
                    N_("Drafts, refused and approved ones: the next step is yours."),
                    "tui-desk purchase list --state draft --state refused --state approved",
                ),
                (
                    "waiting",
                    N_("Purchases: waiting"),
                    N_("For a decision."),
                    "tui-desk purchase list --state waiting",
                ),
                (
                    "ordered",
                    N_("Purchases: ordered"),
                    N_("Ordered and not closed yet: to be received, invoiced, paid."),
                    "tui-desk purchase list --state ordered --state partly_received",
                ),
                (
                    "all",
                    N_("Purchases: all"),
                    N_("Closed and cancelled ones too."),
                    "tui-desk purchase list --all",
                ),
            ),
            start=1,
        )
    ),
    Action(
        "next_purchases",
        N_("Next filter"),
        N_("The filter to the right."),
        (PURCHASES,),
        keys=("tab", "right"),
        in_palette=False,
    ),
    Action(
        "previous_purchases",
        N_("Previous filter"),
        N_("The filter to the left."),
        (PURCHASES,),
        keys=("shift+tab", "left"),
        in_palette=False,
    ),
    # -- settings ---------------------------------------------------------------------------------------------------
    Action(
        "new_supplier",
        N_("New supplier"),
        N_("Who sells, and where orders go."),
        (PURCHASE_SETTINGS,),
        keys=("N",),
        command="tui-desk supplier new NAME --email ADDRESS",
        needs=(SUPERVISOR,),
        hint=2,
    ),
    Action(
        "new_cost_centre",
        N_("New cost centre"),
        N_("Who pays, and how much in a year."),
        (PURCHASE_SETTINGS,),
        keys=("C",),
        command="tui-desk cost-centre new CODE --budget AMOUNT",
        needs=(SUPERVISOR,),
        hint=3,
    ),
    Action(
        "new_chain",
        N_("New approval chain"),
        N_("Who decides from which amount on."),
        (PURCHASE_SETTINGS,),
        keys=("L",),
        command="tui-desk approval chain set NAME --step APPROVER --above AMOUNT --currency EUR",
        needs=(SUPERVISOR,),
        hint=4,
    ),
    Action(
        "edit_setting",
        N_("Edit"),
        N_("Change the supplier, the cost centre or the chain under the cursor."),
        (PURCHASE_SETTINGS,),
        keys=("e",),
        command="tui-desk supplier set NAME …",
        needs=(SELECTED, SUPERVISOR),
        hint=5,
    ),
    Action(
        "set_aside_setting",
        N_("Set aside or bring back"),
        N_("Offer it no more, or again; what names it stays."),
        (PURCHASE_SETTINGS,),
        keys=("x",),
        command="tui-desk supplier set NAME active=no",
        needs=(SELECTED, SUPERVISOR),
        hint=6,
        guard="again",
    ),
    Action(
        "order_numbers",
        N_("Numbers of orders"),
        N_("How the next order is numbered, such as PO-{year}-{number}."),
        (PURCHASE_SETTINGS,),
        keys=("n",),
        command="tui-desk purchase settings --numbers SCHEME",
        argument=N_("scheme"),
        needs=(SUPERVISOR,),
        hint=7,
    ),
    Action(
        "purchase_currency",
        N_("Currency"),
        N_("Of new purchases whose cost centre says nothing else."),
        (PURCHASE_SETTINGS,),
        keys=("c",),
        command="tui-desk purchase settings --currency EUR",
        argument=N_("currency"),
        needs=(SUPERVISOR,),
    ),
)
