"""The access token of now: the stored one while it is good, else renewed by one of all the processes that want it.

Many providers give a new refresh token with every renewal and take the old one back, so a renewal must happen once and its answer
must be on record before anybody uses it: a lease decides who asks, the generation who writes. A process that dies between the
server's answer and the commit may lose the only token; the next one that asks finds the mark it left and says so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex

from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.errors import ConfigurationError, Conflict, DeskError, Unavailable
from tui_desk.core.faults import reach
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db import secrets
from tui_desk.db.engine import Database
from tui_desk.db.leases import HeldLease, acquire, release
from tui_desk.mail import oauth
from tui_desk.mail.connection import TokenSource
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth import SignInError
from tui_desk.services.oauth_state import (
    SignIn,
    client_of,
    locked_sign_in,
    read_sign_in,
    with_tokens,
    write_sign_in,
)

LEASE_SECONDS = 90
"""Longer than a request may take and its answer may wait to be written."""
WAIT_SECONDS = 20.0
"""For another process that renews; then the worker's own back-off goes on."""
_LOOK_SECONDS = 0.2
_EARLY = timedelta(minutes=5)
_YOUNG = timedelta(minutes=1)
"""A token so young that a server refuses is refused for another reason than its age."""
_REFUSED_FOR = timedelta(minutes=15)
"""A refused refresh token is not shown to the server again before that."""
_WRITE_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_NOT_SENT = (Cause.RESOLVE, Cause.REFUSED, Cause.UNREACHABLE, Cause.NOT_TLS)


def token_source(database: Database, mailbox_id: int, clock: Clock = utc_now) -> TokenSource:
    """Where :class:`~tui_desk.mail.connection.Credentials` of that mailbox get their token."""
    return lambda refused: access_token(database, mailbox_id, refused, clock=clock)


