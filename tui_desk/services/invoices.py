"""Invoices of suppliers: written down, changed while they are open, accepted, refused, paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from tui_desk.contracts.invoices import (
    DecideInvoice,
    InvoiceChanged,
    InvoiceLineInput,
    InvoiceView,
    SaveInvoice,
)
from tui_desk.core.enums import InvoiceState
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.words import word
from tui_desk.db.same_name import same_name
from tui_desk.models import Invoice, InvoiceLine, Purchase, Supplier
from tui_desk.rules.money import LARGEST, SMALLEST, amount_text
from tui_desk.rules.permissions import Permission
from tui_desk.rules.three_way import INVOICE_STATES
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.currencies import checked_currency, digits_of
from tui_desk.services.deliveries import (
    Figures,
    figures_of,
    follow,
    purchase_to_change,
    purchase_to_read,
    refuse_unless_ordered,
)
from tui_desk.services.events import ticket_stream
from tui_desk.services.invoice_check import differences_of
from tui_desk.services.invoice_view import invoice_to_read, lines_of, total_of, view_of
from tui_desk.services.rows import add_row, change_row, remove_row
from tui_desk.services.versions import check_version

NUMBER_LIMIT = 80
TEXT_LIMIT = 200
NOTE_LIMIT = 10_000
MOST_LINES = 500
MOST_PIECES = 1_000_000
_AHEAD = timedelta(days=31)
"""How far in the future an invoice may be dated."""
_FURTHEST_DUE = timedelta(days=3653)


def save(session: Session, actor: Actor, request: SaveInvoice) -> InvoiceChanged:
    """Write an invoice down, or change one that is open; one deed.

    Raises NotFound, UsageError, Refused (state, currency, number known already), Conflict (changed meanwhile).
    """
    require(actor, Permission.CHANGE_TICKETS)
    if request.id is not None:
        return _change(session, actor, request)
    _ticket, purchase = purchase_to_change(session, request.purchase_id)
    refuse_unless_ordered(purchase, _("no invoice of it can be written down."))
    if purchase.supplier_id is None:
        raise Refused(_("P{id} names no supplier whose invoice it could be.").format(id=purchase.id))
    at = now(session)
    figures = figures_of(session, known(purchase.id))
    values = _values(session, purchase, request, at)
    lines = _lines(figures, request.lines)
    row = Invoice(purchase_id=known(purchase.id), supplier_id=purchase.supplier_id, created_at=at, **values)
    stream = ticket_stream(purchase.ticket_id)
    try:
        with session.begin_nested():
            events: tuple[int, ...] = (add_row(session, actor, stream, row, at, name=_name(row)),)
    except IntegrityError as error:  # of another purchase, this very moment
        raise Conflict(
            _("The invoice {number} was written down by somebody else this very moment.").format(
                number=safe_line(request.number, NUMBER_LIMIT)
            )
        ) from error
    for line in lines:
        line.invoice_id = known(row.id)
        events += (add_row(session, actor, stream, line, at, name=_line_name(figures, row, line)),)
    events += follow(session, actor, purchase, at)
    return _done(session, purchase, row, events, _("written down"))


def _change(session: Session, actor: Actor, request: SaveInvoice) -> InvoiceChanged:
    purchase, row = _locked(session, known(request.id))
    refuse_unless_ordered(purchase, _("its invoices stay as they are."))
    if row.state != InvoiceState.OPEN.value:
        raise Refused(
            _("The invoice {number} is {state}; only an open one is changed.").format(
                number=safe_line(row.number), state=word(InvoiceState(row.state))
            ),
            _("Open it again first."),
        )
    at = now(session)
    figures = figures_of(session, known(purchase.id))
    values = _values(session, purchase, request, at, row)
    wanted = _lines(figures, request.lines)
    present = lines_of(session, [known(row.id)]).get(known(row.id), ())
    stream = ticket_stream(purchase.ticket_id)
    check_version(session, row, request.version, values, _name(row), stream)
    differ = [_content(line) for line in present] != [_content(line) for line in wanted]
    if differ and request.version not in (0, row.version):
        raise Conflict(
            _("Somebody changed the invoice {number} meanwhile; nothing was overwritten.").format(
                number=safe_line(row.number)
            ),
            _("Open it again and repeat your change."),
        )
    events = change_row(session, actor, stream, row, values, at, name=_name(row))
    if differ:
        events += _replace(session, actor, stream, figures, row, present, wanted, at)
        row.version += 1
        session.add(row)
    events += follow(session, actor, purchase, at)
    return _done(session, purchase, row, events, _("saved"))


def _replace(
    session: Session,
    actor: Actor,
    stream: str,
    figures: Figures,
    row: Invoice,
    present: Sequence[InvoiceLine],
    wanted: Sequence[InvoiceLine],
    at: datetime,
) -> tuple[int, ...]:
    """Make an invoice's lines those wanted, each row where it is."""
    events: tuple[int, ...] = ()
    for line, new in zip(present, wanted, strict=False):
        name = _line_name(figures, row, new)
        events += change_row(session, actor, stream, line, _content(new), at, name=name)
    for line in present[len(wanted) :]:
        events += (remove_row(session, actor, stream, line, at, name=_line_name(figures, row, line)),)
    for line in wanted[len(present) :]:
        line.invoice_id = known(row.id)
        events += (add_row(session, actor, stream, line, at, name=_line_name(figures, row, line)),)
    return events


