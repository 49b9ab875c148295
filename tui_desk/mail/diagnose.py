"""Try a mailbox step by step and name, in one sentence, the step that failed and why.

Each step either went well or is the last. Nothing is changed on the server and no mail is sent. The round trip, which sends
one, is in :mod:`tui_desk.mail.round_trip`.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import aiosmtplib

from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Security
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail import imap_open, smtp
from tui_desk.mail.certificates import day_of, ending, ends_soon
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.failure import Cause, MailServerError, failure_from, said
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.smtp_values import envelope_address

__all__ = ["OnStep", "Step", "Trial", "check_imap", "check_smtp"]

TIMEOUT = 15.0
OnStep = Callable[["Step"], bool]
"""Is told every step when it is done; answers whether to go on."""
_FOLDERS_SHOWN = 12
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``direction`` imap or smtp; ``step`` resolve, connect, tls, greeting, login, folder or sender.

    ``warn``: it went well, and somebody should do something all the same.
    """

    direction: str
    step: str
    ok: bool
    sentence: str
    warn: bool = False


class Trial:
    """The steps so far. A step that raises is recorded with its sentence and ends the trial."""

    def __init__(self, direction: str, watch: OnStep | None) -> None:
        self.direction = direction
        self.steps: list[Step] = []
        self.goes_on = True
        """Whether nobody has stopped it: what comes next is asked of the server only then."""
        self._watch = watch

    def passed(self, step: str, sentence: str, *, warn: bool = False) -> None:
        self.add(Step(self.direction, step, True, sentence, warn))

    def failed(self, step: str, error: DeskError) -> list[Step]:
        self.add(Step(self.direction, step, False, str(error)))
        return self.steps

    def add(self, step: Step) -> None:
        self.steps.append(step)
        if self._watch is not None and not self._watch(step):
            self.goes_on = False


def check_imap(
    address: ServerAddress,
    credentials: Credentials | None,
    folder: str = "INBOX",
    *,
    timeout: float = TIMEOUT,
    watch: OnStep | None = None,
) -> list[Step]:
    """Resolve, connect, secure, log in, open ``folder`` (read-only). Never raises for what a server does."""
    trial = Trial("imap", watch)
    try:
        if not _reach(trial, address, timeout):
            return trial.steps
        session = _named(
            trial,
            address,
            lambda: imap_open.connect(address, credentials, timeout=timeout, connect_timeout=timeout),
            lambda opened: opened.certificate_ends(),
        )
    except DeskError:
        return trial.steps
    try:
        if credentials is None or not trial.goes_on:
            return trial.steps
        trial.passed("login", _("Logged in as {user}.").format(user=safe_line(credentials.user, 100)))
        if not trial.goes_on:
            return trial.steps
        try:
            state = session.select(folder, read_only=True)
            trial.passed("folder", _folder_sentence(folder, state.exists))
        except MailServerError as error:
            return trial.failed("folder", _with_folders(session, folder, error))
        except DeskError as error:
            return trial.failed("folder", error)
    finally:
        session.close()
    return trial.steps


def check_smtp(
    address: ServerAddress,
    credentials: Credentials | None,
    sender: str | None = None,
    *,
    timeout: float = TIMEOUT,
    watch: OnStep | None = None,
) -> list[Step]:
    """Resolve, connect, secure, log in, and ask whether ``sender`` may send (MAIL FROM, then RSET: nothing is sent)."""
    trial = Trial("smtp", watch)
    try:
        if not _reach(trial, address, timeout):
            return trial.steps
    except DeskError:
        return trial.steps
    with asyncio.Runner() as runner:
        try:
            connection = _named(
                trial,
                address,
                lambda: runner.run(smtp.connect(address, credentials, timeout=timeout)),
                lambda opened: opened.certificate_ends(),
            )
        except DeskError:
            return trial.steps
        try:
            if credentials is not None:
                trial.passed("login", _("Logged in as {user}.").format(user=safe_line(credentials.user, 100)))
            if sender is not None and trial.goes_on:
                runner.run(_try_sender(trial, connection, sender, credentials))
        finally:
            runner.run(connection.close())
    return trial.steps


