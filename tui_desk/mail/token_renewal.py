"""The access token of now: the stored one while it is good, else a renewed one. Here is what asks and waits; a book keeps record.

Many providers give a new refresh token with every renewal and take the old one back (RFC 6749, 6), so a renewal must happen once and
its answer must be on record before anybody uses it: the book decides who asks, and everybody else waits for what it has then.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.errors import Conflict, DeskError, Unavailable
from tui_desk.core.faults import reach
from tui_desk.core.i18n import _
from tui_desk.mail import oauth
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth_client import Client
from tui_desk.mail.oauth_refusals import SignInError

__all__ = ["BUDGET_SECONDS", "HeldToken", "Renewal", "TokenBook", "current_token", "is_final"]

BUDGET_SECONDS = 60.0
"""From the claim on: after that the answer is not tried to be written once more. The claim itself lasts longer."""
WAIT_SECONDS = 20.0
"""For another process that renews; then the worker's own back-off goes on."""
_LOOK_SECONDS = 0.2
_EARLY = timedelta(minutes=5)
_YOUNG = timedelta(minutes=1)
"""A token so young that a server refuses is refused for another reason than its age."""
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True, repr=False)
class HeldToken:
    """The stored access token. ``generation`` is raised with every renewal."""

    token: str
    generation: int
    obtained_at: datetime | None
    expires_at: datetime | None

    def is_good(self, now: datetime, refused: str, early: timedelta) -> bool:
        """Whether it lasts longer than ``early``, and is not the one a server has ``refused``."""
        if self.expires_at is None or self.obtained_at is None or self.expires_at - now <= early:
            return False
        return self.token != refused or now - self.obtained_at < _YOUNG

    @property
    def early(self) -> timedelta:
        """How long before its end it is renewed."""
        if self.expires_at is None or self.obtained_at is None:
            return _EARLY
        return min(_EARLY, (self.expires_at - self.obtained_at) / 5)


class Renewal(Protocol):
    """The right to renew, with the mark on record that it has begun."""

    @property
    def generation(self) -> int:
        """That of the token when the right was given."""

    def client(self) -> Client:
        """Whom to ask. Raises DeskError (settings, key file)."""

    def refresh_token(self) -> str:
        """What to ask with. Raises DeskError (key file)."""

    def store(self, tokens: oauth.TokenSet) -> str:
        """Commit what came; answers the token to use. Raises Conflict, Unavailable: to be tried again."""

    def failed(self, error: DeskError) -> DeskError:
        """Commit that nothing came; answers what a person is told."""

    def give_back(self) -> None:
        """Nothing is asked after all."""


class TokenBook(Protocol):
    """What is on record about one sign-in; every call is a transaction of its own."""

    def look(self) -> HeldToken:
        """What there is. Raises DeskError where no request would help."""

    def claim(self, generation: int) -> Renewal | None:
        """The right to renew what has ``generation``; None while another has it."""


def current_token(
    book: TokenBook,
    refused: str = "",
    *,
    clock: Clock = utc_now,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """A token that is good for a while, and another one than ``refused`` unless that is brand-new.

    Raises MailServerError: cause *login* where a person must sign in again; a network cause or *answer* where trying again helps.
    """
    deadline = monotonic() + WAIT_SECONDS
    while True:
        held = book.look()
        if held.is_good(clock(), refused, held.early):
            return held.token
        end = monotonic() + BUDGET_SECONDS
        renewal = book.claim(held.generation)
        if renewal is None:
            if held.is_good(clock(), refused, timedelta()):
                return held.token  # somebody is renewing it, and it still works
            if monotonic() > deadline:
                raise MailServerError(
                    Cause.ANSWER,
                    _("Another process has been renewing the sign-in for a while."),
                    _("It is tried again."),
                )
            sleep(_LOOK_SECONDS)
        elif renewal.generation != held.generation:
            renewal.give_back()
        else:
            tokens = _asked(renewal, held, refused, clock)
            return held.token if tokens is None else _stored(renewal, tokens, end, monotonic, sleep)


def _asked(renewal: Renewal, held: HeldToken, refused: str, clock: Clock) -> oauth.TokenSet | None:
    """What the server gave; None where it gave nothing and the old token still works."""
    reach("oauth.claimed")
    try:
        tokens = oauth.refresh(renewal.client(), renewal.refresh_token())
    except DeskError as error:
        told = renewal.failed(error)
        if is_final(error):
            raise told from None
        if held.is_good(clock(), refused, timedelta()):
            return None
        raise
    reach("oauth.answered")
    return tokens


def _stored(
    renewal: Renewal,
    tokens: oauth.TokenSet,
    end: float,
    monotonic: Callable[[], float],
    sleep: Callable[[float], None],
) -> str:
    """Commit the new tokens; while the database cannot, they are kept: lost, somebody has to sign in again."""
    tried = 0
    while True:
        try:
            token = renewal.store(tokens)
        except (Conflict, Unavailable):
            pause = _PAUSES[min(tried, len(_PAUSES) - 1)]
            if monotonic() + pause > end:
                raise
            sleep(pause)
            tried += 1
            continue
        reach("oauth.stored")
        return token


def is_final(error: DeskError) -> bool:
    """Whether a person has to do something."""
    return isinstance(error, SignInError) and error.cause is Cause.LOGIN
