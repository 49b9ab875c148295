"""JSON made quickly is the JSON that the standard library makes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.json_text import json_writer

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_plain_and_canonical_are_what_json_dumps_gives(value: Any) -> None:
    assert json_writer()(value) == json.dumps(value)
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json_writer(canonical=True)(value) == canonical


def test_one_writer_makes_one_value_after_another() -> None:
    write = json_writer(canonical=True)
    values: list[Any] = [{"b": 1, "a": ["ü"]}, [], None]
    assert [write(value) for value in values] == ['{"a":["ü"],"b":1}', "[]", "null"]
    with pytest.raises(TypeError):
        write({"when": object()})
    assert write("after a failure") == '"after a failure"'
