"""An editor for the tests: says EDITING, waits for a line, adds it to the file; ``fail`` makes it end with status 3."""

import stat
import sys
from pathlib import Path

path = Path(sys.argv[1])
try:
    print(
        "EDITING",
        oct(stat.S_IMODE(path.stat().st_mode)),
        oct(stat.S_IMODE(path.parent.stat().st_mode)),
        flush=True,
    )
    line = sys.stdin.readline().strip()
except KeyboardInterrupt:
    line = "interrupted"
with path.open("a", encoding="utf-8") as file:
    file.write(f"+{line}")
sys.exit(3 if line == "fail" else 0)
