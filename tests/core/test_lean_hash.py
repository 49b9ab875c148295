"""The lean way to SHA-256 gives what the library gives."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.lean_hash import digest


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_it_is_sha256(text: str) -> None:
    assert digest(text) == hashlib.sha256(text.encode()).hexdigest()