def _content(line: InvoiceLine) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "description": line.description,
        "quantity": line.quantity,
        "unit_cost": line.unit_cost,
    }


def _locked(session: Session, invoice_id: int) -> tuple[Purchase, Invoice]:
    """The invoice and its purchase, the ticket locked before them."""
    purchase_id = invoice_to_read(session, invoice_id).purchase_id
    _ticket, purchase = purchase_to_change(session, purchase_id)
    row = session.exec(
        select(Invoice)
        .where(Invoice.id == invoice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(_("There is no invoice {id}.").format(id=invoice_id))
    return purchase, row


def _values(
    session: Session, purchase: Purchase, request: SaveInvoice, at: datetime, row: Invoice | None = None
) -> dict[str, Any]:
    """The columns to set; everything wrong is told before anything is written."""
    number = safe_line(request.number, NUMBER_LIMIT).strip()
    if not number:
        raise UsageError(_("An invoice has a number: the supplier's."))
    currency = checked_currency(request.currency) if request.currency.strip() else purchase.currency
    if currency != purchase.currency:
        raise Refused(
            _("The invoice is in {invoice}, but P{id} was ordered in {order}.").format(
                invoice=currency, id=purchase.id, order=safe_line(purchase.currency)
            ),
            _("Ask the supplier for one in {order}.").format(order=safe_line(purchase.currency)),
        )
    _refuse_days(request.invoiced_on, request.due_on, at.astimezone().date())
    _refuse_known(session, purchase, number, row)
    return {
        "number": number,
        "invoiced_on": request.invoiced_on,
        "due_on": request.due_on,
        "currency": currency,
        "note": safe_block(request.note, NOTE_LIMIT).strip(),
    }


def _refuse_days(invoiced_on: date, due_on: date | None, today: date) -> None:
    if invoiced_on > today + _AHEAD or invoiced_on.year < 2000:
        raise UsageError(_("{day} cannot be the day of an invoice.").format(day=invoiced_on.isoformat()))
    if due_on is not None and not invoiced_on <= due_on <= invoiced_on + _FURTHEST_DUE:
        raise UsageError(
            _("An invoice of {day} cannot be due on {due}.").format(
                day=invoiced_on.isoformat(), due=due_on.isoformat()
            )
        )


def _refuse_known(session: Session, purchase: Purchase, number: str, row: Invoice | None) -> None:
    """Raises Refused where the supplier's invoice of that number is there already."""
    supplier_id = row.supplier_id if row is not None else purchase.supplier_id
    other = session.exec(
        select(Invoice).where(Invoice.supplier_id == supplier_id, same_name(Invoice.number, number))
    ).first()
    if other is None or (row is not None and other.id == row.id):
        return
    of = purchase_to_read(session, other.purchase_id)
    supplier = session.get_one(Supplier, other.supplier_id)
    total = total_of(lines_of(session, [known(other.id)]).get(known(other.id), ()))
    raise Refused(
        _("The invoice {number} of {supplier} is there already: P{id} “{title}”, {total}, {state}.").format(
            number=safe_line(other.number),
            supplier=safe_line(supplier.name, 80),
            id=of.id,
            title=safe_line(of.title, 80),
            total=amount_text(total, other.currency, digits_of(other.currency)),
            state=word(InvoiceState(other.state)),
        ),
        _("Nothing was written down twice."),
    )


def _lines(figures: Figures, asked: Sequence[InvoiceLineInput]) -> list[InvoiceLine]:
    """Rows to be. Raises UsageError, NotFound."""
    if not asked:
        raise UsageError(_("An invoice has at least one line."))
    if len(asked) > MOST_LINES:
        raise UsageError(_("An invoice has at most {count} lines.").format(count=MOST_LINES))
    rows = [_line(figures, one) for one in asked]
    if total_of(rows) < 0:
        raise UsageError(_("Altogether an invoice asks for money; this one would give some back."))
    return rows


def _line(figures: Figures, asked: InvoiceLineInput) -> InvoiceLine:
    description = safe_line(asked.description, TEXT_LIMIT).strip()
    if asked.line_id is not None and figures.line(asked.line_id) is None:
        raise NotFound(_("The purchase has no line {line}.").format(line=asked.line_id))
    if asked.line_id is None and not description:
        raise UsageError(_("Say what is invoiced that was not ordered, such as freight."))
    if not 1 <= asked.quantity <= MOST_PIECES:
        raise UsageError(
            _("“{quantity}” pieces cannot be invoiced.").format(quantity=asked.quantity),
            _("An invoice has at least one piece of each of its lines."),
        )
    cost = asked.unit_cost
    if not cost.is_finite() or abs(cost) >= LARGEST or cost != cost.quantize(SMALLEST):
        raise UsageError(_("“{cost}” is not an amount of money.").format(cost=safe_line(str(cost), 40)))
    if cost < 0 and asked.line_id is not None:
        raise UsageError(_("What was ordered has no price below zero; a discount is a line of its own."))
    return InvoiceLine(
        invoice_id=0,
        line_id=asked.line_id,
        description=description,
        quantity=asked.quantity,
        unit_cost=cost,
    )


def decide(session: Session, actor: Actor, request: DecideInvoice) -> InvoiceChanged:
    """Move an invoice on. Raises NotFound, UsageError (a reason is missing), Refused (state), Conflict (decided meanwhile)."""
    require(actor, Permission.CHANGE_TICKETS)
    purchase, row = _locked(session, request.id)
    refuse_unless_ordered(purchase, _("its invoices stay as they are."))
    stream = ticket_stream(purchase.ticket_id)
    check_version(session, row, request.version, {"state": request.state.value}, _name(row), stream)
    before = InvoiceState(row.state)
    if request.state not in INVOICE_STATES[before]:
        raise _cannot(row, before, request.state)
    reason = safe_block(request.reason, TEXT_LIMIT * 5).strip()
    _need_reason(view_of(session, row), request.state, reason)
    at = now(session)
    values = {"state": request.state.value, "note": _with_reason(row.note, request.state, reason)}
    events = change_row(session, actor, stream, row, values, at, name=_name(row))
    events += follow(session, actor, purchase, at)
    return _done(session, purchase, row, events, word(request.state))


def _cannot(row: Invoice, before: InvoiceState, after: InvoiceState) -> Refused:
    hints = {
        InvoiceState.OPEN: _("It is accepted first."),
        InvoiceState.REFUSED: _("Open it again first."),
        InvoiceState.PAID: _("If it was not, undo that in the history."),
    }
    return Refused(
        _("The invoice {number} is {before} and cannot become {after}.").format(
            number=safe_line(row.number), before=word(before), after=word(after)
        ),
        hints.get(before, _("Open it again first.")),
    )


def _need_reason(view: InvoiceView, state: InvoiceState, reason: str) -> None:
    if reason:
        return
    if state is InvoiceState.REFUSED:
        raise UsageError(_("Say why it is refused; it is kept with the invoice."))
    differences = differences_of(view)
    if state is InvoiceState.ACCEPTED and differences:
        raise UsageError(
            _("It is not what was ordered and received: {differences}").format(
                differences="; ".join(differences)
            ),
            _("Accept it with a reason, which is kept, or refuse it."),
        )


def _with_reason(note: str, state: InvoiceState, reason: str) -> str:
    words = {
        InvoiceState.ACCEPTED: _("Accepted: {reason}"),
        InvoiceState.REFUSED: _("Refused: {reason}"),
        InvoiceState.OPEN: _("Opened again: {reason}"),
        InvoiceState.PAID: _("Paid: {reason}"),
    }
    return "\n".join(filter(None, (note, words[state].format(reason=reason)))) if reason else note


def _done(
    session: Session, purchase: Purchase, row: Invoice, events: tuple[int, ...], what: str
) -> InvoiceChanged:
    view = view_of(session, row)
    sentence = _("P{id} · invoice {number}, {total}: {what}").format(
        id=purchase.id,
        number=view.number,
        total=amount_text(view.total, view.currency, view.digits),
        what=what,
    )
    return InvoiceChanged(purchase.ticket_id, events, sentence, known(row.id), differences_of(view), view)


def _name(row: Invoice) -> str:
    return row.number


def _line_name(figures: Figures, row: Invoice, line: InvoiceLine) -> str:
    ordered = figures.line(line.line_id) if line.line_id is not None else None
    text = line.description or (ordered.article if ordered is not None else "")
    return f"{row.number}: {line.quantity} × {safe_line(text, 80)}"
