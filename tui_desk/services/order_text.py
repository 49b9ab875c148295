"""What an order says: a table in plain text that stays a table in every mail program, and the exact total."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.html_table import width
from tui_desk.models import Purchase, PurchaseLine, Supplier
from tui_desk.rules.money import amount_text
from tui_desk.rules.purchases import total_of
from tui_desk.services.currencies import digits_of

_ARTICLE = 32
_INDENT = "    "
"""Four blanks: Markdown shows the lines as they are, aligned, and reads nothing into them."""


def order_subject(number: str) -> str:
    return _("Order {number}").format(number=number)


def order_body(
    purchase: Purchase,
    lines: Sequence[PurchaseLine],
    supplier: Supplier | None,
    number: str,
    day: date,
    note: str,
) -> str:
    """The text of an order. ``note`` was written by the agent; nothing else of the ticket is in it."""
    facts = [_("Order: {number}").format(number=number), _("Date: {day}").format(day=day.isoformat())]
    if supplier is not None and supplier.customer_number:
        facts.append(_("Our customer number: {number}").format(number=safe_line(supplier.customer_number)))
    parts = [
        _("We order the following:"),
        "\n".join(f"{_INDENT}{fact}" for fact in facts),
        "\n".join(f"{_INDENT}{row}".rstrip() for row in _table(purchase, lines)),
        note,
        _("Please name the number of the order on the delivery note and on the invoice."),
    ]
    return "\n\n".join(filter(None, parts))


def _table(purchase: Purchase, lines: Sequence[PurchaseLine]) -> list[str]:
    digits = digits_of(purchase.currency)
    headings = (_("#"), _("Article"), _("Quantity"), _("Unit price"), _("Total"))
    rows = [
        (
            str(place),
            line.article,
            line.article_number,
            str(line.quantity),
            amount_text(line.unit_cost, digits=digits),
            amount_text(line.quantity * line.unit_cost, digits=digits),
        )
        for place, line in enumerate(lines, start=1)
    ]
    total = amount_text(total_of((line.quantity, line.unit_cost) for line in lines), digits=digits)
    wide = (
        max(len(headings[2]), *(len(row[3]) for row in rows), 1),
        max(len(headings[3]), *(len(row[4]) for row in rows), 1),
        max(len(headings[4]), *(len(row[5]) for row in rows), len(total)),
    )
    first = max(len(str(len(rows))), len(headings[0]))
    table = [_row(headings[0], headings[1], headings[2:], first, wide)]
    rule = "-" * width(table[0])
    table.append(rule)
    for place, article, article_number, *amounts in rows:
        names = textwrap.wrap(safe_line(article), _ARTICLE) or [""]
        table.append(_row(place, names[0], amounts, first, wide))
        under = [
            *names[1:],
            *textwrap.wrap(_("No. {number}").format(number=safe_line(article_number)), _ARTICLE),
        ]
        if not article_number:
            under = names[1:]
        table += [f"{'':{first}}  {one}" for one in under]
    table.append(rule)
    label = _("Total ({currency})").format(currency=purchase.currency)
    table.append(f"{label}{total:>{max(1, width(rule) - width(label))}}")
    return table


def _row(place: str, article: str, amounts: Sequence[str], first: int, wide: Sequence[int]) -> str:
    gap = " " * max(0, _ARTICLE - width(article))
    cells = "".join(f"  {amount:>{room}}" for amount, room in zip(amounts, wide, strict=True))
    return f"{place:>{first}}  {article}{gap}{cells}"
