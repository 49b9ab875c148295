"""What is on record about a sign-in while its token is renewed (``mail.token_renewal`` asks and waits).

A lease decides who asks, the generation who writes. A process that dies between the server's answer and the commit may lose the
only token; the next one that asks finds the mark it left and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex

from tui_desk.contracts.oauth import Account
from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.errors import ConfigurationError, Conflict, DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db import secrets
from tui_desk.db.engine import Database
from tui_desk.db.leases import HeldLease, acquire, release
from tui_desk.mail import oauth
from tui_desk.mail.connection import TokenSource
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth_client import Client
from tui_desk.mail.oauth_refusals import SignInError
from tui_desk.mail.token_renewal import HeldToken, current_token, is_final
from tui_desk.services.oauth_state import (
    SignIn,
    client_of,
    locked_sign_in,
    read_sign_in,
    with_tokens,
    write_sign_in,
)

LEASE_SECONDS = 150
"""Longer than a renewal may take: the last attempt to write its answer begins within ``BUDGET_SECONDS`` of the claim and waits
for the database no longer than ``LOCK_WAIT_SECONDS``."""
_REFUSED_FOR = timedelta(minutes=15)
"""A refused refresh token is not shown to the server again before that."""
_NOT_SENT = (Cause.RESOLVE, Cause.REFUSED, Cause.UNREACHABLE, Cause.NOT_TLS)


def token_source(database: Database, account: Account, clock: Clock = utc_now) -> TokenSource:
    """Where :class:`~tui_desk.mail.connection.Credentials` of that account get their token."""
    return lambda refused: access_token(database, account, refused, clock=clock)


def access_token(database: Database, account: Account, refused: str = "", *, clock: Clock = utc_now) -> str:
    """See :func:`~tui_desk.mail.token_renewal.current_token`. Raises MailServerError, ConfigurationError (uses a password)."""
    return current_token(_Book(database, account, clock), refused, clock=clock)


@dataclass(frozen=True, slots=True)
class _Book:
    """The sign-in of one account."""

    database: Database
    account: Account
    clock: Clock

    def look(self) -> HeldToken:
        with self.database.reading() as session:
            state = _required(read_sign_in(session, self.account))
        _refuse_hopeless(state, self.clock())
        token = secrets.decrypt(self.database.url, state.access)
        return HeldToken(token, state.generation, state.obtained_at, state.expires_at)

    def claim(self, generation: int) -> _Renewal | None:
        try:
            return self._claimed(generation)
        except Conflict:
            return None  # two made the row of the very first lease at the same moment

    def _claimed(self, generation: int) -> _Renewal | None:
        holder = f"oauth:{token_hex(8)}"
        with self.database.writing() as session:
            lease = acquire(session, f"oauth:{self.account}", holder, self.clock(), LEASE_SECONDS)
            if lease is None:
                return None
            state = _required(locked_sign_in(session, self.account))
            interrupted = state.renewing == state.generation
            if state.generation == generation:
                write_sign_in(session, self.account, replace(state, renewing=generation))
        return _Renewal(self, lease, state, interrupted)


@dataclass(frozen=True, slots=True)
class _Renewal:
    """A claim. ``interrupted``: the last renewal of this very generation was begun and its answer never stored."""

    book: _Book
    lease: HeldLease
    state: SignIn
    interrupted: bool

    @property
    def generation(self) -> int:
        return self.state.generation

    def client(self) -> Client:
        return client_of(self.book.database.url, self.state)

    def refresh_token(self) -> str:
        return secrets.decrypt(self.book.database.url, self.state.refresh)

    def store(self, tokens: oauth.TokenSet) -> str:
        url = self.book.database.url
        with self.book.database.writing() as session:
            now = self.book.clock()
            state = locked_sign_in(session, self.book.account)
            ours = state is not None and state.generation == self.generation
            if state is not None and ours:
                write_sign_in(session, self.book.account, with_tokens(url, state, tokens, now))
            release(session, self.lease, now)
        if ours or state is None:
            return tokens.access
        return secrets.decrypt(url, state.access)  # somebody has signed in anew meanwhile

    def failed(self, error: DeskError) -> DeskError:
        """Refused for good, not sent at all, or sent without a definite answer."""
        told = self._told(error)
        with self.book.database.writing() as session:
            now = self.book.clock()
            state = locked_sign_in(session, self.book.account)
            if state is not None and state.generation == self.generation:
                if is_final(error):
                    state = replace(
                        state,
                        renewing=-1,
                        problem=safe_line(told.sentence, 500),
                        problem_hint=safe_line(told.hint, 300),
                        problem_at=now,
                    )
                elif _was_answered(error) or not _was_sent(error):
                    state = replace(state, renewing=self.generation if self.interrupted else -1)
                write_sign_in(session, self.book.account, state)
            release(session, self.lease, now)
        return told

    def give_back(self) -> None:
        with self.book.database.writing() as session:
            release(session, self.lease, self.book.clock())

    def _told(self, error: DeskError) -> DeskError:
        if not isinstance(error, SignInError) or error.code != "invalid_grant" or not self.interrupted:
            return error
        return MailServerError(
            Cause.LOGIN,
            _(
                "Sign in again: the last renewal was interrupted before its answer was stored, and the provider does not "
                "accept the token before it ({answer})."
            ).format(answer=error.answer),
            error.hint,
            error.answer,
        )


def _required(state: SignIn | None) -> SignIn:
    if state is None:
        raise ConfigurationError(_("This mailbox uses no OAuth2 sign-in."))
    return state


def _refuse_hopeless(state: SignIn, now: datetime) -> None:
    """Raises where no request would help."""
    if not state.refresh:
        raise MailServerError(
            Cause.LOGIN,
            _("Sign in first: nobody has signed in to this mailbox yet."),
            _("Settings → Mail, or: tui-desk mailbox login ADDRESS"),
        )
    if state.problem and state.problem_at is not None and now - state.problem_at < _REFUSED_FOR:
        raise MailServerError(Cause.LOGIN, safe_line(state.problem, 500), safe_line(state.problem_hint, 300))


def _was_answered(error: DeskError) -> bool:
    return isinstance(error, SignInError) and bool(error.code)


def _was_sent(error: DeskError) -> bool:
    if not isinstance(error, MailServerError):
        return False  # key file, settings: nothing left this machine
    return not (error.cause in _NOT_SENT or error.cause.is_certificate)
