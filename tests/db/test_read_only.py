"""A desk whose file, folder or file system takes no writing: it can be read, and every change is refused in plain words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import at_leisure, run_here
from tests.support.ports import PATIENCE
from tests.terminal.pty_app import PtyApp
from tui_desk.db.engine import open_database
from tui_desk.db.files import is_read_only, sqlite_uri

_AS_ORDINARY = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""root may write what the mode forbids; without these two capabilities it may not."""


def ordinary() -> list[str]:
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("as root this needs setpriv (util-linux)")
    return _AS_ORDINARY


@pytest.fixture(params=["file", "folder", "both"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A desk with one ticket that was then made read-only."""
    folder = tmp_path / "desk"
    folder.mkdir(0o700)
    path = folder / "desk.db"
    made = run_here(
        "ticket", "new", "--subject", "Printer", "--requester", "a@b.test", "--body", "x", "--db", str(path)
    )
    assert made.code == 0, made.err
    if request.param in ("file", "both"):
        path.chmod(0o400)
    if request.param in ("folder", "both"):
        folder.chmod(0o500)
    yield path
    folder.chmod(0o700)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ordinary(), sys.executable, "-m", "tui_desk", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_reading_works_and_writing_is_refused_with_cause_and_cure(desk: Path, tmp_path: Path) -> None:
    listed = run("ticket", "list", "--db", str(desk))
    assert (listed.returncode, at_leisure(listed.stderr)) == (0, "")
    assert "Printer" in listed.stdout
    assert run("ticket", "show", "1", "--db", str(desk)).returncode == 0
    refused = run("ticket", "note", "1", "--body", "y", "--db", str(desk))
    assert refused.returncode == 1
    assert "read-only" in refused.stderr
    assert "owner, mode, mount" in refused.stderr
    assert run("backup", str(tmp_path / "kept.tar"), "--db", str(desk)).returncode == 0


def test_the_doctor_says_so(desk: Path) -> None:
    told = run("doctor", "--db", str(desk))
    assert told.returncode == 1
    assert "read-only" in told.stdout


def test_the_interface_opens_with_a_banner(desk: Path) -> None:
    become = ["-c", "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"]
    command = [*ordinary(), sys.executable, "-m", "tui_desk", "--db", str(desk)]
    with PtyApp([*become, *command], 100, 30) as app:
        app.wait_text("This desk is read-only")
        app.wait_text("Printer")


def test_what_may_be_written_is_opened_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    open_database(str(path)).close()
    assert not is_read_only(path)
    assert sqlite_uri(path).endswith("mode=rw")


@pytest.fixture
def desk_of_another(tmp_path: Path) -> Iterator[Path]:
    """A desk in a folder of another account: it may write there, we may not."""
    if os.geteuid() != 0:
        pytest.skip("only root gives a folder away")
    folder = tmp_path / "theirs"
    folder.mkdir(0o755)
    path = folder / "desk.db"
    made = run_here(
        "ticket", "new", "--subject", "Printer", "--requester", "a@b.test", "--body", "x", "--db", str(path)
    )
    assert made.code == 0, made.err
    os.chown(folder, 65534, 65534)
    yield path
    os.chown(folder, 0, 0)


def test_what_another_account_may_change_is_never_taken_for_unchanging(desk_of_another: Path) -> None:
    told = run("ticket", "list", "--db", str(desk_of_another))
    assert told.returncode == 1
    assert "Let it write the folder" in told.stderr
    with closing(sqlite3.connect(desk_of_another, isolation_level=None)) as theirs:
        theirs.execute("UPDATE ticket SET subject = 'Toner'")
        listed = run("ticket", "list", "--db", str(desk_of_another))
        assert (listed.returncode, at_leisure(listed.stderr)) == (0, "")
        assert "Toner" in listed.stdout


def test_a_read_only_mount_is_read(desk_of_another: Path) -> None:
    folder = desk_of_another.parent
    inside = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    if subprocess.run(
        ["unshare", "-m", "sh", "-c", inside, str(folder), "true"], capture_output=True, check=False
    ).returncode:
        pytest.skip("this host lets nobody mount")
    command = [sys.executable, "-m", "tui_desk", "ticket", "list", "--db", str(desk_of_another)]
    listed = subprocess.run(
        ["unshare", "-m", "sh", "-c", inside, str(folder), *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (listed.returncode, at_leisure(listed.stderr)) == (0, "")
    assert "Printer" in listed.stdout
