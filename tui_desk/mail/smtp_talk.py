"""One mail after the other over a connection that is logged in: what became of it, for each recipient.

Commands go together where the server allows it (PIPELINING, RFC 2920): a mail takes two round trips instead of five.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NoReturn

import aiosmtplib

from tui_desk.mail.certificates import ends_at
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.failure import failure_from, said
from tui_desk.mail.smtp_envelope import Envelope, envelope
from tui_desk.mail.smtp_values import Outcome, Phase, RecipientResult, SendResult, wire_bytes
from tui_desk.mail.smtp_wire import Reply, Wire

__all__ = ["BeforeData", "ReportsRefused", "SmtpConnection", "Stale", "WhileSending", "WhileWaiting"]

BODY_TIMEOUT = 180.0
"""Seconds for the server to take the next piece of a mail (RFC 5321, 4.5.3.2.5)."""

_PIECE = 64 * 1024
_LOOK_SECONDS = 1.0
"""How often ``while_waiting`` is called."""
_GO_ON = 354
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_NO_PARAMETERS = (501, 504, 555)
"""Answers to a parameter that is not understood (RFC 5321, 4.2.2)."""

BeforeData = Callable[[Sequence[str]], None]
WhileSending = Callable[[], None]
WhileWaiting = Callable[[], None]


class Stale(Exception):
    """The connection was gone before the server answered anything about this mail: another one may carry it."""


class _Ended(Exception):
    """The transaction ends here; carries what is true for the recipients still waiting."""

    def __init__(self, outcome: Outcome, code: int | None, text: str) -> None:
        super().__init__(text)
        self.outcome = outcome
        self.code = code
        self.text = text


class ReportsRefused(Stale):
    """The server offers DSN and does not understand its parameters, and waits for a mail to those for whom it did not mind: only
    another connection can carry the mail to everybody. ``address``: whom it was asked about; "" for the sender."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


