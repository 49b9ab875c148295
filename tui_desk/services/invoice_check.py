"""The three-way check as people see it: each line with its differences in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui_desk.contracts.invoices import CheckedLineView, InvoiceView
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.models import InvoiceLine
from tui_desk.rules.money import amount_text
from tui_desk.rules.three_way import CheckedLine, InvoicedLine, OrderedLine, compare
from tui_desk.services.context import known
from tui_desk.services.currencies import digits_of
from tui_desk.services.deliveries import Figures


def checked(
    figures: Figures,
    invoiced: Iterable[InvoiceLine],
    currency: str,
    *,
    before: Mapping[int, int] | None = None,
    whole: bool,
) -> tuple[CheckedLineView, ...]:
    """The check of some invoiced lines. ``whole``: with the ordered lines that they do not name."""
    asked = list(invoiced)
    ordered = [OrderedLine(known(line.id), line.quantity, line.unit_cost) for line in figures.lines]
    lines = [InvoicedLine(line.line_id, line.quantity, line.unit_cost) for line in asked]
    ids = {line.id for line in ordered}
    extra = iter([line.description for line in asked if line.line_id not in ids])
    views = []
    for row in compare(ordered, figures.received, lines, before):
        line = figures.line(row.line_id) if row.line_id is not None else None
        text = line.article if line is not None else next(extra)
        if whole or row.invoiced or row.line_id is None:
            views.append(_view(row, figures.number(row.line_id), text, currency))
    return tuple(views)


def _view(row: CheckedLine, number: int, text: str, currency: str) -> CheckedLineView:
    return CheckedLineView(
        number,
        safe_line(text),
        row.ordered,
        row.received,
        row.invoiced_before,
        row.invoiced,
        row.unit_cost,
        row.unit_costs,
        row.expected,
        row.total,
        row.difference,
        tuple(sorted(row.differences)),
        tuple(_told(row, currency)),
    )


def _told(row: CheckedLine, currency: str) -> list[str]:
    digits = digits_of(currency)
    found = []
    if "not_ordered" in row.differences:
        found.append(_("not ordered, {amount}").format(amount=amount_text(row.total, currency, digits)))
    if "over_ordered" in row.differences:
        more = row.over_ordered
        found.append(
            ngettext("{count} more than ordered", "{count} more than ordered", more).format(count=more)
        )
    if "not_received" in row.differences:
        more = row.not_received
        found.append(ngettext("{count} not received", "{count} not received", more).format(count=more))
    if "price" in row.differences:
        found.append(
            _("{invoiced} each instead of {ordered}").format(
                invoiced=" / ".join(amount_text(cost, "", digits) for cost in row.unit_costs),
                ordered=amount_text(row.unit_cost, "", digits),
            )
        )
    return found


def differences_of(view: InvoiceView) -> tuple[str, ...]:
    """What is not as it was ordered and received, a sentence a line; nothing where all is right."""
    return tuple(f"{row.text}: {', '.join(row.told)}" for row in view.check if row.differences)
