"""What the doctor asks the network, only when told to: the certificates of the mail servers, and DNS about the senders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader
from tui_desk.mail import imap_open, smtp
from tui_desk.mail.certificates import day_of, ending, ends_soon
from tui_desk.mail.connection import Security, ServerAddress
from tui_desk.mail.diagnose import Step
from tui_desk.mail.sender_dns import check_domain, system_resolver
from tui_desk.services.finding import Finding, Level

_SECONDS = 15.0
_AT_ONCE = 8


def look_at_servers(reader: FastReader, now: datetime) -> Iterator[Finding]:
    """Each server of an active mailbox is connected to, as far as the greeting: nobody logs in."""
    servers = list(dict.fromkeys(_servers(reader)))
    with ThreadPoolExecutor(_AT_ONCE, "doctor") as pool:
        for findings in pool.map(lambda server: list(_certificate(server, now)), servers):
            yield from findings


@dataclass(frozen=True, slots=True)
class _Server:
    address: str
    direction: str
    host: str
    port: int
    security: str
    insecure_ok: bool


def _servers(reader: FastReader) -> Iterator[_Server]:
    rows = reader.rows(
        "SELECT address, imap_host, imap_port, imap_security, smtp_host, smtp_port, smtp_security, insecure_ok "
        "FROM mailbox WHERE state = 'active' ORDER BY address"
    )
    for address, imap, imap_port, imap_security, host, port, security, insecure_ok in rows:
        yield _Server(str(address), "IMAP", str(imap), int(imap_port), str(imap_security), bool(insecure_ok))
        if host:
            yield _Server(str(address), "SMTP", str(host), int(port), str(security), bool(insecure_ok))


def _certificate(server: _Server, now: datetime) -> Iterator[Finding]:
    subject = safe_line(f"server {server.address} {server.direction}")
    ask: Callable[[ServerAddress], datetime | None] = _imap_ends if server.direction == "IMAP" else _smtp_ends
    try:
        where = ServerAddress(server.host, server.port, Security(server.security), server.insecure_ok)
        ends = ask(where)
    except DeskError as error:
        yield Finding(subject, "fail", safe_line(error.sentence, 300), safe_line(error.hint, 300))
        return
    if ends is None:
        yield Finding(
            subject, "ok", _("{server} answers, without encryption, as was chosen.").format(server=where)
        )
    elif ends_soon(ends, now):
        yield Finding(subject, "warn", ending(ends, now))
    else:
        sentence = _("{server} answers; its certificate is valid until {day}.")
        yield Finding(subject, "ok", sentence.format(server=where, day=day_of(ends)))


def _imap_ends(where: ServerAddress) -> datetime | None:
    session = imap_open.connect(
        where, None, timeout=_SECONDS, connect_timeout=_SECONDS, login_timeout=_SECONDS
    )
    try:
        return session.certificate_ends()
    finally:
        session.close()


def _smtp_ends(where: ServerAddress) -> datetime | None:
    with asyncio.Runner() as runner:
        connection = runner.run(smtp.connect(where, None, timeout=_SECONDS))
        try:
            return connection.certificate_ends()
        finally:
            runner.run(connection.close())


def look_at_senders(reader: FastReader, _now: datetime) -> Iterator[Finding]:
    """DNS of the domain of every active mailbox, one after the other."""
    rows = reader.rows("SELECT address FROM mailbox WHERE state = 'active' ORDER BY address")
    domains = dict.fromkeys(str(row[0]).rpartition("@")[2].lower() for row in rows)
    try:
        ask = system_resolver()
    except DeskError as error:
        yield Finding("dns", "fail", error.sentence, error.hint)
        return
    for domain in domains:
        for step in check_domain(domain, (), ask):
            yield Finding(safe_line(f"dns {domain}"), _level(step), step.sentence)


def _level(step: Step) -> Level:
    if not step.ok:
        return "fail"
    return "warn" if step.warn else "ok"
