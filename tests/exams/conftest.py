"""Exams in full take their time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exams.sizes import FULL


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items if FULL else ():
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(7_200))
