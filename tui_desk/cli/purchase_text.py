"""A purchase as plain text."""

from __future__ import annotations

from tui_desk.cli.output import fields
from tui_desk.contracts.purchase_view import PurchaseLineView, PurchaseView
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.rules.money import amount_text
from tui_desk.rules.purchase_lines import LineText, line_of


def total_text(view: PurchaseView) -> str:
    """The exact total with its currency."""
    return amount_text(view.total, view.currency, view.digits)


def _line(one: PurchaseLineView, digits: int) -> str:
    text = line_of(
        LineText(
            one.article,
            one.quantity,
            one.unit_cost,
            one.article_number,
            one.makes,
            one.asset_type,
            one.licence,
        ),
        digits,
    )
    return f"{text}  = {amount_text(one.total, digits=digits)}"


def purchase_text(view: PurchaseView) -> str:
    """A purchase for reading."""
    approval = view.approval
    facts = [
        (_("Id"), view.name),
        (_("Title"), view.title),
        (_("Ticket"), f"#{view.ticket} {view.ticket_subject}"),
        (_("State"), word(view.state)),
        (_("For"), view.requester),
        (_("Supplier"), view.supplier),
        (_("Cost centre"), " ".join(filter(None, (view.cost_centre, view.cost_centre_name)))),
        (_("Asked by"), view.requested_by),
        (_("Approval"), f"{approval.id} ({approval.state})" if approval is not None else ""),
        (_("Order"), view.order_number),
        (_("Ordered on"), view.ordered_on.isoformat() if view.ordered_on is not None else ""),
        (_("By mail"), word(view.order_mail) if view.order_mail is not None else ""),
        (_("Notes"), view.notes),
    ]
    lines = [f"  {place}. {_line(one, view.digits)}" for place, one in enumerate(view.lines, start=1)]
    total = _("Total: {total}").format(total=total_text(view))
    return "\n".join([fields(facts), *lines, total, *view.warnings])
