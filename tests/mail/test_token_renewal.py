"""Renewing a token: how long its answer is tried to be written, and that the lease outlives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.oauth_server import CLIENT, SECRET, OAuthServer, running_oauth_server
from tests.support.tls import Certificates
from tui_desk.core.enums import OAuthProvider
from tui_desk.core.errors import Conflict, DeskError, Unavailable
from tui_desk.db.engine import LOCK_WAIT_SECONDS
from tui_desk.mail import oauth, oauth_http
from tui_desk.mail.connection import CA_FILE_VARIABLE
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth_client import Client, provider_client
from tui_desk.mail.token_renewal import BUDGET_SECONDS, HeldToken, current_token
from tui_desk.services.oauth_tokens import LEASE_SECONDS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def server(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    monkeypatch.setenv(CA_FILE_VARIABLE, str(certificates.ca_file))
    with running_oauth_server(certificates.good) as running:
        yield running


@dataclass
class Hours:
    """A clock that only sleeping moves."""

    now: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Book:
    """A record in memory, which cannot be written for ``troubles`` attempts."""

    client_: Client
    held: HeldToken
    refresh: str
    troubles: int = 0
    taken: bool = False
    kept: list[oauth.TokenSet] = field(default_factory=list)
    attempts: int = 0
    generation: int = 0

    def look(self) -> HeldToken:
        return self.held

    def claim(self, generation: int) -> Book | None:
        return None if self.taken else self

    def client(self) -> Client:
        return self.client_

    def refresh_token(self) -> str:
        return self.refresh

    def store(self, tokens: oauth.TokenSet) -> str:
        self.attempts += 1
        if self.attempts <= self.troubles:
            raise Unavailable("busy") if self.attempts % 2 else Conflict("busy")
        self.kept.append(tokens)
        return tokens.access

    def failed(self, error: DeskError) -> DeskError:
        return error

    def give_back(self) -> None:
        raise AssertionError("nobody else has renewed it")


def book(server: OAuthServer, minutes: float, **values: object) -> Book:
    """A token that ends in so many minutes."""
    client = provider_client(
        OAuthProvider.CUSTOM,
        CLIENT,
        SECRET,
        token_url=f"{server.url}/token",
        auth_url=f"{server.url}/authorize",
    )
    verifier = oauth.new_secret()
    ended = server.sign_in_at(oauth.authorization_url(client, "s", verifier, "a@b.test"), "a@b.test")
    tokens = oauth.exchange_code(client, oauth.code_from(ended, "s"), verifier)
    end = NOW + timedelta(minutes=minutes)
    held = HeldToken(tokens.access, 0, end - timedelta(hours=1), end)
    return Book(client, held, tokens.refresh, **values)


def ask(book: Book, hours: Hours, refused: str = "") -> str:
    return current_token(book, refused, clock=lambda: NOW, monotonic=lambda: hours.now, sleep=hours.sleep)


def test_a_good_token_is_not_renewed_and_an_old_one_once(server: OAuthServer) -> None:
    good = book(server, 30)
    assert ask(good, Hours()) == good.held.token
    assert server.renewals == 0
    old = book(server, 1)
    assert ask(old, Hours()) in server.access
    assert (server.renewals, len(old.kept)) == (1, 1)
    assert ask(book(server, 30), Hours(), good.held.token) != good.held.token


def test_an_answer_is_kept_while_the_database_cannot_write_but_not_for_ever(server: OAuthServer) -> None:
    busy, hours = book(server, 1, troubles=8), Hours()
    assert ask(busy, hours) in server.access
    assert (busy.attempts, server.renewals) == (9, 1)
    never, hours = book(server, 1, troubles=10_000), Hours()
    with pytest.raises(DeskError, match="busy"):
        ask(never, hours)
    assert hours.now <= BUDGET_SECONDS
    assert never.attempts > 10


def test_while_another_renews_the_old_one_is_used_and_then_it_is_told(server: OAuthServer) -> None:
    old = book(server, 1, taken=True)
    assert ask(old, Hours()) == old.held.token
    dead, hours = book(server, -1, taken=True), Hours()
    with pytest.raises(MailServerError, match="Another process") as told:
        ask(dead, hours)
    assert told.value.cause is Cause.ANSWER
    assert 20 <= hours.now < 30


def test_the_lease_outlives_the_slowest_renewal() -> None:
    """Else a second process would show the same refresh token to a provider that takes each only once."""
    assert oauth_http.SECONDS < BUDGET_SECONDS
    assert BUDGET_SECONDS + LOCK_WAIT_SECONDS < LEASE_SECONDS
