"""The life of an asset, and what is left of its cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import AssetState
from tui_desk.core.words import word
from tui_desk.rules.assets import TRANSITIONS, is_warned_of, may_follow, next_states
from tui_desk.rules.depreciation import (
    LONGEST_MONTHS,
    Plan,
    book_value,
    last_month,
    months_gone,
    part_of,
    written_off_after,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "assets.md"
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
PLANS = st.builds(
    Plan,
    st.decimals(min_value=0, max_value=Decimal("9999999999999.9999"), places=4)
    | st.integers(0, 10**6).map(Decimal),
    st.integers(1, LONGEST_MONTHS),
    DAYS,
    st.sampled_from([0, 2, 3]),
)


def test_every_state_leads_somewhere_and_a_retired_asset_comes_back() -> None:
    assert set(TRANSITIONS) == set(AssetState)
    assert next_states(AssetState.RETIRED) == (AssetState.IN_STOCK,)
    assert may_follow(AssetState.IN_USE, AssetState.IN_USE)
    assert not may_follow(AssetState.RETIRED, AssetState.IN_USE)
    assert not any(AssetState.ORDERED in after for after in TRANSITIONS.values())


def test_the_document_draws_the_life_from_the_table() -> None:
    text = DOCUMENT.read_text("utf-8")
    for state in AssetState:
        after = ", ".join(word(one) for one in next_states(state))
        assert f"| {word(state)} | {after} |" in text


@pytest.mark.parametrize(("left", "warned"), [(-1, True), (0, True), (30, True), (31, False)])
def test_what_ends_soon_is_warned_of(left: int, warned: bool) -> None:
    today = date(2026, 3, 1)
    assert is_warned_of(date.fromordinal(today.toordinal() + left), today) is warned


@given(PLANS)
def test_all_parts_together_are_the_cost(plan: Plan) -> None:
    parts = [part_of(plan, month) for month in range(1, plan.months + 1)]
    assert sum(parts, Decimal(0)) == plan.cost
    assert max(parts) - min(parts) <= Decimal(1).scaleb(-plan.digits)
    assert min(parts) >= 0


@given(PLANS, DAYS, DAYS)
def test_the_value_only_falls_and_ends_at_nothing(plan: Plan, one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert plan.cost >= book_value(plan, first) >= book_value(plan, last) >= 0
    assert written_off_after(plan, 0) == 0
    assert written_off_after(plan, plan.months) == plan.cost
    end = last_month(plan)
    if end is not None and (last.year, last.month) > end:
        assert book_value(plan, last) == 0


def test_a_laptop_in_three_years() -> None:
    plan = Plan(Decimal("1299.90"), 36, date(2026, 1, 15))
    assert months_gone(plan, date(2026, 1, 30)) == 0
    assert book_value(plan, date(2026, 1, 31)) == Decimal("1263.79"), (
        "the month of purchase counts, when it is over"
    )
    assert book_value(plan, date(2026, 12, 31)) == Decimal("866.60")
    assert last_month(plan) == (2028, 12)
    assert book_value(plan, date(2028, 12, 30)) == Decimal("36.11")
    assert book_value(plan, date(2028, 12, 31)) == 0
    assert book_value(plan, date(2020, 1, 1)) == plan.cost, "nothing before it was bought"


def test_money_without_cents_is_written_off_in_whole_coins() -> None:
    plan = Plan(Decimal("100000"), 36, date(2026, 1, 1), digits=0)
    assert part_of(plan, 1) == 2778
    assert last_month(Plan(Decimal(1), 600, date(9999, 1, 1))) is None
