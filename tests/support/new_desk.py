"""A new desk's database without the seconds that making one takes: migrated once in a process, copied for every test.

How a database comes to be at all is tested on empty ones (``empty_database_url``).
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from tui_desk.db.engine import Database, open_database
from tui_desk.db.schema import ensure_schema
from tui_desk.db.url import parse_database_url


def open_new_desk(url: str) -> Database:
    """The database of ``url`` with the tables of this version; where there is no such SQLite file yet, it is placed."""
    path = parse_database_url(url).path
    if path is not None and not path.exists():
        place_new_desk(path)
    database = open_database(url)
    ensure_schema(database)
    return database


def place_new_desk(path: Path) -> None:
    """Write a SQLite database with the tables of this version and nothing in them."""
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(_new_desk())


@cache
def _new_desk() -> bytes:
    folder = Path(tempfile.mkdtemp(prefix="nd"))
    try:
        database = open_database(f"sqlite:///{folder / 'desk.db'}")
        ensure_schema(database)
        database.close()  # the last connection brings the log into the file
        return (folder / "desk.db").read_bytes()
    finally:
        shutil.rmtree(folder)