def access_token(database: Database, mailbox_id: int, refused: str = "", *, clock: Clock = utc_now) -> str:
    """A token that is good for a while, and another one than ``refused`` unless that is brand-new.

    Raises MailServerError: cause *login* where a person must sign in again; a network cause or *answer* where trying again helps.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        now = clock()
        with database.reading() as session:
            state = read_sign_in(session, mailbox_id)
        _refuse_hopeless(state, now)
        assert state is not None
        held = _Held(secrets.decrypt(database.url, state.access), state)
        if held.is_good(now, refused, _early(state)):
            return held.token
        claim = _claim(database, mailbox_id, state.generation, clock)
        if claim is None:
            if held.is_good(now, refused, timedelta()):
                return held.token  # somebody is renewing it, and it still works
            if time.monotonic() > deadline:
                raise MailServerError(
                    Cause.ANSWER,
                    _("Another process has been renewing the sign-in for a while."),
                    _("It is tried again."),
                )
            time.sleep(_LOOK_SECONDS)
        elif claim.state.generation == state.generation:
            return _renewed(database, mailbox_id, claim, held, refused, clock)
        else:
            _give_back(database, claim.lease, clock)


@dataclass(frozen=True, slots=True, repr=False)
class _Held:
    """The stored access token."""

    token: str
    state: SignIn

    def is_good(self, now: datetime, refused: str, early: timedelta) -> bool:
        state = self.state
        if state.expires_at is None or state.obtained_at is None or state.expires_at - now <= early:
            return False
        return self.token != refused or now - state.obtained_at < _YOUNG


@dataclass(frozen=True, slots=True)
class _Claim:
    lease: HeldLease
    state: SignIn
    interrupted: bool
    """The last renewal of this very generation was begun and its answer never stored."""


def _early(state: SignIn) -> timedelta:
    """How long before its end a token is renewed."""
    if state.expires_at is None or state.obtained_at is None:
        return _EARLY
    return min(_EARLY, (state.expires_at - state.obtained_at) / 5)


def _refuse_hopeless(state: SignIn | None, now: datetime) -> None:
    """Raises where no request would help."""
    if state is None:
        raise ConfigurationError(_("This mailbox uses no OAuth2 sign-in."))
    if not state.refresh:
        raise MailServerError(
            Cause.LOGIN,
            _("Sign in first: nobody has signed in to this mailbox yet."),
            _("Settings → Mail, or: tui-desk mailbox login ADDRESS"),
        )
    if state.problem and state.problem_at is not None and now - state.problem_at < _REFUSED_FOR:
        raise MailServerError(Cause.LOGIN, safe_line(state.problem, 500), safe_line(state.problem_hint, 300))


def _claim(database: Database, mailbox_id: int, generation: int, clock: Clock) -> _Claim | None:
    """The right to renew, with a mark that it has begun; None while another has it."""
    try:
        return _claimed(database, mailbox_id, generation, clock)
    except Conflict:
        return None  # two made the row of the very first lease at the same moment


def _claimed(database: Database, mailbox_id: int, generation: int, clock: Clock) -> _Claim | None:
    holder = f"oauth:{token_hex(8)}"
    with database.writing() as session:
        lease = acquire(session, f"oauth:{mailbox_id}", holder, clock(), LEASE_SECONDS)
        if lease is None:
            return None
        state = locked_sign_in(session, mailbox_id)
        if state is None:
            raise ConfigurationError(_("This mailbox uses no OAuth2 sign-in."))
        interrupted = state.renewing == state.generation
        if state.generation == generation:
            write_sign_in(session, mailbox_id, replace(state, renewing=generation))
    return _Claim(lease, state, interrupted)


def _renewed(
    database: Database, mailbox_id: int, claim: _Claim, held: _Held, refused: str, clock: Clock
) -> str:
    """Ask the server, write its answer down, and only then hand the token out."""
    reach("oauth.claimed")
    try:
        client = client_of(database.url, claim.state)
        tokens = oauth.refresh(client, secrets.decrypt(database.url, claim.state.refresh))
    except DeskError as error:
        _note_failure(database, mailbox_id, claim, error, clock)
        if _is_final(error):
            raise _told(error, claim) from None
        if held.is_good(clock(), refused, timedelta()):
            return held.token
        raise
    reach("oauth.answered")
    return _stored(database, mailbox_id, claim, tokens, clock)


def _stored(database: Database, mailbox_id: int, claim: _Claim, tokens: oauth.TokenSet, clock: Clock) -> str:
    """Commit the new tokens; while the database cannot, they are kept: lost, somebody has to sign in again."""
    for pause in (*_WRITE_PAUSES, None):
        try:
            with database.writing() as session:
                now = clock()
                state = locked_sign_in(session, mailbox_id)
                ours = state is not None and state.generation == claim.state.generation
                if state is not None and ours:
                    write_sign_in(session, mailbox_id, with_tokens(database.url, state, tokens, now))
                release(session, claim.lease, now)
        except (Conflict, Unavailable):
            if pause is None:
                raise
            time.sleep(pause)
            continue
        reach("oauth.stored")
        if ours or state is None:
            return tokens.access
        return secrets.decrypt(database.url, state.access)  # somebody has signed in anew meanwhile
    raise AssertionError("the last pause raises")


def _note_failure(database: Database, mailbox_id: int, claim: _Claim, error: DeskError, clock: Clock) -> None:
    """What is known after a failure: refused for good, not sent at all, or sent without a definite answer."""
    with database.writing() as session:
        now = clock()
        state = locked_sign_in(session, mailbox_id)
        if state is not None and state.generation == claim.state.generation:
            if _is_final(error):
                told = _told(error, claim)
                state = replace(
                    state,
                    renewing=-1,
                    problem=safe_line(told.sentence, 500),
                    problem_hint=safe_line(told.hint, 300),
                    problem_at=now,
                )
            elif _was_answered(error) or not _was_sent(error):
                state = replace(state, renewing=claim.state.generation if claim.interrupted else -1)
            write_sign_in(session, mailbox_id, state)
        release(session, claim.lease, now)


def _is_final(error: DeskError) -> bool:
    """Whether a person has to do something."""
    return isinstance(error, SignInError) and error.cause is Cause.LOGIN


def _was_answered(error: DeskError) -> bool:
    return isinstance(error, SignInError) and bool(error.code)


def _was_sent(error: DeskError) -> bool:
    if not isinstance(error, MailServerError):
        return False  # key file, settings: nothing left this machine
    return not (error.cause in _NOT_SENT or error.cause.is_certificate)


def _told(error: DeskError, claim: _Claim) -> MailServerError:
    assert isinstance(error, SignInError)
    if error.code != "invalid_grant" or not claim.interrupted:
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


def _give_back(database: Database, lease: HeldLease, clock: Clock) -> None:
    with database.writing() as session:
        release(session, lease, clock())
