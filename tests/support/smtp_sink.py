"""A programmable SMTP server: keeps what it gets and misbehaves exactly as told.

Written on plain sockets (not aiosmtpd) so that a test can cut a connection at a chosen byte and read every byte the client
sent, in clear and inside TLS.
"""

from __future__ import annotations

import base64
import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from tests.support.loopback_server import LoopbackServer
from tests.support.tls import CertificateFiles


class Cut(Enum):
    """Where the sink closes the connection without an answer."""

    GREETING = "greeting"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA_COMMAND = "data"  # after DATA, before 354
    IN_BODY = "in_body"  # after the first bytes of the mail, before the final dot
    AFTER_DOT = "after_dot"  # the mail is kept, the 250 is swallowed
    AFTER_DOT_LOST = "after_dot_lost"  # the mail is not kept, no answer either


@dataclass(frozen=True)
class Received:
    """One accepted mail: envelope and bytes (dot-stuffing undone, CRLF as on the wire)."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    parameters: str = ""
    user: str | None = None


@dataclass
class SinkPlan:
    """What the sink does. Change it at any time; ``next_cut`` may decide for each mail anew (None: no cut)."""

    replies: dict[str, str] = field(default_factory=dict)  # recipient → "550 5.1.1 no such user"
    mail_reply: str = "250 2.1.0 Ok"
    data_reply: str = "354 go on"
    final_reply: str = "250 2.0.0 Ok: queued"
    greeting: str = "220 sink.test ESMTP"
    cut: Cut | None = None
    next_cut: Callable[[], Cut | None] | None = None
    next_reply: Callable[[str], str | None] | None = None
    """Asked with mail, rcpt, data or dot: another answer than the planned one, or None."""
    on_kept: Callable[[], None] | None = None
    """Called for each mail that is kept, before its answer is given or swallowed."""
    hang_after_dot: float = 0.0  # seconds without an answer
    delay_after_dot: float = 0.0  # seconds before the answer
    most_connections: int = 0  # at the same time; the next is sent away with 421
    offer_starttls: bool = True
    starttls_reply: str = "220 2.0.0 ready"
    starttls_injection: bytes = b""  # sent in clear right behind the STARTTLS answer
    users: dict[str, str] = field(default_factory=dict)  # offers AUTH and demands it when not empty
    tokens: dict[str, str] = field(default_factory=dict)  # the same with access tokens (RFC 7628)
    mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN")
    auth_in_clear: bool = False  # offers AUTH before TLS as well
    goes_on_without_recipients: bool = False  # answers 354 to DATA whoever was refused
    dsn_reply: str = ""  # what MAIL with the parameters of RFC 3461 gets
    dsn_replies: dict[str, str] = field(default_factory=dict)  # recipient → what RCPT with them gets
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SIZE 52428800", "ENHANCEDSTATUSCODES")


class SmtpSink(LoopbackServer):
    """The server. ``mails`` holds what was accepted, ``wire`` every byte clients sent before TLS, ``inner`` inside TLS."""

    def __init__(self, certificate: CertificateFiles, *, implicit_tls: bool = False) -> None:
        super().__init__()
        self.plan = SinkPlan()
        self.mails: list[Received] = []
        self.wire = bytearray()
        self.inner = bytearray()
        self.open = 0
        self.turns = 0  # how often something was read: commands that came together count once
        self._context = certificate.server_context()
        self._implicit_tls = implicit_tls

    def drop_connections(self) -> None:
        """Close every open connection, as a restarted server does."""
        for connection in self._sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, _Closed):
            try:
                with self._lock:
                    self.open += 1
                if self._implicit_tls:
                    connection = self._wrap(connection)
                _Conversation(self, connection, tls=self._implicit_tls).run()
            finally:
                with self._lock:
                    self.open -= 1
                with suppress(OSError):
                    connection.close()

    def _wrap(self, connection: socket.socket) -> ssl.SSLSocket:
        wrapped = self._context.wrap_socket(connection, server_side=True)
        with self._lock:
            self._sockets.append(wrapped)
        return wrapped


class _Closed(Exception):
    """The conversation is over."""


class _Conversation:
    def __init__(self, sink: SmtpSink, connection: socket.socket, *, tls: bool) -> None:
        self.sink = sink
        self.plan = sink.plan
        self.connection = connection
        self.tls = tls
        self.buffer = b""
        self.user: str | None = None
        self.reset()

    def reset(self) -> None:
        self.sender: str | None = None
        self.parameters = ""
        self.recipients: list[str] = []

    def run(self) -> None:
        self.cut = self.plan.cut
        if self.cut is Cut.GREETING:
            raise _Closed
        if 0 < self.plan.most_connections < self.sink.open:
            self.say("421 4.7.0 too many connections")
            raise _Closed
        self.say(self.plan.greeting)
        while True:
            line = self.read_line().decode("utf-8", "replace")
            word, _, rest = line.partition(" ")
            handler = getattr(self, f"do_{word.lower()}", None)
            if handler is None:
                self.say("502 5.5.1 what?")
            else:
                handler(rest)

    def _reply(self, phase: str, planned: str) -> str:
        """What is said at ``phase``; 421 ends the conversation."""
        reply = (self.plan.next_reply(phase) if self.plan.next_reply else None) or planned
        if reply.startswith("421") and reply != planned:
            self.say(reply)
            raise _Closed
        return reply

    def say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")

    def receive(self) -> None:
        data = self.connection.recv(65536)
        if not data:
            raise _Closed
        self.sink.turns += 1
        (self.sink.inner if self.tls else self.sink.wire).extend(data)
        self.buffer += data

    def read_line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self.receive()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def do_ehlo(self, rest: str) -> None:
        lines = ["sink.test", *self.plan.extensions]
        if self.plan.offer_starttls and not self.tls:
            lines.append("STARTTLS")
        if (self.plan.users or self.plan.tokens) and (self.tls or self.plan.auth_in_clear):
            lines.append(f"AUTH {' '.join(self.plan.mechanisms)}")
        for number, text in enumerate(lines, 1):
            self.say(f"250{' ' if number == len(lines) else '-'}{text}")

    def do_helo(self, rest: str) -> None:
        self.say("250 sink.test")

    def do_starttls(self, rest: str) -> None:
        self.connection.sendall(self.plan.starttls_reply.encode() + b"\r\n" + self.plan.starttls_injection)
        if self.plan.starttls_reply.startswith("220"):
            self.connection = self.sink._wrap(self.connection)
            self.tls, self.buffer = True, b""

    def do_auth(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        if mechanism.upper() in ("XOAUTH2", "OAUTHBEARER"):
            self._by_token(mechanism.upper(), initial)
            return
        if mechanism.upper() == "PLAIN":
            _, user, password = base64.b64decode(initial or self._ask("")).decode().split("\0")
        else:
            user = base64.b64decode(initial or self._ask("VXNlcm5hbWU6")).decode()
            password = base64.b64decode(self._ask("UGFzc3dvcmQ6")).decode()
        if self.plan.users.get(user) == password:
            self.user = user
            self.say("235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 authentication failed")

    def _by_token(self, mechanism: str, initial: str) -> None:
        """RFC 7628: what is refused is told as JSON first; the client must answer that, each mechanism in its way."""
        text = base64.b64decode(initial or self._ask("")).decode()
        shape = (
            r"n,a=([^,]+),\x01host=\S+\x01port=\d+\x01" if mechanism == "OAUTHBEARER" else r"user=(.+?)\x01"
        )
        found = re.fullmatch(shape + r"auth=Bearer (\S+)\x01\x01", text)
        if found and self.plan.tokens.get(found[1]) == found[2]:
            self.user = found[1]
            self.say("235 2.7.0 welcome")
            return
        status = "invalid_token" if mechanism == "OAUTHBEARER" else "401"
        answer = self._ask(base64.b64encode(b'{"status":"%s","schemes":"bearer"}' % status.encode()).decode())
        right = answer.strip() == (b"AQ==" if mechanism == "OAUTHBEARER" else b"")
        self.say("535 5.7.8 credentials rejected" if right else "501 5.5.2 what?")

    def _ask(self, challenge: str) -> bytes:
        self.say(f"334 {challenge}")
        return self.read_line()

    def do_mail(self, rest: str) -> None:
        self.cut = self.plan.next_cut() if self.plan.next_cut else self.plan.cut
        if self.cut is Cut.MAIL:
            raise _Closed
        if (self.plan.users or self.plan.tokens) and self.user is None:
            self.say("530 5.7.0 authentication required")
            return
        found = re.match(r"FROM:<(.*?)>\s*(.*)$", rest, re.IGNORECASE)
        if self.plan.dsn_reply and found and "RET=" in found.group(2):
            self.say(self.plan.dsn_reply)
            return
        reply = self._reply("mail", self.plan.mail_reply)
        if found and reply.startswith("2"):
            self.sender, self.parameters = found.group(1), found.group(2)
        self.say(reply)

    def do_rcpt(self, rest: str) -> None:
        if self.cut is Cut.RCPT:
            raise _Closed
        found = re.match(r"TO:<(.*?)>", rest, re.IGNORECASE)
        recipient = found.group(1) if found else ""
        if recipient in self.plan.dsn_replies and "NOTIFY=" in rest:
            self.say(self.plan.dsn_replies[recipient])
            return
        reply = self._reply("rcpt", self.plan.replies.get(recipient, "250 2.1.5 Ok"))
        if reply.startswith("2"):
            self.recipients.append(recipient)
        self.say(reply)

    def do_data(self, rest: str) -> None:
        if self.cut is Cut.DATA_COMMAND:
            raise _Closed
        nobody = self.sender is None or not self.recipients
        if nobody and not self.plan.goes_on_without_recipients:
            self.say("503 5.5.1 need MAIL and RCPT")
            return
        reply = self._reply("data", self.plan.data_reply)
        self.say(reply)
        if not reply.startswith("354"):
            return
        while b"\r\n.\r\n" not in b"\r\n" + self.buffer:
            if self.cut is Cut.IN_BODY and self.buffer:
                raise _Closed
            self.receive()
        whole, _, self.buffer = (b"\r\n" + self.buffer).partition(b"\r\n.\r\n")
        data = (whole[2:] + b"\r\n").replace(b"\r\n..", b"\r\n.")
        data = data[1:] if data.startswith(b"..") else data
        if self.cut is Cut.AFTER_DOT_LOST:
            raise _Closed
        final = self._reply("dot", self.plan.final_reply)
        if final.startswith("2"):
            mail = Received(self.sender or "", tuple(self.recipients), data, self.parameters, self.user)
            with self.sink._lock:
                self.sink.mails.append(mail)
                if self.plan.on_kept:
                    self.plan.on_kept()
        if self.cut is Cut.AFTER_DOT:
            raise _Closed
        if self.plan.hang_after_dot:
            self.connection.settimeout(self.plan.hang_after_dot)
            with suppress(TimeoutError):
                self.receive()
        if self.plan.delay_after_dot:
            time.sleep(self.plan.delay_after_dot)
        self.say(final)
        self.reset()

    def do_rset(self, rest: str) -> None:
        self.reset()
        self.say("250 2.0.0 Ok")

    def do_noop(self, rest: str) -> None:
        self.say("250 2.0.0 Ok")

    def do_quit(self, rest: str) -> None:
        self.say("221 2.0.0 bye")
        raise _Closed
