"""Purchases as screens, scripts and the ticket show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement
from sqlmodel import Session, case, col, func, or_, select

from tui_desk.contracts.approvals import ApprovalView
from tui_desk.contracts.purchase_view import BudgetView, PurchaseLineView, PurchaseView
from tui_desk.contracts.purchases import ListPurchases, ShowPurchase
from tui_desk.core.enums import DeliveryState, PurchaseState
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.models import (
    Agent,
    Approval,
    CostCentre,
    Delivery,
    Licence,
    OutboxItem,
    Person,
    Purchase,
    PurchaseLine,
    Supplier,
    Ticket,
)
from tui_desk.rules.deliveries import worst
from tui_desk.rules.money import amount_text, exact
from tui_desk.rules.permissions import Permission
from tui_desk.rules.purchases import OPEN, ORDERED, total_of
from tui_desk.services.actor import Actor
from tui_desk.services.approval_view import views_of
from tui_desk.services.context import known, require, ticket_to_read
from tui_desk.services.cost_centres import budgets_of, cost_centre_named, this_year
from tui_desk.services.currencies import digits_of
from tui_desk.services.people import addresses_of, like_words
from tui_desk.services.suppliers import supplier_named

_OPEN = [state.value for state in OPEN]


def purchase_name(purchase_id: int) -> str:
    """``P12``."""
    return f"P{purchase_id}"


def row_name(purchase: Purchase) -> str:
    """How people call it in a history: its name and its title."""
    return f"{purchase_name(known(purchase.id))} {purchase.title}"


def not_found(purchase_id: int) -> NotFound:
    """There is no such purchase."""
    return NotFound(
        _("There is no purchase {name}.").format(name=purchase_name(purchase_id)),
        _("tui-desk purchase list --all shows those there are."),
    )


def list_purchases(session: Session, actor: Actor, request: ListPurchases) -> tuple[PurchaseView, ...]:
    """Those with something left to do first, the newest of them first. Raises NotFound (ticket, supplier, cost centre)."""
    require(actor, Permission.VIEW)
    statement = select(Purchase).join(Ticket, col(Ticket.id) == Purchase.ticket_id)
    if request.ticket is not None:
        ticket_to_read(session, request.ticket)
        statement = statement.where(Purchase.ticket_id == request.ticket)
    if request.supplier:
        statement = statement.where(Purchase.supplier_id == supplier_named(session, request.supplier).id)
    if request.cost_centre:
        centre = cost_centre_named(session, request.cost_centre)
        statement = statement.where(Purchase.cost_centre_id == centre.id)
    if request.states:
        statement = statement.where(col(Purchase.state).in_([state.value for state in request.states]))
    if request.open:
        statement = statement.where(col(Purchase.state).in_(_OPEN))
    statement = statement.where(*_has_words(request.query))
    over = case((col(Purchase.state).in_(_OPEN), 0), else_=1)
    rows = session.exec(statement.order_by(over, col(Purchase.id).desc()).limit(request.limit)).all()
    return _views(session, actor, rows)


def _has_words(query: str) -> list[ColumnElement[bool]]:
    """One condition per word: the purchase itself, its ticket, its supplier, its cost centre or a line has it."""
    elsewhere = (
        (Purchase.supplier_id, select(Supplier.id), (Supplier.name,)),
        (Purchase.cost_centre_id, select(CostCentre.id), (CostCentre.code, CostCentre.name)),
        (Purchase.id, select(PurchaseLine.purchase_id), (PurchaseLine.article, PurchaseLine.article_number)),
    )
    return [
        or_(
            *like_words(word, Purchase.title, Purchase.order_number, Ticket.subject),
            *(col(key).in_(rows.where(*like_words(word, *columns))) for key, rows, columns in elsewhere),
        )
        for word in query.split()[:10]
    ]


def show_purchase(session: Session, actor: Actor, request: ShowPurchase) -> PurchaseView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    return view_of(session, actor, request.id)


def view_of(session: Session, actor: Actor, purchase_id: int) -> PurchaseView:
    """One purchase. Raises NotFound."""
    row = session.get(Purchase, purchase_id)
    if row is None:
        raise not_found(purchase_id)
    return _views(session, actor, [row])[0]


def purchases_of(session: Session, actor: Actor, ticket: int) -> tuple[PurchaseView, ...]:
    """The purchases of a ticket, oldest first."""
    rows = session.exec(select(Purchase).where(Purchase.ticket_id == ticket).order_by(col(Purchase.id))).all()
    return _views(session, actor, rows)


def lines_of_purchases(session: Session, ids: Sequence[int]) -> dict[int, list[PurchaseLine]]:
    """The lines of some purchases, in order."""
    found: dict[int, list[PurchaseLine]] = defaultdict(list)
    rows = session.exec(
        select(PurchaseLine)
        .where(col(PurchaseLine.purchase_id).in_(ids))
        .order_by(col(PurchaseLine.position), col(PurchaseLine.id))
    )
    for row in rows:
        found[row.purchase_id].append(row)
    return found


class _Known:
    """What several purchases share, read in a handful of queries."""

    def __init__(self, session: Session, actor: Actor, rows: Sequence[Purchase]) -> None:
        ids = [known(row.id) for row in rows]
        self.lines = lines_of_purchases(session, ids)
        self.suppliers = {
            known(one.id): one
            for one in session.exec(
                select(Supplier).where(col(Supplier.id).in_({row.supplier_id for row in rows}))
            )
        }
        self.centres = {
            known(one.id): one
            for one in session.exec(
                select(CostCentre).where(col(CostCentre.id).in_({row.cost_centre_id for row in rows}))
            )
        }
        self.budgets = budgets_of(session, self.centres.values(), this_year(session)) if self.centres else {}
        licences = {line.licence_id for group in self.lines.values() for line in group} - {None}
        self.licences: dict[int | None, str] = (
            dict(session.exec(select(Licence.id, Licence.name).where(col(Licence.id).in_(licences))).all())
            if licences
            else {}
        )
        self.agents = dict(
            session.exec(
                select(Agent.id, func.coalesce(func.nullif(Agent.name, ""), Agent.login)).where(
                    col(Agent.id).in_({row.requested_by_id for row in rows})
                )
            ).all()
        )
        people = {row.requester_id for row in rows if row.requester_id is not None}
        self.people = dict(
            session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all()
        )
        nameless = [person for person in people if not self.people.get(person)]
        self.addresses = addresses_of(session, nameless)
        self.subjects = dict(
            session.exec(
                select(Ticket.id, Ticket.subject).where(col(Ticket.id).in_({row.ticket_id for row in rows}))
            ).all()
        )
        self.mails = _mails(session, [row.order_message_id for row in rows if row.order_message_id])
        self.approvals = _approvals(session, actor, ids)

    def person(self, person_id: int | None) -> str:
        if person_id is None:
            return ""
        return safe_line(self.people.get(person_id, "")) or visible_address(
            next(iter(self.addresses.get(person_id, ())), "")
        )


def _mails(session: Session, messages: Sequence[int]) -> dict[int, DeliveryState]:
    """What became of orders by mail, by message."""
    if not messages:
        return {}
    states: dict[int, list[DeliveryState]] = defaultdict(list)
    rows = session.exec(
        select(OutboxItem.message_id, Delivery.state)
        .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
        .where(col(OutboxItem.message_id).in_(messages))
    )
    for message, state in rows:
        states[known(message)].append(DeliveryState(state))
    return {message: worst(group) for message, group in states.items()}


def _approvals(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, ApprovalView]:
    """The last approval that was asked for each purchase."""
    newest = (
        select(func.max(Approval.id))
        .where(col(Approval.purchase_id).in_(ids))
        .group_by(col(Approval.purchase_id))
        .scalar_subquery()
    )
    rows = session.exec(select(Approval).where(col(Approval.id).in_(newest))).all()
    return {known(view.purchase_id): view for view in views_of(session, actor, rows)}


def _views(session: Session, actor: Actor, rows: Sequence[Purchase]) -> tuple[PurchaseView, ...]:
    if not rows:
        return ()
    facts = _Known(session, actor, rows)
    return tuple(_view(facts, row) for row in rows)


def _view(facts: _Known, row: Purchase) -> PurchaseView:
    supplier, centre = facts.suppliers.get(row.supplier_id or 0), facts.centres.get(row.cost_centre_id or 0)
    digits = digits_of(row.currency)
    lines = tuple(_line(facts, line, digits) for line in facts.lines[known(row.id)])
    total = exact(total_of((line.quantity, line.unit_cost) for line in lines), digits)
    state = PurchaseState(row.state)
    budget = facts.budgets.get(row.cost_centre_id or 0)
    return PurchaseView(
        id=known(row.id),
        name=purchase_name(known(row.id)),
        ticket=row.ticket_id,
        ticket_subject=safe_line(facts.subjects.get(row.ticket_id, "")),
        title=safe_line(row.title),
        state=state,
        supplier_id=row.supplier_id,
        supplier=safe_line(supplier.name) if supplier is not None else "",
        supplier_email=visible_address(supplier.email) if supplier is not None and supplier.email else "",
        cost_centre_id=row.cost_centre_id,
        cost_centre=safe_line(centre.code) if centre is not None else "",
        cost_centre_name=safe_line(centre.name) if centre is not None else "",
        currency=safe_line(row.currency),
        digits=digits,
        lines=lines,
        total=total,
        requested_by_id=row.requested_by_id,
        requested_by=safe_line(facts.agents.get(row.requested_by_id, "")),
        requester_id=row.requester_id,
        requester=facts.person(row.requester_id),
        notes=safe_block(row.notes),
        order_number=safe_line(row.order_number),
        ordered_on=row.ordered_on,
        order_message_id=row.order_message_id,
        order_mail=facts.mails.get(row.order_message_id or 0),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        approval=facts.approvals.get(known(row.id)),
        budget=budget,
        warnings=_warnings(budget, state, total, digits),
    )


def _line(facts: _Known, line: PurchaseLine, digits: int) -> PurchaseLineView:
    return PurchaseLineView(
        id=known(line.id),
        position=line.position,
        article=safe_line(line.article),
        article_number=safe_line(line.article_number),
        quantity=line.quantity,
        unit_cost=exact(line.unit_cost, digits),
        total=exact(line.quantity * line.unit_cost, digits),
        makes=line.makes,
        asset_type=safe_line(line.asset_type),
        licence_id=line.licence_id,
        licence=safe_line(facts.licences.get(line.licence_id, "")),
    )


def _warnings(
    budget: BudgetView | None, state: PurchaseState, total: Decimal, digits: int
) -> tuple[str, ...]:
    """That the budget does not suffice, while the purchase is not ordered."""
    if budget is None or state in ORDERED or state is PurchaseState.CANCELLED:
        return ()
    sentence = over_budget(budget, total, digits, counted=state is PurchaseState.APPROVED)
    return (sentence,) if sentence else ()


def over_budget(budget: BudgetView, total: Decimal, digits: int, *, counted: bool = False) -> str:
    """That ``total`` is more than the budget has left; empty where it is not. ``counted``: the budget knows it already."""
    if budget.left is None:
        return ""
    left = budget.left + total if counted else budget.left
    if total <= left:
        return ""
    return _("Over the budget of {year}: {left} of {budget} are left.").format(
        year=budget.year,
        left=amount_text(left, budget.currency, digits),
        budget=amount_text(budget.budget, budget.currency, digits),
    )
