"""Mutation exam: N damaged copies of our own mails and of a corpus are read; nothing may raise, break a rule or cost much.

python -m benchmarks.mutants [--count 100000] [--first 0] [--corpus FOLDER] [--jobs 1]
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.mail.mutants import Result, run, sources

STEP = 2_000


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--jobs", type=int, default=1)
    asked = options.parse_args()
    originals = sources(asked.corpus)
    starts = range(asked.first, asked.first + asked.count, STEP)
    counts = [min(STEP, asked.first + asked.count - start) for start in starts]
    with ProcessPoolExecutor(asked.jobs) as pool:
        results = list(pool.map(run, starts, counts, [originals] * len(counts)))
    failures = [failure for result in results for failure in result.failures]
    dearest: Result = max(results, key=lambda result: result.dearest)
    seconds = sum(result.seconds for result in results)
    print(
        f"{len(originals)} originals, {sum(result.count for result in results)} mutants, {seconds:.0f} CPU seconds"
    )
    print(f"crashes and broken rules: {len(failures)}")
    print(f"dearest: {dearest.dearest:.3f} CPU seconds, mutant {dearest.dearest_name}")
    for failure in failures[:50]:
        print(f"  {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
