"""A bounded sample of ``python -m benchmarks.large_mails`` (X-A10): byte-identical, within four times the largest."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.large_mails import run
from tests.support.dovecot import Dovecot
from tests.workers.desk import open_desk

pytestmark = pytest.mark.dovecot

FIXED = 40_000_000
"""Bytes that do not depend on a mail: the database's cache of pages, and what the allocator keeps of blocks below 32 MB."""


def test_large_mails_in_a_row_are_whole_and_take_little_memory(dovecot: Dovecot, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    with open_desk(url) as desk:
        found = run(desk, url, dovecot, [12.0, *[6.0] * 2], limit=300)
    print(f"\n{found}")
    assert found.same
    assert found.tickets == len(found.sizes)
    assert found.growth <= found.limit + FIXED, found
