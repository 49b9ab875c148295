"""A bounded sample of the chaos on the way out; the whole is ``python -m benchmarks.smtp_chaos``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smtp_chaos
from tests.support.smtp_sink import SmtpSink
from tests.workers.desk import open_desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MAILS = 40


def test_nobody_goes_without_and_every_repeat_is_explained(smtp_sink: SmtpSink, tmp_path: Path) -> None:
    smtp_chaos.ill_will(smtp_sink, seed=7)
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as desk:
        smtp_chaos.fill(desk, smtp_sink, MAILS)
        found = smtp_chaos.run(desk, smtp_sink, tmp_path / "deaths", senders=2, probability=0.01, seconds=540)
    print(f"\n{found}")
    assert found.refused == MAILS // 10
    assert found.sent + found.refused + found.undecided == found.recipients
    assert found.kills >= 1
