"""What can go wrong around a desk, looked at without changing or making anything: one sentence each, and what to do."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader, open_reader, schema_revision
from tui_desk.db.files import checkpoints_safely
from tui_desk.db.revision import HEAD
from tui_desk.db.url import DatabaseUrl
from tui_desk.rules.sign_in import day_of, ends_soon
from tui_desk.services.doctor_files import look_at_files
from tui_desk.services.doctor_secrets import look_at_secrets
from tui_desk.services.doctor_sending import fallback_sign_in, look_at_sending
from tui_desk.services.finding import Finding

STALE = timedelta(minutes=15)
STUCK_LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the doctor is told rather than finds out: so that tests can bring their own."""

    now: datetime
    environment: Mapping[str, str]
    is_terminal: bool
    size: tuple[int, int]
    """Columns and rows of the terminal; zeros where there is none."""
    servers: bool = False
    """Connect to the mail servers of the mailboxes and read their certificates."""
    dns: bool = False
    """Ask DNS about the domains mail is sent from."""


def examine(url: DatabaseUrl, around: Surroundings) -> tuple[Finding, ...]:
    """Look at everything; never raises for what is wrong with the desk, it says so. The network is asked only when told to."""
    findings = [_python(), *_sqlite_version(url), *_terminal(around)]
    if url.path is not None and not url.path.exists():
        findings.append(
            Finding(
                "database",
                "warn",
                _("There is no database {url} yet.").format(url=url),
                _("Start tui-desk once: it makes one."),
            )
        )
        return tuple(findings)
    findings += look_at_files(url)
    try:
        reader = open_reader(url)
    except DeskError as error:
        return (*findings, Finding("database", "fail", error.sentence, error.hint))
    try:
        findings += _database(reader, around)
    finally:
        reader.close()
    return tuple(findings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok", _("Python {version}.").format(version=version))


def _sqlite_version(url: DatabaseUrl) -> Iterator[Finding]:
    if not url.is_sqlite:
        return
    version = sqlite3.sqlite_version
    if checkpoints_safely():
        yield Finding("sqlite", "ok", _("SQLite {version}.").format(version=version))
        return
    yield Finding(
        "sqlite",
        "ok",
        _("SQLite {version}: one process at a time checkpoints, because of a defect in this version.").format(
            version=version
        ),
        _("Nothing to do; 3.51.3, 3.50.7 or 3.44.6 have it fixed."),
    )


def _colours(environment: Mapping[str, str]) -> str:
    if environment.get("NO_COLOR"):
        return _("no colours (NO_COLOR)")
    return _("24-bit colours") if environment.get("COLORTERM") in ("truecolor", "24bit") else _("256 colours")


def _terminal(around: Surroundings) -> Iterator[Finding]:
    if not around.is_terminal:
        yield Finding(
            "terminal", "ok", _("No terminal here: the command line works, the interface needs one.")
        )
        return
    columns, rows = around.size
    name = safe_line(around.environment.get("TERM", ""))
    if name in ("", "dumb"):
        yield Finding(
            "terminal",
            "fail",
            _("TERM is “{name}”.").format(name=name),
            _("Set TERM to what your terminal is."),
        )
    elif columns < 60 or rows < 16:
        yield Finding(
            "terminal",
            "warn",
            _("The terminal is {columns}×{rows}.").format(columns=columns, rows=rows),
            _("60×16 and more shows a queue; 100 columns show the preview too."),
        )
    else:
        found = _("{name}, {columns}×{rows}, {colours}.").format(
            name=name, columns=columns, rows=rows, colours=_colours(around.environment)
        )
        yield Finding("terminal", "ok", found)
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        yield Finding(
            "encoding",
            "warn",
            _("Text leaves this terminal as {encoding}, not UTF-8.").format(encoding=sys.stdout.encoding),
            _("Set LANG to a UTF-8 locale, such as C.UTF-8."),
        )


def _database(reader: FastReader, around: Surroundings) -> Iterator[Finding]:
    try:
        found = schema_revision(reader)
        if found != HEAD:
            yield _schema(found)
            return
        yield Finding(
            "database", "ok", _("The database {url} has schema {schema}.").format(url=reader.url, schema=HEAD)
        )
        checks: tuple[Callable[[FastReader, datetime], Iterator[Finding]], ...] = (
            _integrity,
            _worker,
            _mailboxes,
            _sign_ins,
            look_at_sending,
            look_at_secrets,
            _waiting_mail,
            _leases,
        )
        for check in (*checks, *_network(around)):
            yield from check(reader, around.now)
    except DeskError as error:
        yield Finding("database", "fail", error.sentence, error.hint)


def _network(around: Surroundings) -> Iterator[Callable[[FastReader, datetime], Iterator[Finding]]]:
    if around.servers or around.dns:
        from tui_desk.services.doctor_mail import look_at_senders, look_at_servers

        if around.servers:
            yield look_at_servers
        if around.dns:
            yield look_at_senders


def _schema(found: str | None) -> Finding:
    if found is not None and found > HEAD:
        return Finding(
            "database",
            "fail",
            _("The database was made by a newer tui-desk (schema {found}).").format(found=found),
            _("Update tui-desk on this machine."),
        )
    return Finding(
        "database",
        "warn",
        _("The database has schema {found}; this version works with {known}.").format(
            found=found or _("none"), known=HEAD
        ),
        _("It is upgraded at the next start, or now by: tui-desk db upgrade"),
    )


def _integrity(reader: FastReader, _now: datetime) -> Iterator[Finding]:
    if not reader.is_sqlite:
        return
    found = [str(row[0]) for row in reader.rows("PRAGMA quick_check(5)")]
    if found == ["ok"]:
        yield Finding("integrity", "ok", _("SQLite finds no damage."))
    else:
        yield Finding(
            "integrity",
            "fail",
            _("SQLite finds damage: {cause}.").format(cause=found[0]),
            _("Restore the last backup."),
        )


def _worker(reader: FastReader, now: datetime) -> Iterator[Finding]:
    rows = reader.rows(
        "SELECT holder FROM lease WHERE name = 'worker' AND expires_at > ?", [reader.time_value(now)]
    )
    mailboxes = reader.rows("SELECT count(*) FROM mailbox WHERE state = 'active'")[0][0]
    if rows:
        yield Finding(
            "worker", "ok", _("A worker runs ({holder}).").format(holder=safe_line(str(rows[0][0])))
        )
    elif mailboxes:
        yield Finding(
            "worker",
            "warn",
            _("No worker runs: mail is neither fetched nor sent."),
            _("Open tui-desk, or start: tui-desk worker"),
        )


def _mailboxes(reader: FastReader, now: datetime) -> Iterator[Finding]:
    rows = reader.rows(
        "SELECT address, state, last_success_at, last_problem, last_problem_at, failures FROM mailbox "
        "WHERE state <> 'removed' ORDER BY address"
    )
    if not rows:
        yield Finding(
            "mailboxes",
            "warn",
            _("There is no mailbox."),
            _("Add one: Settings → Mail, or tui-desk mailbox add ADDRESS"),
        )
    for row in rows:
        yield _mailbox(reader, row, now)


def _mailbox(reader: FastReader, row: tuple[Any, ...], now: datetime) -> Finding:
    address, state, success, problem, problem_at, failures = row
    subject = safe_line(f"mailbox {address}")
    if state == "paused":
        return Finding(subject, "ok", _("Paused."))
    last = reader.instant(success) if success else None
    checked = last.astimezone().strftime("%Y-%m-%d %H:%M") if last else _("never")
    if failures and problem:
        since = reader.instant(problem_at).astimezone().strftime("%Y-%m-%d %H:%M") if problem_at else ""
        return Finding(
            subject,
            "fail",
            _("{problem} ({failures} failures, last at {since}; last success {checked}).").format(
                problem=safe_line(problem).rstrip("."), failures=failures, since=since, checked=checked
            ),
            _("Try it: tui-desk mailbox test {address}").format(address=safe_line(address)),
        )
    if last is None or now - last > STALE:
        return Finding(
            subject,
            "warn",
            _("Not checked for a while: last success {checked}.").format(checked=checked),
            _("See whether a worker runs, then: tui-desk mailbox test {address}").format(
                address=safe_line(address)
            ),
        )
    return Finding(subject, "ok", _("Last mail check {checked}.").format(checked=checked))


def _sign_ins(reader: FastReader, now: datetime) -> Iterator[Finding]:
    """OAuth2: when each sign-in was last renewed, and which ends soon."""
    rows = reader.rows(
        "SELECT m.address, s.value FROM setting s JOIN mailbox m ON s.key = 'oauth:' || m.id "
        "WHERE s.key LIKE 'oauth:%' AND m.state <> 'removed' ORDER BY m.address"
    )
    rows += fallback_sign_in(reader)
    for address, value in rows:
        state = json.loads(value) if isinstance(value, str) else value
        subject, name = "sign-in " + safe_line(str(address)), safe_line(str(address))
        hint = _("Sign in: tui-desk mailbox login {address}").format(address=name)
        if not state.get("refresh"):
            yield Finding(subject, "fail", _("Nobody has signed in yet."), hint)
        elif state.get("problem"):
            yield Finding(subject, "fail", safe_line(str(state["problem"]), 500), hint)
        elif warning := ends_soon(state, now):
            yield Finding(subject, "warn", warning, hint)
        else:
            renewed = day_of(state.get("obtained_at")) or _("never")
            ends = day_of(state.get("ends_at")) or _("not known")
            yield Finding(
                subject,
                "ok",
                _("Renewed {renewed}; without renewal it ends: {ends}.").format(renewed=renewed, ends=ends),
            )


def _waiting_mail(reader: FastReader, _now: datetime) -> Iterator[Finding]:
    suspended = int(reader.rows("SELECT count(*) FROM intake_entry WHERE verdict = 'suspended'")[0][0])
    if suspended:
        yield Finding(
            "suspended mail",
            "warn",
            ngettext("{count} mail is held back.", "{count} mails are held back.", suspended).format(
                count=suspended
            ),
            _("See: tui-desk suspended list"),
        )
    unfinished = int(reader.rows("SELECT count(*) FROM intake_entry WHERE verdict = ''")[0][0])
    if unfinished:
        yield Finding(
            "intake",
            "ok",
            ngettext(
                "{count} fetched mail waits to be processed.",
                "{count} fetched mails wait to be processed.",
                unfinished,
            ).format(count=unfinished),
            _("A worker, or tui-desk sync --once, goes on with it."),
        )


def _leases(reader: FastReader, now: datetime) -> Iterator[Finding]:
    rows = reader.rows(
        "SELECT name, holder FROM lease WHERE expires_at < ? AND expires_at > ?",
        [reader.time_value(now - STUCK_LEASE), reader.time_value(now - timedelta(days=1))],
    )
    for name, holder in rows:
        yield Finding(
            "leases",
            "ok",
            _("{holder} gave up the work on {name}; the next worker takes it over.").format(
                holder=safe_line(str(holder)), name=safe_line(str(name))
            ),
        )
