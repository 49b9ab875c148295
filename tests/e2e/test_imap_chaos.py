"""A bounded sample of ``python -m benchmarks.imap_chaos``: nothing lost, nothing doubled, whatever goes wrong on the way in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.dovecot import Dovecot
from tests.support.imap_chaos import Run, Wish
from tests.workers.desk import open_desk

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(900)]


@pytest.mark.parametrize("after_import", ["flag", "move:Done"])
def test_nothing_is_lost_or_doubled(after_import: str, dovecot: Dovecot, tmp_path: Path) -> None:
    wish = Wish(mails=150, seed=3, kills=3, resets=1, after_import=after_import, seconds=800)
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    with open_desk(url) as desk:
        outcome = Run(desk, url, dovecot, wish).run()
    print(f"\n{after_import}: {outcome}")
    assert outcome.perfect, outcome
