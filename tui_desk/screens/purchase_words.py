"""How purchases are shown: their states, amounts, lines, details; the lines of pane Work."""

from __future__ import annotations

from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from tui_desk.contracts.purchase_view import BudgetView, PurchaseLineView, PurchaseView
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import PurchaseState
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.rules.money import amount_text
from tui_desk.rules.purchases import OPEN
from tui_desk.screens import words
from tui_desk.screens.approval_words import waits_for
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.words import Shown
from tui_desk.screens.work_items import WorkItem, WorkSection

S = PurchaseState
_SIGNS = {
    S.DRAFT: ("○", "muted"),
    S.WAITING: ("◔", "warning"),
    S.APPROVED: ("✓", "success"),
    S.REFUSED: ("✗", "error"),
    S.ORDERED: ("→", "accent"),
    S.PARTLY_RECEIVED: ("◑", "warning"),
    S.RECEIVED: ("●", "accent"),
    S.INVOICED: ("◉", "accent"),
    S.CLOSED: ("■", "muted"),
    S.CANCELLED: ("×", "muted"),
}


def purchase_state(state: PurchaseState) -> Shown:
    """A state with its sign and colour."""
    sign, style = _SIGNS[state]
    return Shown(sign, word(state), style)


def total_text(purchase: PurchaseView) -> str:
    """The exact total with its currency."""
    return amount_text(purchase.total, purchase.currency, purchase.digits)


def next_step(purchase: PurchaseView) -> str:
    """What is to be done now, as one does it."""
    steps = {
        S.DRAFT: _("press a to ask for the approval"),
        S.REFUSED: _("refused: press e to change it, a to ask anew"),
        S.APPROVED: _("press O to order it"),
        S.ORDERED: _("press V to write down what came"),
        S.PARTLY_RECEIVED: _("press V to write down what else came, I an invoice"),
        S.RECEIVED: _("press I to write the invoice down"),
        S.INVOICED: _("press i for its invoices: accept and pay them"),
    }
    if purchase.state is S.WAITING and purchase.approval is not None:
        return _("waits for {names}").format(names=waits_for(purchase.approval))
    return steps.get(purchase.state, "")


def work_section(ticket: TicketView, now: datetime) -> WorkSection:
    """The purchases of a ticket, as pane Work shows them."""
    open_ones = sum(one.state in OPEN for one in ticket.purchases)
    summary = _("{count} open").format(count=open_ones) if open_ones else ""
    items = tuple(_item(one) for one in ticket.purchases)
    return WorkSection(_("Purchases"), summary, items, _("None. + asks for something to be bought."))


def _item(purchase: PurchaseView) -> WorkItem:
    state = purchase_state(purchase.state)
    detail = [_line_text(one, purchase) for one in purchase.lines[:4]]
    if len(purchase.lines) > 4:
        more = len(purchase.lines) - 4
        detail.append(ngettext("and {count} more line", "and {count} more lines", more).format(count=more))
    step = next_step(purchase)
    if step and purchase.state is not S.WAITING:  # its keys are those of the purchase, not of this pane
        step = _("Enter opens it: {step}").format(step=step)
    detail += [*purchase.warnings, step]
    return WorkItem(
        "purchase",
        purchase.id,
        state.sign,
        f"{purchase.name} {purchase.title}",
        f"{total_text(purchase)}  {state.word}",
        state.colour,
        over=purchase.state in (S.CLOSED, S.CANCELLED),
        detail="\n".join(filter(None, detail)),
    )


def _line_text(one: PurchaseLineView, purchase: PurchaseView) -> str:
    return _("{quantity} × {article} at {cost}").format(
        quantity=one.quantity,
        article=one.article,
        cost=amount_text(one.unit_cost, purchase.currency, purchase.digits),
    )


