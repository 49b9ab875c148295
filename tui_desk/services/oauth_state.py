"""The sign-in of a mailbox or of the fallback sender as it is kept: a setting for each, with its secrets encrypted as passwords are.

Apart from the mailbox's row, because a worker renews tokens every hour, which is no change of the mailbox's settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from tui_desk.contracts.oauth import Account
from tui_desk.core.enums import OAuthProvider
from tui_desk.db import secrets
from tui_desk.db.url import DatabaseUrl
from tui_desk.mail import oauth
from tui_desk.mail.oauth_client import Client, provider_client
from tui_desk.models import Setting
from tui_desk.rules.sign_in import sign_in_problem
from tui_desk.services.settings_store import locked_setting, read_setting

_TIMES = ("expires_at", "obtained_at", "signed_in_at", "ends_at", "life_began_at")
_UNUSED_LIFE = {
    OAuthProvider.MICROSOFT: timedelta(days=90),
    OAuthProvider.GOOGLE: timedelta(days=180),
}
"""How long a refresh token lives that nobody uses, as the providers publish it; every renewal begins it anew."""
_SERVERS = {
    OAuthProvider.MICROSOFT: ("office365.com", "outlook.com", "office.com"),
    OAuthProvider.GOOGLE: ("gmail.com", "google.com", "googlemail.com"),
}
_SAME_END = timedelta(minutes=1)
"""Ends that differ by less are one: servers tell them in whole seconds from now."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is known about the sign-in of one account. ``*_secret``, ``access`` and ``refresh`` are encrypted."""

    provider: OAuthProvider
    tenant: str = ""
    client_id: str = ""
    client_secret: str = ""
    auth_url: str = ""
    token_url: str = ""
    device_url: str = ""
    scope: str = ""
    redirect_uri: str = ""
    access: str = ""
    refresh: str = ""
    generation: int = 0
    """Raised with every set of tokens: whoever renews writes only over the one that was renewed."""
    renewing: int = -1
    """The generation whose refresh token was sent while its answer is not stored: after a crash it may be lost."""
    expires_at: datetime | None = None
    obtained_at: datetime | None = None
    signed_in_at: datetime | None = None
    ends_at: datetime | None = None
    """When the refresh token dies, as far as that is known."""
    life_began_at: datetime | None = None
    """When that end was put off last."""
    ends_told: bool = False
    """Whether the server itself said so."""
    problem: str = ""
    problem_hint: str = ""
    problem_at: datetime | None = None


def provider_for(host: str) -> OAuthProvider:
    """Whose server that is."""
    name = host.lower().rstrip(".")
    for provider, domains in _SERVERS.items():
        if any(name == domain or name.endswith(f".{domain}") for domain in domains):
            return provider
    return OAuthProvider.CUSTOM


def key_of(account: Account) -> str:
    return f"oauth:{account}"


def from_value(value: Any) -> SignIn | None:
    """A stored value; None where it is none."""
    if not isinstance(value, Mapping) or "provider" not in value:
        return None
    known = {name: value[name] for name in SignIn.__dataclass_fields__ if name in value}
    for name in (*_TIMES, "problem_at"):
        if isinstance(known.get(name), str):
            known[name] = datetime.fromisoformat(known[name])
    known["provider"] = OAuthProvider(known["provider"])
    return SignIn(**known)


def read_sign_in(session: Session, account: Account) -> SignIn | None:
    """The sign-in of an account; None where it uses a password."""
    return from_value(read_setting(session, key_of(account)))


def locked_sign_in(session: Session, account: Account) -> SignIn | None:
    """The same, locked for change."""
    return from_value(locked_setting(session, key_of(account)).value)


def write_sign_in(session: Session, account: Account, state: SignIn) -> None:
    """Store it; the caller has it locked, or is the first."""
    row = locked_setting(session, key_of(account))
    value = asdict(state)
    for name in (*_TIMES, "problem_at"):
        value[name] = value[name].isoformat() if value[name] is not None else None
    row.value = {**value, "provider": state.provider.value}
    session.add(row)
    session.flush()


def drop_sign_in(session: Session, account: Account) -> None:
    session.execute(delete(Setting).where(col(Setting.key) == key_of(account)))


def forget_tokens(session: Session, account: Account) -> None:
    """Nobody is signed in any more; which application it was stays known."""
    state = read_sign_in(session, account)
    if state is not None:
        kept = replace(state, access="", refresh="", generation=state.generation + 1, renewing=-1)
        times: dict[str, Any] = dict.fromkeys((*_TIMES, "problem_at"))
        write_sign_in(session, account, replace(kept, problem="", problem_hint="", **times))


def client_of(url: DatabaseUrl, state: SignIn) -> Client:
    """The client to speak as. Raises ConfigurationError, Refused, Unavailable (key file)."""
    return provider_client(
        state.provider,
        state.client_id,
        secrets.decrypt(url, state.client_secret) if state.client_secret else "",
        tenant=state.tenant,
        auth_url=state.auth_url,
        token_url=state.token_url,
        device_url=state.device_url,
        scope=state.scope,
        redirect_uri=state.redirect_uri,
    )


def with_tokens(url: DatabaseUrl, state: SignIn, tokens: oauth.TokenSet, now: datetime) -> SignIn:
    """``state`` after ``tokens`` came: encrypted, dated, a generation on, without a problem."""
    same = bool(state.refresh) and secrets.decrypt(url, state.refresh) == tokens.refresh
    unused = _UNUSED_LIFE.get(state.provider)
    told = tokens.refresh_expires_in is not None
    if tokens.refresh_expires_in is not None:
        ends_at: datetime | None = now + timedelta(seconds=tokens.refresh_expires_in)
    elif same and state.ends_told:
        ends_at, told = state.ends_at, True  # the token that the server gave an end, still
    else:
        ends_at = now + unused if unused is not None else None
    put_off = state.ends_at is None or (ends_at is not None and ends_at - state.ends_at > _SAME_END)
    return replace(
        state,
        life_began_at=now if put_off else state.life_began_at,
        access=secrets.encrypt(url, tokens.access),
        refresh=state.refresh if same else secrets.encrypt(url, tokens.refresh),
        generation=state.generation + 1,
        renewing=-1,
        expires_at=now + timedelta(seconds=tokens.expires_in),
        obtained_at=now,
        ends_at=ends_at,
        ends_told=told,
        problem="",
        problem_hint="",
        problem_at=None,
    )


def warning_of(state: SignIn, now: datetime) -> str:
    """What an admin should know before mail stops: not signed in, refused, or soon over. Empty where all is well."""
    told = asdict(state)
    return sign_in_problem(
        {name: told[name] for name in ("refresh", "problem", "ends_at", "life_began_at")}, now
    )