class _AskWithoutReports(Exception):
    """The same, and this connection can carry it."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


class _Attempt:
    """How far one transaction has come, and what is known of each recipient."""

    def __init__(self) -> None:
        self.phase = Phase.MAIL
        self.done: dict[str, RecipientResult] = {}


class SmtpConnection:
    """A connection that carries one mail after the other. Not for two at once."""

    def __init__(
        self,
        client: aiosmtplib.SMTP,
        wire: Wire,
        address: ServerAddress,
        credentials: Credentials | None,
        *,
        timeout: float,
        dot_timeout: float,
    ) -> None:
        self.address = address
        self._client = client  # asked for what the server offers
        self._wire = wire
        self._credentials = credentials
        self._timeout = timeout
        self._dot_timeout = dot_timeout
        self._used = False
        self.takes_reports = True
        """Until the server was seen to refuse the parameters of RFC 3461 that it offers."""

    @property
    def usable(self) -> bool:
        """Whether another mail can be sent here."""
        return self._wire.connected

    def offers(self, extension: str) -> bool:
        """Whether the server announced an extension (``smtputf8``, ``size``…)."""
        if extension == "dsn" and not self.takes_reports:
            return False
        return self._client.supports_extension(extension)

    def certificate_ends(self) -> datetime | None:
        """Until when the certificate is valid that the server showed; None without encryption."""
        return ends_at(self._wire.tls)

    async def close(self) -> None:
        """Say QUIT and close; never raises for a connection that is gone."""
        with suppress(aiosmtplib.SMTPException, OSError):
            if self._wire.connected:
                self._wire.write(b"QUIT\r\n")
                await self._wire.reply(5)
        self._wire.close()
        for _tick in range(3):  # the event loop closes sockets in its next rounds
            await asyncio.sleep(0)

    async def command(self, words: bytes) -> Reply:
        """Say one command outside of a mail and give its answer. Raises SMTPException, OSError."""
        self._used = True
        self._wire.write(words + b"\r\n")
        return await self._wire.reply(self._timeout)

    async def send(
        self,
        raw: bytes,
        envelope_from: str,
        recipients: Sequence[str],
        before_data: BeforeData | None = None,
        while_sending: WhileSending | None = None,
        while_waiting: WhileWaiting | None = None,
        *,
        envelope_id: str = "",
    ) -> SendResult:
        """Send one mail and say for each recipient what is known.

        ``before_data`` is called with the accepted recipients before the first byte of the mail: what it commits is on record before
        the server can have it. ``while_sending`` is called after every piece of the body, the last time right before the final dot. If
        one of them raises, nothing is sent and its error goes on. ``while_waiting`` is called about once a second until the answer to
        the dot is there; it must not raise, for the server may have the mail. ``envelope_id`` asks for delivery reports that name it,
        where the server offers them. Raises UsageError for a malformed address, Stale for a connection that had ended before,
        ReportsRefused where another connection must be used (nothing was sent); everything else a server does is in the result.
        """
        body = wire_bytes(raw)
        try:
            try:
                return await self._send(
                    raw,
                    body,
                    envelope_from,
                    recipients,
                    before_data,
                    while_sending,
                    while_waiting,
                    envelope_id,
                )
            except _AskWithoutReports as asked:
                result = await self._send(
                    raw, body, envelope_from, recipients, before_data, while_sending, while_waiting, ""
                )
                self.conclude(asked.address, result)
                return result
        except BaseException:
            self._wire.close()  # the talk may stand in the middle of a mail
            raise

    def conclude(self, address: str, result: SendResult) -> None:
        """What is learnt from ``result`` of the mail without the parameters that the server seemed not to understand.

        Where it answers the same without them, it meant ``address`` ("": the sender's): reports are asked for as before.
        """
        meant = [each for each in result.recipients if address in ("", each.address)]
        if all(each.outcome is Outcome.REFUSED and each.code in _NO_PARAMETERS for each in meant):
            self.takes_reports = True

    async def _send(
        self,
        raw: bytes,
        body: bytes,
        envelope_from: str,
        recipients: Sequence[str],
        before_data: BeforeData | None,
        while_sending: WhileSending | None,
        while_waiting: WhileWaiting | None,
        envelope_id: str,
    ) -> SendResult:
        named = envelope(envelope_from, recipients, raw, len(body), self.offers, envelope_id)
        attempt = _Attempt()
        try:
            accepted = await self._named(named, attempt)
            if accepted:
                if before_data is not None:
                    before_data(tuple(accepted))
                answer = await self._transmit(body, attempt, while_sending, while_waiting)
                self._judge(answer, Outcome.UNKNOWN)
                for address in accepted:
                    attempt.done[address] = self._result(address, Outcome.ACCEPTED, answer)
            attempt.phase = Phase.DONE
        except _Ended as end:
            if attempt.phase is Phase.DOT and end.outcome is not Outcome.UNKNOWN:
                attempt.phase = Phase.DONE
            for address in recipients:
                attempt.done.setdefault(address, self._ended(address, end))
        return SendResult(attempt.phase, tuple(attempt.done[address] for address in recipients), self.usable)

    async def _named(self, named: Envelope, attempt: _Attempt) -> list[str]:
        """MAIL and RCPT for everybody, and DATA: the recipients that were accepted; none when there is nothing to send.

        The connection then waits for the mail.
        """
        for address in named.unsayable:
            attempt.done[address] = RecipientResult(address, Outcome.REFUSED, None, None, named.cause)
        if named.sender_unsayable:
            raise _Ended(Outcome.REFUSED, None, named.cause)
        if not named.recipients:
            return []
        together = self.offers("pipelining")
        questions = self._questions(named, together)
        await self._begin(questions)
        refused = await self._refusal(questions, await self._answer(questions), "")
        accepted: list[str] = []
        attempt.phase = Phase.RCPT if refused is None else Phase.MAIL
        if refused is not None and not (together and self.usable):
            raise refused
        for address, _command in named.recipients:
            answer = await self._answer(questions)
            if refused is not None:
                continue  # answered all the same, but MAIL said everything
            found = await self._refusal(questions, answer, address)
            if found is None:
                accepted.append(address)
                continue
            if not self.usable:
                raise found
            attempt.done[address] = self._ended(address, found)
        return await self._data(questions, accepted, attempt, refused)

    def _questions(self, named: Envelope, together: bool) -> _Questions:
        commands = [b"RSET"] if self._used else []
        commands += [named.mail, *(command for _address, command in named.recipients)]
        if self._wire.stirred:
            raise Stale  # the server said goodbye meanwhile, or something nobody asked for
        return _Questions(self._wire, [*commands, b"DATA"], together=together, reports=named.reports)

    async def _begin(self, questions: _Questions) -> None:
        """RSET where the connection was used before: its answer proves that the server is still there."""
        was_used, self._used = self._used, True
        try:
            questions.ask()
            if not was_used:
                return
            answer = await questions.answer(self._timeout)
        except (aiosmtplib.SMTPException, OSError) as error:
            if was_used:
                raise Stale from error
            self._lost(error, Outcome.DEFERRED)
        if not 200 <= answer.code < 300:
            raise Stale

    async def _answer(self, questions: _Questions) -> Reply:
        """Before the mail itself a lost connection means that nothing was sent."""
        try:
            return await questions.answer(self._timeout)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self._lost(error, Outcome.DEFERRED)

    async def _data(
        self, questions: _Questions, accepted: list[str], attempt: _Attempt, refused: _Ended | None
    ) -> list[str]:
        if not accepted and not questions.together:
            return []
        if accepted:
            attempt.phase = Phase.DATA
        answer = await self._answer(questions)
        if accepted and answer.code == _GO_ON:
            return accepted
        if accepted:
            self._judge(answer)
            self._wire.close()
            raise _Ended(Outcome.DEFERRED, answer.code, said(answer.message, self._credentials))
        if answer.code == _GO_ON or answer.code == 421:
            self._wire.close()  # waits for a mail to nobody, or goes
        if refused is not None:
            raise refused
        return []

    async def _transmit(
        self,
        body: bytes,
        attempt: _Attempt,
        while_sending: WhileSending | None,
        while_waiting: WhileWaiting | None,
    ) -> Reply:
        """The mail, the dot, and the answer."""
        attempt.phase = Phase.BODY
        await self._send_body(body, while_sending)
        attempt.phase = Phase.DOT
        return await self._final_answer(while_waiting)

    async def _send_body(self, body: bytes, while_sending: WhileSending | None) -> None:
        """Everything but the dot. While the dot is unsent the server cannot have accepted, whatever happens."""
        view = memoryview(body)
        try:
            for start in range(0, len(view), _PIECE):
                if self._wire.stirred:
                    break
                self._wire.write(bytes(view[start : start + _PIECE]))
                await self._wire.drained(BODY_TIMEOUT)
                if while_sending is not None:
                    while_sending()
            if self._wire.stirred:
                answer = await self._wire.reply(self._timeout)
                self._wire.close()
                self._judge(Reply(max(answer.code, 400), answer.message))
        except (aiosmtplib.SMTPException, OSError) as error:
            self._lost(error, Outcome.DEFERRED)

    async def _final_answer(self, while_waiting: WhileWaiting | None) -> Reply:
        now = asyncio.get_running_loop().time
        end = now() + self._dot_timeout
        try:
            self._wire.write(b".\r\n")
        except (aiosmtplib.SMTPException, OSError) as error:
            self._lost(error, Outcome.UNKNOWN)
        while True:
            try:
                # Never no time at all: what came while ``while_waiting`` kept the loop busy is an answer in time.
                return await self._wire.reply(max(0.1, min(_LOOK_SECONDS, end - now())))
            except aiosmtplib.SMTPReadTimeoutError as error:
                if now() >= end:
                    self._lost(error, Outcome.UNKNOWN)
            except (aiosmtplib.SMTPException, OSError) as error:
                self._lost(error, Outcome.UNKNOWN)
            if while_waiting is not None:
                while_waiting()  # out of the reach of ``except``: an error of its own is none of the connection's

    async def _refusal(self, questions: _Questions, answer: Reply, address: str) -> _Ended | None:
        """What an answer to MAIL (``address`` "") or RCPT ends; None where it ends nothing."""
        if questions.reports and answer.code in _NO_PARAMETERS and not answer.message.startswith("5.1."):
            self.takes_reports = False
            while questions.open and answer.code != _GO_ON:
                answer = await self._answer(questions)
            if answer.code == _GO_ON:
                self._wire.close()
                raise ReportsRefused(address)
            raise _AskWithoutReports(address)
        try:
            self._judge(answer)
        except _Ended as end:
            return end
        return None

    def _judge(self, answer: Reply, senseless: Outcome = Outcome.DEFERRED) -> None:
        """Nothing for 2xx; ends the transaction for everything else (``senseless`` for codes that answer nothing)."""
        code = answer.code
        if 200 <= code < 300:
            return
        if code == 421:
            self._wire.close()
        if 400 <= code < 500:
            outcome = Outcome.DEFERRED
        elif 500 <= code < 600:
            outcome = Outcome.REFUSED
        else:
            self._wire.close()
            outcome = senseless
        raise _Ended(outcome, code, said(answer.message, self._credentials))

    def _lost(self, error: BaseException, outcome: Outcome) -> NoReturn:
        """The connection is gone or talks nonsense: it is closed, and ``outcome`` holds for those not answered."""
        self._wire.close()
        cause = failure_from(error, self.address, self._credentials)
        raise _Ended(outcome, None, cause.sentence) from error

    def _result(self, address: str, outcome: Outcome, answer: Reply) -> RecipientResult:
        text = said(answer.message, self._credentials)
        return RecipientResult(address, outcome, answer.code, _enhanced(text), text)

    @staticmethod
    def _ended(address: str, end: _Ended) -> RecipientResult:
        return RecipientResult(address, end.outcome, end.code, _enhanced(end.text), end.text)


class _Questions:
    """Commands whose answers are read in their order; sent all at once, or each when its turn comes."""

    def __init__(self, wire: Wire, commands: Sequence[bytes], *, together: bool, reports: bool) -> None:
        self.together = together
        self.reports = reports
        self._wire = wire
        self._waiting = deque(commands)

    @property
    def open(self) -> int:
        """How many were said and not answered."""
        return len(self._waiting) if self.together else 0

    def ask(self) -> None:
        """Say all of them where they go together."""
        if self.together:
            self._wire.write(b"\r\n".join([*self._waiting, b""]))

    async def answer(self, timeout: float) -> Reply:
        """The answer to the next one, which is said now where it was not yet."""
        command = self._waiting.popleft()
        if not self.together:
            self._wire.write(command + b"\r\n")
        return await self._wire.reply(timeout)


def _enhanced(text: str) -> str | None:
    found = _ENHANCED.match(text)
    return found[1] if found else None
