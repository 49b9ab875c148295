"""Whose name stands after an ``@``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.rules.mentions import begun, fitting, handle, mentioned


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@ana please", {"ana"}),
        ("Ask @Ana, @service-desk.", {"ana", "service-desk"}),
        ("(@ana) and @ana again", {"ana"}),
        ("me@example.org, http://x.test/@ana, a:@ana", set()),
        ("@josé.díaz!", {"josé.díaz"}),
        ("@ nobody, @-, @@ana", set()),
    ],
)
def test_names_after_an_at(text: str, handles: set[str]) -> None:
    assert mentioned(text) == handles


@pytest.mark.parametrize(
    ("before", "typed"),
    [("see @an", "an"), ("@", ""), ("see @", ""), ("a@b", None), ("see @an ", None), ("", None)],
)
def test_what_is_being_typed(before: str, typed: str | None) -> None:
    assert begun(before) == typed


def test_beginnings_come_before_other_places() -> None:
    assert list(fitting("an", ["ivan", "ben", "anna", "ana"])) == ["ana", "anna", "ivan"]


@given(st.text(max_size=60))
def test_a_handle_is_found_again(name: str) -> None:
    written = handle(name).strip(".-")
    if written and written[0].isalnum():
        assert mentioned(f"ask @{handle(name)} about it") == {written}
