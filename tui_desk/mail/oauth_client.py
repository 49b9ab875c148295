"""The application as an authorisation server knows it, with the addresses that its provider published."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tui_desk.core.enums import OAuthProvider
from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.oauth_http import checked_url

DEFAULT_TENANT = "common"
MICROSOFT_REDIRECT = "https://login.microsoftonline.com/common/oauth2/nativeclient"
LOCAL_REDIRECT = "http://localhost:48719/"
"""Where nothing listens: the browser fails to open it and shows the code in its address line, to be copied."""
_MICROSOFT_SCOPE = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)
_GOOGLE_SCOPE = "https://mail.google.com/"
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")
PRINTABLE = re.compile(r"[\x20-\x7e]{1,500}")


@dataclass(frozen=True, slots=True)
class Client:
    """The application as the admin registered it, and the addresses of its authorisation server."""

    provider: OAuthProvider
    client_id: str
    client_secret: str = field(repr=False)
    auth_url: str
    token_url: str
    device_url: str
    scope: str
    redirect_uri: str


def provider_client(
    provider: OAuthProvider,
    client_id: str,
    client_secret: str = "",
    *,
    tenant: str = "",
    auth_url: str = "",
    token_url: str = "",
    device_url: str = "",
    scope: str = "",
    redirect_uri: str = "",
) -> Client:
    """The client with the published addresses of its provider; what is given replaces them. Raises ConfigurationError."""
    if not PRINTABLE.fullmatch(client_id.strip()):
        raise ConfigurationError(
            _("The client id is missing."),
            _("Register an application with the provider; docs/administration.md says how."),
        )
    if client_secret and not PRINTABLE.fullmatch(client_secret):
        raise ConfigurationError(_("The client secret has characters that no client secret has."))
    known = _published(provider, tenant.strip() or DEFAULT_TENANT)
    if provider is OAuthProvider.CUSTOM and not token_url:
        raise ConfigurationError(
            _("The token address of the provider is missing."), _("Its documentation names it: --token-url.")
        )
    return Client(
        provider,
        client_id.strip(),
        client_secret,
        _url(auth_url or known[0], _("Sign-in address")),
        _url(token_url or known[1], _("Token address")),
        _url(device_url or known[2], _("Device address")),
        safe_line(scope or known[3], 1000),
        _url(redirect_uri or known[4], _("Redirect address")),
    )


def _url(url: str, what: str) -> str:
    return checked_url(url, what) if url else ""


def _published(provider: OAuthProvider, tenant: str) -> tuple[str, str, str, str, str]:
    """Sign-in, token and device address, scope, redirect address, as the providers document them (2026)."""
    if provider is OAuthProvider.MICROSOFT:
        if not _TENANT.fullmatch(tenant):
            raise ConfigurationError(
                _("“{tenant}” is not a tenant.").format(tenant=safe_line(tenant, 60)),
                _("It is an id or a domain, or common, organizations, consumers."),
            )
        base = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
        return (
            f"{base}/authorize",
            f"{base}/token",
            f"{base}/devicecode",
            _MICROSOFT_SCOPE,
            MICROSOFT_REDIRECT,
        )
    if provider is OAuthProvider.GOOGLE:
        # No device address: Google's device flow gives out no scope for mail.
        return (
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "",
            _GOOGLE_SCOPE,
            LOCAL_REDIRECT,
        )
    return "", "", "", "", LOCAL_REDIRECT
