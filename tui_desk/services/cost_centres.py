"""Cost centres and their yearly budgets: what was ordered, what is approved and will be, what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, and_, col, func, or_, select

from tui_desk.contracts.purchase_view import BudgetView
from tui_desk.contracts.purchases import (
    CostCentreView,
    ListCostCentres,
    SaveCostCentre,
    ShowCostCentre,
)
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import ApprovalChain, CostCentre, Purchase, PurchaseLine
from tui_desk.rules.money import LARGEST, SMALLEST, exact
from tui_desk.rules.permissions import Permission
from tui_desk.rules.purchases import ORDERED
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.currencies import checked_currency, digits_of
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.suppliers import DESK, NAME_LIMIT
from tui_desk.services.versions import check_version

CODE_LIMIT = 40
_ORDERED = [state.value for state in ORDERED]


def this_year(session: Session) -> int:
    """The year it is at the desk."""
    return desk_day(session, now(session)).year


def list_cost_centres(session: Session, actor: Actor, request: ListCostCentres) -> tuple[CostCentreView, ...]:
    """By code, with what is used of each budget."""
    require(actor, Permission.VIEW)
    statement = select(CostCentre).order_by(func.lower(CostCentre.code))
    if not request.inactive:
        statement = statement.where(col(CostCentre.active))
    rows = session.exec(statement).all()
    uses = budgets_of(session, rows, _year(session, request.year))
    return tuple(_view(row, uses[known(row.id)]) for row in rows)


def show_cost_centre(session: Session, actor: Actor, request: ShowCostCentre) -> CostCentreView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    row = cost_centre_named(session, request.code)
    return _view(row, budgets_of(session, [row], _year(session, request.year))[known(row.id)])


def _year(session: Session, year: int) -> int:
    if year and not 1900 <= year <= 9000:
        raise UsageError(_("{year} is no year of a budget.").format(year=year))
    return year or this_year(session)


def _view(row: CostCentre, use: BudgetView) -> CostCentreView:
    return CostCentreView(
        id=known(row.id),
        code=safe_line(row.code),
        name=safe_line(row.name),
        budget=use.budget,
        currency=safe_line(row.currency),
        active=row.active,
        version=row.version,
        use=use,
    )


def cost_centre_named(session: Session, code: str) -> CostCentre:
    """The cost centre of that code, in any case. Raises NotFound."""
    row = session.exec(select(CostCentre).where(same_name(CostCentre.code, code.strip()))).first()
    if row is None:
        raise NotFound(
            _("There is no cost centre {code}.").format(code=safe_line(code, 80)),
            _("tui-desk cost-centre list shows those there are."),
        )
    return row


def budgets_of(
    session: Session, centres: Iterable[CostCentre], year: int, *, without: int | None = None
) -> dict[int, BudgetView]:
    """What is used of each cost centre's budget of a year: centre → use. ``without``: a purchase that is left out.

    Ordered counts in the year of its order; approved and not ordered yet will be this year, and counts in the present one.
    """
    rows = {known(one.id): one for one in centres}
    spent: dict[int, Decimal] = defaultdict(Decimal)
    reserved: dict[int, Decimal] = defaultdict(Decimal)
    of_the_year = and_(
        col(Purchase.state).in_(_ORDERED),
        col(Purchase.ordered_on).between(date(year, 1, 1), date(year, 12, 31)),
    )
    counted = [of_the_year]
    if year == this_year(session):
        counted.append(col(Purchase.state) == PurchaseState.APPROVED.value)
    # the columns of SQLite are exact text, so the sum is made here and not by the database
    statement = (
        select(Purchase.cost_centre_id, Purchase.state, PurchaseLine)
        .join(PurchaseLine, col(PurchaseLine.purchase_id) == Purchase.id)
        .where(col(Purchase.cost_centre_id).in_(list(rows)), or_(*counted))
    )
    if without is not None:
        statement = statement.where(col(Purchase.id) != without)
    for centre, state, line in session.exec(statement):
        kind = reserved if state == PurchaseState.APPROVED.value else spent
        kind[known(centre)] += line.quantity * line.unit_cost
    return {row_id: _use(row, year, spent[row_id], reserved[row_id]) for row_id, row in rows.items()}


def _use(row: CostCentre, year: int, spent: Decimal, reserved: Decimal) -> BudgetView:
    digits = digits_of(row.currency)
    budget = None if row.budget is None else exact(row.budget, digits)
    return BudgetView(year, budget, exact(spent, digits), exact(reserved, digits), safe_line(row.currency))


def locked_cost_centre(session: Session, centre_id: int) -> CostCentre:
    """The cost centre, locked: two purchases that are approved at the same moment each know of the other what it takes of the budget."""
    statement = select(CostCentre).where(CostCentre.id == centre_id)
    # A purchase may name the cost centre meanwhile: only who counts waits for who counts.
    return session.exec(statement.with_for_update(key_share=True)).one()


def save_cost_centre(session: Session, actor: Actor, request: SaveCostCentre) -> CostCentreView:
    """Raises UsageError (code, budget, currency), NotFound, Refused (code taken; currency in use), Conflict."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    values = _checked(request)
    taken = session.exec(select(CostCentre).where(same_name(CostCentre.code, values["code"]))).first()
    if taken is not None and taken.id != request.id:
        raise Refused(_("There is a cost centre {code} already.").format(code=safe_line(taken.code)))
    at = now(session)
    if request.id is None:
        row = CostCentre(**values)
        add_row(session, actor, DESK, row, at, name=row.code)
    else:
        found = session.exec(select(CostCentre).where(CostCentre.id == request.id).with_for_update()).first()
        if found is None:
            raise NotFound(_("There is no cost centre {code}.").format(code=request.id))
        row = found
        check_version(session, row, request.version, values, row.code, DESK)
        _refuse_other_currency(session, row, values["currency"])
        change_row(session, actor, DESK, row, values, at, name=row.code)
    return _view(row, budgets_of(session, [row], this_year(session))[known(row.id)])


