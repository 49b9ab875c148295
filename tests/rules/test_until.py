"""Until when a ticket is put off, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui_desk.core.errors import UsageError
from tui_desk.rules.until import read_until

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
FRIDAY = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("answer", None),
        ("  Until   ANSWER ", None),
        ("fri", FRIDAY),
        ("until fri", FRIDAY),
        ("fri or answer", FRIDAY),
        ("Fri 9 or until answer", FRIDAY),
        ("tomorrow 9", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("3d", datetime(2026, 11, 25, 12, tzinfo=UTC)),
        ("2h", datetime(2026, 11, 22, 14, tzinfo=UTC)),
    ],
)
def test_it_is_read(typed: str, expected: datetime | None) -> None:
    assert read_until(typed, NOW, UTC) == expected


@pytest.mark.parametrize("typed", ["", "   ", "soon", "answer fri", "or answer", "until", "2020-01-01"])
def test_what_is_not_understood_is_told(typed: str) -> None:
    with pytest.raises(UsageError):
        read_until(typed, NOW, UTC)
