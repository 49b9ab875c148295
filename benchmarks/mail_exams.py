"""The exams of the mail engine in one table: understanding, damage, hostility, chaos, speed.

    python -m benchmarks.mail_exams CORPUS              everything in full (hours)
    python -m benchmarks.mail_exams CORPUS --sample     the same exams, a bounded sample of each (minutes)
    python -m benchmarks.mail_exams CORPUS --only understanding damage

CORPUS is a folder of mails with known answers that has its ``score.py``. Exit code 1 when a row falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ENGINE = f"{sys.executable} -m tui_desk explain --jsonl"
_PASSED = re.compile(r"(\d+) passed")
_FAILED = re.compile(r"(\d+) failed")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``good`` is None where the figure has no limit of its own."""

    exam: str
    reached: str
    wanted: str
    good: bool | None


@dataclass(frozen=True, slots=True)
class Share:
    """A share of right answers that an exam asks for: its row of ``score.py``, and the least share."""

    family: str
    row: str
    least: float


SHARES = (
    Share("reply", "reply text exactly right", 0.95),
    Share("reply", "no word of the author lost", 0.99),
    Share("forward", "forward recognised or ruled out", 0.995),
    Share("forward", "original sender right", 0.99),
    Share("forward", "every detail right", 0.97),
    Share("bounce", "bounce seen", 0.98),
    Share("bounce", "recipients exactly right", 0.96),
    Share("bounce", "ordinary mail left alone", 1.0),
    Share("mime", "every field", 0.96),
    Share("headers", "addresses", 0.96),
    Share("headers", "encoded text", 1.0),
)


WHOLE_CHAOS = (
    "imap_chaos",
    "imap_chaos --deaths 1000 --mails 10000",
    "imap_chaos --outage 600",
    "first_import",
    "large_mails",
    "smtp_chaos",
)


def understanding(corpus: Path, *, sample: bool) -> Iterator[Row]:
    """Shares of right answers, as the corpus's own ``score.py`` counts them. It takes a minute: ``sample`` changes nothing."""
    command = [sys.executable, str(corpus / "score.py"), "--json", "--engine", ENGINE]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    counted: dict[str, dict[str, list[int]]] = json.loads(answer.stdout.splitlines()[-1])
    for share in SHARES:
        got, of = counted[share.family][share.row]
        part = got / of if of else 0.0
        yield Row(
            f"{share.family}: {share.row}",
            f"{got}/{of} {part:.1%}",
            f"≥ {share.least:.1%}",
            part >= share.least,
        )


def damage(corpus: Path, *, sample: bool) -> Iterator[Row]:
    """Damaged copies of mails."""
    count = "5000" if sample else "100000"
    code, output = _run("-m", "benchmarks.mutants", "--count", count, "--corpus", str(corpus))
    yield Row(f"{count} mutants: crashes and broken rules", _line(output, "crashes"), "0", code == 0)
    yield _suite("limits of time and memory", "tests/mail/test_parse_limits.py")


def hijack(corpus: Path, *, sample: bool) -> Iterator[Row]:
    """Attacks on tickets, and honest but damaged answers."""
    guesses = {} if sample else {"TUI_DESK_GUESSES": "1000000"}
    yield _suite(
        "hijack suite: attacks and honest answers", "tests/services/test_hijack.py", "tests/rules", **guesses
    )


def chaos(corpus: Path, *, sample: bool) -> Iterator[Row]:
    """Servers and lines of ill will."""
    if sample:
        yield _suite(
            "chaos on the way in and out",
            "tests/exams",
            "tests/e2e/test_imap_chaos.py",
            "tests/e2e/test_chaos_out.py",
        )
        return
    for command in WHOLE_CHAOS:
        code, output = _run("-m", *f"benchmarks.{command}".split())
        last = output.strip().splitlines()[-1:]
        yield Row(command, "".join(last), "0 lost, 0 doubled", code == 0)
    yield _suite("lies, hostile words, broken mail", "tests/exams", TUI_DESK_EXAMS="full")


def speed(corpus: Path, *, sample: bool) -> Iterator[Row]:
    """Rates; their limits are ratios that the printed lines name."""
    for name in ("intake",) if sample else ("intake", "imap_fetch", "sending"):
        code, output = _run("-m", f"benchmarks.{name}")
        for line in output.splitlines():
            if re.search(r"[0-9] ?[×x]|a second|per CPU", line):
                yield Row(name, line.strip(), "", None if code == 0 else False)


EXAMS: dict[str, Callable[..., Iterator[Row]]] = {
    "understanding": understanding,
    "damage": damage,
    "hijack": hijack,
    "chaos": chaos,
    "speed": speed,
}


def _suite(exam: str, *paths: str, **environment: str) -> Row:
    """A row from tests: how many passed."""
    code, output = _run("-m", "pytest", "-q", "-p", "no:cacheprovider", *paths, **environment)
    passed, failed = _PASSED.search(output), _FAILED.search(output)
    return Row(
        exam,
        f"{passed[1] if passed else 0} passed, {failed[1] if failed else 0} failed",
        "all",
        code == 0,
    )


def _run(*command: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout


def _line(output: str, word: str) -> str:
    return next((line.strip() for line in output.splitlines() if word in line), "")


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("corpus", type=Path)
    options.add_argument("--sample", action="store_true")
    options.add_argument("--only", nargs="*", choices=[*EXAMS], default=[*EXAMS])
    asked = options.parse_args()
    short = 0
    for name in asked.only:
        for row in EXAMS[name](asked.corpus, sample=asked.sample):
            mark = {True: "✓", False: "✗", None: " "}[row.good]
            short += row.good is False
            print(f"{mark} {row.exam:<52} {row.reached:<24} {row.wanted}", flush=True)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