def _refuse_other_currency(session: Session, row: CostCentre, currency: str) -> None:
    """Purchases of a cost centre, its limits and its budget are in one currency, and there is no rate to convert them by."""
    if currency == row.currency:
        return
    used = session.exec(select(Purchase.id).where(Purchase.cost_centre_id == row.id).limit(1)).first()
    limited = session.exec(
        select(ApprovalChain.id).where(ApprovalChain.cost_centre_id == row.id).limit(1)
    ).first()
    if used is not None or limited is not None:
        raise Refused(
            _("{code} is in {currency}, and purchases or approval chains of it are, too.").format(
                code=safe_line(row.code), currency=safe_line(row.currency)
            ),
            _("Make a new cost centre for the other currency."),
        )


def _checked(request: SaveCostCentre) -> dict[str, Any]:
    code = safe_line(request.code, CODE_LIMIT).strip()
    if not code:
        raise UsageError(_("A cost centre needs a code, such as IT-100."))
    return {
        "code": code,
        "name": safe_line(request.name, NAME_LIMIT).strip(),
        "budget": None if request.budget is None else checked_amount(request.budget, _("A budget")),
        "currency": checked_currency(request.currency),
        "active": request.active,
    }


def checked_amount(amount: Decimal, what: str) -> Decimal:
    """An amount that can be kept exactly. ``what`` is named in the sentence. Raises UsageError."""
    if amount.is_finite() and amount < 0:
        raise UsageError(_("{what} is not negative.").format(what=what))
    if not amount.is_finite() or amount >= LARGEST or amount != amount.quantize(SMALLEST):
        raise UsageError(_("“{cost}” is not an amount of money.").format(cost=safe_line(str(amount), 40)))
    return Decimal(f"{amount:f}")
