"""An editor for the tests: says EDITING, waits for a line, adds it to the file; ``fail`` makes it end with status 3."""

import os
import select
import signal
import stat
import sys
from pathlib import Path

path = Path(sys.argv[1])
# An interrupt that comes right before the read would be noticed only after it: so both are waited for at once.
interrupted, note = os.pipe()
os.set_blocking(note, False)
if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as who started us has left it
    signal.signal(signal.SIGINT, lambda *_arguments: None)
    signal.set_wakeup_fd(note)
print(
    "EDITING",
    oct(stat.S_IMODE(path.stat().st_mode)),
    oct(stat.S_IMODE(path.parent.stat().st_mode)),
    flush=True,
)
ready = select.select([sys.stdin, interrupted], [], [])[0]
line = "interrupted" if interrupted in ready else sys.stdin.readline().strip()
with path.open("a", encoding="utf-8") as file:
    file.write(f"+{line}")
sys.exit(3 if line == "fail" else 0)
