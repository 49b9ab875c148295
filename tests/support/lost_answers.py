"""Answers that are lost as a network loses them, at the worst moment: while it commits. On PostgreSQL by a relay, on both databases by name."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from urllib.parse import unquote

from sqlalchemy import Engine
from sqlalchemy.event import listen, remove
from sqlalchemy.exc import OperationalError

_NAME = ".s.PGSQL.5432"
Lost = Literal["", "question", "answer"]


class Relay:
    """Passes on what programs and the server of ``url`` tell each other; its own address is :attr:`url`.

    ``lose``: the next COMMIT ends its connection, before the server hears of it (``question``) or after it was carried out
    (``answer``). ``stays_away``: from then on nobody gets through, until :meth:`come_back`.
    """

    def __init__(self, url: str, folder: str) -> None:
        host = re.search(r"host=([^&]+)", url)
        assert host is not None, "the tests' server listens on a socket file"
        self.url = url.replace(host[1], folder)
        self._server = str(Path(unquote(host[1])) / _NAME)
        self._lose: Lost = ""
        self._stays_away = self._away = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(Path(folder) / _NAME))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def lose(self, what: Lost, *, stays_away: bool = False) -> None:
        self._lose, self._stays_away = what, stays_away

    def come_back(self) -> None:
        self._away = False

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                if self._away:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        back = threading.Thread(target=self._bring_back, args=(client, server), daemon=True)
        back.start()
        with suppress(OSError):
            while data := client.recv(65_536):
                if self._lose and b"COMMIT" in data:
                    lost, self._lose = self._lose, ""
                    self._away = self._stays_away
                    if lost == "answer":
                        _hang_up(client)  # what comes back finds nobody
                        server.sendall(data)
                        back.join()
                    break
                server.sendall(data)
        _hang_up(client)
        _hang_up(server)

    def _bring_back(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                client.sendall(data)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def relayed(url: str) -> Iterator[Relay]:
    """A relay in front of the server of ``url`` for the time of the block."""
    with TemporaryDirectory(prefix="pg") as folder:
        relay = Relay(url, folder)
        try:
            yield relay
        finally:
            relay.close()


@contextmanager
def answers_lost(engine: Engine, times: int = 1, *, committed: bool = True, of: str = "") -> Iterator[None]:
    """In the block so many transactions that write are ``committed`` or not, and who asked hears of neither.

    ``of``: only those with a statement that begins with it; what is written beside it, such as who looks at a ticket, is answered.
    """
    left = [times]

    def note(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(of):
            connection.info["with"] = True

    def lose(connection: Any) -> None:
        meant = connection.info.pop("with", False)
        if left[0] and meant and connection.get_execution_options().get("tui_desk_writes"):
            left[0] -= 1
            connection.connection.commit() if committed else connection.connection.rollback()
            raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))

    listen(engine, "before_cursor_execute", note)
    listen(engine, "commit", lose)
    try:
        yield
    finally:
        remove(engine, "commit", lose)
        remove(engine, "before_cursor_execute", note)