def describe_purchase(purchase: PurchaseView, now: datetime) -> Content:
    """Everything about a purchase."""
    state = purchase_state(purchase.state)
    mail = words.delivery(purchase.order_mail) if purchase.order_mail is not None else None
    ordered = ""
    if purchase.order_number:
        day = purchase.ordered_on.isoformat() if purchase.ordered_on is not None else ""
        ordered = _("{number} of {day}").format(number=purchase.order_number, day=day)
    facts = (
        Fact(_("Ticket"), f"#{purchase.ticket} {purchase.ticket_subject}"),
        Fact(_("For"), purchase.requester),
        Fact(_("Supplier"), purchase.supplier),
        Fact(_("Cost centre"), " ".join(filter(None, (purchase.cost_centre, purchase.cost_centre_name)))),
        Fact(_("Budget"), budget_text(purchase.budget, purchase.digits) if purchase.budget else ""),
        Fact(_("Asked by"), purchase.requested_by),
        Fact(_("Order"), ordered),
        Fact(_("By mail"), mail.text if mail is not None else "", mail.colour if mail is not None else ""),
        Fact(_("Changed"), words.moment(purchase.updated_at, now)),
    )
    return blocks(
        heading(f"{purchase.name} {purchase.title}", state.text, state.colour),
        sentence("\n".join(purchase.warnings), "$text-warning"),
        sentence(next_step(purchase), "$text-accent"),
        lines_table(purchase),
        labelled(facts),
        sentence(purchase.notes),
    )


def budget_text(budget: BudgetView, digits: int = 2) -> str:
    """What is left of a budget, and what was spent."""
    if budget.budget is None or budget.left is None:
        return _("no limit; {spent} ordered in {year}").format(
            spent=amount_text(budget.spent, budget.currency, digits), year=budget.year
        )
    told = _("{left} of {budget} left in {year}").format(
        left=amount_text(budget.left, digits=digits),
        budget=amount_text(budget.budget, budget.currency, digits),
        year=budget.year,
    )
    used = (
        (_("{amount} ordered"), budget.spent),
        (_("{amount} approved"), budget.reserved),
    )
    parts = [text.format(amount=amount_text(amount, digits=digits)) for text, amount in used if amount]
    return f"{told}; {', '.join(parts)}" if parts else told


_ARTICLE = 40


def lines_table(purchase: PurchaseView) -> Content:
    """The lines with their amounts under each other, and the total."""
    if not purchase.lines:
        return sentence(_("No lines yet; e writes them down."), "$muted")
    rows = [_cells(one, purchase.digits) for one in purchase.lines]
    total = amount_text(purchase.total, digits=purchase.digits)
    quantity, cost = (max(cell_len(row[at]) for row in rows) for at in (0, 2))
    amount = max(cell_len(total), *(cell_len(row[3]) for row in rows))
    article = min(_ARTICLE, max(cell_len(row[1]) for row in rows))
    shown = []
    for one, row in zip(purchase.lines, rows, strict=True):
        name = Content(row[1]).truncate(article, ellipsis=True).plain
        parts: list[Part] = [
            (f"{row[0]:>{quantity}} × ", "$muted"),
            name + " " * (article - cell_len(name)),
            (f"  {row[2]:>{cost}}", "$muted"),
            f"  {row[3]:>{amount}}",
        ]
        if makes_text(one):
            parts.append((f"  → {makes_text(one)}", "$muted"))
        shown.append(line(*parts))
    gap = quantity + 3 + article + 2 + cost
    label = _("Total")
    shown.append(
        line(
            (f"{label:<{gap}}" if cell_len(label) == len(label) else label, "$muted"),
            (f"  {total:>{amount}} {purchase.currency}", "bold"),
        )
    )
    return Content("\n").join(shown)


def _cells(one: PurchaseLineView, digits: int) -> tuple[str, str, str, str]:
    name = f"{one.article} ({one.article_number})" if one.article_number else one.article
    return (
        str(one.quantity),
        safe_line(name, 200),
        amount_text(one.unit_cost, digits=digits),
        amount_text(one.total, digits=digits),
    )


def makes_text(one: PurchaseLineView) -> str:
    """What a receipt of the line creates."""
    if one.makes == "asset":
        return _("asset: {type}").format(type=one.asset_type)
    return _("seats: {licence}").format(licence=one.licence) if one.makes == "seats" else ""
