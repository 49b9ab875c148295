"""A line to PostgreSQL that was cut is given up after some seconds, not when the system thinks so; the URL has the last word."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tui_desk.core.errors import Unavailable
from tui_desk.db.engine import open_database
from tui_desk.db.fast import open_reader
from tui_desk.db.url import parse_database_url

NAMES = {
    "keepalives_idle": socket.TCP_KEEPIDLE,
    "keepalives_interval": socket.TCP_KEEPINTVL,
    "keepalives_count": socket.TCP_KEEPCNT,
    "tcp_user_timeout": socket.TCP_USER_TIMEOUT,
}
USUAL = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}


@pytest.fixture
def by_network(postgres_url: str) -> Iterator[str]:
    """The tests' server, which listens on a socket file, by TCP."""
    host = re.search(r"host=([^&]+)", postgres_url)
    assert host is not None
    server = str(Path(unquote(host[1])) / ".s.PGSQL.5432")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_pass_on, args=(listener, server), daemon=True).start()
        head = postgres_url.partition("?")[0].partition("://")[2]
        user, _at, rest = head.partition("@")
        yield f"postgresql://{user}@127.0.0.1:{listener.getsockname()[1]}/{rest.rpartition('/')[2]}"
        listener.shutdown(socket.SHUT_RDWR)


def _pass_on(listener: socket.socket, path: str) -> None:
    with suppress(OSError):
        while True:
            client, _address = listener.accept()
            threading.Thread(target=_join, args=(client, path), daemon=True).start()


def _join(client: socket.socket, path: str) -> None:
    with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
        server.connect(path)
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


def _options(connection: Any) -> dict[str, int]:
    with socket.socket(fileno=connection.fileno()) as line:
        try:
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            return {name: line.getsockopt(socket.IPPROTO_TCP, option) for name, option in NAMES.items()}
        finally:
            line.detach()


@pytest.mark.postgres
@pytest.mark.parametrize("said", [{}, {"keepalives_idle": 120, "tcp_user_timeout": 90_000}])
def test_every_connection_has_an_end_to_its_patience(by_network: str, said: dict[str, int]) -> None:
    url = by_network + "?" + "&".join(f"{name}={value}" for name, value in said.items())
    reader = open_reader(parse_database_url(url))
    assert _options(reader.connection) == {**USUAL, **said}
    reader.close()
    database = open_database(url)
    with database.engine.connect() as connection:
        assert _options(connection.connection.dbapi_connection) == {**USUAL, **said}
    database.close()


@pytest.mark.postgres
def test_a_server_that_takes_the_call_and_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(Unavailable):
            open_reader(parse_database_url(f"postgresql://desk@127.0.0.1:{port}/desk?connect_timeout=2"))
        assert time.monotonic() - began < 9  # of the ten that are usual


def test_the_variable_of_libpq_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    url = parse_database_url("postgresql://desk@db.example.org/desk?keepalives_count=9")
    assert url.limits == {
        "connect_timeout": 10,
        **{n: v for n, v in USUAL.items() if n != "keepalives_count"},
    }
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "3")
    assert "connect_timeout" not in url.limits
