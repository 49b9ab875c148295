"""Signing in to a mailbox by OAuth2: what is asked, what is shown meanwhile. Tokens are in none of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Final, Literal

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.mailboxes import SignInView
from tui_desk.core.enums import OAuthProvider

FALLBACK: Final = "fallback"
Account = int | Literal["fallback"]
"""Who signs in: a mailbox by its id, or the fallback sender."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The application that the admin registered with the provider. Empty addresses: the provider's own.

    ``provider`` None: told by the mailbox's server. ``client_secret`` None keeps the stored one, "" is none.
    """

    provider: OAuthProvider | None = None
    client_id: str = ""
    client_secret: str | None = field(default=None, repr=False)
    tenant: str = ""
    auth_url: str = ""
    token_url: str = ""
    device_url: str = ""
    scope: str = ""
    redirect_uri: str = ""


@dataclass(frozen=True, slots=True)
class DevicePrompt:
    """What the person does: open ``address`` on any device and type ``code`` before ``until``."""

    address: str
    code: str
    complete_address: str
    """The address that has the code in it already; empty where the provider gives none."""
    until: datetime


@dataclass(frozen=True, slots=True, eq=False)
class SignInWatch:
    """Somebody who waits for a sign-in. ``told`` is called in the thread of the request."""

    told: Callable[[DevicePrompt], None]
    stop: Event = field(default_factory=Event)
    """Set it, and the request ends within moments without having changed anything."""


@dataclass(frozen=True, slots=True)
class DeviceSignIn(Request[SignInView]):
    """Sign in by a code typed on another device (RFC 8628); answered when the person has done so.

    Raises Refused when it was stopped, NotFound, ConfigurationError, MailServerError. ``client`` None: the stored one.
    """

    id: Account
    client: OAuthClient | None
    watch: SignInWatch


@dataclass(frozen=True, slots=True)
class StartedSignIn:
    """A sign-in by pasted code that has begun: ``address`` is to be opened; the rest goes back with what was pasted."""

    address: str
    redirect_uri: str
    client: OAuthClient = field(repr=False)
    state: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StartSignIn(Request[StartedSignIn]):
    """Begin a sign-in by pasted code. Nothing is stored and nothing is asked of the network."""

    id: Account
    client: OAuthClient | None = None


@dataclass(frozen=True, slots=True)
class FinishSignIn(Request[SignInView]):
    """End it with what the person pasted: the address the browser ended at, or the code in it.

    Raises UsageError (no code, another sign-in's address), NotFound, MailServerError.
    """

    id: Account
    started: StartedSignIn
    pasted: str = field(repr=False)
