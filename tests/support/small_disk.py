"""A disk that is really full: a small file system in memory, with ballast that can be thrown off."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """``folder`` is on a file system of its own."""

    folder: Path

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize

    def fill(self, leave: int = 0) -> None:
        """Leave room for ``leave`` bytes only, whatever else is being written."""
        with (self.folder / "ballast").open("ab", buffering=0) as file:
            while (more := self.free - leave) > 0:
                with suppress(OSError):  # somebody else was quicker
                    os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size + more)

    def relieve(self) -> None:
        """There is space again."""
        (self.folder / "ballast").unlink()


@contextmanager
def small_disk(mebibytes: int) -> Iterator[SmallDisk]:
    """A file system of so many MiB for the time of the block. Skips the test where nothing may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="sd"))
    options = f"size={mebibytes}m,mode=0755"
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip(f"nothing can be mounted here: {done.stderr.decode().strip()}")
        try:
            yield SmallDisk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()
