"""The life of a purchase, which approval chain its total asks for, and the numbers of orders. Pure; ``docs/work.md`` draws the states from here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

S = PurchaseState

TRANSITIONS: dict[PurchaseState, frozenset[PurchaseState]] = {
    S.DRAFT: frozenset({S.WAITING, S.APPROVED, S.CANCELLED}),
    S.WAITING: frozenset({S.APPROVED, S.REFUSED, S.DRAFT}),
    S.APPROVED: frozenset({S.ORDERED, S.DRAFT, S.CANCELLED}),
    S.REFUSED: frozenset({S.DRAFT, S.WAITING, S.APPROVED, S.CANCELLED}),
    S.ORDERED: frozenset({S.PARTLY_RECEIVED, S.RECEIVED, S.APPROVED, S.CANCELLED}),
    S.PARTLY_RECEIVED: frozenset({S.ORDERED, S.RECEIVED, S.CLOSED}),
    S.RECEIVED: frozenset({S.ORDERED, S.PARTLY_RECEIVED, S.INVOICED, S.CLOSED}),
    S.INVOICED: frozenset({S.RECEIVED, S.CLOSED}),
    S.CLOSED: frozenset({S.PARTLY_RECEIVED, S.RECEIVED, S.INVOICED}),
    S.CANCELLED: frozenset(),
}
"""A receipt or an invoice that is taken back leads one step back; so does an order whose mail was stopped. An undo goes back to where it was."""

EDITABLE = frozenset({S.DRAFT, S.WAITING, S.APPROVED, S.REFUSED})
"""What is bought may still be changed."""
ASKABLE = frozenset({S.DRAFT, S.REFUSED})
CANCELLABLE = frozenset({S.DRAFT, S.WAITING, S.APPROVED, S.REFUSED, S.ORDERED})
ORDERED = frozenset({S.ORDERED, S.PARTLY_RECEIVED, S.RECEIVED, S.INVOICED, S.CLOSED})
"""The supplier has been asked to deliver."""
OPEN = frozenset(
    {S.DRAFT, S.WAITING, S.APPROVED, S.REFUSED, S.ORDERED, S.PARTLY_RECEIVED, S.RECEIVED, S.INVOICED}
)
"""There is still something to do."""

NOTHING, ASSET, SEATS = "", "asset", "seats"
MAKES = (NOTHING, ASSET, SEATS)
"""What the receipt of a line creates."""

YEAR, NUMBER = "{year}", "{number}"
DEFAULT_SCHEME = "PO-{year}-{number}"
_SCHEME = re.compile(r"[^{}]*(?:\{year\}[^{}]*)?\{number\}[^{}]*|[^{}]*\{number\}[^{}]*\{year\}[^{}]*")
_DIGITS = 4


def may_follow(before: PurchaseState, after: PurchaseState) -> bool:
    """Whether ``after`` may come next; staying is always allowed."""
    return before is after or after in TRANSITIONS[before]


def total_of(lines: Iterable[tuple[int, Decimal]]) -> Decimal:
    """The exact sum of quantity × unit cost."""
    return sum((quantity * unit_cost for quantity, unit_cost in lines), Decimal())


@dataclass(frozen=True, slots=True)
class Limit:
    """A chain that totals choose: it applies to amounts above ``above`` in its currency, of its cost centre or (None) of any."""

    id: int
    above: Decimal
    currency: str
    cost_centre_id: int | None


def chain_for(
    limits: Sequence[Limit], total: Decimal, currency: str, cost_centre_id: int | None, *, over_budget: bool
) -> Limit | None:
    """The chain that a total asks for: of those it passes, the cost centre's own before general ones, the highest limit first.

    What goes over a budget is asked as if it were of any size. None: no decision is needed.
    """
    fitting = [
        one
        for one in limits
        if one.currency == currency
        and one.cost_centre_id in (None, cost_centre_id)
        and (over_budget or total > one.above)
    ]
    # of equal limits the older chain
    return max(fitting, key=lambda one: (one.cost_centre_id is not None, one.above, -one.id), default=None)


def lacks_currency(limits: Sequence[Limit], currency: str, cost_centre_id: int | None) -> bool:
    """Whether limits are kept, but none in that currency: a foreign currency must not be the way around them."""
    valid = [one for one in limits if one.cost_centre_id in (None, cost_centre_id)]
    return bool(valid) and all(one.currency != currency for one in valid)


def lacks_cost_centre(
    limits: Sequence[Limit], total: Decimal, currency: str, cost_centre_id: int | None
) -> bool:
    """Whether a total passes limits that only cost centres have, and it names none: leaving it out must not be the way around them."""
    own = [one for one in limits if one.currency == currency]
    return (
        cost_centre_id is None
        and all(one.cost_centre_id is not None for one in own)
        and any(total > one.above for one in own)
    )


def checked_scheme(text: str) -> str:
    """A scheme of order numbers, such as ``PO-{year}-{number}``. Raises UsageError."""
    scheme = text.strip()
    if len(scheme) > 60 or not _SCHEME.fullmatch(scheme):
        raise UsageError(
            _(
                "“{scheme}” is no scheme for order numbers: it holds {{number}} once, and may hold {{year}}."
            ).format(scheme=safe_line(text, 80)),
            _("Such as PO-{year}-{number}."),
        )
    return scheme


def next_number(scheme: str, year: int, used: Iterable[str]) -> str:
    """The number after the highest of ``used`` that the scheme made (of that year, where it has the year)."""
    pattern = re.compile(
        re.escape(scheme).replace(re.escape(YEAR), str(year)).replace(re.escape(NUMBER), r"0*([0-9]{1,9})"),
        re.IGNORECASE,
    )
    used = list(used)
    taken = {one.lower() for one in used}
    found = (pattern.fullmatch(one) for one in used)
    following = max((int(match[1]) for match in found if match), default=0) + 1
    while True:  # a number longer than the scheme counts is passed over
        number = scheme.replace(YEAR, str(year)).replace(NUMBER, f"{following:0{_DIGITS}}")
        if number.lower() not in taken:
            return number
        following += 1
