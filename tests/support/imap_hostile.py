"""A scripted IMAP server that lies: cut literals, BYE/NO/BAD/garbage at any command, PREAUTH, injected responses.

Honest by default (a folder of mails in memory), so that each test tells one lie and sees that the client comes back right.
"""

from __future__ import annotations

import base64
import re
import select
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from tests.support.loopback_server import LoopbackServer
from tests.support.tls import CertificateFiles


@dataclass
class HostilePlan:
    """The lies. ``answers`` maps a command word (``FETCH``, ``SEARCH``, ``LOGIN``…) to what is said instead.

    In an answer ``{tag}`` stands for the command's tag; an answer of ``CUT`` closes the connection at once. Each entry
    is used once per element: a list of two hits the first two uses of the command; then the server is honest.
    """

    greeting: bytes = b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hostile\r\n"
    capabilities: str = "IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS MOVE IDLE SPECIAL-USE"
    offer_starttls: bool = True
    starttls_answer: bytes = b""  # instead of "{tag} OK"
    starttls_injection: bytes = b""  # sent in clear right behind the OK
    before_tag: dict[str, bytes] = field(default_factory=dict)  # untagged lines said before the honest answer
    answers: dict[str, list[bytes]] = field(default_factory=dict)
    cut_literal_at: int | None = None  # close after this many bytes of the next literal (once)
    uidnext: int | None = None  # told instead of what is true; 0: nothing is told
    hidden_from_ranges: frozenset[int] = frozenset()  # found by a search for all, not by one from a UID on
    size_lie: int = 0  # added to every RFC822.SIZE
    empty_literals: bool = False
    nil_bodies: bool = False
    fetch_without_data: bool = False
    refused_uids: frozenset[int] = frozenset()  # a FETCH of any set with one of them is answered with NO
    endless: str = ""  # the command that is answered by untagged lines as long as the client listens


class HostileImap(LoopbackServer):
    """The server; ``commands`` are the command lines it saw (tag taken away), ``wire`` the bytes sent before TLS."""

    def __init__(
        self, certificate: CertificateFiles, mails: dict[int, bytes] | None = None, *, tls: bool = False
    ) -> None:
        super().__init__()
        self.plan = HostilePlan()
        self.mails = dict(mails or {})
        self.uidvalidity = 7
        self.flags: dict[int, set[str]] = {}
        self.folders = ["INBOX", "Sent"]
        self.commands: list[str] = []
        self.wire = bytearray()
        self.inner = bytearray()
        self._tls = tls
        self._context = certificate.server_context()

    def serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, _Closed):
            try:
                if self._tls:
                    connection = self.wrap(connection)
                session = _Session(self, connection, tls=self._tls)
                try:
                    session.run()
                finally:
                    session.connection.close()  # after STARTTLS another one
            finally:
                with suppress(OSError):
                    connection.close()

    def wrap(self, connection: socket.socket) -> ssl.SSLSocket:
        wrapped = self._context.wrap_socket(connection, server_side=True)
        self._sockets.append(wrapped)
        return wrapped


class _Closed(Exception):
    """The session is over."""


