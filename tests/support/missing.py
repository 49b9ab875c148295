"""What a test does when the real server it needs is not installed."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def server_missing(reason: str) -> NoReturn:
    """Skip with ``reason``; fail instead where TUI_DESK_REQUIRE_SERVERS=1 says that servers must be there."""
    if os.environ.get("TUI_DESK_REQUIRE_SERVERS") == "1":
        pytest.fail(f"TUI_DESK_REQUIRE_SERVERS=1, but {reason}")
    pytest.skip(reason)
