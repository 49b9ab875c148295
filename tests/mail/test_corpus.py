"""The engine on other projects' mails with known answers: figures that may rise but not fall.

The mails are not part of this project; TUI_DESK_MAIL_CORPUS names the folder, and without it these tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.ports import PATIENCE

CORPUS = Path(os.environ.get("TUI_DESK_MAIL_CORPUS") or Path(__file__).parents[3] / "shared" / "mail-corpus")
pytestmark = pytest.mark.skipif(not (CORPUS / "score.py").exists(), reason="no mail corpus here")

REACHED = {
    ("reply", "reply text exactly right"): 0.97,
    ("reply", "no word of the author lost"): 1.0,
    ("forward", "forward recognised or ruled out"): 1.0,
    ("forward", "original sender right"): 1.0,
    ("forward", "every detail right"): 1.0,
    ("bounce", "bounce seen"): 0.98,
    ("bounce", "recipients exactly right"): 0.9,
    ("bounce", "ordinary mail left alone"): 1.0,
    ("mime", "from"): 1.0,
    ("mime", "to"): 1.0,
    ("mime", "date"): 1.0,
    ("mime", "subject"): 0.93,
    ("mime", "attachments"): 0.8,
    ("mime", "text"): 0.84,
    ("headers", "addresses"): 1.0,
    ("headers", "encoded text"): 1.0,
}


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, list[int]]]:
    engine = f"{sys.executable} -m tui_desk explain --jsonl"
    run = subprocess.run(
        [sys.executable, str(CORPUS / "score.py"), "--engine", engine, "--json"],
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    found: dict[str, dict[str, list[int]]] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize(("family", "label"), REACHED)
def test_figures(figures: dict[str, dict[str, list[int]]], family: str, label: str) -> None:
    right, of = figures[family][label]
    assert right >= REACHED[family, label] * of