def _reach(trial: Trial, address: ServerAddress, timeout: float) -> bool:
    """The name and the port, before any library speaks: their failures are then beyond doubt. Answers whether to go on."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        cause = error if isinstance(error, OSError) else socket.gaierror(str(error))
        reason = failure_from(cause, address)
        trial.failed("resolve", reason)
        raise reason from error
    numbers = ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found[:3]))
    trial.passed("resolve", _("{host} is {addresses}.").format(host=address.host, addresses=numbers))
    if not trial.goes_on:
        return False
    try:
        with socket.create_connection((address.host, address.port), timeout=timeout):
            pass
    except OSError as error:
        reason = failure_from(error, address)
        trial.failed("connect", reason)
        raise reason from error
    trial.passed("connect", _("{server} accepts connections.").format(server=str(address)))
    return trial.goes_on


def _named(
    trial: Trial,
    address: ServerAddress,
    connect: Callable[[], _Result],
    ends: Callable[[_Result], datetime | None],
) -> _Result:
    """Run ``connect``; what it raises is put under the step it belongs to. ``ends``: until when the certificate of what it
    opened is valid."""
    try:
        result = connect()
    except MailServerError as error:
        step = _step_of(error)
        if step == "login" or (step == "greeting" and address.security is not Security.STARTTLS):
            _tls_passed(trial, address)
        trial.failed(step, error)
        raise
    except DeskError as error:
        trial.failed("tls", error)
        raise
    _tls_passed(trial, address, ends(result))
    trial.passed("greeting", _("{server} answers as a mail server.").format(server=str(address)))
    return result


def _tls_passed(trial: Trial, address: ServerAddress, ends: datetime | None = None) -> None:
    if address.security is Security.NONE:
        trial.passed("tls", _("The connection is not encrypted, as was chosen."))
    elif ends is None:
        trial.passed("tls", _("The connection is encrypted and the certificate is right."))
    elif ends_soon(ends, utc_now()):
        trial.passed("tls", _("The connection is encrypted.") + " " + ending(ends, utc_now()), warn=True)
    else:
        trial.passed(
            "tls",
            _("The connection is encrypted and the certificate is right, until {day}.").format(
                day=day_of(ends)
            ),
        )


def _step_of(error: MailServerError) -> str:
    secure = (Cause.NOT_TLS, Cause.TLS, Cause.STARTTLS_MISSING, Cause.STARTTLS_REFUSED, Cause.PREAUTH)
    if error.cause.is_certificate or error.cause in secure:
        return "tls"
    return "login" if error.cause in (Cause.LOGIN, Cause.AUTH_MISSING) else "greeting"


def _folder_sentence(folder: str, count: int) -> str:
    return _("The folder {folder} holds {count} messages.").format(folder=safe_line(folder, 100), count=count)


def _with_folders(session: ImapSession, folder: str, error: MailServerError) -> DeskError:
    """The error, naming the folders there are, where it is the folder that is missing."""
    if error.cause is not Cause.FOLDER:
        return error
    names: tuple[str, ...] = ()
    with suppress(MailServerError):
        names = session.folders()
    shown = ", ".join(safe_line(name, 60) for name in names[:_FOLDERS_SHOWN])
    more = "…" if len(names) > _FOLDERS_SHOWN else ""
    return DeskError(
        _("There is no folder {folder}.").format(folder=safe_line(folder, 100)),
        _("The account has: {folders}").format(folders=shown + more) if shown else "",
    )


async def _try_sender(
    trial: Trial, connection: smtp.SmtpConnection, sender: str, credentials: Credentials | None
) -> None:
    try:
        words = b"MAIL FROM:<%s>" % envelope_address(sender).encode("ascii", "replace")
        response = await connection.command(words)
        if 200 <= response.code < 300:
            await connection.command(b"RSET")
            trial.passed(
                "sender", _("The server lets {address} send.").format(address=safe_line(sender, 100))
            )
            return
        answer = said(f"{response.code} {response.message}", credentials)
        sentence = _("The server does not let {address} send: {answer}")
        trial.failed("sender", DeskError(sentence.format(address=safe_line(sender, 100), answer=answer)))
    except DeskError as error:
        trial.failed("sender", error)
    except (aiosmtplib.SMTPException, OSError) as error:
        trial.failed("sender", failure_from(error, connection.address, credentials))
