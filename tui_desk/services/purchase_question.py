"""What is asked about a purchase: the chain its total asks for, who decides, and what they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from tui_desk.contracts.approvals import StepInput
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Approval, ApprovalChain, CostCentre, Person, Purchase, PurchaseLine, Supplier
from tui_desk.rules import approvals as approval_rules
from tui_desk.rules.money import amount_text
from tui_desk.rules.purchases import Limit, chain_for, lacks_cost_centre, lacks_currency, total_of
from tui_desk.services.approval_chains import steps_from, steps_of_chain
from tui_desk.services.approval_deciding import steps_of, votes_of
from tui_desk.services.context import known
from tui_desk.services.cost_centres import budgets_of, locked_cost_centre, this_year
from tui_desk.services.currencies import digits_of
from tui_desk.services.fields import requester_label
from tui_desk.services.purchase_view import over_budget, purchase_name


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a purchase: who decides (no steps: nobody has to), and what they read."""

    title: str
    details: str
    amount: Decimal
    currency: str
    steps: tuple[StepInput, ...]
    chain: str
    warning: str
    """That the budget does not suffice; empty where it does."""


def question_of(
    session: Session,
    purchase: Purchase,
    lines: Sequence[PurchaseLine],
    chain: str = "",
    named: tuple[StepInput, ...] = (),
) -> Question:
    """What has to be asked, of ``chain`` or of who was ``named`` by hand before where no limit says whom. Locks the cost centre.

    Raises Refused where limits are kept but none in its currency, UsageError, NotFound (``chain``).
    """
    total = total_of((line.quantity, line.unit_cost) for line in lines)
    centre = locked_cost_centre(session, purchase.cost_centre_id) if purchase.cost_centre_id else None
    warning = _over_budget(session, purchase, centre, total)
    chosen = _chosen(session, purchase, total, over=bool(warning), by_hand=chain, named=bool(named))
    steps = steps_from(chosen.steps) if chosen is not None else named
    if chosen is None and chain:
        steps = steps_of_chain(session, chain)
    return Question(
        title=f"{purchase_name(known(purchase.id))}: {purchase.title}",
        details=_details(session, purchase, centre, warning),
        amount=total,
        currency=purchase.currency,
        steps=steps,
        chain=chosen.name if chosen is not None else chain,
        warning=warning,
    )


def _over_budget(session: Session, purchase: Purchase, centre: CostCentre | None, total: Decimal) -> str:
    """That a locked cost centre has not as much left; empty where it has."""
    if centre is None:
        return ""
    budget = budgets_of(session, [centre], this_year(session), without=purchase.id)[known(centre.id)]
    return over_budget(budget, total, digits_of(purchase.currency))


def _chosen(
    session: Session, purchase: Purchase, total: Decimal, *, over: bool, by_hand: str, named: bool
) -> ApprovalChain | None:
    """The chain that the total asks for; None where none applies (``by_hand``, or who was ``named``, is taken then)."""
    rows, limits = _limits(session)
    limit = chain_for(limits, total, purchase.currency, purchase.cost_centre_id, over_budget=over)
    if limit is not None:
        row = rows[limit.id]
        if by_hand and by_hand.strip().lower() != row.name.lower():
            raise UsageError(
                _("{total} asks for the approval chain “{chain}”, not for another one.").format(
                    total=amount_text(total, purchase.currency, digits_of(purchase.currency)),
                    chain=safe_line(row.name),
                )
            )
        return row
    if by_hand or named:
        return None
    if lacks_currency(limits, purchase.currency, purchase.cost_centre_id):
        raise Refused(
            _("No approval chain has a limit in {currency}, so nobody knows who decides.").format(
                currency=purchase.currency
            ),
            _("Name a chain: tui-desk purchase ask {name} --chain NAME; a supervisor adds a limit.").format(
                name=purchase_name(known(purchase.id))
            ),
        )
    if lacks_cost_centre(limits, total, purchase.currency, purchase.cost_centre_id):
        raise Refused(
            _("{name} names no cost centre, so nobody knows who decides.").format(
                name=purchase_name(known(purchase.id))
            ),
            _("Name one with e, or “purchase set”."),
        )
    return None


def _limits(session: Session) -> tuple[dict[int, ApprovalChain], list[Limit]]:
    """The chains that totals choose, by id, and their limits."""
    rows = {
        known(row.id): row
        for row in session.exec(
            select(ApprovalChain).where(col(ApprovalChain.active), col(ApprovalChain.above).is_not(None))
        )
    }
    limits = [
        Limit(row_id, row.above, row.currency, row.cost_centre_id)
        for row_id, row in rows.items()
        if row.above is not None
    ]
    return rows, limits


def named_by_hand(session: Session, purchase: Purchase) -> tuple[StepInput, ...]:
    """Who decides about a purchase that waits although no limit says so, whatever its total: they still do once it has changed."""
    approval = waiting_approval(session, purchase)
    _rows, limits = _limits(session)
    limit = chain_for(limits, Decimal(), purchase.currency, purchase.cost_centre_id, over_budget=True)
    if approval is None or limit is not None:
        return ()
    steps = steps_of(session, approval)
    votes = votes_of(session, steps)
    return tuple(StepInput(tuple(vote.address for vote in votes[known(row.id)]), row.mode) for row in steps)


def _details(session: Session, purchase: Purchase, centre: CostCentre | None, warning: str) -> str:
    """What approvers read below the title; the lines and the total are told by the approval itself."""
    supplier = session.get(Supplier, purchase.supplier_id) if purchase.supplier_id else None
    person = session.get(Person, purchase.requester_id) if purchase.requester_id else None
    facts = []
    if person is not None:
        facts.append(_("For: {name}").format(name=safe_line(requester_label(session, person))))
    if supplier is not None:
        facts.append(_("Supplier: {name}").format(name=safe_line(supplier.name)))
    if centre is not None:
        name = " ".join(filter(None, (safe_line(centre.code), safe_line(centre.name))))
        facts.append(_("Cost centre: {name}").format(name=name))
    if warning:
        facts.append(warning)
    told = "  \n".join(facts)
    return "\n\n".join(filter(None, (told, purchase.notes.strip())))


def waiting_approval(session: Session, purchase: Purchase) -> Approval | None:
    """The approval that a purchase waits for, locked with its ticket."""
    return session.exec(
        select(Approval)
        .where(Approval.purchase_id == purchase.id, Approval.state == approval_rules.WAITING)
        .order_by(col(Approval.id).desc())
        .with_for_update()
    ).first()