class _Session:
    def __init__(self, server: HostileImap, connection: socket.socket, *, tls: bool) -> None:
        self.server = server
        self.plan = server.plan
        self.connection = connection
        self.tls = tls
        self.buffer = b""

    def run(self) -> None:
        self.connection.sendall(self.plan.greeting)
        while True:
            line = self.read_line().decode("utf-8", "replace")
            tag, _, command = line.partition(" ")
            words = command.split(" ", 2)
            word = words[1].upper() if words[0].upper() == "UID" and len(words) > 1 else words[0].upper()
            self.server.commands.append(command)
            self.answer(tag, word, command)

    def answer(self, tag: str, word: str, command: str) -> None:
        said = self.plan.answers.get(word)
        if said:
            reply = said.pop(0)
            if reply == b"CUT":
                raise _Closed
            self.connection.sendall(reply.replace(b"{tag}", tag.encode()))
            if reply.startswith(b"* BYE"):
                raise _Closed
            return
        if word == self.plan.endless:
            while not select.select([self.connection], [], [], 0.1)[0]:
                self.send("* OK Waiting for authentication process to respond..")
            raise _Closed
        self.connection.sendall(self.plan.before_tag.get(word, b""))
        handler = getattr(self, f"do_{word.lower()}", None)
        if handler is None:
            self.send(f"{tag} BAD unknown command")
        else:
            handler(tag, command)

    def send(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")

    def receive(self) -> None:
        data = self.connection.recv(65536)
        if not data:
            raise _Closed
        (self.server.inner if self.tls else self.server.wire).extend(data)
        self.buffer += data

    def read_line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self.receive()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def do_capability(self, tag: str, command: str) -> None:
        extra = " STARTTLS" if self.plan.offer_starttls and not self.tls else ""
        self.send(f"* CAPABILITY {self.plan.capabilities}{extra}")
        self.send(f"{tag} OK done")

    def do_starttls(self, tag: str, command: str) -> None:
        answer = self.plan.starttls_answer or b"{tag} OK begin"
        self.connection.sendall(
            answer.replace(b"{tag}", tag.encode()) + b"\r\n" + self.plan.starttls_injection
        )
        if b" OK" in answer:
            self.connection = self.server.wrap(self.connection)
            self.tls, self.buffer = True, b""

    def do_authenticate(self, tag: str, command: str) -> None:
        if len(command.split(" ")) < 3:
            self.send("+ ")
            base64.b64decode(self.read_line())
        self.send(f"{tag} OK welcome")

    def do_login(self, tag: str, command: str) -> None:
        self.send(f"{tag} OK welcome")

    def do_select(self, tag: str, command: str) -> None:
        self.send("* FLAGS (\\Seen \\Deleted)")
        self.send(f"* {len(self.server.mails)} EXISTS")
        self.send("* 0 RECENT")
        self.send(f"* OK [UIDVALIDITY {self.server.uidvalidity}] valid")
        uidnext = max(self.server.mails, default=0) + 1 if self.plan.uidnext is None else self.plan.uidnext
        if uidnext:
            self.send(f"* OK [UIDNEXT {uidnext}] next")
        self.send(f"{tag} OK [READ-WRITE] selected")

    do_examine = do_select

    def do_search(self, tag: str, command: str) -> None:
        found = set(self.server.mails)
        if first := re.search(r"SEARCH UID (\d+):\*", command, re.IGNORECASE):
            # The last one is in every n:* (RFC 3501, 6.4.8).
            found = {uid for uid in found if uid >= int(first[1])} or {max(found, default=0)} - {0}
            found -= self.plan.hidden_from_ranges
        self.send("* SEARCH" + "".join(f" {uid}" for uid in sorted(found)))
        self.send(f"{tag} OK found")

    def do_fetch(self, tag: str, command: str) -> None:
        found = re.search(r"FETCH (\S+) (.*)", command, re.IGNORECASE)
        assert found
        wanted = _expand(found.group(1), sorted(self.server.mails))
        if wanted & self.plan.refused_uids:
            self.send(f"{tag} NO [SERVERBUG] message is damaged")
            return
        for number, uid in enumerate(sorted(self.server.mails), 1):
            if uid in wanted and not self.plan.fetch_without_data:
                self._send_mail(number, uid, with_body="BODY" in found.group(2).upper())
        self.send(f"{tag} OK fetched")

    def _send_mail(self, number: int, uid: int, *, with_body: bool) -> None:
        raw = self.server.mails[uid]
        head = (
            f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw) + self.plan.size_lie}"
            ' INTERNALDATE "01-Jul-2026 10:00:00 +0200"'
        )
        if not with_body:
            self.send(head + ")")
            return
        if self.plan.nil_bodies:
            self.send(head + " BODY[] NIL)")
            return
        body = b"" if self.plan.empty_literals else raw
        self.connection.sendall(head.encode() + b" BODY[] {%d}\r\n" % len(body))
        if self.plan.cut_literal_at is not None:
            cut, self.plan.cut_literal_at = self.plan.cut_literal_at, None
            self.connection.sendall(body[:cut])
            raise _Closed
        self.connection.sendall(body + b")\r\n")

    def do_store(self, tag: str, command: str) -> None:
        found = re.search(r"STORE (\S+) \S+ \((.*)\)", command, re.IGNORECASE)
        assert found
        for uid in _expand(found.group(1), sorted(self.server.mails)):
            self.server.flags.setdefault(uid, set()).update(found.group(2).split())
        self.send(f"{tag} OK stored")

    def do_list(self, tag: str, command: str) -> None:
        for name in self.server.folders:
            self.send(f'* LIST (\\HasNoChildren) "." "{name}"')
        self.send(f"{tag} OK listed")

    def do_noop(self, tag: str, command: str) -> None:
        self.send(f"{tag} OK nothing")

    def do_logout(self, tag: str, command: str) -> None:
        self.send("* BYE see you")
        self.send(f"{tag} OK bye")
        raise _Closed


def _expand(sequence: str, existing: list[int]) -> set[int]:
    wanted: set[int] = set()
    for part in sequence.split(","):
        low, _, high = part.partition(":")
        wanted.update(uid for uid in existing if int(low) <= uid <= int(high or low))
    return wanted
