"""No damaged mail raises, breaks a rule or costs much. ``python -m benchmarks.mutants`` reads 100,000 of them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.mail.mutants import mutant, run, sources

CORPUS = Path(os.environ.get("TUI_DESK_MAIL_CORPUS") or Path(__file__).parents[3] / "shared" / "mail-corpus")


def test_a_sample_of_mutants() -> None:
    originals = sources(CORPUS if CORPUS.exists() else None)
    result = run(0, 1_200, originals)
    assert result.failures == []
    assert result.dearest < 1.0, result.dearest_name


def test_a_number_names_a_mutant() -> None:
    originals = sources(None)
    assert mutant(7, originals) == mutant(7, originals)
