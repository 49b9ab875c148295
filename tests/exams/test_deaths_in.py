"""A bounded sample of ``python -m benchmarks.imap_chaos --deaths`` (X-A1): three fetchers that die until everything is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.dovecot import Dovecot
from tests.support.imap_deaths import Deaths, run
from tests.workers.desk import open_desk

pytestmark = pytest.mark.dovecot


def test_three_fetchers_die_and_nothing_is_lost_or_doubled(dovecot: Dovecot, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    wish = Deaths(mails=60, kills=6, seed=4, seconds=360)
    with open_desk(url) as desk:
        survived = run(desk, url, dovecot, tmp_path / "deaths", wish)
    print(f"\n{survived}")
    assert survived.perfect, survived
    assert survived.kills >= wish.kills
