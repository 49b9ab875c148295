"""Tags that follow one another, and lists that were pasted."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.rules.tags import before_first, is_numbered, listed, number_of, prefix_of, tags_after


@pytest.mark.parametrize(
    ("tag", "after"),
    [
        ("LT-0042", ["LT-0043", "LT-0044"]),
        ("LT-9999", ["LT-10000", "LT-10001"]),
        ("7", ["8", "9"]),
        ("Beamer", ["Beamer-2", "Beamer-3"]),
        ("2026/LT/08", ["2026/LT/09", "2026/LT/10"]),
    ],
)
def test_the_scheme_goes_on(tag: str, after: list[str]) -> None:
    assert list(islice(tags_after(tag), 2)) == after


@given(st.text(max_size=20))
def test_tags_grow_and_never_repeat(tag: str) -> None:
    some = list(islice(tags_after(tag), 20))
    assert len({tag, *some}) == 21
    assert all(is_numbered(one) for one in some)
    numbers = [number_of(one) for one in some]
    assert numbers == sorted(numbers)
    if is_numbered(tag):
        assert {prefix_of(one) for one in some} == {prefix_of(tag)}


@pytest.mark.parametrize(
    ("kind", "tag"), [("Laptop", "LAP-0000"), ("Écran 27", "ECR-0000"), ("", "IT-0000"), ("电脑", "IT-0000")]
)
def test_a_kind_without_assets_begins_its_own_scheme(kind: str, tag: str) -> None:
    assert before_first(kind) == tag


@given(
    st.lists(st.text(alphabet="ABC0123-/", min_size=1, max_size=8)),
    st.sampled_from(["\n", ", ", ";", " ", "\r\n"]),
)
def test_whatever_stands_between(parts: list[str], between: str) -> None:
    assert listed(between.join(parts)) == tuple(parts)
